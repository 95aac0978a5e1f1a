"""Weights of survey waves: clean.respondents and known totals → clean.respondent_weights, several sets side by side.

Respondents from the poster and from the interviews share the weights; their mode stays in clean.respondents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pipeline.analysis.weighting.poststratify import Poststratified
from pipeline.analysis.weighting.response import representativeness
from pipeline.clean.weighting.margins import known_totals, why_no_cells
from pipeline.clean.weighting.one_set import WeightSet
from pipeline.clean.weighting.raked import raked_sets
from pipeline.clean.weighting.settings import weighting_settings
from pipeline.clean.weighting.stratified import as_of, equal_set, stratified_set
from pipeline.contracts import Wave
from pipeline.contracts.population import Population
from pipeline.contracts.wave import WEIGHT_SETS
from pipeline.errors import CONTRACT, Problem, fail

ORIGIN = ("source_file_id", "source_sheet", "source_row")
WEIGHTS = ("wave_code", "respondent_id", "area_code", "weight_set_code", "weight", "inclusion", *ORIGIN)
MARGINS = {
    "wave_code": pl.String, "respondent_id": pl.String, "area_code": pl.String, "weight_set_code": pl.String,
    "margin": pl.String, "level": pl.String,
}  # fmt: skip
CELLS = {
    "wave_code": pl.String, "area_code": pl.String, "cell": pl.String, "n": pl.Int64, "population": pl.Float64,
    "weight": pl.Float64, "pooled_with": pl.Int64,
}  # fmt: skip
REPORTS = {
    "wave_code": pl.String, "area_code": pl.String, "weight_set_code": pl.String, "is_in_use": pl.Boolean, "method": pl.String,
    "population_code": pl.String, "speaks_for": pl.String, "margins": pl.String, "n": pl.Int64, "population": pl.Float64,
    "iterations": pl.Int64, "max_margin_error": pl.Float64, "g_min": pl.Float64, "g_max": pl.Float64, "cv": pl.Float64,
    "kish_deff": pl.Float64, "n_eff": pl.Float64, "r_indicator": pl.Float64, "covers_never_visitors": pl.Boolean,
    "note_zh": pl.String, "note_en": pl.String,
}  # fmt: skip


@dataclass
class Weights:
    """`rows` as in clean.respondent_weights, `margins` as in clean.respondent_margins, `reports` as in
    audit.weight_reports; `collapsed`: cells that were pooled; `n_outside`: valid respondents no cell of the frame covers."""

    rows: pl.DataFrame
    margins: pl.DataFrame
    reports: pl.DataFrame
    collapsed: pl.DataFrame
    n_outside: dict[tuple[str, str], int] = field(default_factory=dict)


def weigh(
    respondents: pl.DataFrame,
    population_frame: pl.DataFrame,
    waves: Mapping[str, Wave],
    populations: Sequence[Population] = (),
) -> Weights:
    """Weights for every wave and area in `respondents`; `population_frame` as in clean.population_frame.

    Sets: `equal`; `poststratified` where the ledger's frame counts the wave's population and the wave names the cells; `raked` where a margin is
    known; `visit_adjusted` where the size of the population is known too and the wave asks for visits. In use is the last
    of them, or the one the wave file names. Raises exit 11 for totals that cannot be met or do not agree, and for a
    `weight_set` the wave does not have.
    """
    nobody = respondents.head(0)  # a wave may have lost every sheet
    rows, margins, lines, collapsed, outside, problems = [_weight_rows(nobody, equal_set(nobody))], [], [], [], {}, []
    for (wave_code, area_code), people in respondents.group_by("wave_code", "area_code", maintain_order=True):
        key, wave = (str(wave_code), str(area_code)), waves.get(str(wave_code))
        frame = population_frame.filter(pl.col("area_code") == area_code)
        wants_cells = wave is not None and bool(wave.poststratify_by) and not frame.is_empty()
        why_not = why_no_cells(wave, frame) if wants_cells else None
        sets, response = [equal_set(people, *([why_not] if why_not else []))], None
        if wants_cells and why_not is None:
            made, cells, by = stratified_set(people, frame, wave)
            sets += [made] if made is not None else []
            outside[key] = cells.n_outside
            collapsed.append(_cells(cells, by, key))
            response = _response(cells, as_of(frame, wave), by)
        if wave is not None:
            sets += raked_sets(people, wave, known_totals(wave, key[1], frame, populations))
        used, wrong = in_use([one.code for one in sets], wave)
        problems += wrong
        rows += [_weight_rows(people, one) for one in sets]
        margins += [_margin_rows(people, one) for one in sets if not one.levels.is_empty()]
        lines += [_line(one, key, wave, used, response) for one in sets]
    if problems:
        fail(CONTRACT, *problems)
    order = ("wave_code", "area_code", "respondent_id", "weight_set_code")
    return Weights(
        pl.concat(rows).sort(order),
        pl.concat([pl.DataFrame(schema=MARGINS), *margins]).sort(*order, "margin"),
        pl.DataFrame(lines, schema=REPORTS, orient="row"),
        pl.concat([pl.DataFrame(schema=CELLS), *collapsed]),
        outside,
    )


def in_use(codes: Sequence[str], wave: Wave | None) -> tuple[str, list[Problem]]:
    """The set estimates are made with, and what is wrong with the one the wave file names.

    >>> in_use(["equal", "raked"], None)
    ('raked', [])
    """
    best = max(codes, key=WEIGHT_SETS.index)
    if wave is None or wave.weight_set is None or wave.weight_set in codes:
        return (wave.weight_set if wave is not None and wave.weight_set else best), []
    return best, [
        Problem(
            "weight_set_missing", f"{wave.path.name if wave.path else wave.code} weight_set", "这一波做不出这组权重",
            "this wave does not have this weight set", got=wave.weight_set, expected=" ".join(codes),
            do_zh="请改用已有的一组，或补上它所需的总数（受访者太少、各类只能合成一类的总数用不上）",
            do_en="name one it has, or add the totals it needs (those whose levels have too few respondents are of no use)",
        )
    ]  # fmt: skip


def _weight_rows(people: pl.DataFrame, one: WeightSet) -> pl.DataFrame:
    named = people.with_columns(weight_set_code=pl.lit(one.code), weight=one.weights, inclusion=one.inclusion)
    return named.filter(pl.col("weight").is_not_null()).select(WEIGHTS)


def _margin_rows(people: pl.DataFrame, one: WeightSet) -> pl.DataFrame:
    names = people.with_row_index("row").select("row", "wave_code", "respondent_id", "area_code")
    levels = one.levels.with_columns(pl.col("row").cast(pl.UInt32))
    long = names.join(levels, on="row").unpivot(
        index=["row", "wave_code", "respondent_id", "area_code"], variable_name="margin", value_name="level"
    )
    return long.with_columns(weight_set_code=pl.lit(one.code)).select(list(MARGINS))


def _line(one: WeightSet, key: tuple[str, str], wave: Wave | None, used: str, response: float | None) -> dict[str, Any]:
    head = {"wave_code": key[0], "area_code": key[1], "is_in_use": one.code == used}
    return head | {"population_code": wave.population_code if wave else None, "r_indicator": response} | one.line()


def _response(cells: Poststratified, frame: pl.DataFrame, by: list[str]) -> float | None:
    """R-indicator of who answered among the persons the frame counts, by the variables of the cells; None for
    fewer respondents than a level needs."""
    counts = frame.group_by(by).agg(pl.col("n_persons").sum().round().cast(pl.Int64))
    known = counts.join(cells.cells.select(*by, "n"), on=by).with_columns(n=pl.min_horizontal("n", "n_persons"))
    persons = pl.concat([
        known.select(*by, pl.lit(1).alias("responded"), k="n"),
        known.select(*by, pl.lit(0).alias("responded"), k=pl.col("n_persons") - pl.col("n")),
    ]).select(pl.exclude("k").repeat_by("k")).explode(pl.all()).drop_nulls("responded")  # fmt: skip
    if persons["responded"].n_unique() < 2 or persons["responded"].sum() < weighting_settings().minimum_level:
        return None  # of a handful nobody can tell how evenly they answer: the correction for chance gives a perfect 1
    return representativeness(persons, "responded", by).r_adjusted


def _cells(cells: Poststratified, by: list[str], key: tuple[str, str]) -> pl.DataFrame:
    return cells.collapsed.select(
        pl.lit(key[0]).alias("wave_code"),
        pl.lit(key[1]).alias("area_code"),
        pl.concat_str(by, separator=" × ").alias("cell"),
        pl.col("n").cast(pl.Int64),
        "population",
        "weight",
        (pl.len().over("pool") - 1).cast(pl.Int64).alias("pooled_with"),
    )
