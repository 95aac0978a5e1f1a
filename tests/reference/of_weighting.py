"""How weighting answers a reference case: weights, their spread, and means and totals with what the margins take out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.survey.estimates import means, totals
from pipeline.analysis.survey.replicates import given
from pipeline.analysis.weighting.calibrate import calibrate
from pipeline.analysis.weighting.cells import match_cells
from pipeline.analysis.weighting.rake import rake
from pipeline.analysis.weighting.replicates import reweigh_replicates
from pipeline.analysis.weighting.report import Weighted
from pipeline.analysis.weighting.response import representativeness
from pipeline.analysis.weighting.trim import trim
from pipeline.errors import PipelineError
from tests.reference.cases import data, load
from tests.reference.of_estimates import COLUMNS, described, design_of, numbers

OUT_OF_REACH = {"N": 6194.0, "stypeH": 755.0, "stypeM": 1018.0, "api99": 3914069.0}


def calibrated(case: dict[str, Any]) -> Weighted:
    """The weights of a calibration case."""
    frame, call = case["frame"], case["call"]
    bounds = tuple(call["bounds"]) if call.get("bounds") else None
    wanted = call.get("totals") or OUT_OF_REACH
    ready = frame.select(auxiliary(frame, name).alias(name) for name in wanted)
    return calibrate(ready, wanted, weights_of(case), method=call.get("calfun", "logit"), bounds=bounds)


def auxiliary(frame: pl.DataFrame, name: str) -> pl.Series:
    """A column of R's model matrix: the intercept, a number, or a level of a factor by the factor's name and its own."""
    if name in ("N", "(Intercept)"):
        return pl.Series(np.ones(frame.height))
    if name in frame.columns:
        return frame[name].cast(pl.Float64)
    for factor in frame.columns:
        level = name.removeprefix(factor)
        if level != name and level in frame[factor].cast(pl.String).unique():
            return (frame[factor].cast(pl.String) == level).cast(pl.Float64)
    raise AssertionError(f"{name} is no column and no level of one")


def weights_of(case: dict[str, Any]) -> np.ndarray:
    return case["frame"][case["design"]["weights"]].cast(pl.Float64).to_numpy()


def of_weights(case: dict[str, Any], weighted: Weighted) -> Iterator[tuple]:
    """The weights themselves, their report, and means and totals with standard errors."""
    expect, report, tolerance = case["expect"], weighted.report, case["tol_rel"]
    found = {
        "w": weighted.weights, "w_sum": report.population, "w_min": weighted.weights.min(), "w_max": weighted.weights.max(),
        "w_cv": report.cv, "kish_deff": report.kish_deff, "ess": report.n_eff,
    }  # fmt: skip
    for name, value in found.items():
        if name in expect:
            yield name, value, expect[name], tolerance
    made = replace(design_of(case), weights=weighted.weights, adjustments=(weighted.adjustment,))
    yield from of_estimates(made, case["frame"], expect, tolerance)


def of_estimates(made, frame: pl.DataFrame, expect: dict[str, Any], tolerance: float) -> Iterator[tuple]:
    names = list(expect["mean"]["est"])
    values = {name: numbers(frame, name) for name in names}
    summed = totals(made, pl.DataFrame({"variable": names}), np.stack(list(values.values()), axis=1))
    for kind, estimates in (("mean", means(made, values)), ("total", summed)):
        if kind in expect:
            for name, got, wanted in described(estimates, names, expect[kind]):
                yield f"{kind}.{name}", got, wanted, tolerance


def run_rake(case: dict[str, Any]) -> Iterator[tuple]:
    margins = case["call"]["margins"]
    yield from of_weights(case, rake({name: case["frame"][name] for name in margins}, margins, weights_of(case)))


def run_poststratify(case: dict[str, Any]) -> Iterator[tuple]:
    ((name, wanted),) = case["call"]["margins"].items()
    yield from of_weights(case, match_cells(case["frame"][name], wanted, weights_of(case)))


def run_calibrate(case: dict[str, Any]) -> Iterator[tuple]:
    """A case that R refuses must be refused, with the total in conflict and its range."""
    if not case["expect"].get("must_fail"):
        yield from of_weights(case, calibrated(case))
        return
    with pytest.raises(PipelineError) as refused:
        calibrated(case)
    first = refused.value.problems[0]
    yield "refused", float(first.code == "totals_unattainable"), 1.0, 0
    if case["id"] != "calib_infeasible":
        return
    assert first.where == "stypeH"
    low, high = (float(end) for end in first.expected.split(",")[0].split(" ... "))
    frame, (lower, upper) = case["frame"], case["call"]["bounds"]
    of_high_schools = weights_of(case)[(frame["stype"] == "H").to_numpy()].sum()
    yield "low", low, lower * of_high_schools, 1e-6
    yield "high", high, upper * of_high_schools, 1e-6


def run_trim(case: dict[str, Any]) -> Iterator[tuple]:
    """Trimmed calibrated weights; the calibration keeps taking out what it did."""
    call, expect = case["call"], case["expect"]
    base = calibrated(load(call["base"]))
    for name in ("once", "strict"):
        trimmed = trim(base.weights, call["lower"], call["upper"], strict=name == "strict")
        yield name, trimmed.weights, expect[name], case["tol_rel"]
    made = replace(design_of(case), weights=trimmed.weights, adjustments=(base.adjustment,))
    yield from of_estimates(made, case["frame"], {"mean": expect["mean_strict"]}, case["tol_rel"])


def run_rake_replicates(case: dict[str, Any]) -> Iterator[tuple]:
    """Each replicate raked as the sample was."""
    frame, wanted = case["frame"], case["call"]["margins"]
    own = data(case["design"]["repweights"]).to_numpy()

    def again(rows: np.ndarray, weights: np.ndarray) -> Weighted:
        return rake({name: frame[name].gather(rows) for name in wanted}, wanted, weights)

    whole = again(np.arange(frame.height), weights_of(case))
    columns = {name: value for name, value in case["design"].items() if name in COLUMNS}
    made = design_of({"frame": frame, "design": columns})
    sets = given(reweigh_replicates(own, again), "JK1", scale=scale_of(case, own), df=own.shape[1] - 1)
    made = replace(made, weights=whole.weights, replicates=sets)
    yield from of_estimates(made, frame, case["expect"], case["tol_rel"])


def scale_of(case: dict[str, Any], replicates: np.ndarray) -> float:
    """JK1's (R - 1) / R, less the share of clusters drawn."""
    n, known = replicates.shape[1], case["frame"][case["design"]["fpc"]][0]
    return (n - 1) / n * (1 - n / known)


def run_rindicator(case: dict[str, Any]) -> Iterator[tuple]:
    frame, expect, tolerance = case["frame"], case["expect"], case["tol_rel"]
    responded, by = case["call"]["formula"].split("~")
    found = representativeness(frame, responded.strip(), [name.strip() for name in by.split("+")])
    whole = {"response_rate": found.rate, "S": found.s, "R": found.r, "R_adj": found.r_adjusted, "cv_rho": found.cv}
    for name, value in whole.items():
        yield name, value, expect[name], tolerance
    yield "coef", found.coefficients["coefficient"].to_list(), list(expect["coef"].values()), tolerance
    partial = dict(found.variables.select("variable", "unconditional").rows())
    yield "partial_unconditional", partial, expect["partial_unconditional"], tolerance


RUNNERS = {
    "rake": run_rake, "poststratify": run_poststratify, "calibrate": run_calibrate, "trim": run_trim,
    "rake+replicate": run_rake_replicates, "rindicator": run_rindicator,
}  # fmt: skip
