"""JSON lines, JSON lists and Parquet as text tables."""

from __future__ import annotations

import json
from datetime import date, datetime

import polars as pl

from pipeline.readers import read_file


def made(tmp_path, text, name):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_nested_objects_are_flattened_and_numbers_keep_their_digits(tmp_path):
    path = made(
        tmp_path,
        '{"id":1,"at":{"lon":116.450,"lat":39.90},"ok":true,"tags":["a","b"],"no":null}\n{"id":2,"更":"多"}\n',
        "a.jsonl",
    )
    (table,) = read_file(path)
    assert table.columns == ("id", "at.lon", "at.lat", "ok", "tags", "更")
    assert table.frame.row(0) == ("1", "116.450", "39.90", "TRUE", '["a", "b"]', None, 1)
    assert (table.family, table.header_rows) == ("jsonlines", ())


def test_a_broken_line_is_set_aside_with_its_line_number(tmp_path):
    (table,) = read_file(made(tmp_path, '{"id":"1"}\n\n{"id":"2\n[3]\n{"id":"4"}\n', "a.jsonl"))
    assert table.set_aside.rows() == [(3, "unreadable_row"), (4, "unreadable_row")]
    assert table.frame["source_row"].to_list() == [1, 5]


def test_a_list_of_objects_is_read_alone_or_wrapped(tmp_path):
    records = [{"name": "甲"}, {"name": "乙"}]
    for value in (records, {"code": 0, "data": {"list": records}}):
        (table,) = read_file(made(tmp_path, json.dumps(value, ensure_ascii=False, indent=1), "a.json"))
        assert (table.family, table.frame.rows()) == ("json", [("甲", 1), ("乙", 2)])


def test_json_is_known_by_its_content(tmp_path):
    assert read_file(made(tmp_path, '{"id":"1"}\n{"id":"2"}\n', "a.csv"))[0].family == "jsonlines"
    assert read_file(made(tmp_path, "[甲],b\n1,2\n", "b.csv"))[0].family == "table"


def test_parquet_types_become_text(tmp_path):
    frame = pl.DataFrame({
        "n": [3.0, 2.5, None], "i": [1, 2, 3], "on": [date(2023, 5, 14)] * 3, "at": [datetime(2023, 5, 14, 8, 3)] * 3,
        "is": [True, False, None], "list": [["a"], [], None], "t": ["x", "", None],
    })  # fmt: skip
    frame.write_parquet(tmp_path / "a.parquet")
    (table,) = read_file(tmp_path / "a.parquet")
    assert table.family == "parquet"
    assert table.frame.row(0) == ("3", "1", "2023-05-14", "2023-05-14T08:03:00", "TRUE", '["a"]', "x", 1)
    assert table.frame.row(1)[0] == "2.5" and table.frame["c6"].to_list() == ["x", None, None]
