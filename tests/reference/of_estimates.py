"""How the core answers a reference case: means, totals, shares, ratios, domains, contrasts, sets of answers, lonely units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from pipeline.analysis.survey import intervals
from pipeline.analysis.survey.design import Design, design
from pipeline.analysis.survey.estimates import (
    Estimates,
    contrasts,
    means,
    ratios,
    shares,
    shares_of_responses,
    totals,
)
from pipeline.analysis.survey.replicates import given
from pipeline.errors import PipelineError
from tests.reference.cases import data

COLUMNS = ("strata", "psu", "ssu", "weights", "fpc", "fpc2", "pps")


def design_of(case: dict[str, Any], **more: Any) -> Design:
    """The design a case names by its columns."""
    columns = {name: case["design"][name] for name in COLUMNS if case["design"].get(name)}
    return design(case["frame"], **columns, **more)


def where_of(frame: pl.DataFrame, text: str | None) -> np.ndarray:
    """Rows of an R condition such as sch.wide=='No' & comp.imp=='Yes' or I(api00>850)."""
    if not text:
        return np.ones(frame.height, bool)
    here = pl.lit(True)
    for part in text.removeprefix("I(").removesuffix(")").split("&"):
        name, sign, value = re.fullmatch(r"\s*([\w.]+)\s*(==|>=|<=|>|<)\s*'?([^']+?)'?\s*", part).groups()
        number = frame[name].dtype.is_numeric()
        other = pl.lit(float(value)) if number else pl.lit(value)
        here &= {"==": pl.col(name) == other, ">": pl.col(name) > other, "<": pl.col(name) < other,
                 ">=": pl.col(name) >= other, "<=": pl.col(name) <= other}[sign]  # fmt: skip
    return frame.select(here.fill_null(False).alias("here"))["here"].to_numpy()


def numbers(frame: pl.DataFrame, name: str) -> np.ndarray:
    """A column with nan for missing."""
    return frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()


def described(
    of: Estimates, names: list[str], expected: dict[str, Any], rows: np.ndarray | None = None
) -> Iterator[tuple]:
    """est, se, df, intervals, cv and deff as R prints them."""
    df = of.design.degrees_of_freedom(rows)
    se = of.se
    found: dict[str, Any] = {"est": of.est, "se": se, "cv": se / of.est, "deff": of.deff}
    for kind, free in (("ci_t", df), ("ci_z", np.inf)):
        low, high = intervals.t_interval(of.est, se, free)
        found[kind] = {"lo": dict(zip(names, low, strict=True)), "hi": dict(zip(names, high, strict=True))}
    found = {k: dict(zip(names, v, strict=True)) if isinstance(v, np.ndarray) else v for k, v in found.items()} | {
        "df": df
    }
    for name, value in expected.items():
        if name in found and value is not None:
            yield name, found[name], value


def tolerant(pairs: Iterator[tuple], tolerance: float) -> Iterator[tuple]:
    for pair in pairs:
        yield (*pair, tolerance)


def run_mean_total(case: dict[str, Any]) -> Iterator[tuple]:
    frame, call, made = case["frame"], case["call"], design_of(case)
    names = [call["y"]] if isinstance(call["y"], str) else call["y"]
    here = where_of(frame, call.get("where"))
    y = np.stack([numbers(frame, name) for name in names], axis=1)
    here &= np.isfinite(y).all(axis=1)
    y = np.where(here[:, None], y, 0.0)
    kinds = call["stat"].split("+")
    rows = None if here.all() or not call.get("where") else here
    for kind in kinds:
        expected = case["expect"][kind] if len(kinds) > 1 else case["expect"]
        labels = pl.DataFrame({"name": names})
        found = (
            ratios(made, labels, y, here.astype(float))
            if kind == "mean"
            else totals(made, labels, y, here.astype(float))
        )
        yield from tolerant(described(found, names, expected, rows), case["tol_rel"])


def run_levels(case: dict[str, Any]) -> Iterator[tuple]:
    frame, name, made = case["frame"], case["call"]["y"], design_of(case)
    levels = sorted(frame[name].drop_nulls().unique().to_list())
    has = np.stack([(frame[name] == level).fill_null(False).to_numpy() for level in levels], axis=1).astype(float)
    here = frame[name].is_not_null().to_numpy().astype(float)
    labels = pl.DataFrame({"level": levels})
    names = [f"{name}{level}" for level in levels]
    found = shares(made, has, here, labels) if case["call"]["stat"] == "prop" else totals(made, labels, has)
    yield from tolerant(described(found, names, case["expect"]), case["tol_rel"])


def run_ratio(case: dict[str, Any]) -> Iterator[tuple]:
    frame, call = case["frame"], case["call"]
    made = design_of(case, replicates=replicates_of(case)) if case["design"].get("repweights") else design_of(case)
    y, x = numbers(frame, call["num"]), numbers(frame, call["den"])
    here = where_of(frame, call.get("where")) & np.isfinite(y) & np.isfinite(x)
    found = ratios(made, pl.DataFrame({"name": ["ratio"]}), np.where(here, y, 0), np.where(here, x, 0))
    yield "est", found.est[0], case["expect"]["est"], case["tol_rel"]
    yield "se", found.se[0], case["expect"]["se"], case["tol_rel"]


def replicates_of(case: dict[str, Any]) -> Any:
    call, expect = case["call"], case["expect"]
    kind = {"subbootstrap": "bootstrap"}.get(call["type"], call["type"])
    return given(
        data(case["design"]["repweights"]).to_numpy(), kind, scale=expect.get("scale"), rho=call.get("rho", 0.0),
        rscales=np.array(expect["rscales"], float) if "rscales" in expect else None,
    )  # fmt: skip


def run_replicate(case: dict[str, Any]) -> Iterator[tuple]:
    frame, names = case["frame"], case["call"]["y"]
    made = design_of(case, replicates=replicates_of(case))
    y = np.stack([numbers(frame, name) for name in names], axis=1)
    labels, tolerance = pl.DataFrame({"name": names}), case["tol_rel"]
    yield "df", made.degrees_of_freedom(), case["expect"]["df"], tolerance
    yield from tolerant(described(ratios(made, labels, y, np.ones(len(y))), names, case["expect"]["mean"]), tolerance)
    yield from tolerant(described(totals(made, labels, y), names, case["expect"]["total"]), tolerance)


def by_groups(case: dict[str, Any]) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Names of domains, their membership (n, g), and the values."""
    frame, call = case["frame"], case["call"]
    by = [call["by"]] if isinstance(call["by"], str) else call["by"]
    key = frame.select(pl.concat_str(by, separator="|").alias("key"))["key"]
    groups = case["expect"].get("group") or sorted(key.unique().to_list())
    return groups, np.stack([(key == g).to_numpy() for g in groups], axis=1).astype(float), numbers(frame, call["y"])


