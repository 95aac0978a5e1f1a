"""Wave files: `place/waves/*.toml` loaded and checked, every mistake of a file at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from pipeline.contracts.toml import Reader, load_toml
from pipeline.contracts.wave import FAMILIES, QUESTION_TYPES, WEIGHT_SETS, Item, Option, Question, Wave
from pipeline.contracts.wave_checks import check_question, check_wave
from pipeline.paths import Study

_WAVE_KEYS = (
    "code", "label_zh", "label_en", "platform_family", "area_code", "population_code", "mode_code", "opened_on",
    "closed_on", "frame_total", "consent_version", "purpose", "legal_basis", "retain_until", "files", "columns",
    "ignore_columns", "drop_flags", "poststratify_by", "weight_set", "question",
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
    blocks = reader.blocks(table, "question")
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
        weight_set=reader.choice(table, "weight_set", WEIGHT_SETS, "", None),
        questions=tuple(_question(reader, block, place) for place, block in enumerate(blocks, start=1)),
        path=path,
    )
    check_wave(reader, wave)
    reader.finish()
    return wave


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
    check_question(reader, question, where)
    return question


def _part(reader: Reader, kind: type, block: dict[str, Any], where: str) -> Any:
    fields = kind.__dataclass_fields__
    reader.known(block, fields, where)
    if not {"code", "text"} <= set(block):
        reader.note(where, "选项或行缺少 code / text", "an option or item lacks code / text", got=" ".join(block))
        return None
    return kind(**{name: value for name, value in block.items() if name in fields})
