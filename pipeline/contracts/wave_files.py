"""Wave files: `place/waves/*.toml` loaded and checked, every mistake of a file at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.contracts.toml import Reader, load_toml
from pipeline.contracts.wave import (
    FAMILIES,
    FLAGS,
    FORMS,
    META_ROLES,
    QUESTION_TYPES,
    STATES,
    Item,
    Option,
    Question,
    Wave,
)
from pipeline.paths import Study

_WAVE_KEYS = (
    "code", "label_zh", "label_en", "platform_family", "area_code", "population_code", "mode_code", "opened_on",
    "closed_on", "frame_total", "consent_version", "purpose", "legal_basis", "retain_until", "files", "columns",
    "ignore_columns", "drop_flags", "poststratify_by", "question",
)  # fmt: skip
_QUESTION_KEYS = (
    "code", "number", "type", "variable", "text_zh", "text_en", "items", "options", "personal", "missing_none",
    "on_unknown", "expected", "min", "max", "column", "missing", "shown_if", "comparable_with", "joined",
)  # fmt: skip


def load_waves(study: Study) -> dict[str, Wave]:
    """The waves of a study by code, in order of closing. Raises exit 11 with every mistake of a file."""
    waves = [load_wave(path) for path in sorted((study.place / "waves").glob("*.toml"))]
    return {wave.code: wave for wave in sorted(waves, key=lambda wave: (wave.closed_on, wave.code))}


def load_wave(path: Path) -> Wave:
    """One wave file. Raises exit 11 with all its mistakes."""
    table = load_toml(path)
    reader = Reader(path)
    reader.known(table, _WAVE_KEYS, "")
    blocks = reader.get(table, "question", list, "") or []
    wave = Wave(
        code=reader.get(table, "code", str, ""),
        label_zh=reader.get(table, "label_zh", str, ""),
        label_en=reader.get(table, "label_en", str, ""),
        platform_family=reader.choice(table, "platform_family", FAMILIES, ""),
        area_code=reader.get(table, "area_code", str, "", None),
        population_code=reader.choice(table, "population_code", ("attached", "delivering"), ""),
        mode_code=reader.choice(table, "mode_code", ("qr", "intercept", "link", "paper"), ""),
        opened_on=reader.get(table, "opened_on", date, ""),
        closed_on=reader.get(table, "closed_on", date, ""),
        frame_total=reader.get(table, "frame_total", int, "", None),
        consent_version=reader.get(table, "consent_version", str, ""),
        purpose=reader.get(table, "purpose", str, ""),
        legal_basis=reader.get(table, "legal_basis", str, ""),
        retain_until=reader.get(table, "retain_until", date, ""),
        files=reader.get(table, "files", dict, "") or {},
        columns=reader.get(table, "columns", dict, "", {}),
        ignore_columns=tuple(reader.get(table, "ignore_columns", list, "", [])),
        drop_flags=tuple(reader.get(table, "drop_flags", list, "", [])),
        poststratify_by=tuple(reader.get(table, "poststratify_by", list, "", [])),
        questions=tuple(_question(reader, block, place) for place, block in enumerate(blocks, start=1)),
        path=path,
    )
    _check_wave(reader, wave)
    reader.finish()
    return wave


def _check_wave(reader: Reader, wave: Wave) -> None:
    """What single values cannot show: unknown flags, forms and roles, codes that stand twice or nowhere."""
    _note_others(reader, "drop_flags", "质量标记不认识", "unknown quality flag", wave.drop_flags, FLAGS)
    _note_others(reader, "files", "导出方式不认识", "unknown form of an export", wave.files, FORMS)
    _note_others(reader, "columns", "列的用途不认识", "unknown role of a column", wave.columns, META_ROLES)
    codes = [question.code for question in wave.questions]
    _note_repeats(reader, "[[question]] code", codes)
    options = {question.code: {option.code for option in question.options if option} for question in wave.questions}
    for question in wave.questions:
        where = f"[[question]] {question.code} shown_if"
        _note_others(reader, where, "条件里的题不存在", "a condition names no question", question.shown_if, codes)
        for other, wanted in question.shown_if.items():
            if options.get(other):
                _note_others(
                    reader, where, "条件里的选项不存在", "a condition names no option", wanted, sorted(options[other])
                )


def _question(reader: Reader, block: dict[str, Any], place: int) -> Question:
    where = f"[[question]] {block.get('code', '?')}"
    reader.known(block, _QUESTION_KEYS, where)
    number = (place,) if "column" in block else ()  # a platform that names its columns need not number its questions
    question = Question(
        code=reader.get(block, "code", str, where),
        number=reader.get(block, "number", int, where, *number),
        type=reader.choice(block, "type", QUESTION_TYPES, where),
        text_zh=reader.get(block, "text_zh", str, where),
        variable=reader.get(block, "variable", str, where, None),
        text_en=reader.get(block, "text_en", str, where, None),
        items=tuple(_part(reader, Item, item, where) for item in reader.get(block, "items", list, where, [])),
        options=tuple(_part(reader, Option, option, where) for option in reader.get(block, "options", list, where, [])),
        personal=reader.get(block, "personal", bool, where, False),
        missing_none=reader.get(block, "missing_none", str, where, None),
        on_unknown=reader.choice(block, "on_unknown", ("stop", "reject", "null"), where, "stop"),
        expected=reader.get(block, "expected", str, where, None),
        min=reader.get(block, "min", (int, float), where, None),
        max=reader.get(block, "max", (int, float), where, None),
        column=reader.get(block, "column", str, where, None),
        missing=reader.get(block, "missing", dict, where, {}),
        shown_if={name: tuple(codes) for name, codes in reader.get(block, "shown_if", dict, where, {}).items()},
        comparable_with=tuple(reader.get(block, "comparable_with", list, where, [])),
        joined=tuple(reader.get(block, "joined", list, where, [])),
    )
    _note_repeats(reader, f"{where} options", [option.code for option in question.options if option])
    if question.joined and len(question.joined) != 3:
        reader.note(
            where,
            "joined 要写三段：前、间、后",
            "joined has three parts: before, between, after",
            got=str(len(question.joined)),
        )
    states = list(question.missing.values())
    _note_others(reader, f"{where} missing", "回答状态不认识", "unknown answer state", states, STATES)
    return question


def _part(reader: Reader, kind: type, block: dict[str, Any], where: str) -> Any:
    fields = kind.__dataclass_fields__
    reader.known(block, fields, where)
    if not {"code", "text"} <= set(block):
        reader.note(where, "选项或行缺少 code / text", "an option or item lacks code / text", got=" ".join(block))
        return None
    return kind(**{name: value for name, value in block.items() if name in fields})


def _note_others(
    reader: Reader, where: str, zh: str, en: str, got: Sequence[str] | Mapping[str, Any], known: Sequence[str]
) -> None:
    for name in got:
        if name not in known:
            reader.note(where, zh, en, got=str(name), expected=" ".join(known))


def _note_repeats(reader: Reader, where: str, codes: list[str]) -> None:
    for code in sorted({code for code in codes if code and codes.count(code) > 1}):
        reader.note(where, "代码重复", "the code stands twice", got=code)
