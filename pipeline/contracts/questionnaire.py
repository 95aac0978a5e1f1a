"""The question bank (metadata/questionnaire.toml): what the questionnaire asks, in which words, and how long it may take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.contracts.toml import Reader, load_toml
from pipeline.contracts.wave import QUESTION_TYPES, Item, Option
from pipeline.paths import METADATA

PATH = METADATA / "questionnaire.toml"
PLACES = ("station", "grid")
_KEYS = (
    "title", "label_en", "consent_version", "purpose", "legal_basis", "banner", "drop_flags", "poststratify_by",
    "raw_folder", "consent", "timing", "section", "question", "services", "answers", "fieldwork", "readme",
)  # fmt: skip
_QUESTION_KEYS = (
    "variable", "section", "type", "text_zh", "text_en", "codebook", "codes", "words", "options", "answers", "items",
    "place", "fill_in", "local", "hint_zh", "optional", "personal", "expected", "missing_none", "min", "max",
    "asked_if", "skipped_if",
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """One part of the questionnaire: its heading, and a line below it ('' for none)."""

    code: str
    label_zh: str
    lead_zh: str = ""


@dataclass(frozen=True)
class Asked:
    """One question of the bank.

    Its options are those of `codebook` (only `codes`, where they are named; said in `words`) and then `options`; or the
    stations or grid cells of a study (`place`). `fill_in` are codes beside which something may be written. `local` says
    what a place must put in its own words. `asked_if` and `skipped_if` map a variable asked before to option codes.
    """

    variable: str
    section: str
    type: str
    text_zh: str
    text_en: str
    codebook: str = ""
    codes: tuple[str, ...] = ()
    words: Mapping[str, str] | None = None
    options: tuple[Option, ...] = ()
    items: tuple[Item, ...] = ()
    place: str = ""
    fill_in: tuple[str, ...] = ()
    local: str = ""
    hint_zh: str = ""
    optional: bool = False
    personal: bool = False
    expected: str | None = None
    missing_none: str | None = None
    min: float | None = None
    max: float | None = None
    asked_if: Mapping[str, tuple[str, ...]] | None = None
    skipped_if: Mapping[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class Timing:
    """How long answering takes: characters read in a second, seconds to answer each type of question."""

    characters_per_second: float
    most_minutes: float
    seconds: Mapping[str, float]


@dataclass(frozen=True)
class Bank:
    """metadata/questionnaire.toml. `services` are the words of the questionnaire for codes of the services codebook; the
    tables `fieldwork` and `readme` are as written."""

    title: str
    label_en: str
    consent_version: str
    purpose: str
    legal_basis: str
    banner: str
    raw_folder: str
    drop_flags: tuple[str, ...]
    poststratify_by: tuple[str, ...]
    consent: tuple[str, ...]
    timing: Timing
    sections: tuple[Section, ...]
    questions: tuple[Asked, ...]
    services: Mapping[str, str]
    fieldwork: Mapping[str, Any]
    readme: Mapping[str, Any]


@cache
def question_bank(path: Path = PATH) -> Bank:
    """The question bank, checked. Raises exit 11 with every mistake of the file.

    >>> [asked.variable for asked in question_bank().questions][:3]
    ['mode', 'user_group', 'need']
    """
    table, reader = load_toml(path), Reader(path)
    reader.known(table, _KEYS, "")
    texts = ("title", "label_en", "consent_version", "purpose", "legal_basis", "banner", "raw_folder")
    times = reader.get(table, "timing", dict, "", {})
    shared = {
        name: _parts(reader, Option, found, f"[answers] {name}")
        for name, found in reader.get(table, "answers", dict, "", {}).items()
    }
    sections = _parts(reader, Section, reader.get(table, "section", list, "", []), "[[section]]", ("code", "label_zh"))
    bank = Bank(
        **{name: reader.get(table, name, str, "") for name in texts},
        **{name: tuple(reader.get(table, name, list, "", [])) for name in ("drop_flags", "poststratify_by", "consent")},
        timing=Timing(
            reader.get(times, "characters_per_second", float, "[timing]"),
            reader.get(times, "most_minutes", float, "[timing]"),
            reader.get(times, "seconds", dict, "[timing]", {}),
        ),
        sections=sections,
        questions=tuple(_question(reader, block, shared) for block in reader.get(table, "question", list, "", [])),
        **{name: reader.get(table, name, dict, "", {}) for name in ("services", "fieldwork", "readme")},
    )
    _check_order(reader, bank)
    reader.finish()
    return bank


def _question(reader: Reader, block: dict[str, Any], shared: dict[str, tuple[Option, ...]]) -> Asked:
    where = f"[[question]] {block.get('variable', '?')}"
    reader.known(block, _QUESTION_KEYS, where)
    own = _parts(reader, Option, reader.get(block, "options", list, where, []), where)
    plain = ("codebook", "place", "local", "hint_zh", "optional", "personal", "expected", "missing_none", "min", "max")
    answers = reader.choice(block, "answers", shared, where, "")
    return Asked(
        **{name: reader.get(block, name, str, where) for name in ("variable", "section", "text_zh", "text_en")},
        type=reader.choice(block, "type", QUESTION_TYPES, where),
        options=(*shared.get(answers or "", ()), *own),
        items=_parts(reader, Item, reader.get(block, "items", list, where, []), where),
        codes=tuple(reader.get(block, "codes", list, where, [])),
        fill_in=tuple(reader.get(block, "fill_in", list, where, [])),
        words=reader.get(block, "words", dict, where, {}),
        **{
            name: {other: tuple(codes) for other, codes in reader.get(block, name, dict, where, {}).items()}
            for name in ("asked_if", "skipped_if")
        },
        **{name: block[name] for name in plain if name in block},
    )


def _parts(
    reader: Reader, kind: type, blocks: list[dict[str, Any]], where: str, needed: tuple[str, ...] = ("code", "text")
) -> tuple[Any, ...]:
    """Options, items or sections as written."""
    found = []
    for block in blocks:
        reader.known(block, kind.__dataclass_fields__, where)
        if set(needed) <= set(block):
            found.append(kind(**{name: value for name, value in block.items() if name in kind.__dataclass_fields__}))
        else:
            reader.note(where, "缺少 " + " / ".join(needed), "lacks " + " / ".join(needed), got=" ".join(block))
    return tuple(found)


def _check_order(reader: Reader, bank: Bank) -> None:
    """A variable is asked once, in a section there is; a condition names a question asked before."""
    seen: set[str] = set()
    for asked in bank.questions:
        where = f"[[question]] {asked.variable}"
        if asked.variable in seen:
            reader.note(where, "变量重复", "the variable stands twice", got=asked.variable)
        if asked.section not in {section.code for section in bank.sections}:
            reader.note(where, "section 不认识", "unknown section", got=str(asked.section))
        if asked.place not in ("", *PLACES):
            reader.note(where, "place 不认识", "unknown place", got=asked.place, expected=" ".join(PLACES))
        for other in {**(asked.asked_if or {}), **(asked.skipped_if or {})}:
            if other not in seen:
                reader.note(where, "条件里的题要排在前面", "a condition names no question asked before", got=other)
        seen.add(asked.variable)
