"""How small areas, rank sets and adjusted p-values answer a reference case (optim, sae, csranks, p.adjust)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from pipeline.analysis.comparisons.multiplicity import adjusted
from pipeline.analysis.comparisons.ranks import rank_sets
from pipeline.analysis.small_areas.beta_binomial import beta_binomial
from pipeline.analysis.small_areas.fay_herriot import fay_herriot

METHODS = {"BH": "bh", "BY": "by", "holm": "holm", "bonferroni": "bonferroni"}


def run_beta_binomial(case: dict[str, Any]) -> Iterator[tuple]:
    result = beta_binomial(case["call"]["x"], case["call"]["n"], hyper_known=True)
    found = {
        "a": result.a, "b": result.b, "logLik": result.loglike, "post_mean": result.areas["est"].to_numpy(),
        "lo": result.areas["lci"].to_numpy(), "hi": result.areas["uci"].to_numpy(),
    }  # fmt: skip
    for name, value in found.items():
        if name in case["expect"]:
            yield name, value, case["expect"][name], case["tol_rel"]


def run_fay_herriot(case: dict[str, Any]) -> Iterator[tuple]:
    frame, call, expect = case["frame"], case["call"], case["expect"]
    factor = call["x"].removeprefix("C(").removesuffix(")")
    levels = frame[factor].unique().sort()
    x = np.column_stack([np.ones(frame.height), *[(frame[factor] == level).to_numpy() for level in levels[1:]]])
    result = fay_herriot(frame[call["y"]], frame[call["sd"]] ** 2, x, method=call["method"])
    found = {
        "refvar": result.refvar, "beta": result.beta, "se": result.beta_se, "goodness": result.goodness,
        "eblup": result.areas["est"].to_numpy(), "mse": result.areas["mse"].to_numpy(),
    }  # fmt: skip
    for name, value in found.items():
        if name in expect:
            yield name, value, expect[name], case["tol_rel"]


def run_adjusted(case: dict[str, Any]) -> Iterator[tuple]:
    for name, method in METHODS.items():
        if name in case["expect"]:
            yield name, adjusted(case["call"]["p"], method), case["expect"][name], case["tol_rel"]


def run_rank_sets(case: dict[str, Any]) -> Iterator[tuple]:
    """Ranks may differ by one: the critical value is simulated there and here. A country by itself lies between the sets
    at a point more and less sure: several comparisons lie within simulation error of the critical value."""
    frame, call, expect = case["frame"], case["call"], case["expect"]
    est, cov = frame[call["x"]], np.diag(frame[call["se"]].to_numpy() ** 2)
    sets = {suffix: rank_sets(est, cov, level=call["level"], stepdown=bool(suffix)) for suffix in ("", "_stepdown")}
    yield "rank", sets[""]["rank"].to_list(), expect["rank"], 0
    for suffix, found in sets.items():
        for column, side in (("rank_from", "L"), ("rank_to", "U")):
            off = np.abs(found[column].to_numpy() - np.array(expect[side + suffix])).max()
            yield f"{side}{suffix} off by more than one", float(off > 1), 0.0, 0
    wide, narrow = (rank_sets(est, cov, simultaneous=False, level=call["level"] + step) for step in (0.01, -0.01))
    for column, side, sign in (("rank_from", "L", 1), ("rank_to", "U", -1)):
        if f"{side}_marginal" in expect:
            between = sign * np.array(expect[f"{side}_marginal"])
            inside = (sign * wide[column].to_numpy() <= between) & (between <= sign * narrow[column].to_numpy())
            yield f"{side}_marginal outside", float((~inside).sum()), 0.0, 0


RUNNERS = {
    "betabinomial": run_beta_binomial, "fay_herriot": run_fay_herriot, "padjust": run_adjusted, "rank_ci": run_rank_sets,
}  # fmt: skip
