"""Standard variables: what a question of any wave or platform can measure, and with which answers it may be linked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pipeline.contracts.codebook import Codebook
from pipeline.contracts.toml import Reader, load_toml
from pipeline.contracts.wave import QUESTION_TYPES
from pipeline.paths import METADATA, Study

UNITS = ("code", "services", "ticks", "hours_per_day", "visits_per_week", "points", "place", "text")


@dataclass(frozen=True)
class Variable:
    """One standard variable.

    `types`: the question types that can measure it. What an option stands for is a code of `codebook`, one of `values`, or
    a number from `min` to `max`; where none of them is given, anything. `funnel_step`: its place among the steps from
    hearing of a station to coming back. `compare`: whether two waves may be compared by it at all. `is_of_place`: it is
    one that the study itself declares.
    """

    code: str
    label_zh: str
    label_en: str
    meaning_zh: str
    meaning_en: str
    unit: str
    types: tuple[str, ...]
    codebook: str | None = None
    values: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    funnel_step: int | None = None
    compare: bool = True
    is_of_place: bool = False

    def allowed(self, codebooks: Mapping[str, Codebook]) -> tuple[str, ...]:
        """The codes an option can stand for; none where the variable is a number or free."""
        if self.codebook:
            return tuple(code.code for code in codebooks[self.codebook].codes)
        return self.values


def load_variables(study: Study | None = None, codebooks: Mapping[str, Codebook] | None = None) -> dict[str, Variable]:
    """Standard variables by code: those true everywhere, then those of place/variables.toml, which add or replace.

    Raises exit 11 with every mistake of a file; codebooks are checked by name where they are given.

    >>> load_variables()["need"].codebook
    'services'
    """
    found = _read(METADATA / "variables.toml", codebooks, is_of_place=False)
    own = study.place / "variables.toml" if study else None
    return found | (_read(own, codebooks, is_of_place=True) if own and own.exists() else {})


def _read(path: Path, codebooks: Mapping[str, Codebook] | None, *, is_of_place: bool) -> dict[str, Variable]:
    table = load_toml(path)
    reader = Reader(path)
    reader.known(table, ("variable",), "")
    found: dict[str, Variable] = {}
    for block in reader.blocks(table, "variable", []):
        variable = _variable(reader, block, is_of_place)
        where = f"[[variable]] {variable.code}"
        if variable.code in found:
            reader.note(where, "代码重复", "the code stands twice", got=variable.code)
        found[variable.code] = variable
        _check(reader, variable, where)
        if codebooks is not None and variable.codebook and variable.codebook not in codebooks:
            known = " ".join(sorted(codebooks))
            reader.note(where, "没有这个代码表", "there is no such codebook", got=variable.codebook, expected=known)
    reader.finish()
    return found


def _variable(reader: Reader, block: dict[str, Any], is_of_place: bool) -> Variable:
    where = f"[[variable]] {block.get('code', '?')}"
    reader.known(block, [field.name for field in fields(Variable) if field.name != "is_of_place"], where)
    return Variable(
        code=reader.get(block, "code", str, where) or "?",
        label_zh=reader.get(block, "label_zh", str, where),
        label_en=reader.get(block, "label_en", str, where),
        meaning_zh=reader.get(block, "meaning_zh", str, where),
        meaning_en=reader.get(block, "meaning_en", str, where),
        unit=reader.choice(block, "unit", UNITS, where),
        types=tuple(reader.get(block, "types", list, where) or ()),
        codebook=reader.get(block, "codebook", str, where, None),
        values=tuple(reader.get(block, "values", list, where, [])),
        min=reader.get(block, "min", (int, float), where, None),
        max=reader.get(block, "max", (int, float), where, None),
        funnel_step=reader.get(block, "funnel_step", int, where, None),
        compare=reader.get(block, "compare", bool, where, True),
        is_of_place=is_of_place,
    )


def _check(reader: Reader, variable: Variable, where: str) -> None:
    """What single values cannot show."""
    for kind in variable.types:
        if kind not in QUESTION_TYPES:
            reader.note(where, "题型不认识", "unknown question type", got=str(kind), expected=" ".join(QUESTION_TYPES))
    ranged = variable.min is not None or variable.max is not None
    if bool(variable.codebook) + bool(variable.values) + ranged > 1:
        reader.note(
            where,
            "codebook、values、min/max 只能写一种",
            "codebook, values and min/max exclude each other",
            expected="codebook = … | values = […] | min = … max = …",
        )
    if variable.min is not None and variable.max is not None and variable.min > variable.max:
        reader.note(where, "min 大于 max", "min is above max", got=f"{variable.min} > {variable.max}")
