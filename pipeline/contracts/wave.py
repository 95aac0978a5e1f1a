"""Survey waves: one questionnaire in the field once — its files, population, questions and options."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.contracts.toml import Reader, load_toml
from pipeline.paths import Study

QUESTION_TYPES = (
    "single", "multiple", "matrix", "ranking", "scale", "number", "text", "date", "place", "allocation",
)  # fmt: skip
FLAGS = ("speeder", "straightliner", "attention_failed", "duplicate")
_WAVE_KEYS = (
    "code", "label_zh", "label_en", "platform_family", "area_code", "population_code", "mode_code", "opened_on",
    "closed_on", "frame_total", "consent_version", "purpose", "files", "drop_flags", "poststratify_by", "question",
)  # fmt: skip
_QUESTION_KEYS = (
    "code", "number", "type", "variable", "text_zh", "text_en", "items", "options", "personal", "missing_none",
    "on_unknown", "expected", "min", "max",
)  # fmt: skip


@dataclass(frozen=True)
class Option:
    """One answer option: its code, its number in the platform's export, its wording, the standard value it stands for."""

    code: str
    text: str
    number: int | None = None
    text_en: str | None = None
    value: str | float | None = None
    fill_in: bool = False


@dataclass(frozen=True)
class Item:
    """One row of a matrix; `reversed` when agreement means the opposite of the other rows."""

    code: str
    text: str
    reversed: bool = False
    text_en: str | None = None


@dataclass(frozen=True)
class Question:
    """One question. `variable` links it to a standard variable (need, met, platform …); `expected` is the option an
    attention check asks for; `missing_none` the option that means "none of these"."""

    code: str
    number: int
    type: str
    text_zh: str
    variable: str | None = None
    text_en: str | None = None
    items: tuple[Item, ...] = ()
    options: tuple[Option, ...] = ()
    personal: bool = False
    missing_none: str | None = None
    on_unknown: str = "stop"
    expected: str | None = None
    min: float | None = None
    max: float | None = None


@dataclass(frozen=True)
class Wave:
    """One wave. `files` maps a form (text, number) to a glob below raw/; `drop_flags` are the quality flags that make
    a respondent invalid; `poststratify_by` the variables whose known totals weigh the sample."""

    code: str
    label_zh: str
    label_en: str
    platform_family: str
    population_code: str
    mode_code: str
    opened_on: date
    closed_on: date
    consent_version: str
    purpose: str
    files: dict[str, str]
    questions: tuple[Question, ...]
    area_code: str | None = None
    frame_total: int | None = None
    drop_flags: tuple[str, ...] = ()
    poststratify_by: tuple[str, ...] = ()
    path: Path | None = None

    def question_of(self, variable: str) -> Question | None:
        """The question that measures a standard variable, if the wave asks it."""
        return next((question for question in self.questions if question.variable == variable), None)


def load_waves(study: Study) -> dict[str, Wave]:
    """The waves of a study by code, in order of closing. Raises exit 11 with every mistake of a file."""
    waves = [_read(path) for path in sorted((study.place / "waves").glob("*.toml"))]
    return {wave.code: wave for wave in sorted(waves, key=lambda wave: (wave.closed_on, wave.code))}


def _read(path: Path) -> Wave:
    table = load_toml(path)
    reader = Reader(path)
    reader.known(table, _WAVE_KEYS, "")
    wave = Wave(
        code=reader.get(table, "code", str, ""),
        label_zh=reader.get(table, "label_zh", str, ""),
        label_en=reader.get(table, "label_en", str, ""),
        platform_family=reader.choice(table, "platform_family", ("wenjuanxing", "tencent_survey"), ""),
        area_code=reader.get(table, "area_code", str, "", None),
        population_code=reader.choice(table, "population_code", ("attached", "delivering"), ""),
        mode_code=reader.choice(table, "mode_code", ("qr", "intercept", "link", "paper"), ""),
        opened_on=reader.get(table, "opened_on", date, ""),
        closed_on=reader.get(table, "closed_on", date, ""),
        frame_total=reader.get(table, "frame_total", int, "", None),
        consent_version=reader.get(table, "consent_version", str, ""),
        purpose=reader.get(table, "purpose", str, ""),
        files=reader.get(table, "files", dict, "") or {},
        drop_flags=tuple(reader.get(table, "drop_flags", list, "", [])),
        poststratify_by=tuple(reader.get(table, "poststratify_by", list, "", [])),
        questions=tuple(_question(reader, block) for block in reader.get(table, "question", list, "") or []),
        path=path,
    )
    for flag in wave.drop_flags:
        if flag not in FLAGS:
            reader.note("drop_flags", "质量标记不认识", "unknown quality flag", got=flag, expected=" ".join(FLAGS))
    _note_repeats(reader, "[[question]] code", [question.code for question in wave.questions])
    reader.finish()
    return wave


def _question(reader: Reader, block: dict[str, Any]) -> Question:
    where = f"[[question]] {block.get('code', '?')}"
    reader.known(block, _QUESTION_KEYS, where)
    question = Question(
        code=reader.get(block, "code", str, where),
        number=reader.get(block, "number", int, where),
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
    )
    _note_repeats(reader, f"{where} options", [option.code for option in question.options if option])
    return question


def _part(reader: Reader, kind: type, block: dict[str, Any], where: str) -> Any:
    fields = kind.__dataclass_fields__
    reader.known(block, fields, where)
    if not {"code", "text"} <= set(block):
        reader.note(where, "选项或行缺少 code / text", "an option or item lacks code / text", got=" ".join(block))
        return None
    return kind(**{name: value for name, value in block.items() if name in fields})


def _note_repeats(reader: Reader, where: str, codes: list[str]) -> None:
    for code in sorted({code for code in codes if code and codes.count(code) > 1}):
        reader.note(where, "代码重复", "the code stands twice", got=code)
