"""Blank workbooks (metadata/templates.toml): which contracts make which workbook, how kinds of columns are filled in, and
the sheets in them that are ours and no data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from pipeline.contracts.deliveries import matches
from pipeline.contracts.source import COLUMN_TYPES, Source
from pipeline.contracts.toml import Reader, load_toml
from pipeline.paths import METADATA

PATH = METADATA / "templates.toml"
_KEYS = (
    "n_rows", "suffix", "example_date", "unit_label", "date_label", "own_sheets", "form", "no_form", "kind", "log_kind",
    "column", "special", "group", "words", "guide",
)  # fmt: skip
_KIND_KEYS = (
    "format", "width", "zh", "en", "refusal_zh", "refusal_en", "strict", "min", "max", "choices", "examples",
)  # fmt: skip
_COLUMN_KEYS = ("width", "min", "max", "zh", "en", "left_out")
OTHER_KINDS = ("estimate", "time")  # ways of filling in that are no column type of a contract


@dataclass(frozen=True)
class OwnSheet:
    """A sheet that we put into a workbook beside its data; `sign` is the text on top of it."""

    name: str
    sign: str


@dataclass(frozen=True)
class Form:
    """One blank workbook: its path below raw/ (or below an area's folder) and the contracts whose sheets it holds."""

    file: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """metadata/templates.toml. The tables `kinds`, `columns`, `special`, `groups`, `words` and `guide` are as written."""

    n_rows: int
    suffix: str
    example_date: date
    unit_label: str
    date_label: str
    own_sheets: dict[str, OwnSheet]
    forms: tuple[Form, ...]
    no_form: dict[str, str]
    kinds: dict[str, dict[str, Any]]
    log_kinds: dict[str, str]
    columns: dict[str, dict[str, Any]]
    special: dict[str, dict[str, dict[str, Any]]]
    groups: dict[str, dict[str, Any]]
    words: dict[str, str]
    guide: dict[str, Any]

    def of_column(self, source: str, column: str) -> dict[str, Any]:
        """What is said of a column of a contract: of the name anywhere, and of this contract's in particular."""
        return self.columns.get(column, {}) | self.special.get(source, {}).get(column, {})

    def word(self, name: str, lang: str) -> str:
        """A phrase of the forms in one language."""
        return self.words[f"{name}_{lang}"]


@cache
def form_facts() -> Facts:
    """metadata/templates.toml, checked. Raises exit 11 with every mistake of the file."""
    table, reader = load_toml(PATH), Reader(PATH)
    reader.known(table, _KEYS, "")
    kinds = reader.get(table, "kind", dict, "", {})
    for name in (*COLUMN_TYPES, *OTHER_KINDS):
        reader.known(reader.get(kinds, name, dict, "[kind]", {}), _KIND_KEYS, f"[kind.{name}]")
    columns, special = reader.get(table, "column", dict, "", {}), reader.get(table, "special", dict, "", {})
    for name, block in columns.items():
        reader.known(block, _COLUMN_KEYS, f"[column.{name}]")
    for source, blocks in special.items():
        for name, block in blocks.items():
            reader.known(block, _COLUMN_KEYS, f"[special.{source}.{name}]")
    facts = Facts(
        n_rows=reader.get(table, "n_rows", int, ""),
        suffix=reader.get(table, "suffix", str, ""),
        example_date=reader.get(table, "example_date", date, ""),
        unit_label=reader.get(table, "unit_label", str, ""),
        date_label=reader.get(table, "date_label", str, ""),
        own_sheets={
            name: OwnSheet(reader.get(block, "name", str, name), reader.get(block, "sign", str, name))
            for name, block in reader.get(table, "own_sheets", dict, "", {}).items()
        },
        forms=tuple(
            Form(reader.get(block, "file", str, "[[form]]"), tuple(reader.get(block, "sources", list, "[[form]]") or ()))
            for block in reader.get(table, "form", list, "", [])
        ),
        no_form=reader.get(table, "no_form", dict, "", {}),
        kinds=kinds, log_kinds=reader.get(table, "log_kind", dict, "", {}), columns=columns, special=special,
        groups=reader.get(table, "group", dict, "", {}), words=reader.get(table, "words", dict, "", {}),
        guide=reader.get(table, "guide", dict, "", {}),
    )  # fmt: skip
    reader.finish()
    return facts


def forms(sources: dict[str, Source]) -> list[Form]:
    """The workbooks to make of a study's contracts: those listed, and one for every other ledger contract that takes an
    xlsx. A listed path that a place's own contract does not claim any more gives way to one that it does."""
    facts = form_facts()
    found: list[Form] = []
    alone = [code for code in sources if sources[code].kind == "ledger" and code not in facts.no_form]
    for form in facts.forms:
        there = tuple(code for code in form.sources if code in sources)
        if there and all(_claims(sources[code], form.file) for code in there):
            found.append(Form(form.file, there))
            alone = [code for code in alone if code not in there]
    paths = {code: path_for(sources[code], facts.suffix) for code in alone}
    return found + [Form(path, (code,)) for code, path in paths.items() if path]


def path_for(source: Source, suffix: str) -> str | None:
    """A path below raw/ that a contract claims, made from the first of its globs that takes an xlsx; None without one.

    >>> path_for(Source("x", "厕所", "", ("厕所/*.csv", "**/厕所/*开放*.xlsx"), "ledger", (), ()), "_模板")
    '厕所/开放_模板.xlsx'
    """
    for pattern in source.files:
        plain = PurePosixPath(pattern.removeprefix("**/"))
        stem = plain.stem.replace("*", "") or source.label_zh
        file = plain.with_name(f"{stem}{suffix}.xlsx").as_posix()
        if plain.suffix in (".xlsx", ".*") and _claims(source, file):
            return file
    return None


def _claims(source: Source, file: str) -> bool:
    return any(matches(file, pattern) for pattern in source.files)
