"""How far respondents of a wave get, from hearing of a station to coming back: of all, and by group. Nothing here has passed the gate."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.funnel import Funnel, Path, funnel, path
from pipeline.analysis.survey.estimates import Estimates
from pipeline.disclose import threshold
from pipeline.findings.answers import given_answers
from pipeline.findings.estimating.against import group_differences
from pipeline.findings.estimating.figures import figures
from pipeline.findings.estimating.lists import order_columns
from pipeline.findings.estimating.sample import Sample
from pipeline.paths import METADATA

STEPS = ("aware", "found", "open", "entered", "served", "returned")
ALL, WELCOME = "all", "felt_welcome"
ORDER = {step: place for place, step in enumerate([*STEPS[:4], WELCOME, *STEPS[4:]])}
SHOWN = ("est", "lci", "uci", "withheld_code")
DIFFERENCE = ("difference", "difference_lci", "difference_uci", "is_apart")
TYPES = {
    "by_code": pl.String, "step_code": pl.String, "part_code": pl.String, "n": pl.Int64, "n_reached": pl.Int64, "n_asked": pl.Int64,
    "n_passed": pl.Int64, "n_lost": pl.Int64, **dict.fromkeys(("est", "se", "lci", "uci", "band_low", "band_high", "n_eff"), pl.Float64),
    "withheld_code": pl.String, **{f"{name}_{of}": pl.String if name == "withheld_code" else pl.Float64 for of in ("pass", "loss") for name in SHOWN},
    "may_be_most": pl.Boolean, **dict.fromkeys(DIFFERENCE[:3], pl.Float64), "is_apart": pl.Boolean,
}  # fmt: skip


@cache
def parts() -> dict[str, Any]:
    """metadata/funnel.toml: the parts and their steps, from where one feels welcome, which records stand beside which step."""
    return tomllib.loads((METADATA / "funnel.toml").read_text(encoding="utf-8"))


def part_of(step: str) -> str:
    """The part a step belongs to: door, home or benefit.

    >>> part_of("found"), part_of("returned")
    ('door', 'benefit')
    """
    return next(part for part, steps in parts()["parts"].items() if step in steps)


def step_rows(con: duckdb.DuckDBPyConnection, sample: Sample, groups: pl.DataFrame | None = None,
              persons: pl.DataFrame | None = None) -> pl.DataFrame:  # fmt: skip
    """One row per step that the wave asked and group (`all` first): columns TYPES; no rows where it asked none.

    `est`: share of all who got that far; `est_pass`: share passing of those who came to the step; `est_loss`: share of all lost at it,
    with `may_be_most`, whether it may be the largest of all steps (`_may_be_most`); `difference`: passing less that of all other groups
    together. `felt_welcome` is no step: of those who went in, the share that felt welcome. `groups`: person, by_code; `persons`: those asked about.
    n_reached, n_lost and n_passed are 0 where the exact share would tell of few people (`_told`), so that the gate gives it in steps.
    """
    steps, said = steps_said(con, sample)
    if not steps:
        return pl.DataFrame(schema=TYPES)
    here = (
        np.ones(sample.frame.height, dtype=bool)
        if persons is None
        else sample.frame["person"].is_in(persons["person"].to_list()).to_numpy()
    )
    way = path(said).within(here)
    labels = pl.DataFrame({"step_code": steps})
    table = [_rows(sample, way, labels).with_columns(by_code=pl.lit(ALL))]
    for code, inside in _groups(sample, groups):
        table.append(_rows(sample, way.within(inside), labels).with_columns(by_code=pl.lit(code)))
    ways = [(step, way.came[:, j], way.passed[:, j]) for j, step in enumerate(steps)]
    felt = _felt(con, sample, here)
    if felt is not None:
        table.append(_welcome(sample, felt, groups))
        ways.append((WELCOME, felt.came[:, 0], felt.passed[:, 0]))
    made = pl.concat(table, how="diagonal_relaxed")
    made = made.with_columns(part_code=pl.col("step_code").map_elements(part_of, return_dtype=pl.String))
    if groups is not None:
        made = made.join(_apart(sample, ways, groups), on=["by_code", "step_code"], how="left", maintain_order="left")
    made = made.sort(
        pl.col("by_code") != ALL, "by_code", pl.col("step_code").replace_strict(ORDER, return_dtype=pl.Int64)
    )
    return made.with_columns(
        pl.lit(None, kind).alias(name) for name, kind in TYPES.items() if name not in made.columns
    ).select(*TYPES)


def steps_said(con: duckdb.DuckDBPyConnection, sample: Sample) -> tuple[list[str], np.ndarray]:
    """The steps a wave asked, in order, and what each respondent said (n, k): 1 yes, 0 no, nan not said or not shown.

    Asked one by one, or ticked in one question (variable `funnel`), where not ticked is no.
    """
    asked = dict(
        con.execute("select variable_code, type_code from ref.questions where wave_code = ?", [sample.wave]).fetchall()
    )
    steps = [step for step in STEPS if asked.get(step) == "single"]
    if steps:
        yes = pl.col("answer_code").replace_strict({"yes": 1.0, "no": 0.0}, default=None, return_dtype=pl.Float64)
        columns = [_values(sample, given_answers(con, sample.wave, step), yes) for step in steps]
        return steps, np.stack(columns, axis=1)
    if asked.get("funnel") != "multiple":
        return [], np.zeros((sample.frame.height, 0))
    ticks = given_answers(con, sample.wave, "funnel")
    told = sample.frame["person"].is_in(ticks["person"].unique().to_list()).to_numpy()
    columns = [
        sample.frame["person"].is_in(ticks.filter(answer_code=step)["person"].to_list()).to_numpy() for step in STEPS
    ]
    return list(STEPS), np.where(told[:, None], np.stack(columns, axis=1).astype(float), np.nan)


def _values(sample: Sample, given: pl.DataFrame, value: pl.Expr) -> np.ndarray:
    """The value of each respondent's answer, nan where there is none."""
    found = given.with_columns(value=value)
    rows = sample.frame.select("person").join(found.unique("person"), on="person", how="left", maintain_order="left")
    return rows["value"].fill_null(float("nan")).to_numpy()


