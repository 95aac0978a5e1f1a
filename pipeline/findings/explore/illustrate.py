"""Why intervals are made as they are, on people made up here: shares are known, so that a method can be seen to fail.

Nothing is read from a study. Seeds are fixed: the same picture every time. Simulated, for demonstration only.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pipeline.analysis.survey.change import change
from pipeline.analysis.survey.design import as_drawn_at_random, design
from pipeline.analysis.survey.estimates import Estimates, shares
from pipeline.analysis.survey.intervals import beta, logit, share_interval, t_interval, wilson

SEED = 20230511
ONE = pl.DataFrame({"item": ["x"]})


def interval_coverage(sizes: Sequence[int] = (5, 30, 300), share: float = 0.2, repeats: int = 2000) -> pl.DataFrame:
    """How often 95 % intervals hold the true share, by kind of interval and number of answers: n, method_code, coverage, width.

    `rule` is what the figures use (`intervals.share_interval`). An interval that does not exist (logit where nobody or
    everybody said yes) holds nothing; `coverage` counts it as a failure.

    >>> table = interval_coverage(sizes=(5,), repeats=500)
    >>> seen = dict(table.select("method_code", "coverage").iter_rows())
    >>> seen["wald"] < 0.8 < 0.9 < seen["rule"]
    True
    """
    rng, rows = np.random.default_rng(SEED), []
    for n in sizes:
        est = rng.binomial(n, share, repeats) / n
        se, people = np.sqrt(est * (1 - est) / (n - 1)), np.full(repeats, float(n))
        with np.errstate(all="ignore"):
            kinds = {
                "wald": t_interval(est, se, n - 1),
                "logit": logit(est, se, n - 1),
                "wilson": wilson(est, people, n - 1),
                "beta": beta(est, people),
                "rule": share_interval(est, se, people, n - 1)[:2],
            }
            for kind, (low, high) in kinds.items():
                holds = (low <= share) & (share <= high) & ((high > low) | (kind == "rule"))
                rows.append((n, kind, float(holds.mean()), float(np.nanmean(high - low))))
    return pl.DataFrame(rows, schema=["n", "method_code", "coverage", "width"], orient="row")


def finite_population(population: int = 1100, sizes: Sequence[int] = (50, 100, 285, 542, 1000)) -> pl.DataFrame:
    """Half the interval of a share of one half, the population taken as endless or as known: n, way_code, half_width.

    >>> finite_population(1000, (500,)).select("way_code", pl.col("half_width").round(3)).rows()
    [('endless', 0.044), ('known', 0.031)]
    """
    rows = []
    for n in sizes:
        people = pl.DataFrame({"weight": np.full(n, population / n), "N": np.full(n, population)})
        yes = (np.arange(n) % 2 == 0)[:, None]
        for way, size in (("endless", None), ("known", "N")):
            table = shares(design(people, fpc=size), yes, np.ones(n), ONE).table()
            rows.append((n, way, float((table["uci"] - table["lci"])[0]) / 2))
    return pl.DataFrame(rows, schema=["n", "way_code", "half_width"], orient="row")


def same_people(
    n: int = 300, shared: Sequence[float] = (0.0, 0.25, 0.5, 0.75, 1.0), alike: float = 0.8, repeats: int = 20
) -> pl.DataFrame:
    """Half the interval of a change of ten points (50 to 40 %), by the share of the n who answered both times: shared, label
    (the same in per cent), half_width.

    `alike`: the share of those asked twice whose answer is settled and changes only as the whole does.

    >>> table = same_people(shared=(0.0, 1.0), repeats=3)
    >>> table["half_width"][0] > 1.5 * table["half_width"][1]
    True
    """
    rng, rows = np.random.default_rng(SEED), []
    for part in shared:
        both = round(part * n)
        halves = []
        for _ in range(repeats):
            mind, settled = rng.random(n), rng.random(n) < alike
            before = mind < 0.5
            later = np.where(settled & (np.arange(n) < both), mind, rng.random(n)) < 0.4
            same = np.arange(both)
            row = change(_share(later), _share(before), same_now=same, same_before=same).row(0, named=True)
            halves.append((row["change_uci"] - row["change_lci"]) / 2)
        rows.append((part, f"{part:.0%}", float(np.mean(halves))))
    return pl.DataFrame(rows, schema=["shared", "label", "half_width"], orient="row")


def _share(yes: np.ndarray) -> Estimates:
    return shares(as_drawn_at_random(np.ones(len(yes))), yes[:, None], np.ones(len(yes)), ONE)
