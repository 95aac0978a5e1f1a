"""One delivered export made safe to work with: the right sheet, its columns accounted for, personal values gone.

The first step after reading: bookkeeping columns of no use are dropped, an address becomes province and city (used to
spot duplicates, then dropped), the key that links waves becomes a keyed pseudonym, any other personal answer becomes a
mark that something was answered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from pipeline.clean.surveys.answers import is_personal
from pipeline.clean.surveys.cells import state_of
from pipeline.clean.surveys.columns import columns_of_wave
from pipeline.clean.surveys.times import wall_clock
from pipeline.contracts import Question, Wave
from pipeline.contracts.wave import FORMS
from pipeline.errors import CONTRACT, Problem, fail
from pipeline.privacy import coarsen_place, pseudonym
from pipeline.readers.surveys.layout import Dialect, Layout
from pipeline.readers.surveys.not_answers import is_repeat, rows_aside
from pipeline.readers.surveys.platforms import dialect_of

if TYPE_CHECKING:
    from pipeline.readers import TextTable

ANSWERED = "•"
SHORTEST_KEY = 4
TIMES = ("submitted_at", "started_at")
META_COLUMNS = ("respondent", "submitted_at", "started_at", "duration", "place")


@dataclass(frozen=True)
class SurveyContext:
    """What a wave needs from the study: its area, the key for pseudonyms, the ids of its files, how a station or grid
    cell is found (code or name as written → id, or None), whether panel keys may link waves, and its wall clock."""

    area_code: str
    key: bytes
    file_ids: Mapping[Path, str] = field(default_factory=dict)
    resolve_station: Callable[[str], str | None] | None = None
    resolve_grid: Callable[[str], str | None] | None = None
    panel_links_waves: bool = False
    utc_offset_hours: float = 8.0

    def file_id(self, table: TextTable) -> str:
        """The id of the file a table came from."""
        return self.file_ids.get(table.path, table.path.name)


@dataclass(frozen=True)
class Export:
    """One form of a wave (text, number, code): frame has source_row, the bookkeeping columns and the answer columns;
    `aside` are rows of the file that are no answers (trial runs), with the reason."""

    form: str
    table: TextTable
    file_id: str
    dialect: Dialect
    layout: Layout
    frame: pl.DataFrame
    aside: pl.DataFrame

    def keep(self, source_rows: pl.Series) -> Export:
        """The same export with only these rows."""
        return replace(self, frame=self.frame.filter(pl.col("source_row").is_in(source_rows.implode())))


def open_exports(
    wave: Wave, tables: Mapping[str, TextTable | Sequence[TextTable]], context: SurveyContext
) -> tuple[list[Export], list[TextTable]]:
    """The exports of a wave, text form first, and the sheets that are no part of it: hidden ones, and groups that repeat
    within one respondent."""
    exports, aside = [], []
    for form in sorted(tables, key=FORMS.index):
        given = tables[form]
        sheets = list(given) if isinstance(given, Sequence) else [given]
        answers = [
            sheet for sheet in sheets if sheet.visibility == "visible" and not is_repeat(wave.platform_family, sheet)
        ]
        aside += [sheet for sheet in sheets if all(sheet is not answer for answer in answers)]
        if len(answers) != 1:
            path = sheets[0].path.name if sheets else wave.files.get(form, form)
            fail(
                CONTRACT,
                Problem("survey_sheets", path, "一份问卷导出应只有一张可见工作表", "an export has one visible sheet",
                        got=str(len(answers)), expected="1"),
            )  # fmt: skip
        exports.append(_open(wave, form, answers[0], context))
    return exports, aside


def _open(wave: Wave, form: str, table: TextTable, context: SurveyContext) -> Export:
    dialect = dialect_of(wave.platform_family)
    aside = rows_aside(wave.platform_family, table)
    layout = columns_of_wave(wave, table, dialect)
    frame = _protected(wave, table, layout, dialect, context, coded=form != "text")
    frame = frame.filter(~pl.col("source_row").is_in(aside["source_row"].implode()))
    return Export(form, table, context.file_id(table), dialect, layout, frame, aside)


def _protected(
    wave: Wave, table: TextTable, layout: Layout, dialect: Dialect, context: SurveyContext, *, coded: bool
) -> pl.DataFrame:
    meta = {role: table.frame[columns[0]] for role, columns in layout.meta.items() if role in META_COLUMNS}
    if "ip_place" in layout.meta:
        meta["place"] = coarsen_place(table.frame[layout.meta["ip_place"][0]])
    elif "place" in layout.meta:
        meta["place"] = table.frame.select(
            pl.concat_str(layout.meta["place"], separator="-", ignore_nulls=True)
        ).to_series()
    meta |= {role: wall_clock(meta[role], context.utc_offset_hours) for role in TIMES if role in meta}
    columns: dict[str, pl.Series] = {"source_row": table.frame["source_row"].cast(pl.Int64)}
    for role in META_COLUMNS:
        columns[role] = meta.get(role, pl.Series([None] * table.frame.height, dtype=pl.String)).cast(pl.String)
    salt = "panel" if context.panel_links_waves else f"panel:{wave.code}"
    for answer in layout.answers:
        values = table.frame[answer.column].cast(pl.String)
        if is_personal(answer.question) and not answer.question.options:
            linked = answer.question.variable == "panel"
            keys = pseudonym(_same_key(values), context.key, salt) if linked else None
            answered = _is_answered(values, answer.question, dialect, coded=coded)
            values = _hidden(values, answered, keys)
        columns[answer.column] = values
    return pl.DataFrame(columns)


def _is_answered(values: pl.Series, question: Question, dialect: Dialect, *, coded: bool) -> pl.Series:
    frame = pl.DataFrame({"text": values})
    state = state_of(pl.col("text"), dialect, coded=coded, missing=question.missing)
    return frame.select(state == "answered").to_series()


def _hidden(values: pl.Series, answered: pl.Series, keys: pl.Series | None) -> pl.Series:
    """Personal answers replaced by their keys, or by a mark that something was answered; missing marks stay."""
    none = pl.Series([None] * len(values), dtype=pl.String)
    shown = pl.DataFrame({"text": values, "key": none if keys is None else keys, "answered": answered})
    return shown.select(pl.when("answered").then(pl.col("key").fill_null(ANSWERED)).otherwise("text")).to_series()


def _same_key(values: pl.Series) -> pl.Series:
    """One person's key written in several ways (spaces, dashes, full-width digits, case) made one before it is hashed.
    What cannot tell people apart (`无`, `123`, `0000`) is no key."""
    tidy = values.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"[\s\-－—]", "")
    telling = (tidy.str.len_chars() >= SHORTEST_KEY) & (tidy.str.split("").list.n_unique() > 1)
    return pl.DataFrame({"key": tidy, "telling": telling}).select(pl.when("telling").then("key")).to_series()
