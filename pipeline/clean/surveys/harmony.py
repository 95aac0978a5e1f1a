"""Questions of all waves mapped to standard variables: the wording kept, and which waves mean the same by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from pipeline.clean.surveys.wording import base_key, options_key, options_text, text_key, type_family
from pipeline.contracts import Codebook, Question, Variable, Wave
from pipeline.contracts.comparing import population_of, what_changed, why_not
from pipeline.errors import CONTRACT, Problem, fail

_TEXT = (
    "variable_code", "wave_code", "area_code", "population_code", "question_code", "type_code", "type_family", "text_zh",
    "options_zh", "text_key", "options_key", "base_key", "series_wave", "same_as_wave", "why_not_code",
)  # fmt: skip
COLUMNS: dict[str, type[pl.DataType]] = {**dict.fromkeys(_TEXT, pl.String), "is_declared": pl.Boolean}


def wordings(
    waves: Mapping[str, Wave], variables: Mapping[str, Variable], codebooks: Mapping[str, Codebook], area_code: str = ""
) -> pl.DataFrame:
    """ref.variable_wordings: one row per variable and wave that asks it.

    Two waves of one area and population mean the same by a variable where type, wording, options and whom it was asked
    are the same, or where the later one declares `comparable_with` the earlier one; and so do all that are linked in this
    way. `series_wave` is the first of them, `same_as_wave` the last before this one, `why_not_code` what stands against the
    wave just before. `area_code` is the area of waves that name none. Raises exit 11 for declarations that are stale.
    """
    order = sorted(waves.values(), key=lambda wave: (wave.closed_on, wave.code))
    rows = {
        (question.variable, wave.code): _row(wave, question, variables[question.variable], codebooks, area_code)
        for wave in order
        for question in wave.questions
        if question.variable in variables
    }
    problems = [problem for wave in order for problem in _stale(wave, rows, waves, variables)]
    if problems:
        fail(CONTRACT, *problems)
    for variable in variables:
        _join(variable, [wave.code for wave in order], rows)
    for (variable, code), row in rows.items():
        before = order[: order.index(waves[code])]
        row["why_not_code"] = _against_the_one_before(row, [(wave, rows.get((variable, wave.code))) for wave in before])
    listed = [{name: row[name] for name in COLUMNS} for _, row in sorted(rows.items(), key=lambda item: item[0][0])]
    return pl.DataFrame(listed, schema=COLUMNS)


def _row(
    wave: Wave, question: Question, variable: Variable, codebooks: Mapping[str, Codebook], area_code: str
) -> dict[str, Any]:
    return {
        "variable_code": variable.code,
        "wave_code": wave.code,
        "area_code": wave.area_code or area_code,
        "population_code": wave.population_code,
        "question_code": question.code,
        "type_code": question.type,
        "type_family": type_family(question.type),
        "text_zh": question.text_zh,
        "options_zh": options_text(question),
        "text_key": text_key(question.text_zh),
        "options_key": options_key(question, variable, variable.allowed(codebooks)),
        "base_key": base_key(question, wave),
        "series_wave": wave.code,
        "same_as_wave": None,
        "is_declared": bool(question.comparable_with),
        "is_comparable": variable.compare,
        "declared": question.comparable_with,
    }


def _join(variable: str, order: list[str], rows: dict[tuple[str, str], dict[str, Any]]) -> None:
    """Give all waves that mean the same by a variable one `series_wave`, and each the last such wave before it."""
    asking = [rows[variable, code] for code in order if (variable, code) in rows]
    for place, row in enumerate(asking):
        if not row["is_comparable"]:
            continue
        for earlier in asking[:place]:
            same_people = population_of(earlier) == population_of(row)
            if same_people and (what_changed(earlier, row) is None or earlier["wave_code"] in row["declared"]):
                _merge(asking, earlier["series_wave"], row["series_wave"])
    for place, row in enumerate(asking):
        before = [other["wave_code"] for other in asking[:place] if other["series_wave"] == row["series_wave"]]
        row["same_as_wave"] = before[-1] if before else None


def _merge(asking: list[dict[str, Any]], one: str, other: str) -> None:
    """Waves are in order, so the series that begins first names the joined one."""
    first = next(row["series_wave"] for row in asking if row["series_wave"] in (one, other))
    for row in asking:
        if row["series_wave"] in (one, other):
            row["series_wave"] = first


def _against_the_one_before(row: dict[str, Any], before: list[tuple[Wave, dict[str, Any] | None]]) -> str | None:
    """What stands against the wave just before: of the same people where there is one, else of others who were asked."""
    same = [
        other
        for wave, other in before
        if (other and population_of(other) == population_of(row))
        or (
            other is None
            and wave.population_code == row["population_code"]
            and wave.area_code in (None, row["area_code"])
        )
    ]
    asked = [other for _, other in before if other]
    if same:
        return why_not(same[-1], row)
    return why_not(asked[-1], row) if asked else None


def _stale(
    wave: Wave,
    rows: Mapping[tuple[str, str], dict[str, Any]],
    waves: Mapping[str, Wave],
    variables: Mapping[str, Variable],
) -> Iterator[Problem]:
    """Declarations of `comparable_with` that name what is not there, or that say nothing."""
    for question in wave.questions:
        for name in question.comparable_with:
            row, earlier = rows.get((question.variable or "", wave.code)), rows.get((question.variable or "", name))
            why = _why_stale(wave, name, waves, row, earlier)
            if why:
                yield Problem("comparison_stale", f"{wave.path or wave.code} [[question]] {question.code} comparable_with",
                              *why, got=name, expected=" ".join(_candidates(wave, question, rows, waves)),
                              do_zh="请核对后修改或删去这个波次", do_en="look again, then mend or remove this wave")  # fmt: skip


def _why_stale(
    wave: Wave, name: str, waves: Mapping[str, Wave], row: dict[str, Any] | None, earlier: dict[str, Any] | None
) -> tuple[str, str] | None:
    if name not in waves:
        return "没有这个波次", "there is no such wave"
    if (waves[name].closed_on, name) >= (wave.closed_on, wave.code):
        return "只能写更早的波次", "only an earlier wave can be named"
    if row is None:
        return "这道题没有连标准变量", "this question is not linked to a standard variable"
    if earlier is None:
        return "该波次没有问这个变量", "that wave did not ask for this variable"
    if not row["is_comparable"]:
        return "这个变量不跨期比较", "this variable is never compared over time"
    if population_of(row) != population_of(earlier):
        return "该波次的调查对象总体不同，永远不可比", "that wave is of another population: never comparable"
    if row["type_family"] != earlier["type_family"]:
        return "题型不同，不可能可比", "the type of question differs: it cannot be comparable"
    if what_changed(earlier, row) is None:
        return "两题本来就相同，不必声明", "the two questions are the same anyway: nothing to declare"
    return None


def _candidates(
    wave: Wave, question: Question, rows: Mapping[tuple[str, str], dict[str, Any]], waves: Mapping[str, Wave]
) -> list[str]:
    """Waves that could be declared: earlier, of the same people, asking for the same variable in other words."""
    row = rows.get((question.variable or "", wave.code))
    return [
        name for name in waves if _why_stale(wave, name, waves, row, rows.get((question.variable or "", name))) is None
    ]
