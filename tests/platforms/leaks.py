"""Looks for planted values in everything that was built: bytes of files (UTF-8 and UTF-16), parts of workbooks and archives, every
text of Parquet files and databases, what was printed — as they stand, and with blanks, dashes and dots between taken out."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import polars as pl

GAPS = re.compile(r"[\s\-－—·_]+")


def squeezed(text: str) -> str:
    """Text in half width without what people put between digits."""
    return GAPS.sub("", unicodedata.normalize("NFKC", text))


def leaks(folder: Path, planted: Iterable[str], said: str = "") -> dict[str, list[str]]:
    """The values that are found, each with the places; empty where there are none."""
    values = list(planted)
    shorts = {squeezed(value): value for value in values}
    found: dict[str, list[str]] = {}
    for place, text in [("terminal", said), *texts_in(folder)]:
        here = _among(values, text) | {shorts[short] for short in _among(list(shorts), squeezed(text))}
        for value in here:
            found.setdefault(value, []).append(place)
    return found


def _among(values: list[str], text: str) -> set[str]:
    """Which of the values stand in the text: one pass, however many they are."""
    return set(pl.Series([text]).str.extract_many(values, overlapping=True).item().to_list())


def texts_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Every text below a folder, with its place; names of files, too."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = str(path.relative_to(folder))
        yield "name of a file", name
        data = path.read_bytes()
        yield from _decoded(name, data)
        if path.suffix == ".duckdb":
            yield from _database(name, path)
        elif path.suffix == ".parquet":
            yield from _frame(name, pl.read_parquet(path))


def _decoded(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from _decoded(f"{name} › {member}", archive.read(member))
        return
    yield name, data.decode("utf-8", errors="ignore")
    yield f"{name} (UTF-16)", data.decode("utf-16-le", errors="ignore")
    yield f"{name} (UTF-16, shifted)", data[1:].decode("utf-16-le", errors="ignore")


def _database(name: str, path: Path) -> Iterator[tuple[str, str]]:
    with duckdb.connect(str(path), read_only=True) as con:
        tables = con.sql("select table_schema, table_name from information_schema.tables order by all").fetchall()
        for schema, table in tables:
            yield from _frame(f"{name} › {schema}.{table}", con.sql(f'select * from "{schema}"."{table}"').pl())


def _frame(name: str, frame: pl.DataFrame) -> Iterator[tuple[str, str]]:
    for column in frame.columns:
        values = frame[column].cast(pl.String, strict=False) if not frame[column].dtype.is_nested() else frame[column]
        yield f"{name}.{column}", "\n".join(str(value) for value in values.drop_nulls().unique().to_list())
