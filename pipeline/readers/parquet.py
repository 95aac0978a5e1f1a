"""Parquet files as text tables; types are written out as text, so that one path cleans all."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

from pipeline.readers.families import survey_family
from pipeline.readers.opened import Opened
from pipeline.readers.refusals import refuse
from pipeline.readers.sheets.header_why import OWN_NAMES
from pipeline.readers.text_table import TextTable, tidy_headings


def read_parquet(opened: Opened) -> TextTable:
    """The table of a Parquet file; `source_row` is the ordinal of the row. Raises exit 10 when it is broken."""
    try:
        frame = pl.read_parquet(io.BytesIO(opened.data))
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        refuse("parquet_broken", opened.path, got=type(error).__name__)
    return table_of(opened.path, frame)


def table_of(path: Path, frame: pl.DataFrame) -> TextTable:
    """The text table of a typed frame."""
    positions = range(1, frame.width + 1)
    texts = frame.select(as_text(frame.schema[name], name).alias(f"c{i}") for i, name in enumerate(frame.columns))
    return TextTable(
        path=path,
        sheet="",
        columns=tidy_headings(frame.columns, positions),
        frame=texts.with_columns(source_row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64)),
        header_rows=(),
        header_why=OWN_NAMES,
        family=survey_family(frame.columns) or "parquet",
        positions=tuple(positions),
    )


def as_text(kind: pl.DataType, name: str) -> pl.Expr:
    """A typed column written out as text."""
    column = pl.col(name)
    if kind == pl.Boolean:
        return pl.when(column).then(pl.lit("TRUE")).when(~column).then(pl.lit("FALSE"))
    if kind.is_float():
        whole = column.cast(pl.Int64, strict=False)
        return (
            pl.when((column == whole) & (column.abs() < 1e15))
            .then(whole.cast(pl.String))
            .otherwise(column.cast(pl.String))
        )
    if kind == pl.Datetime:
        return column.dt.replace_time_zone(None).dt.strftime("%Y-%m-%dT%H:%M:%S") + pl.lit(
            "Z" if kind.time_zone else ""
        )
    if kind == pl.List or kind == pl.Array or kind == pl.Struct:
        return column.map_elements(lambda value: _json(value), return_dtype=pl.String)
    if kind == pl.Binary:
        return pl.lit(None, dtype=pl.String)
    return column.cast(pl.String).replace("", None)


def _json(value: object) -> str:
    import json

    return json.dumps(value.to_list() if isinstance(value, pl.Series) else value, ensure_ascii=False, default=str)