def run_domain(case: dict[str, Any]) -> Iterator[tuple]:
    groups, inside, y = by_groups(case)
    made, labels, expect = design_of(case), pl.DataFrame({"group": groups}), case["expect"]
    here = np.isfinite(y)
    inside, y = inside * here[:, None], np.nan_to_num(y)
    mean, total = ratios(made, labels, inside * y[:, None], inside), totals(made, labels, inside * y[:, None])
    for name, got in (("mean", mean.est), ("mean_se", mean.se), ("total", total.est), ("total_se", total.se)):
        if name in expect:
            yield name, got.tolist(), expect[name], case["tol_rel"]


def run_contrast(case: dict[str, Any]) -> Iterator[tuple]:
    wanted = case["call"]["contrasts"]
    if "by" in case["call"]:
        groups, inside, y = by_groups(case)
        of = ratios(design_of(case), pl.DataFrame({"group": groups}), inside * y[:, None], inside)
    else:  # between means of variables
        groups = case["call"]["y"]
        of = means(design_of(case), {name: numbers(case["frame"], name) for name in groups})
    factors = np.array([[row.get(group, 0) for group in groups] for row in wanted.values()])
    found = contrasts(of, factors, pl.DataFrame({"contrast": list(wanted)}))
    for name, got in (("est", found.est), ("se", found.se)):
        yield name, dict(zip(wanted, got, strict=True)), case["expect"][name], case["tol_rel"]


