"""JSON lines and JSON lists of objects. Numbers keep the digits they were written with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.readers.families import survey_family
from pipeline.readers.flat import flatten, text_frame
from pipeline.readers.opened import JSON, JSONLINES, Opened, bare_name
from pipeline.readers.refusals import refuse
from pipeline.readers.sheets.header_why import OWN_NAMES
from pipeline.readers.text.faults import FAULT
from pipeline.readers.text_table import TextTable, rows_with, tidy_headings

_JSON_NAMES = (".json", ".geojson")
_LINES_NAMES = (".jsonl", ".ndjson", ".jsonlines")


def json_kind(text: str, path: Path) -> str | None:
    """json, jsonlines, or nothing when the text only begins like JSON."""
    name = bare_name(path).lower()
    lines = text.lstrip()
    first, _, rest = lines.partition("\n")
    if isinstance(_loads(first), dict) and (rest.strip() or name.endswith(_LINES_NAMES)):
        return JSONLINES
    if name.endswith((*_JSON_NAMES, *_LINES_NAMES)):
        return JSON if name.endswith(_JSON_NAMES) else JSONLINES
    return JSON if isinstance(_loads(text), dict | list) else None


def read_json_lines(opened: Opened) -> TextTable:
    """One object per line. A line that is no object is set aside as unreadable, with its line number."""
    records, rows, unreadable = objects_of(opened.text, 1)
    return _table(opened, "jsonlines", records, rows, unreadable)


def objects_of(text: str, line: int) -> tuple[list[dict[str, str]], list[int], list[int]]:
    """Objects, their lines, and the lines that are no objects; `line` is the number of the first."""
    records, rows, unreadable = [], [], []
    for number, each in enumerate(text.split("\n"), start=line):
        if not each.strip():
            continue
        value = None if FAULT in each else _loads(each)
        if isinstance(value, dict):
            records.append(flatten(value))
            rows.append(number)
        else:
            unreadable.append(number)
    return records, rows, unreadable


def read_json(opened: Opened) -> TextTable:
    """A list of objects, alone or inside an object. `source_row` is the ordinal of the object in the list."""
    try:
        value = json.loads(opened.text, parse_float=str, parse_int=str)
    except json.JSONDecodeError as error:
        refuse("json_broken", opened.path, got=error.msg, where=f"第 {error.lineno} 行")
    except RecursionError:
        refuse("json_broken", opened.path, got="嵌套过深 nested too deeply")
    found = _list_of_objects(value)
    if found is None:
        refuse("json_no_records", opened.path, got=type(value).__name__)
    records = [(i, flatten(item)) for i, item in enumerate(found, start=1) if isinstance(item, dict)]
    unreadable = [i for i, item in enumerate(found, start=1) if not isinstance(item, dict)]
    return _table(opened, "json", [record for _, record in records], [i for i, _ in records], unreadable)


def _table(
    opened: Opened, family: str, records: list[dict[str, str]], rows: list[int], unreadable: list[int]
) -> TextTable:
    if not records:
        refuse("json_no_records", opened.path)
    names, frame = text_frame(records, rows)
    positions = range(1, len(names) + 1)
    return TextTable(
        path=opened.path,
        sheet="",
        columns=tidy_headings(names, positions),
        frame=frame,
        header_rows=(),
        header_why=OWN_NAMES,
        set_aside=rows_with(unreadable, "unreadable_row"),
        family=survey_family(names) or family,
        encoding=opened.encoding,
        positions=tuple(positions),
    )


def _list_of_objects(value: Any, depth: int = 0) -> list[Any] | None:
    """The longest list of objects within two levels: most services wrap their records (`{"data": [...]}`)."""
    if isinstance(value, list):
        return value if any(isinstance(item, dict) for item in value) else None
    if not isinstance(value, dict) or depth > 2:
        return None
    inside = [found for item in value.values() if (found := _list_of_objects(item, depth + 1)) is not None]
    return max(inside, key=len, default=None)


def _loads(text: str) -> Any:
    try:
        return json.loads(text, parse_float=str, parse_int=str)
    except (json.JSONDecodeError, RecursionError):
        return None
