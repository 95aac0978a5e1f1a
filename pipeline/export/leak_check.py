"""Search every finished file for things that must not be in it, before any of them is put in place."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from pipeline.errors import DISCLOSURE, Problem, fail

KEY = re.compile(rb"(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])")  # the shape of our pseudonyms
NUMBER = re.compile(rb"(?<![0-9a-f])[0-9]{15,19}(?![0-9a-f])")  # the same as a whole number, as event files keep them
SHORT = 6  # shorter canaries (a respondent's running number) would be found by chance everywhere


def canaries(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Every pseudonym, respondent id and event id of the warehouse that is long enough to be told from a number."""
    rows = con.sql(
        "select distinct courier_key from clean.service_events where courier_key is not null union "
        "select distinct panel_key from clean.respondents where panel_key is not null union "
        "select distinct respondent_id from clean.respondents"
    ).fetchall()
    return frozenset(row[0] for row in rows if len(row[0]) >= SHORT and not row[0].isdigit())


def check(files: Mapping[Path, bytes | str], forbidden: Iterable[str]) -> None:
    """Exit 13 when any file, or any part of a workbook, holds a forbidden string. Never prints what it found."""
    wanted = set(forbidden)
    hashed = {word.encode() for word in wanted if KEY.fullmatch(word.encode())}
    plain = [word.encode() for word in wanted if not KEY.fullmatch(word.encode())]
    pattern = re.compile(b"|".join(re.escape(word) for word in sorted(plain))) if plain else None
    bad = sorted(
        {
            path.name
            for path, data in files.items()
            for part in _parts(path, data)
            if hashed.intersection(_keys_in(part)) or (pattern and pattern.search(part))
        }
    )
    if bad:
        fail(
            DISCLOSURE,
            *[
                Problem(
                    "leak",
                    name,
                    "导出文件中发现不得外传的内容，已停止导出",
                    "an export holds something that must not leave; nothing was written",
                    do_zh="请检查生成该文件的发现只用了公开检查后的表",
                    do_en="see that the finding behind this file uses its disclosed table only",
                )
                for name in bad
            ],
        )


def _keys_in(part: bytes) -> set[bytes]:
    """What may be a pseudonym, in the sixteen digits the warehouse shows.

    >>> sorted(_keys_in(b"00123456789abcde, 81985529216486622"))
    [b'00123456789abcde', b'0123456789abccde']
    """
    return {*KEY.findall(part), *(f"{int(number):016x}".encode() for number in NUMBER.findall(part))}


def _parts(path: Path, data: bytes | str) -> list[bytes]:
    content = data.encode("utf-8") if isinstance(data, str) else data
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return [book.read(name) for name in book.namelist()]
    return [] if path.suffix == ".png" else [content]