def _groups(sample: Sample, groups: pl.DataFrame | None) -> list[tuple[str, np.ndarray]]:
    """Each group and who of the sample is in it."""
    if groups is None:
        return []
    inside = groups.drop_nulls("by_code")
    codes = inside.join(sample.frame.select("person"), on="person", how="semi")["by_code"].unique().sort()
    return [
        (code, sample.frame["person"].is_in(inside.filter(by_code=code)["person"].to_list()).to_numpy())
        for code in codes
    ]


def _rows(sample: Sample, way: Path, labels: pl.DataFrame) -> pl.DataFrame:
    """The figures of every step of some people."""
    found = funnel(sample.design, way, labels)
    n = int(way.came[:, 0].sum())
    reached, passed, lost = _told(way)
    counts = {
        "n": np.full(len(reached), n),
        "n_reached": reached,
        "n_asked": way.came.sum(axis=0),
        "n_passed": passed,
        "n_lost": lost,
    }
    table = labels.with_columns(pl.Series(name, values, dtype=pl.Int64) for name, values in counts.items())
    return table.hstack(_figures(found, sample)).with_columns(may_be_most=_may_be_most(found.lost))


def _may_be_most(lost: Estimates) -> pl.Series:
    """Which losses cannot be told from the largest: those that may rank first (all certain together), less those whose interval ends
    below that of the largest. The second tells of a step that lost nobody in the sample, whose error is not known."""
    table = lost.table()
    if table["est"].drop_nulls().is_empty():
        return pl.Series([None] * table.height, dtype=pl.Boolean)
    if table["est"].count() == 1:
        return table["est"].is_not_null()
    floor = table.sort("est", descending=True, nulls_last=True)["lci"][0]
    reaches = table.select((pl.col("uci") >= floor).fill_null(True)).to_series() if floor is not None else True
    return (order_columns(lost)["rank_from"] == 1) & reaches


def _figures(found: Funnel, sample: Sample) -> pl.DataFrame:
    of_step = [figures(of, sample).select(pl.col(name).alias(f"{name}_{what}") for name in SHOWN)
               for of, what in ((found.passing, "pass"), (found.lost, "loss"))]  # fmt: skip
    return figures(found.reached, sample).hstack(of_step[0]).hstack(of_step[1])


def _told(way: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """n_reached, n_passed and n_lost of each step, 0 where the exact share together with those of the other steps would tell of few.

    Shares that lie close differ by a few people: one is given exactly only where the threshold of people, at least, were lost since the
    last one given so. The loss at a step and the share passing it follow from the two shares around it: exact where both are.
    """
    lost, reached = way.n_lost, way.passed.sum(axis=0)
    since, exact = 0, [True]
    for gone, left in zip(lost, reached, strict=True):
        since += int(gone)
        exact.append(since >= threshold() and left >= threshold())
        since = 0 if exact[-1] else since
    now, both = np.array(exact[1:]), np.array(exact[1:]) & np.array(exact[:-1])
    return np.where(now, reached, 0), np.where(both, reached, 0), np.where(both, lost, 0)


def _welcome(sample: Sample, felt: Path, groups: pl.DataFrame | None) -> pl.DataFrame:
    """Of those who said so, the share that felt welcome: of all, and of each group."""
    everybody = np.ones(sample.frame.height, dtype=bool)
    table = []
    for code, inside in [(ALL, everybody), *_groups(sample, groups)]:
        rows = _rows(sample, felt.within(inside), pl.DataFrame({"step_code": [WELCOME]}))
        table.append(
            rows.select("step_code", "n_asked", "n_passed", *(f"{name}_pass" for name in SHOWN)).with_columns(
                by_code=pl.lit(code)
            )
        )
    return pl.concat(table)


def _felt(con: duckdb.DuckDBPyConnection, sample: Sample, here: np.ndarray) -> Path | None:
    """Who said how welcome they feel, and who does; None where the wave did not ask."""
    asked = con.execute(
        "select 1 from ref.questions where wave_code = ? and variable_code = ?", [sample.wave, WELCOME]
    ).fetchall()
    if not asked:
        return None
    points = _values(
        sample, given_answers(con, sample.wave, WELCOME), pl.col("answer_code").cast(pl.Float64, strict=False)
    )
    said = np.where(np.isnan(points), np.nan, points >= parts()["welcome"]["from_points"])[:, None]
    return path(said).within(here & ~np.isnan(points))


def _apart(sample: Sample, ways: list[tuple[str, np.ndarray, np.ndarray]], groups: pl.DataFrame) -> pl.DataFrame:
    """by_code, step_code and how much more, or less, of a group pass a step than of all other groups together.

    `ways`: each step with who came to it and who passed it (n,).
    """
    people = sample.frame["person"]
    came = [pl.DataFrame({"person": people.filter(pl.Series(came)), "passed": passed[came]}).with_columns(item_code=pl.lit(step))
            for step, came, passed in ways]  # fmt: skip
    answers = pl.concat(came).select(
        "person", "item_code", pl.when("passed").then(pl.lit("passed")).alias("answer_code")
    )
    return group_differences(sample, answers, groups).select(
        "by_code", pl.col("item_code").alias("step_code"), *DIFFERENCE
    )
