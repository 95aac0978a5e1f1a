"""Some rows of logs → what the SQL of this folder finds in them. Small files come together in one block, large ones in many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.clean.places.known_places import Places
from pipeline.contracts import Codebook
from pipeline.errors import CONTRACT, PipelineError, Problem
from pipeline.logs.numbering import Numbering
from pipeline.logs.people import People
from pipeline.logs.reading import LogSheet, shown
from pipeline.logs.settings import limits, sheet_tables
from pipeline.logs.spellings import CODED, code_spellings, depot_spellings, openings, station_spellings
from pipeline.logs.steps import Engines, Steps
from pipeline.paths import Study


@dataclass(frozen=True)
class Around:
    """What all log files of a study share. `contexts` source file id → hash of what its rows are cleaned with; `engines` where
    the SQL runs; `is_linked`:
    the place may link a person's uses over months."""

    study: Study
    codebooks: dict[str, Codebook]
    stations: pl.DataFrame
    places: Places
    key: bytes
    today: date
    contexts: dict[str, str]
    engines: Engines
    is_linked: bool = False


@dataclass(frozen=True)
class Tables:
    """The sheets of a load, the year each speaks of, and what keeps its numbers over all blocks."""

    sheets: list[LogSheet]
    years: list[str | None]
    numbering: Numbering
    people: People


@dataclass(frozen=True)
class Found:
    """What a block of rows gave, besides its events (log_events): faults, rows per month, surprises that count as blank, days
    without a time of day, and the texts nobody knows; each with source_file_id."""

    faults: pl.DataFrame
    months: pl.DataFrame
    blanked: pl.DataFrame
    day_only: pl.DataFrame
    unknown: pl.DataFrame


def tables_of(sheets: list[LogSheet], years: list[str | None], around: Around) -> Tables:
    """Fresh numbers for a load of these sheets."""
    return Tables(sheets, years, Numbering(len(sheets)), People(limits()["person"]["missing"], around.key))


def clean_block(steps: Steps, tables: Tables, rows: pl.DataFrame, around: Around) -> Found:
    """Clean rows (reading.ROWS, or a part of those columns). First of all the persons go: only their numbers enter the
    database. Raises exit 11 for values outside a closed list."""
    persons = tables.people.number(rows["person"]) if "person" in rows.columns else pl.lit(None, pl.Int32)
    raw, combinations, texts = tables.numbering.number(rows)
    steps.engine.register("raw_log", raw.with_columns(persons.alias("person_no")))
    steps.engine.register("log_combinations", combinations)
    _register_lists(steps, tables, texts, around)
    steps.build("log_pairs")
    pairs = steps.engine.fetch("select * from log_pairs")
    keys = tables.people.month_keys(pairs, is_linked=around.is_linked)
    steps.engine.register("log_keys", keys)
    faults = steps.rows("log_faults", "source_file_id, source_sheet, source_row, heading, reason_code")
    _refuse_closed_codes(faults, tables.sheets)
    return Found(
        faults,
        steps.rows("log_month_rows", "source_file_id, month_at"),
        steps.rows("log_blanked", "source_file_id, source_sheet, heading, reason_code"),
        steps.rows("log_day_only", "source_file_id, source_sheet"),
        steps.rows("log_unknown", "source_file_id, source_sheet, source_row, column_name, value_text"),
    )


def _register_lists(steps: Steps, tables: Tables, texts: pl.DataFrame, around: Around) -> None:
    told = sheet_tables(tables.sheets, tables.years, around.today)
    said = texts.join(told["log_sheets"].select("sheet_no", "source_code", "area_code"), on="sheet_no").drop_nulls(
        "text"
    )
    named = said.filter(pl.col("column_name").is_in(["station", "station_name"]))
    named = named.select("area_code", pl.col("text").alias("spelling")).unique().sort("area_code", "spelling")
    coded = said.filter(pl.col("column_name").is_in(list(CODED)))
    coded = coded.select("source_code", "column_name", pl.col("text").alias("spelling")).unique()
    sources = {sheet.delivery.source.code: sheet.delivery.source for sheet in tables.sheets}
    inputs = told | {
        "log_texts": texts,
        "station_openings": openings(around.stations),
        "station_spellings": station_spellings(named, around.places),
        "depot_spellings": depot_spellings(named, around.places),
        "code_spellings": code_spellings(
            coded.sort("source_code", "column_name", "spelling"), sources, around.codebooks
        ),
    }
    for name, frame in inputs.items():
        steps.engine.register(name, frame)


def _refuse_closed_codes(faults: pl.DataFrame, sheets: list[LogSheet]) -> None:
    """Stop for values outside a closed list (`on_unknown = "stop"`), naming rows, never values."""
    closed = faults.filter((pl.col("on_unknown") == "stop") & (pl.col("reason_code") == "unknown_code"))
    by = ["source_file_id", "source_sheet", "heading"]
    found = closed.group_by(by).agg(pl.col("source_row").n_unique(), pl.col("source_row").min().alias("first")).sort(by)
    names = {sheet.delivery.source_file_id: shown(sheet.delivery) for sheet in sheets}
    problems = [
        Problem(
            "closed_code_unknown", f"{names[file_id]}{f' [{sheet}]' if sheet else ''}「{heading}」",
            "取值不在封闭的代码表中", "values outside a closed code list", got=f"{n} 行 / rows: {row} …",
            do_zh="请修改这些行，或在代码表中登记新的写法", do_en="mend these rows, or add the spelling to the codebook",
        )
        for file_id, sheet, heading, n, row in found.iter_rows()
    ]  # fmt: skip
    if problems:
        raise PipelineError(CONTRACT, problems)