def run_ttest(case: dict[str, Any]) -> Iterator[tuple]:
    from scipy import stats

    frame, call, expect = case["frame"], case["call"], case["expect"]
    levels = sorted(frame[call["group"]].drop_nulls().unique().to_list())
    inside = np.stack([(frame[call["group"]] == level).to_numpy() for level in levels], axis=1).astype(float)
    made = design_of(case)
    of = ratios(made, pl.DataFrame({"level": levels}), inside * numbers(frame, call["y"])[:, None], inside)
    found = contrasts(of, np.array([[-1.0, 1.0]]), pl.DataFrame({"contrast": ["difference"]}))
    t, df = float(found.est[0] / found.se[0]), made.degrees_of_freedom() - 1
    yield "diff", found.est[0], expect["diff"], case["tol_rel"]
    yield "statistic", t, expect["statistic"], case["tol_rel"]
    yield "df", df, expect["parameter"]["df"], case["tol_rel"]
    yield "p", 2 * stats.t.sf(abs(t), df), expect["p"], 1e-6


def run_multiresponse(case: dict[str, Any]) -> Iterator[tuple]:
    frame, expect, made = case["frame"], case["expect"], design_of(case)
    names = list(case["call"]["set"])
    chosen = np.stack([where_of(frame, text) for text in case["call"]["set"].values()], axis=1)
    labels, everybody = pl.DataFrame({"option": names}), np.ones(frame.height)
    people, answers = shares(made, chosen, everybody, labels), shares_of_responses(made, chosen, everybody, labels)
    yield from tolerant(described(people, names, expect["pct_respondents"]), case["tol_rel"])
    yield from tolerant(described(answers, names, expect["pct_responses"]), case["tol_rel"])
    for name in expect.get("diff", {}).get("est", {}):
        first, second = name.split("_minus_")
        row = np.array([[(option == first) * 1.0 - (option == second) for option in names]])
        found = contrasts(people, row, pl.DataFrame({"contrast": [name]}))
        yield f"diff.est.{name}", found.est[0], expect["diff"]["est"][name], case["tol_rel"]
        yield f"diff.se.{name}", found.se[0], expect["diff"]["se"][name], case["tol_rel"]


def run_ciprop(case: dict[str, Any]) -> Iterator[tuple]:
    """Without the likelihood interval, which R reads off a spline through a coarse profile: right to three digits only."""
    frame, expect, made = case["frame"], case["expect"], design_of(case)
    here = where_of(frame, case["call"].get("where"))
    has = where_of(frame, case["call"]["expr"])
    of = shares(made, has[:, None], here, pl.DataFrame({"share": ["p"]}))
    p, se, df = float(of.est[0]), float(of.se[0]), expect["df"]
    low, high = intervals.logit(of.est, of.se, df)
    wald = intervals.t_interval(of.est, of.se, df)
    found = {
        "logit": (low[0], high[0]), "xlogit": (low[0], high[0]), "mean": (wald[0][0], wald[1][0]),
        "asin": intervals.arcsine(p, se, df), "beta": intervals.korn_graubard(p, se, frame.height, df),
    }  # fmt: skip
    for name, bounds in found.items():
        if name in expect:
            yield name, {"est": p, "lo": bounds[0], "hi": bounds[1]}, expect[name], case["tol_rel"]


def run_lonely(case: dict[str, Any]) -> Iterator[tuple]:
    frame, expect = case["frame"], case["expect"]
    y = numbers(frame, case["call"]["y"])
    try:
        design_of(case)
        yield "fail must raise", 0, 1, 0
    except PipelineError as refusal:
        yield "fail must raise", float(refusal.problems[0].code == "lonely_psu"), 1, 0
    for policy in ("certainty", "remove", "adjust", "average"):
        made = design_of(case, lonely=policy)
        total = totals(made, pl.DataFrame({"name": ["y"]}), y)
        mean = means(made, {"y": y})
        if policy in expect:
            yield f"{policy}.mean", mean.est[0], expect[policy]["mean"]["y"], case["tol_rel"]
            yield f"{policy}.mean_se", mean.se[0], expect[policy]["mean_se"], case["tol_rel"]
            yield f"{policy}.total_se", total.se[0], expect[policy]["total_se"], case["tol_rel"]
        if f"{policy}_var" in expect:
            yield f"{policy}_var", float(total.cov[0, 0]), expect[f"{policy}_var"], case["tol_rel"]


RUNNERS = {
    "mean": run_mean_total, "total": run_mean_total, "prop": run_levels, "count": run_levels,
    "ratio": run_ratio, "domain": run_domain, "contrast": run_contrast, "ttest": run_ttest, "multiresponse": run_multiresponse,
    "ciprop": run_ciprop, "lonely_total": run_lonely, "replicate": run_replicate,
}  # fmt: skip
