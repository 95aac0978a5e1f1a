"""The sets `equal` (everybody counts as one) and `poststratified` (to the cells of the ledger's frame)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pipeline.analysis.weighting.poststratify import Poststratified, poststratify
from pipeline.analysis.weighting.report import weight_report
from pipeline.clean.weighting.margins import latest
from pipeline.clean.weighting.one_set import RESPONDENTS, WeightSet
from pipeline.contracts import Wave
from pipeline.errors import CONTRACT, Problem, fail


def equal_set(people: pl.DataFrame, *notes: str) -> WeightSet:
    """1 for everybody, flagged or not. It speaks for the respondents. `notes`: why there is no other."""
    ones = np.ones(max(int(people["is_valid"].sum()), 1))
    return WeightSet(
        "equal", pl.repeat(1.0, people.height, eager=True), pl.repeat(None, people.height, dtype=pl.Float64, eager=True),
        weight_report("equal", ones, ones), RESPONDENTS, notes=("unweighted", *notes),
    )  # fmt: skip


def stratified_set(
    people: pl.DataFrame, frame: pl.DataFrame, wave: Wave
) -> tuple[WeightSet | None, Poststratified, list[str]]:
    """The set (None where nobody can be weighed: all flagged, or none in the frame), what the analysis said of its cells,
    and the columns of the cells.

    Valid respondents' weights sum to the frame. A flagged respondent gets the weight of the cell, so that an estimate can
    also be had with the flagged ones in. Raises exit 11 for variables that respondents or the frame do not have.
    """
    by = cell_columns(wave, people, frame)
    rows = people.with_row_index("row")
    valid = rows.filter("is_valid")
    result = poststratify(valid, as_of(frame, wave), by=by)
    kept = result.weights.drop_nulls().to_numpy()
    if not len(kept):
        return None, result, by
    cells = result.cells.unique(by).select(*by, "weight")
    flagged = rows.filter(~pl.col("is_valid")).join(cells, on=by, how="left")
    all_rows = pl.concat([valid.with_columns(weight=result.weights), flagged], how="diagonal").sort("row")
    weights = all_rows["weight"]
    report = weight_report("poststratify", np.full(len(kept), kept.mean()), kept)
    made = WeightSet(
        "poststratified", weights, 1 / weights, report, wave.population_code, _levels(valid, result, by),
        tuple(wave.poststratify_by),
    )  # fmt: skip
    return made, result, by


def _levels(valid: pl.DataFrame, result: Poststratified, by: list[str]) -> pl.DataFrame:
    """row and the cell each weighed respondent was weighed in: pooled ones joined by +, unsaid where a variable was left out."""
    named = result.cells.with_columns(cell=pl.concat_str(by, separator=" × "))
    named = named.with_columns(cell=pl.col("cell").sort().str.join("+").over("pool")).unique(by).select(*by, "cell")
    rows = valid.with_columns(weight=result.weights).join(named, on=by, how="left", maintain_order="left")
    return rows.filter(pl.col("weight").is_not_null()).select("row", pl.col("cell").fill_null("unsaid"))


def cell_columns(wave: Wave, people: pl.DataFrame, frame: pl.DataFrame) -> list[str]:
    """The columns of the weighting variables. Raises exit 11 for variables that respondents or the frame do not have."""
    by = [f"{variable}_code" for variable in wave.poststratify_by]
    known = [
        name for name in people.columns if name in frame.columns and name.endswith("_code") and name != "area_code"
    ]
    strange = [
        Problem(
            "poststratify_by", wave.path.name if wave.path else wave.code, "加权变量不能用", "cannot weigh by this variable",
            got=name.removesuffix("_code"), expected=_names(known),
            do_zh="请修改波次文件中的 poststratify_by", do_en="mend poststratify_by in the wave file",
        )
        for name in by
        if name not in known
    ]  # fmt: skip
    if strange:
        fail(CONTRACT, *strange)
    return by


def _names(columns: Sequence[str]) -> str:
    return " ".join(column.removesuffix("_code") for column in columns)


def as_of(frame: pl.DataFrame, wave: Wave) -> pl.DataFrame:
    """The latest count up to the day the wave closed; without one the earliest after it."""
    return frame.filter(pl.col("as_of") == latest(frame["as_of"].unique().to_list(), wave.closed_on))
