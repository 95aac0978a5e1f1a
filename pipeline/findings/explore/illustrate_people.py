"""Why people are weighted by their visits, why small areas borrow, why lists are corrected: on people made up here.

Nothing is read from a study. Seeds are fixed: the same picture every time. Simulated, for demonstration only.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.analysis.comparisons.multiplicity import adjusted, gap_list
from pipeline.analysis.small_areas.side_by_side import direct_and_shrunken
from pipeline.analysis.weighting.visits import visit_weights

SEED = 20230511
BANDS, PEOPLE = (0.0, 0.5, 1.5, 3.5, 8.0), (0.19, 0.24, 0.25, 0.18, 0.14)  # visits a week, share of the people
UNMET = (0.55, 0.45, 0.35, 0.25, 0.15)  # the rarer they come, the more often a need stays unmet


def poster_samples(
    population: int = 1100,
    interviews: int = 40,
    weeks: float = 2,
    notice: float = 0.1,
    answer: float = 0.5,
    repeats: int = 120,
) -> pl.DataFrame:
    """Unmet need told from a poster, in three ways, beside the truth: way_code, est (mean of all samples), low, high (middle
    nine tenths), truth.

    `poster`: as answered. `poster_by_visits`: weighted by visits, of the poster alone. `with_interviews`: `interviews`
    away from the stations too, weighted together. `notice`: the chance to see the poster on one visit.

    >>> table = poster_samples(repeats=20)
    >>> off = dict(table.select("way_code", (pl.col("est") - pl.col("truth")).abs()).iter_rows())
    >>> off["poster"] > 0.1 > off["poster_by_visits"] > off["with_interviews"]
    True
    """
    rng = np.random.default_rng(SEED)
    band = np.repeat(np.arange(len(BANDS)), np.round(np.array(PEOPLE) * population).astype(int))
    visits, chance = np.array(BANDS)[band], np.array(UNMET)[band]
    unmet = rng.random(len(band)) < chance
    ways: dict[str, list[float]] = {"poster": [], "poster_by_visits": [], "with_interviews": []}
    for _ in range(repeats):
        found = rng.random(len(band)) < answer * (1 - (1 - notice) ** (visits * weeks))
        asked = rng.choice(np.flatnonzero(~found), interviews, replace=False)
        scanned = np.flatnonzero(found)
        everybody = np.concatenate([scanned, asked])
        mode = pl.Series(["qr"] * len(scanned) + ["intercept"] * interviews)
        alone, both = (
            visit_weights(
                pl.Series(visits[who]), mode[: len(who)], weeks=weeks, population=len(band)
            ).weights.to_numpy()
            for who in (scanned, everybody)
        )
        ways["poster"].append(unmet[scanned].mean())
        ways["poster_by_visits"].append(np.average(unmet[scanned], weights=alone))
        ways["with_interviews"].append(np.average(unmet[everybody], weights=both))
    rows = [(way, float(np.mean(est)), *map(float, np.quantile(est, [0.05, 0.95])), float(unmet.mean())) for way, est in ways.items()]  # fmt: skip
    return pl.DataFrame(rows, schema=["way_code", "est", "low", "high", "truth"], orient="row")


def borrowing(
    districts: int = 15, areas: int = 12, asked: int = 12, people: int = 90, spread: float = 25.0
) -> pl.DataFrame:
    """Made-up districts: each area's own share, the one that borrows, and the truth: district, area, truth, direct, shrunken,
    shrinkage (the weight of its own answers).

    `spread`: a + b of the beta distribution of the areas' shares about three tenths; the smaller, the more they differ.

    >>> table = borrowing(districts=3)
    >>> off = table.select(((pl.col("direct", "shrunken") - pl.col("truth")) ** 2).mean()).row(0)
    >>> off[1] < off[0]
    True
    """
    rng, parts = np.random.default_rng(SEED), []
    for district in range(1, districts + 1):
        need = rng.binomial(people, rng.beta(0.3 * spread, 0.7 * spread, areas))
        yes = rng.hypergeometric(need, people - need, asked)
        direct = pl.DataFrame({"est": yes / asked, "n": np.full(areas, asked), "n_eff": np.full(areas, float(asked))})
        direct = direct.with_columns(persons=pl.lit(float(people)))
        found = direct_and_shrunken(direct, population="persons", total=float(yes.mean() / asked), fpc=False)
        parts.append(found.select(
            pl.lit(district).alias("district"), pl.Series("area", np.arange(1, areas + 1)), pl.Series("truth", need / people),
            pl.col("est").alias("direct"), pl.col("shrunken_est").alias("shrunken"), "shrinkage",
        ))  # fmt: skip
    return pl.concat(parts)


def many_tests(gaps: int = 600, true: int = 60, people: int = 50, size: float = 0.3, repeats: int = 10) -> pl.DataFrame:
    """Lists of gaps made in four ways where only `true` of `gaps` are larger than ten points: method_code, false_share
    (mean share of a list that does not belong there), found_share (of the true ones).

    `raw`: every p below .05, one by one; `bh` is what the lists use. Gaps that are no gap stand at ten points exactly.

    >>> table = dict(many_tests(repeats=3).select("method_code", "false_share").iter_rows())
    >>> table["raw"] > 0.12 > 0.06 > table["bh"]
    True
    """
    rng = np.random.default_rng(SEED)
    is_true = np.arange(gaps) < true
    lists: dict[str, list[tuple[float, float]]] = {method: [] for method in ("raw", "bh", "by", "holm")}
    for _ in range(repeats):
        share = rng.binomial(people, np.where(is_true, size, 0.1)) / people
        p = gap_list(share, None, n_eff=np.full(gaps, float(people)))["p"].to_numpy()
        for method, seen in lists.items():
            listed = (p if method == "raw" else adjusted(p, method)) <= 0.05
            seen.append(((listed & ~is_true).sum() / max(listed.sum(), 1), (listed & is_true).sum() / true))
    rows = [(method, *np.mean(seen, axis=0).tolist()) for method, seen in lists.items()]
    return pl.DataFrame(rows, schema=["method_code", "false_share", "found_share"], orient="row")
