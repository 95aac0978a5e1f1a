"""Columns under one group heading that stand for the codes of a list: `服务项目/饮水`, `服务情况/服务人次（万人次）`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeline.clean.sheets.heading_units import NUMBERS
from pipeline.clean.values.units import conversion, heading_unit
from pipeline.contracts import Codebook, Source
from pipeline.contracts.codebook import normal


@dataclass(frozen=True)
class Wide:
    """A column that stands for one code of a group (`服务项目/饮水`): the physical column, its heading, the code, the
    names under which its numbers may stand (微波炉2台), and the units of the contract and of the heading."""

    physical: str
    heading: str
    code: str
    labels: tuple[str, ...] = ()
    unit: str | None = None
    heading_unit: str | None = None


def wide_columns(
    source: Source, headings: list[tuple[str, str]], codebooks: dict[str, Codebook]
) -> dict[str, list[Wide]]:
    """The columns of each group heading that a source unpivots; a heading whose code nobody knows is left to the caller.
    `headings` are (heading, physical column)."""
    groups: dict[str, list[Wide]] = {}
    for spec in (entry.unpivot for entry in source.tables if entry.unpivot):
        group, book = spec["heading_group"], codebooks[spec["codebook"]]
        for heading, physical in headings:
            first, _, name = heading.partition("/")
            found = _wide(heading, name, physical, spec, book) if name and normal(first) == normal(group) else None
            if found is not None:
                groups.setdefault(group, []).append(found)
    return groups


def _wide(heading: str, name: str, physical: str, spec: dict[str, Any], book: Codebook) -> Wide | None:
    """One column of a group: its name is a spelling of a code, or one with a unit in brackets that goes with it."""
    bare = heading_unit(name) if spec.get("type") in NUMBERS else None
    code = book.lookup(name) or (book.lookup(bare[0]) if bare else None)
    if code is None:
        return None
    unit = spec.get("units", {}).get(code)
    stated = bare[1] if bare and conversion(bare[1], unit) is not None else None
    if book.lookup(name) is None and stated is None:
        return None
    known = next(entry for entry in book.codes if entry.code == code)
    return Wide(physical, heading, code, (name, known.label_zh, known.label_en, *known.spellings), unit, stated)
