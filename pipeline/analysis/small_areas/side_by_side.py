"""Each area's own figure beside the one that borrows from the others, and which of them may be shown."""

from __future__ import annotations

import polars as pl

from pipeline.analysis.small_areas.benchmark import benchmark
from pipeline.analysis.small_areas.beta_binomial import beta_binomial

SHOWN_FROM = 10  # respondents


def direct_and_shrunken(
    direct: pl.DataFrame,
    *,
    population: str | None = None,
    total: float | None = None,
    fpc: bool = True,
    rest: tuple[str, str, str] | None = None,
    minimum: int = SHOWN_FROM,
    level: float = 0.95,
) -> pl.DataFrame:
    """Shares per area, direct and shrunken (beta-binomial), side by side.

    In, one row per area: `est, n, n_eff` (and `se, lci, uci`, labels: kept as they are); `population` names the column
    with the persons there are (null: unknown). `total`: the direct share of all areas together, to which the shrunken
    ones are benchmarked with `population` as weights, or n_eff without it; areas in which nobody says yes stay (factor null) where
    only people of no area do. `fpc`: n_eff carries a finite population
    correction, as that of a design with a known population does; where `population` is given it is taken out again,
    because the persons not asked are predicted here, and would else count twice. Never is n_eff taken above n. `rest`, of
    weighted answers with a population: names of the columns with how many of those asked said yes (counted, not weighted), and
    the share and effective n (by weights alone, Kish) that speak for those not asked. Without it a weighted share stands for
    those asked as well, as if it were known of them: in simulated districts intervals of grid cells under visit weights then
    cover .90 instead of .96.
    Out, added: `shrunken_est, shrunken_lci, shrunken_uci, shrinkage, factor` (of the benchmark), `is_shown` (n ≥
    `minimum`), `reason_code`: `small_sample` where n is below, else what `beta_binomial` says of the area. Figures of
    areas that are not shown are for internal work only. Raises `bad_area_counts`, `benchmark_out_of_reach`.

    >>> direct = pl.DataFrame({"est": [0.2, 0.5, 0.8, None], "n": [10, 10, 9, 0], "n_eff": [10.0, 10.0, 9.0, 0.0]})
    >>> direct_and_shrunken(direct).select(pl.col("shrunken_est").round(2), "is_shown", "reason_code").rows()
    [(0.31, True, None), (0.5, True, None), (0.67, False, 'small_sample'), (0.5, False, 'small_sample')]
    """
    n_eff = direct["n_eff"].cast(pl.Float64).fill_nan(None).fill_null(0.0)
    est = direct["est"].cast(pl.Float64).fill_nan(None)
    seen = direct["n"].cast(pl.Float64).fill_null(0.0)
    people = None if population is None else direct[population].cast(pl.Float64).fill_null(float("nan"))
    if people is not None and fpc:
        left = (1 - seen / people).clip(0, 1).fill_nan(1.0)
        n_eff = (n_eff * left).zip_with(left > 0, seen)
    n_eff = n_eff.zip_with(n_eff < seen, seen).zip_with(est.is_not_null(), n_eff * 0)
    yes = (est * seen).fill_null(0.0)  # those asked said so, also where their number in effect is unknown
    if rest is not None and people is not None:
        yes, est, n_eff = (direct[name].cast(pl.Float64).fill_nan(None).fill_null(0.0) for name in rest)
    found = beta_binomial(est.fill_null(0.0) * n_eff, n_eff, population=people, seen=seen, yes=yes, level=level).areas
    factor = None
    weight = n_eff if people is None else people.fill_nan(0.0)
    if total is not None and ((found["est"].fill_nan(0.0) * weight).sum() > 0 or total == 0):
        known = weight.filter(found["est"].is_not_nan()).sum()
        moved = benchmark(found, weight, total * known)
        found, factor = moved.areas, moved.factor
    enough = seen >= minimum
    reason = pl.when(enough).then(found["reason_code"]).otherwise(pl.lit("small_sample"))
    return direct.with_columns(
        *[found[name].fill_nan(None).alias(f"shrunken_{name}") for name in ("est", "lci", "uci")],
        found["shrinkage"].fill_nan(None),
        pl.lit(factor, dtype=pl.Float64).alias("factor"),
        enough.alias("is_shown"),
        reason.alias("reason_code"),
    )
