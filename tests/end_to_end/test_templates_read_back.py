"""What is filled into the blank workbooks is read back without a single finding; so are blank ones."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from fill_forms import fill, names, rows_for, sheets_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import cleaning, receive
from pipeline.clean.sheets.own_sheets import without_own_sheets
from pipeline.contracts.bundle import load_contracts
from pipeline.errors import PipelineError
from pipeline.export.templates import write
from pipeline.paths import Study, study
from pipeline.readers import read_file

ON = date(2023, 5, 31)
PLACE = """
[[boundary]]
area_code = "AA"
outline_wkt = "POLYGON((116.40 39.90, 116.44 39.90, 116.44 39.93, 116.40 39.93, 116.40 39.90))"
source = "虚构"

[[grid]]
area_code = "AA"
local_code = "G1"
label_zh = "一网格"
outline_wkt = "POLYGON((116.40 39.90, 116.44 39.90, 116.44 39.93, 116.40 39.93, 116.40 39.90))"
"""
STUDY = """
name_zh = "小镇"
name_en = "Town"
[[areas]]
code = "AA"
label_zh = "东里"
label_en = "Dongli"
"""


def new_study(root: Path) -> Study:
    """A study of one area with one grid cell and nothing received yet."""
    (root / "place").mkdir(parents=True)
    (root / "raw").mkdir()
    (root / "place" / "study.toml").write_text(STUDY, encoding="utf-8")
    (root / "place" / "outlines.toml").write_text(PLACE, encoding="utf-8")
    return study(root)


def accounts(of: Study) -> dict[str, pl.DataFrame]:
    """The accounts of reading and cleaning everything in raw/."""
    contracts = load_contracts(of)
    received = receive.receive(of, contracts)
    key = b"a key of the tests"
    prepared = cleaning.clean_place_and_ledgers(of, contracts, received, key)
    cleaning.clean_logs(of, contracts, received, key, prepared)
    cleaning.close_accounts(contracts, received, prepared)
    files = prepared.tables["audit.source_files"].select("source_file_id", "path", "source_code", "as_of")
    joined = {
        name: prepared.tables[f"audit.{name}"].join(files, on="source_file_id", how="left")
        for name in ("row_fates", "notices", "row_ledger")
    }
    return joined | {"source_files": files} | prepared.tables


def findings(found: dict[str, pl.DataFrame]) -> list[tuple]:
    """Everything that was noted of rows and files."""
    fates = found["row_fates"].select("path", "source_sheet", "source_row", "column_name", "reason_code")
    notices = found["notices"].select("path", "source_sheet", "column_name", "reason_code", "n")
    return fates.rows() + notices.rows()


def is_no_building(heading: str) -> bool:
    """A ledger filled in alone names no building: nobody knows one."""
    return heading != "所在楼宇"


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    """The blank workbooks of a study that knows its grid cell: their folder."""
    root = tmp_path_factory.mktemp("templates")
    write(root / "blank", new_study(root / "study"))
    return root / "blank"


@pytest.fixture(scope="module")
def filled(blank, tmp_path_factory):
    """The accounts of a study with every workbook filled in, three rows a sheet."""
    town = new_study(tmp_path_factory.mktemp("filled") / "study")
    for name in names(blank):
        rows = {sheet.name: rows_for(sheet, 3, ON) for sheet in sheets_of(blank / name)}
        fill(blank / name, town.raw / name, rows, on=ON)
    return accounts(town)


def test_filled_workbooks_are_read_without_a_finding(filled):
    assert findings(filled) == []


def test_every_row_of_every_sheet_is_clean(filled, blank):
    sheets = [(name, sheet.name) for name in names(blank) for sheet in sheets_of(blank / name)]
    ledger = filled["row_ledger"].filter(pl.col("path").str.ends_with(".xlsx"))
    assert sorted(ledger.select("path", "source_sheet").rows()) == sorted(sheets)
    assert set(ledger.select("n_read", "n_clean").rows()) == {(3, 3)}
    dated = filled["source_files"].filter(pl.col("path").str.ends_with(".xlsx") & pl.col("as_of").is_not_null())
    assert set(dated["as_of"]) == {ON}


def test_what_was_filled_in_is_what_is_read(filled):
    stations = filled["clean.stations"].sort("station_id")
    assert stations.select("station_id", "name", "class_code", "grid_id", "seats", "opened_on").row(1) == (
        "AA-X2", "第2驿站", "integrated", "AA-G1", 2, date(2022, 3, 2)
    )  # fmt: skip
    offered = filled["clean.station_services"].filter(pl.col("station_id") == "AA-X2")["is_offered"]
    assert set(offered) == {False}  # the second choice of a tick
    counts = filled["clean.monthly_counts"].filter(pl.col("measure_code") == "visits")
    assert counts.select("value", "qualifier").row(0) == (120.0, "approx")
    assert filled["clean.closures"]["started_at"].min().isoformat() == "2023-06-05T09:30:00"
    assert filled["clean.buildings"]["n_workers_qualifier"].to_list() == ["approx", "eq", "gt"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_blank_workbooks_are_read_without_a_finding(tmp_path, lang):
    town = new_study(tmp_path / "study")
    write(town.raw, town, lang=lang)
    shutil.rmtree(town.raw / "问卷")  # handed out to couriers, it does not come back as it is
    found = accounts(town)
    assert findings(found) == []
    assert found["row_ledger"].filter(pl.col("path").str.ends_with(".xlsx"))["n_read"].sum() == 0
    assert (
        found["source_files"].filter(pl.col("source_code").is_null() & pl.col("path").str.ends_with(".xlsx")).is_empty()
    )


def test_only_what_must_be_filled_in_is_enough(blank, tmp_path):
    must = {
        "驿站编号", "驿站名称", "驿站类别", "设施", "检查日期", "驿站", "日期", "服务项目", "关闭开始", "名次", "服务"
    }  # fmt: skip
    town = new_study(tmp_path / "study")
    for name in (
        "台账/驿站台账_模板.xlsx",
        "登记/登记表_模板.xlsx",
        "运行/临时关闭登记_模板.xlsx",
        "运行/需求排序_模板.xlsx",
    ):
        rows = {s.name: rows_for(s, 2, ON, only=must.__contains__) for s in sheets_of(blank / name)}
        fill(blank / name, town.raw / name, rows, on=ON)
    found = accounts(town)
    said = found["notices"].filter(pl.col("reason_code") != "no_time_of_day")  # a register line without a time is news
    assert (found["row_fates"].height, said.height) == (0, 0)
    assert found["row_ledger"].filter(pl.col("path").str.ends_with(".xlsx"))["n_clean"].to_list() == [2] * 6


def test_one_sheet_filled_and_the_others_left_blank(blank, tmp_path):
    town = new_study(tmp_path / "study")
    name = "台账/驿站台账_模板.xlsx"
    ledger = sheets_of(blank / name)[0]
    rows = rows_for(ledger, 1, ON, only=is_no_building)
    fill(blank / name, town.raw / name, {ledger.name: rows}, on=ON)
    found = accounts(town)
    assert findings(found) == []
    assert dict(found["row_ledger"].select("source_sheet", "n_clean").rows())["驿站台账"] == 1


@pytest.mark.parametrize("name", ["台账/驿站台账_模板.xlsx", "楼宇/楼宇名录_模板.xlsx"])
def test_rows_without_any_date_are_refused_and_a_date_in_the_name_is_enough(blank, tmp_path, name):
    town = new_study(tmp_path / "study")
    sheet = sheets_of(blank / name)[0]
    rows = {sheet.name: rows_for(sheet, 1, ON, only=is_no_building)}
    fill(blank / name, town.raw / name, rows, on=None)
    with pytest.raises(PipelineError) as stopped:
        accounts(town)
    assert [problem.code for problem in stopped.value.problems] == ["as_of_missing"]
    (town.raw / name).rename(town.raw / name.replace("模板", "2023-03-31"))
    found = accounts(town)
    assert findings(found) == []
    assert date(2023, 3, 31) in found["source_files"]["as_of"].to_list()


def test_a_sheet_that_somebody_else_calls_so_is_told_of(blank, tmp_path):
    town = new_study(tmp_path / "study")
    path = town.raw / "台账" / "驿站台账_2023-03-31.xlsx"
    path.parent.mkdir()
    with xlsxwriter.Workbook(str(path)) as book:
        ledger = book.add_worksheet("驿站台账")
        ledger.write_row(0, 0, ["驿站编号", "驿站名称", "驿站类别", "开放时间"])
        ledger.write_row(1, 0, ["S1", "东门驿站", "固定阵地", "每天8:00-20:00"])
        book.add_worksheet("填写说明").write_column(0, 0, ["填写说明", "请在本周内交回", "不要漏填"])
    fates = accounts(town)["row_fates"]
    assert set(fates.select("source_sheet", "reason_code").rows()) == {("填写说明", "unclaimed_sheet")}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_headings_are_found_whatever_is_left_empty(blank, tmp_path, data):
    """Rows with any columns empty but the first that must be filled in: the header stays where it is, no row is lost."""
    name = data.draw(st.sampled_from(names(blank)))
    sheet = data.draw(st.sampled_from(sheets_of(blank / name)))
    rows = rows_for(sheet, data.draw(st.integers(1, 5)), ON)
    first = list(sheet.headings)[:4]
    kept = [data.draw(st.sets(st.sampled_from(list(sheet.headings)))) | set(first) for _ in rows]
    rows = [{h: v for h, v in row.items() if h in keep} for row, keep in zip(rows, kept, strict=True)]
    fill(blank / name, tmp_path / "filled.xlsx", {sheet.name: rows}, on=data.draw(st.sampled_from([ON, None])))
    table = next(t for t in without_own_sheets(read_file(tmp_path / "filled.xlsx")) if t.sheet == sheet.name)
    assert list(table.columns) == list(sheet.headings)
    assert (table.header_rows[-1] + 1, table.frame.height, table.set_aside.height) == (sheet.first, len(rows), 0)
