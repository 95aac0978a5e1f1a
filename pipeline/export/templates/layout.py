"""A source contract → the columns of its blank sheet: heading, how it is filled in, what may stand in it, what it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.contracts import Codebook, Source
from pipeline.contracts.forms import form_facts
from pipeline.contracts.source import Column
from pipeline.export.dropdowns import Bound

LISTED = ("station", "building", "grid", "depot")  # kinds whose choices are the places of a study


@dataclass(frozen=True)
class Setting:
    """What the sheets of one area are made from beside the contracts: code lists, the names of known places per kind
    (empty without a study), the area's label, the language of explanations, whether any of it is simulated."""

    codebooks: Mapping[str, Codebook]
    places: Mapping[str, Sequence[str]]
    area_label: str = ""
    lang: str = "zh"
    is_simulated: bool = False


@dataclass(frozen=True)
class FormColumn:
    """One column of a blank sheet. `group` is the heading above it ('' where there is none), `kind` the way it is filled
    in (metadata/templates.toml), `offered` the name of its list and `choices` what the list holds; `minimum` and
    `maximum` are bounds that hold for it, `has_range` says whether they are worth telling."""

    heading: str
    group: str
    kind: str
    meaning: str
    width: float
    must_fill: bool = False
    personal: str | None = None
    strict: bool = True
    offered: str = ""
    choices: tuple[str, ...] = ()
    minimum: Bound = None
    maximum: Bound = None
    has_range: bool = False
    known_as: tuple[str, ...] = ()


def columns_of(source: Source, setting: Setting) -> list[FormColumn]:
    """The columns of a contract's blank sheet: what is read, the groups of wide columns, then what only the unit itself
    wants (personal columns that are dropped, remarks)."""
    facts = form_facts()
    asked = [column for column in source.columns if not facts.of_column(source.code, column.name).get("left_out")]
    plain = [_plain(source, column, setting) for column in asked]
    read = [column for column in plain if column.personal != "drop"]
    own = [column for column in plain if column.personal == "drop"]
    return read + _wide(source, setting) + own


def _plain(source: Source, column: Column, setting: Setting) -> FormColumn:
    facts = form_facts()
    kind = _kind(source, column)
    words = facts.of_column(source.code, column.name)
    offered, choices = _choices(kind, column.codebook, setting)
    limits = {
        "minimum": words.get("min", facts.kinds[kind].get("min")) if column.min is None else column.min,
        "maximum": words.get("max", facts.kinds[kind].get("max")) if column.max is None else column.max,
    }
    return FormColumn(
        heading=column.headings[0], group="", kind=kind, meaning=words.get(setting.lang, ""),
        width=words.get("width", facts.kinds[kind]["width"]),
        must_fill=column.required or column.not_null or column.name in source.key, personal=column.personal,
        strict=facts.kinds[kind].get("strict", True) and column.on_unknown != "null",
        offered=offered, choices=choices, **limits,
        has_range=column.min is not None or column.max is not None or bool({"min", "max"} & words.keys()),
        known_as=column.headings[1:],
    )  # fmt: skip


def _kind(source: Source, column: Column) -> str:
    """How a column is filled in: its type; a log contract writes none, its columns are known by name."""
    kind = form_facts().log_kinds.get(column.name, column.type) if source.kind == "log" else column.type
    if kind == "text" and column.codebook:
        return "code"
    return "estimate" if column.qualifier else kind


def _wide(source: Source, setting: Setting) -> list[FormColumn]:
    """A column for every code of every group that the contract turns into rows."""
    facts, found = form_facts(), []
    for spec in (table.unpivot for table in source.tables if table.unpivot):
        kind = "estimate" if "qualifier" in spec else spec.get("type", "tick")
        offered, choices = _choices(kind, spec.get("value_codebook"), setting)
        shape: dict[str, Any] = {
            "group": spec["heading_group"], "kind": kind, "width": facts.kinds[kind]["width"], "offered": offered, "choices": choices,
            "meaning": facts.groups.get(spec["heading_group"], {}).get(setting.lang, ""),
        }  # fmt: skip
        found += [FormColumn(heading=code.label_zh, **shape) for code in setting.codebooks[spec["codebook"]].codes]
    return found


def _choices(kind: str, codebook: str | None, setting: Setting) -> tuple[str, tuple[str, ...]]:
    """The name and content of the list that a column offers; ('', ()) where it is filled in freely. A cell that takes
    several codes offers none (a drop-down takes one), but its choices are told."""
    fixed = form_facts().kinds[kind].get("choices")
    if fixed:
        return kind, tuple(fixed)
    if kind in ("code", "codes") and codebook:
        book = setting.codebooks[codebook]
        return f"{book.label_zh} {book.name}" if kind == "code" else "", tuple(code.label_zh for code in book.codes)
    if kind in LISTED and setting.places.get(kind):
        return kind, tuple(setting.places[kind])
    return "", ()
