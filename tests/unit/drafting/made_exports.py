"""Small exports made by hand, as a reader hands them over, and the draft of them."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from pipeline.contracts import load_codebooks
from pipeline.drafting.draft import Draft, draft_wave
from pipeline.drafting.source import Source
from pipeline.readers.surveys.outline import Outline, Part, Stem, Told
from pipeline.readers.surveys.survey_columns import Dialect
from pipeline.readers.text_table import TextTable

BOOKS = load_codebooks()
NUMBERED = Dialect("wenjuanxing", {"序号": "respondent", "时间": "submitted_at"}, re.compile(r"^(\d+)、"), ("┋",))
NAMED = Dialect("google_forms", {"序号": "respondent", "时间": "submitted_at"}, None, (", ",), bare_other=True)


def table_of(columns: dict[str, list[str | None]], name: str = "a.csv") -> TextTable:
    """A table from its columns."""
    frame = pl.DataFrame({f"c{i}": cells for i, cells in enumerate(columns.values())}, schema_overrides=None)
    frame = frame.cast(pl.String).with_columns(source_row=pl.int_range(2, frame.height + 2, dtype=pl.Int64))
    return TextTable(Path(name), "", tuple(columns), frame, header_cells=(tuple(columns),))


def source_of(
    columns: dict[str, list[str | None]], dialect: Dialect = NUMBERED, form: str = "text", told: dict[str, Told] | None = None,
    name: str = "a.csv",
) -> Source:  # fmt: skip
    """An export whose headings are stems, `stem(option)` for one column per option, or `stem—row`; 序号 and 时间 are
    bookkeeping."""
    table = table_of(columns, name)
    meta: dict[str, tuple[int, ...]] = {}
    found: dict[str, list[Part]] = {}
    for position, heading in enumerate(columns):
        role = dialect.meta.get(heading)
        stem, _, option = heading.removesuffix(")").partition("(")
        stem, _, item = stem.partition("—")
        if role:
            meta[role] = (*meta.get(role, ()), position)
        else:
            found.setdefault(stem, []).append(Part(position, item=item, option=option))
    stems = []
    for stem, columns_of in found.items():
        number = dialect.number.match(stem) if dialect.number else None
        text = stem[number.end() :] if number else stem
        at = int(number.group(1)) if number else None
        stems.append(Stem(f"Q{at}" if at else stem, text, tuple(columns_of), at, (told or {}).get(stem, Told())))
    return Source(table, Outline(meta, tuple(stems)), dialect, form)


def draft(*sources: Source, **given: object) -> Draft:
    """The draft of exports."""
    return draft_wave(sources, BOOKS, **given)


def question(made: Draft, code: str):
    """One question of a draft."""
    return next(one for one in made.wave.questions if one.code == code)


def texts(made: Draft, code: str) -> list[str]:
    """The wordings of its options."""
    return [option.text for option in question(made, code).options]


def spread(*values: str | None, n: int = 40) -> list[str | None]:
    """Values repeated in turn."""
    return [values[i % len(values)] for i in range(n)]
