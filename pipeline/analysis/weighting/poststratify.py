"""Post-stratification: weights that make a sample agree with known population totals, cell by cell.

Method: within each cell of the weighting variables every respondent stands for N_cell / n_cell persons of the
population (Holt & Smith 1979, Post Stratification, J. R. Statist. Soc. A 142(1), 33-46). Cells with too few
respondents are pooled with their neighbours first, because their weights would be large and unstable. Weights of this
kind correct who answered only as far as the weighting variables explain it; they do not repair self-selection on need.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

MINIMUM_CELL = 5


@dataclass(frozen=True)
class Poststratified:
    """`weights`: row, weight (null: outside the population of the frame), in the order given. `cells`: one row per
    cell of the frame with its pool, n, population and weight. `n_outside`: respondents whose cell the frame does not
    have. `n_unplaced`: respondents weighted although a variable is missing."""

    weights: pl.Series
    cells: pl.DataFrame
    n_outside: int
    n_unplaced: int

    @property
    def collapsed(self) -> pl.DataFrame:
        """Cells that were pooled with others."""
        return self.cells.filter(pl.len().over("pool") > 1)


def poststratify(
    respondents: pl.DataFrame,
    frame: pl.DataFrame,
    *,
    by: Sequence[str],
    total: str = "n_persons",
    minimum: int = MINIMUM_CELL,
) -> Poststratified:
    """Weights by the cells of `by`, which both frames have; `frame` gives the population in column `total`.

    A cell with fewer than `minimum` respondents is pooled with the other small cells under the same leading variables;
    if the pool is still small, with the smallest sufficient cell there; if there is none, the leading variable less is
    tried, up to everybody. A respondent who left out a weighting variable gets the mean weight of those known to share
    the variables before it, and all weights there are scaled back: totals stay those of the frame. The weights of the
    respondents sum to the frame's total over all cells.

    Two cells, 30 + 10 persons, 5 + 5 respondents: each stands for 6 and for 2 of them.

    >>> people = pl.DataFrame({"group": ["courier"] * 5 + ["rider"] * 5})
    >>> frame = pl.DataFrame({"group": ["courier", "rider"], "n_persons": [30.0, 10.0]})
    >>> result = poststratify(people, frame, by=["group"])
    >>> result.weights.to_list()
    [6.0, 6.0, 6.0, 6.0, 6.0, 2.0, 2.0, 2.0, 2.0, 2.0]
    """
    by = list(by)
    cells = frame.group_by(by).agg(pl.col(total).sum().alias("population")).filter(pl.col("population") > 0).sort(by)
    people = respondents.select(by).with_row_index("row")
    counts = people.drop_nulls(by).group_by(by).agg(pl.len().alias("n"))
    cells = cells.join(counts, on=by, how="left", maintain_order="left").with_columns(pl.col("n").fill_null(0))
    cells = cells.with_columns(pool=_pools(cells, by, minimum))
    in_pool = {name: pl.col(name).sum().over("pool") for name in ("population", "n")}
    cells = cells.with_columns(weight=pl.when(in_pool["n"] > 0).then(in_pool["population"] / in_pool["n"]))
    weighted = people.join(cells.select(*by, "weight"), on=by, how="left", maintain_order="left")
    missing = pl.any_horizontal(pl.col(name).is_null() for name in by)
    n_outside = weighted.filter(~missing & pl.col("weight").is_null()).height
    weighted = _place_incomplete(weighted, cells, by)
    n_unplaced = weighted.filter(missing & pl.col("weight").is_not_null()).height
    return Poststratified(
        weighted["weight"], cells, n_outside + weighted.filter(missing & pl.col("weight").is_null()).height, n_unplaced
    )


def _pools(cells: pl.DataFrame, by: list[str], minimum: int) -> pl.Series:
    """The pool of each cell: its own, or a shared one for cells with too few respondents. Deterministic: cells are
    sorted, ties go to the first."""
    pools = list(range(cells.height))
    keys = cells.select(by).rows()
    n_of = cells["n"].to_list()

    def n_in(pool: int) -> int:
        return sum(n for n, own in zip(n_of, pools, strict=True) if own == pool)

    for depth in range(len(by) - 1, -1, -1):
        for prefix in dict.fromkeys(key[:depth] for key in keys):
            here = dict.fromkeys(pool for pool, key in zip(pools, keys, strict=True) if key[:depth] == prefix)
            small = [pool for pool in here if n_in(pool) < minimum]
            if not small:
                continue
            enough = sorted((n_in(pool), pool) for pool in here if pool not in small)
            pools = [small[0] if pool in small else pool for pool in pools]
            if n_in(small[0]) < minimum and enough:
                pools = [enough[0][1] if pool == small[0] else pool for pool in pools]
    return pl.Series(pools, dtype=pl.Int64)


def _place_incomplete(weighted: pl.DataFrame, cells: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Weights for respondents who left out a variable: the mean of those alike in the variables before it; then the
    weights alike in those variables are scaled to sum to what they did. Deeper gaps first."""
    for depth in range(len(by) - 1, -1, -1):
        prefix = by[:depth]
        known = pl.all_horizontal([pl.col(name).is_not_null() for name in prefix]) if prefix else pl.lit(True)
        fits = known & pl.col(by[depth]).is_null() & pl.col("weight").is_null()
        group = prefix or [pl.lit(1)]
        mean, before = pl.col("weight").mean().over(group), pl.col("weight").sum().over(group)
        filled = weighted.with_columns(new=pl.when(fits).then(mean).otherwise(pl.col("weight")), before=before)
        scale = pl.col("before") / pl.col("new").sum().over(group)
        weighted = filled.with_columns(weight=pl.when(known).then(pl.col("new") * scale).otherwise("weight")).drop(
            "new", "before"
        )
    return weighted
