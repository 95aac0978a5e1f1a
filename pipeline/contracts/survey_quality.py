"""What counts as a sign of a careless answer sheet (metadata/survey_quality.toml): limits, each with its reason, and rules
for what cannot both be true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.contracts.toml import Reader, load_toml
from pipeline.paths import METADATA

PATH = METADATA / "survey_quality.toml"
LIMITS: dict[str, tuple[str, ...]] = {
    "speeder": ("share_of_median", "seconds_per_item", "least_items", "hurried_share"),
    "straightliner": ("least_rows", "rows_apart", "least_options", "least_repeats", "sigmas"),
    "duplicate": ("complete_share", "twin_answers", "twin_minutes", "least_sheets", "same_again", "least_information", "false_pairs", "close_minutes", "bands",
                  "neighbours"),
    "unlikely": ("least_sheets", "prior_sheets", "false_share", "least_apart", "guessed_sigmas", "hurried_false_share"),
    "machine_timed": ("least_sheets", "false_runs", "tolerance_seconds", "longest_step_minutes", "false_heaps"),
    "burst": ("least_sheets", "window_minutes", "around_hours", "false_windows", "odd_sigmas", "odd_share"),
}  # fmt: skip
NUMBERS = ("gt", "ge", "lt", "le")
OPERATORS = (*NUMBERS, "is", "is_not", "ticked", "answered")


@dataclass(frozen=True)
class Condition:
    """One thing a sheet says: a standard variable, an operator, a value (none for `answered`).

    `is`, `is_not` compare the standard value of the option; `gt, ge, lt, le` the number; `ticked` asks for one option of a
    multiple question: a standard value, `none` for its "none of these", `any` for any other.
    """

    variable: str
    op: str
    value: str | float | None


@dataclass(frozen=True)
class Contradiction:
    """Conditions that cannot all be true of one person."""

    code: str
    zh: str
    en: str
    why: str
    when: tuple[Condition, ...]


@dataclass(frozen=True)
class SurveyQuality:
    """`limits` sign → name → figure; `contradictions` in the order of the file."""

    limits: Mapping[str, Mapping[str, float]]
    contradictions: tuple[Contradiction, ...]


@cache
def survey_quality(path: Path = PATH) -> SurveyQuality:
    """The limits and rules, checked. Raises exit 11 with every mistake of the file.

    >>> survey_quality().limits["duplicate"]["twin_answers"]
    20
    """
    table, reader = load_toml(path), Reader(path)
    reader.known(table, (*LIMITS, "contradiction"), "")
    limits = {sign: _limits(reader, reader.get(table, sign, dict, "") or {}, sign) for sign in LIMITS}
    blocks = reader.get(table, "contradiction", list, "", [])
    rules = tuple(_rule(reader, block, place) for place, block in enumerate(blocks, start=1))
    codes = [rule.code for rule in rules]
    for code in sorted({code for code in codes if code and codes.count(code) > 1}):
        reader.note("contradiction", "规则代码重复", "two rules of one code", got=code)
    reader.finish()
    return SurveyQuality(limits, rules)


def _limits(reader: Reader, table: dict[str, Any], sign: str) -> dict[str, float]:
    """The figures of one sign; each says why it is what it is."""
    reader.known(table, LIMITS[sign], f"[{sign}]")
    found = {}
    for name in LIMITS[sign]:
        where = f"[{sign}.{name}]"
        block = reader.get(table, name, dict, f"[{sign}]") or {}
        reader.known(block, ("value", "why", "source"), where)
        value = reader.get(block, "value", (int, float), where)
        if value is not None and value < 0:
            reader.note(where, "不能是负数", "must not be negative", got=str(value))
        for said in ("why", "source"):
            reader.get(block, said, str, where)
        found[name] = value
    return found


def _rule(reader: Reader, block: dict[str, Any], place: int) -> Contradiction:
    where = f"[[contradiction]] {place}"
    reader.known(block, ("code", "zh", "en", "why", "when"), where)
    said = [reader.get(block, name, str, where) for name in ("code", "zh", "en", "why")]
    when = reader.get(block, "when", list, where) or []
    if not when:
        reader.note(where, "规则没有条件", "a rule without a condition", expected="when = [{ … }]")
    return Contradiction(*said, tuple(_condition(reader, condition, where) for condition in when))


def _condition(reader: Reader, block: dict[str, Any], where: str) -> Condition:
    reader.known(block, ("variable", "op", "value"), where)
    variable = reader.get(block, "variable", str, where)
    op = reader.choice(block, "op", OPERATORS, where)
    if op == "answered":
        return Condition(variable, op, None)
    value = reader.get(block, "value", (int, float) if op in NUMBERS else str, where)
    return Condition(variable, op or "", value)
