"""The sets `raked` (to every known margin) and `visit_adjusted` (by how often people come, then to every margin)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from pipeline.analysis.weighting.rake import rake
from pipeline.analysis.weighting.rake_within import rake_within
from pipeline.analysis.weighting.report import Weighted, weight_report
from pipeline.analysis.weighting.visits import visit_weights
from pipeline.clean.weighting.levels import Levels, levels_of
from pipeline.clean.weighting.margins import Known
from pipeline.clean.weighting.one_set import RESPONDENTS, WeightSet, at
from pipeline.clean.weighting.settings import weighting_settings
from pipeline.contracts import Wave
from pipeline.contracts.population import Margin
from pipeline.errors import CONTRACT, PipelineError, Problem, fail

MEMBERS = ("courier", "rider")


def raked_sets(people: pl.DataFrame, wave: Wave, known: Known) -> list[WeightSet]:
    """Those of the two sets that this wave has: `raked` needs a margin, `visit_adjusted` the size of the population, answers
    on visits, and a poster. Weights of valid couriers and riders sum to the size; flagged ones get the mean weight of the
    valid ones alike in all levels (else of all). Raises exit 11 for margins that cannot be met, and for more
    respondents than there are persons."""
    if known.size is None:
        return []
    rows = people.with_row_index("row").filter(pl.col("user_group_code").is_in(MEMBERS))
    valid = rows.filter("is_valid")
    if valid.is_empty():
        return []
    if known.size < valid.height:
        fail(CONTRACT, _too_many(wave, valid.height, known.size))
    area_code = str(people["area_code"][0])
    levels = levels_of(valid, area_code, known.margins, weighting_settings().minimum_level)
    sets, notes = [], _notes(known, levels)
    if levels.totals:
        base = np.full(valid.height, known.size / valid.height)
        made, given_up = _to_margins(levels, known.margins, base, wave)
        sets.append(_set("raked", people, rows, levels, made, 1 / base, wave, [*notes, *given_up]))
    if _knows_visits(valid):
        sets.append(_visit_set(people, rows, levels, known, wave, notes))
    return sets


def _too_many(wave: Wave, n: int, size: float) -> Problem:
    return Problem(
        "more_answers_than_frame", wave.path.name if wave.path else wave.code, "有效的小哥答卷比已知的总体还多",
        "more couriers and riders answered than there are by the known totals", got=f"{n}", expected=f"≤ {size:g}",
        do_zh="请核对总体框、place/population 和 frame_total 的人数与时点，以及有没有重复的答卷",
        do_en="check the persons and dates of the frame, place/population and frame_total, and whether sheets are repeated",
    )  # fmt: skip


def _visit_set(
    people: pl.DataFrame, rows: pl.DataFrame, levels: Levels, known: Known, wave: Wave, notes: list[str]
) -> WeightSet:
    valid = rows.filter("is_valid")
    weeks = ((wave.closed_on - wave.opened_on).days + 1) / 7
    base = visit_weights(valid["visits_per_week"], valid["mode_code"], weeks=weeks, population=known.size)
    before = base.weights.to_numpy()
    made, given_up = Weighted(before, weight_report("visits", before, before), None), []
    if levels.totals:
        made, given_up = _to_margins(levels, known.margins, before, wave)
        made = replace(made, report=replace(made.report, method=f"visits_{made.report.method}"))
    notes = [*([base.reason_code] if base.reason_code else []), *notes, *given_up]
    result = _set("visit_adjusted", people, rows, levels, made, base.inclusion.to_numpy(), wave, notes)
    return replace(result, covers_never_visitors=base.covers_never_visitors)


def _set(
    code: str, people: pl.DataFrame, rows: pl.DataFrame, levels: Levels, made: Weighted, inclusion: np.ndarray, wave: Wave,
    notes: Sequence[str],
) -> WeightSet:  # fmt: skip
    valid = rows.filter("is_valid")["row"].to_numpy()
    flagged = rows.filter(~pl.col("is_valid"))["row"].to_numpy()
    places = np.concatenate([valid, flagged])
    weights = np.concatenate([made.weights, np.full(len(flagged), made.weights.mean())])
    chances = np.concatenate([inclusion, np.full(len(flagged), np.nan)])
    shown = levels.frame.with_columns(row=pl.Series(valid)) if levels.totals else pl.DataFrame()
    speaks_for = wave.population_code if levels.totals else RESPONDENTS
    n = people.height
    return WeightSet(
        code, at(n, places, weights), at(n, places, chances), made.report, speaks_for, shown,
        tuple(levels.totals), notes if levels.totals else [*notes, "no_totals"],
    )  # fmt: skip


def _to_margins(
    levels: Levels, margins: Sequence[Margin], before: np.ndarray, wave: Wave
) -> tuple[Weighted, list[str]]:
    """Raked, then held within the bounds where it left them; where the bounds allow no solution, without them (said in
    a note). Raises exit 11 with file, margin, level and the range it could have."""
    columns, totals, bounds = levels.frame.to_dict(), levels.totals, weighting_settings().g_bounds
    try:
        made = rake(columns, totals, before)
    except PipelineError as error:
        where = {margin.variable: margin.where for margin in margins}
        fail(CONTRACT, *[
            replace(p, where=f"{wave.code} · {where.get(p.where.split(' = ')[0], '')} · {p.where}") for p in error.problems
        ])  # fmt: skip
    if bounds[0] <= made.report.g_min and made.report.g_max <= bounds[1]:
        return made, []
    try:
        return rake_within(columns, totals, before, bounds), []
    except PipelineError:
        return made, ["bounds_given_up"]


def _knows_visits(valid: pl.DataFrame) -> bool:
    if "visits_per_week" not in valid.columns or not (valid["mode_code"] == "qr").any():
        return False
    said = 1 - valid["visits_per_week"].null_count() / valid.height
    return said >= weighting_settings().visits_said


def _notes(known: Known, levels: Levels) -> list[str]:
    there = {
        "approximate": known.is_approximate, "unlisted_levels": levels.n_unlisted > 0, "no_rarer": bool(levels.dropped)
    }  # fmt: skip
    return [code for code, is_so in there.items() if is_so]
