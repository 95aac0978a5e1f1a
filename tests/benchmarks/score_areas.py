"""Small areas, gap lists and rank sets scored against known truth: simulated samples in memory, each figure with its error.

`python -m tests.benchmarks.score_areas [REPETITIONS]` prints them. A target is met when the value lies within three
Monte Carlo errors of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

import numpy as np
import polars as pl
from scipy.stats import norm

from pipeline.analysis.comparisons.multiplicity import gap_list
from pipeline.analysis.comparisons.ranks import rank_sets
from pipeline.analysis.small_areas.side_by_side import direct_and_shrunken

Scores = list[dict[str, object]]


def score_areas(
    repetitions: int = 200, stations: int = 60, people: int = 18, asked: float = 5, seed: int = 1
) -> Scores:
    """Stations of 18 couriers, about five asked: coverage and width of the predicted shares, error against direct ones."""
    held, width, ratio = [], [], []
    for draw in _generators(seed, repetitions):
        yes = draw.binomial(people, draw.beta(3.6, 4.4, stations))
        n = np.minimum(draw.poisson(asked, stations), people)
        x, truth = draw.hypergeometric(yes, people - yes, n), yes / people
        direct = pl.DataFrame({"x": x, "n": n, "people": people}).with_columns(
            est=pl.when(pl.col("n") > 0).then(pl.col("x") / pl.col("n")),
            n_eff=pl.col("n") / (1 - pl.col("n") / pl.col("people")),
        )
        table = direct_and_shrunken(direct, population="people")
        low, high = table["shrunken_lci"].to_numpy(), table["shrunken_uci"].to_numpy()
        held.append(np.mean((low <= truth + 1e-9) & (truth - 1e-9 <= high)))
        width.append(np.mean(high - low))
        some = n > 0
        error = table["shrunken_est"].to_numpy()[some] - truth[some]
        ratio.append(np.sqrt(np.mean(error**2) / np.mean((x[some] / n[some] - truth[some]) ** 2)))
    return [
        _score("small areas: coverage of 95 % intervals", held, ".93-.98"),
        _score("small areas: width of 95 % intervals", width),
        _score("small areas: root mean squared error over that of direct shares", ratio, "<= .70"),
    ]


def score_gap_lists(
    repetitions: int = 200, stations: int = 60, services: int = 10, people: int = 50, gap: float = 0.3, seed: int = 2
) -> Scores:
    """600 gaps, 60 of them true, answers of one person alike across services, weights unequal: false share, power."""
    false, found, raw = [], [], []
    for draw in _generators(seed, repetitions):
        true = draw.permutation(stations * services) < stations * services // 10
        truth = np.where(true, gap, 0.10).reshape(stations, 1, services)
        alike = np.sqrt(0.3) * draw.standard_normal((stations, people, 1))
        yes = alike + np.sqrt(0.7) * draw.standard_normal((stations, people, services)) < norm.ppf(truth)
        weight = np.exp(0.5 * draw.standard_normal((stations, people, 1)))
        weight /= weight.sum(axis=1, keepdims=True)
        est = (weight * yes).sum(axis=1)
        se = np.sqrt((weight**2 * (yes - est[:, None, :]) ** 2).sum(axis=1) * people / (people - 1))
        n_eff = np.broadcast_to(1 / (weight**2).sum(axis=1), est.shape)
        table = gap_list(est.ravel(), se.ravel(), df=people - 1, n_eff=n_eff.ravel())
        listed, unadjusted = table["is_gap"].to_numpy(), (table["p"] <= 0.05).to_numpy()
        false.append((listed & ~true).sum() / max(listed.sum(), 1))
        raw.append((unadjusted & ~true).sum() / max(unadjusted.sum(), 1))
        found.append((listed & true).sum() / true.sum())
    where = f"gap lists, {people} answers a station, true gaps {gap:.0%}"
    return [
        _score(f"{where}: false share", false, "<= .05"),
        _score(f"{where}: false share without adjustment", raw),
        _score(f"{where}: true gaps found", found),
    ]


def score_rank_sets(repetitions: int = 200, services: int = 10, people: int = 300, seed: int = 3) -> Scores:
    """Shares of ten services among 300 people: how often all rank sets hold at once, and how many places they have."""
    held, places, right = [], [], []
    for draw in _generators(seed, repetitions):
        truth = draw.uniform(0.2, 0.7, services)
        alike = np.sqrt(0.3) * draw.standard_normal((people, 1))
        yes = alike + np.sqrt(0.7) * draw.standard_normal((people, services)) < norm.ppf(truth)
        sets = rank_sets(yes.mean(axis=0), np.cov(yes.T.astype(float)) / people, n_draws=4000)
        rank = 1 + (truth[None, :] > truth[:, None]).sum(axis=1)
        low, high = sets["rank_from"].to_numpy(), sets["rank_to"].to_numpy()
        held.append(float(((low <= rank) & (rank <= high)).all()))
        places.append(np.mean(high - low + 1))
        right.append(float((sets["rank"].to_numpy() == rank).all()))
    return [
        _score("rank sets: all hold at once", held, ">= .95"),
        _score("rank sets: places in a set", places),
        _score("rank sets: the bare ranking is right", right),
    ]


def _generators(seed: int, repetitions: int) -> Iterable[np.random.Generator]:
    return map(np.random.default_rng, np.random.SeedSequence(seed).spawn(repetitions))


def _score(name: str, values: list[float], target: str = "") -> dict[str, object]:
    error = float(np.std(values, ddof=1) / np.sqrt(len(values)))
    return {
        "name": name,
        "value": round(float(np.mean(values)), 4),
        "monte_carlo_error": round(error, 4),
        "target": target,
    }


if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for figure in (*score_areas(n), *score_gap_lists(n), *score_gap_lists(n, people=150, gap=0.2), *score_rank_sets(n)):
        print(json.dumps(figure, ensure_ascii=False))
