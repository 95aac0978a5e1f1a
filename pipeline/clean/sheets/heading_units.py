"""Numbers under a heading with a unit in brackets: which column of a contract is meant, and in which unit it is written."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.clean.values.units import conversion, heading_unit
from pipeline.contracts.codebook import normal
from pipeline.contracts.source import Column

NUMBERS = ("int", "number")


@dataclass(frozen=True)
class UnitFound:
    """The unit in the brackets of a heading. `physical` and `heading` say where, when it was found by the heading without
    its brackets; `is_known` whether the unit goes with the column."""

    physical: str | None = None
    heading: str = ""
    text: str | None = None
    is_known: bool = False


def by_base(headings: list[tuple[str, str]]) -> dict[str, list[UnitFound]]:
    """Normalised heading without its brackets (whole, and its last part under a group) → where it stands.

    >>> found = by_base([("楼宇情况/办公人数（万人）", "c3"), ("名称", "c0")])
    >>> sorted(found), found["办公人数"][0].text
    (['办公人数', '楼宇情况/办公人数'], '万人')
    """
    found: dict[str, list[UnitFound]] = {}
    for heading, physical in headings:
        bare = heading_unit(heading)
        if bare is None:
            continue
        for name in {normal(bare[0]), normal(bare[0].rsplit("/", 1)[-1])}:
            found.setdefault(name, []).append(UnitFound(physical, heading, bare[1]))
    return found


def unit_of(column: Column, heading: str | None, with_unit: dict[str, list[UnitFound]]) -> UnitFound:
    """The unit under which a column's numbers stand. `heading` is the file's, where it is one of the contract's own: the
    brackets of such a one need no unit. Otherwise the headings with brackets are searched; two that fit name neither."""
    if column.type not in NUMBERS:
        return UnitFound()
    if heading is not None:
        bare = heading_unit(heading)
        goes = bare is not None and conversion(bare[1], column.unit) is not None
        return UnitFound(text=bare[1] if bare and goes else None)
    names = {normal(name) for name in column.headings}
    there = [found for name in names for found in with_unit.get(name, [])]
    if len({found.physical for found in there}) != 1:
        return UnitFound()
    known = conversion(str(there[0].text), column.unit) is not None
    return UnitFound(there[0].physical, there[0].heading, there[0].text, known)
