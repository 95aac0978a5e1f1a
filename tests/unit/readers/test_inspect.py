"""`inspect`: exactly the agreed keys, counts that add up, no cell values."""

from __future__ import annotations

import json

import polars as pl
import pytest

from pipeline.readers import inspect_file, read_file
from pipeline.readers.describe import describe
from pipeline.readers.inspect import column_kind
from tests.unit.readers.made_files import ledger_sheet, workbook


@pytest.fixture
def path(tmp_path):
    return workbook(tmp_path / "台账.xlsx", ledger_sheet("台账"), ledger_sheet("旧表", "hidden"))


def test_the_object_has_exactly_the_agreed_keys(path):
    facts = inspect_file(path)
    assert list(facts) == ["path", "family", "encoding", "encoding_evidence", "sheets"]
    assert list(facts["sheets"][0]) == [
        "name", "visibility", "header_rows", "first_row", "last_row", "n_rows", "n_set_aside", "columns",
    ]  # fmt: skip
    assert list(facts["sheets"][0]["columns"][0]) == ["name", "kind"]


def test_rows_header_and_set_aside_rows_are_counted_apart(path):
    shown, hidden = inspect_file(path)["sheets"]
    assert (shown["header_rows"], shown["first_row"], shown["last_row"]) == ([3, 4], 5, 10)
    assert (shown["n_rows"], shown["n_set_aside"]) == (4, 4)
    assert (hidden["visibility"], hidden["n_rows"], hidden["n_set_aside"]) == ("hidden", 0, 8)


def test_it_is_one_json_line_and_holds_no_cell_value(path):
    line = json.dumps(inspect_file(path), ensure_ascii=False)
    assert "\n" not in line and "甲站" not in line and "S001" not in line and "晴川" not in line


def test_text_files_have_one_sheet_without_name(tmp_path):
    (tmp_path / "a.csv").write_bytes("编号,数\n1,2\n".encode("gb18030"))
    facts = inspect_file(tmp_path / "a.csv")
    assert (facts["family"], facts["encoding"], [sheet["name"] for sheet in facts["sheets"]]) == (
        "table",
        "gb18030",
        [""],
    )


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("empty", [None, " "]), ("number", ["1", "2.5", "1,200", "30%"]), ("number", ["1", "1"]), ("tick", ["0", "1"]),
        ("tick", ["√", "×", None]), ("tick", ["是", "否", "1"]), ("date", ["2023-05-14", "2023.5.14", "2023年5月", "5月14日"]),
        ("datetime", ["2023-05-14T08:03:00", "2023/9/8 12:24:22"]), ("time", ["08:30", "9:00"]),
        ("phone", ["13812345678", "010-12345678"]), ("text", ["甲", "乙"]), ("mixed", ["3", "4", "约20"]),
    ],
)  # fmt: skip
def test_the_kind_of_a_column_is_told_from_its_text(kind, values):
    assert column_kind(pl.Series(values, dtype=pl.String)) == kind


def test_a_column_headed_as_phones_is_phones_in_whatever_way_they_are_written():
    assert column_kind(pl.Series(["１３８００００００００", "13800000001/13900000002"]), "联系电话") == "phone"


def test_the_description_can_be_asked_for_by_what_was_seen(path):
    assert describe(inspect_file(path)) == describe(path)


def test_the_description_names_rows_and_reasons_but_no_value(path):
    text = describe(path, tables=read_file(path))
    assert "合计行（用于核对）：第 8、11 行" in text and "隐藏" in text and "服务项目/饮水〔是否〕" in text
    assert "甲站" not in text
