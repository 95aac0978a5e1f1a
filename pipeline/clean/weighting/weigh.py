"""Weights of a survey wave: clean.respondents × clean.population_frame → clean.respondent_weights.

`equal` gives everybody 1. `poststratified` is made by `analysis.weighting.poststratify` from the valid respondents of the groups
the frame counts; it is the one call that a better estimator replaces. Respondents from the poster and from the
interviews share the weights; their mode stays in clean.respondents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.analysis.weighting.poststratify import poststratify
from pipeline.analysis.weighting.report import kish_deff
from pipeline.contracts import Wave
from pipeline.errors import CONTRACT, Problem, fail

COLUMNS = (
    "wave_code", "respondent_id", "area_code", "weight_set_code", "weight", "source_file_id", "source_sheet", "source_row",
)  # fmt: skip
REPORT = {
    "wave_code": pl.String, "area_code": pl.String, "cell": pl.String, "n": pl.Int64, "population": pl.Float64,
    "weight": pl.Float64, "pooled_with": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True)
class Weights:
    """`rows` as in clean.respondent_weights; `collapsed`: cells that were pooled; `deff`: Kish's design effect per wave
    and area; `n_outside`: valid respondents no cell of the frame covers."""

    rows: pl.DataFrame
    collapsed: pl.DataFrame
    deff: dict[tuple[str, str], float | None]
    n_outside: dict[tuple[str, str], int]


def weigh(respondents: pl.DataFrame, population_frame: pl.DataFrame, waves: Mapping[str, Wave]) -> Weights:
    """Weights for every wave and area in `respondents`."""
    sets = [_weight_rows(respondents.with_columns(weight=pl.lit(1.0)), "equal")]
    collapsed, deff, outside = [pl.DataFrame(schema=REPORT)], {}, {}
    for (wave_code, area_code), people in respondents.group_by("wave_code", "area_code", maintain_order=True):
        wave = waves.get(str(wave_code))
        frame = population_frame.filter(pl.col("area_code") == area_code)
        if wave is None or not wave.poststratify_by or frame.is_empty():
            continue
        key = (str(wave_code), str(area_code))
        by = _columns(wave, people, frame)
        valid = people.filter("is_valid")
        result = poststratify(valid, _as_of(frame, wave.closed_on), by=by)
        cells = result.cells.unique(by)
        weighted = _weights_of_all(people, valid.with_columns(weight=result.weights), cells, by)
        sets.append(_weight_rows(weighted.filter(pl.col("weight").is_not_null()), "poststratified"))
        deff[key], outside[key] = kish_deff(result.weights), result.n_outside
        collapsed.append(_report(result.collapsed, by, key))
    rows = pl.concat(sets).sort("wave_code", "area_code", "respondent_id", "weight_set_code")
    return Weights(rows, pl.concat(collapsed), deff, outside)


def _columns(wave: Wave, people: pl.DataFrame, frame: pl.DataFrame) -> list[str]:
    """The columns of the weighting variables. Raises exit 11 for variables that respondents or the frame do not have."""
    by = [f"{variable}_code" for variable in wave.poststratify_by]
    known = [
        name for name in people.columns if name in frame.columns and name.endswith("_code") and name != "area_code"
    ]
    strange = [
        Problem(
            "poststratify_by", wave.path.name if wave.path else wave.code, "加权变量不能用", "cannot weigh by this variable",
            got=name.removesuffix("_code"), expected=" ".join(column.removesuffix("_code") for column in known),
            do_zh="请修改波次文件中的 poststratify_by", do_en="mend poststratify_by in the wave file",
        )
        for name in by
        if name not in known
    ]  # fmt: skip
    if strange:
        fail(CONTRACT, *strange)
    return by


def _as_of(frame: pl.DataFrame, on: date) -> pl.DataFrame:
    """The latest count up to the day the wave closed; without one the earliest after it."""
    dates = frame["as_of"].unique().sort()
    before = dates.filter(dates <= on)
    chosen = before.max() if len(before) else dates.min()
    return frame.filter(pl.col("as_of") == chosen)


def _weights_of_all(people: pl.DataFrame, valid: pl.DataFrame, cells: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Valid respondents' weights sum to the frame. A flagged respondent gets the weight of the cell, so that an
    estimate can also be had with the flagged ones in."""
    flagged = people.filter(~pl.col("is_valid")).join(cells.select(*by, "weight"), on=by, how="left")
    return pl.concat([valid, flagged], how="diagonal")


def _weight_rows(people: pl.DataFrame, weight_set: str) -> pl.DataFrame:
    return people.with_columns(weight_set_code=pl.lit(weight_set)).select(COLUMNS)


def _report(cells: pl.DataFrame, by: list[str], key: tuple[str, str]) -> pl.DataFrame:
    return cells.select(
        pl.lit(key[0]).alias("wave_code"),
        pl.lit(key[1]).alias("area_code"),
        pl.concat_str(by, separator=" × ").alias("cell"),
        pl.col("n").cast(pl.Int64),
        "population",
        "weight",
        (pl.len().over("pool") - 1).cast(pl.Int64).alias("pooled_with"),
    )
