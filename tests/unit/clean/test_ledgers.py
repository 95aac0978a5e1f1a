"""The generic ledger path on a sheet small enough to count: every row ends up somewhere, and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline.clean.fates import FATES, LEDGER, NOTICES, together
from pipeline.clean.geo.outline import read_outline
from pipeline.clean.ledgers import Around, Cleaned, clean_ledgers
from pipeline.clean.places.known_places import Places
from pipeline.contracts import load_codebooks, load_sources
from pipeline.contracts.deliveries import RawFile
from pipeline.errors import PipelineError
from pipeline.readers import TextTable
from pipeline.warehouse.dictionary import tables as dictionary

FILE = RawFile(Path("x.xlsx"), "台账/驿站台账.xlsx", "台账/驿站台账.xlsx", "QC", "0" * 64, 1, False)
AS_OF = {"填表日期": "2023年3月31日"}
OUTLINES = {"QC": read_outline("POLYGON((116.44 39.89, 116.48 39.89, 116.48 39.93, 116.44 39.93, 116.44 39.89))")}
LEDGER_HEADINGS = (
    "编号", "驿站名称", "驿站类别", "所属网格", "经度", "纬度", "开放时间", "进入方式", "座位数", "服务项目/饮水",
    "服务项目/手机充电", "联系电话", "新列",
)  # fmt: skip
EAST = (
    "S001",
    "东门驿站",
    "固定",
    "G1",
    "116.4662",
    "39.9114",
    "8:00-20:00",
    "扫码",
    "10",
    "√",
    None,
    "10000000001",
    "x",
)


def text_table(sheet: str, headings: tuple[str, ...], rows: list[tuple], first_row: int = 4, **more) -> TextTable:
    """A text table as a reader would hand it over; `rows` start at `first_row`."""
    frame = pl.DataFrame(rows, schema={f"c{i}": pl.String for i in range(len(headings))}, orient="row")
    numbers = pl.Series("source_row", range(first_row, first_row + len(rows)), dtype=pl.Int64)
    return TextTable(FILE.path, sheet, headings, frame.with_columns(numbers), family="ledger", **more)


def cleaned(*sheets: TextTable, aliases: tuple[dict, ...] = ()) -> Cleaned:
    """The sheets of one workbook, cleaned with the project's own contracts."""
    places = Places()
    places.add("grid", [("QC", "G1", "QC-G1", None)])
    columns_of = {name: [column.name for column in table.columns] for name, table in dictionary().items()}
    around = Around(load_codebooks(), places, OUTLINES, b"key", columns_of, list(aliases))
    sources = load_sources()
    claimed = [sources["station_ledger"], sources["station_checks"]]
    return clean_ledgers(claimed, {source.code: [FILE] for source in claimed}, lambda _: list(sheets), around)


def fates(result: Cleaned) -> list[tuple]:
    return (
        together(result.fates, FATES)
        .select("source_row", "fate", "column_name", "reason_code")
        .sort("source_row")
        .rows()
    )


def accounts(result: Cleaned) -> dict[str, tuple]:
    lines = together(result.ledger, LEDGER).drop("source_file_id").group_by("source_sheet").sum()
    return {row[0]: row[1:] for row in lines.rows()}


def replaced(row: tuple, **changes: str | None) -> tuple:
    """The row with other values under some headings."""
    return tuple(
        changes.get(heading.split("/")[-1], value) for heading, value in zip(LEDGER_HEADINGS, row, strict=True)
    )


def test_a_clean_row_becomes_a_station_its_services_and_its_hours():
    result = cleaned(text_table("驿站台账", LEDGER_HEADINGS, [EAST], notes=AS_OF))
    station = result.tables["clean.stations"].row(0, named=True)
    assert (station["station_id"], station["class_code"], station["grid_id"]) == ("QC-S001", "fixed", "QC-G1")
    assert (station["lon_raw"], station["datum"], station["as_of"]) == (116.4662, "gcj02", date(2023, 3, 31))
    assert abs(station["lon"] - 116.4600) < 2e-4  # GCJ-02 lies about 0.0062° east of WGS-84 here
    services = result.tables["clean.station_services"].select("service_code", "is_offered").rows()
    assert services == [("water", True), ("charging", None)]  # a blank tick is unknown, not no
    hours = result.tables["clean.station_hours"]
    assert hours.height == 7 and hours["access_mode_code"].unique().to_list() == ["scan_in"]
    assert accounts(result) == {"驿站台账": (1, 1, 0, 0, 0)}


def test_each_faulty_row_says_which_column_and_why():
    rows = [
        EAST,
        replaced(EAST, 编号="S002", 驿站名称="西门驿站", 经度="0", 纬度="0"),
        replaced(EAST, 编号="S003", 驿站名称="南门驿站", 驿站类别="没见过", 开放时间="看情况"),
        replaced(EAST, 编号="S004", 驿站名称="北门驿站", 座位数="-3"),
        EAST,
        replaced(EAST, 驿站名称="东门新驿站"),
        replaced(EAST, 编号=None),
    ]
    result = cleaned(text_table("驿站台账", LEDGER_HEADINGS, rows, notes=AS_OF))
    assert fates(result) == [
        (5, "rejected", "经度、纬度", "coordinates_zero"),
        (6, "rejected", "驿站类别", "unknown_code"),
        (6, "rejected", "开放时间", "bad_hours"),
        (7, "rejected", "座位数", "out_of_range"),
        (8, "duplicate", "驿站编号", "duplicate_row"),
        (9, "rejected", "驿站编号", "conflicting_key"),
        (10, "rejected", "编号", "missing_value"),
    ]
    assert accounts(result) == {"驿站台账": (7, 1, 1, 5, 0)}


def test_a_pair_in_one_cell_and_degrees_with_minutes_are_told_apart_from_bad_numbers():
    rows = [
        replaced(EAST, 经度="116.4662,39.9114", 纬度=None),
        replaced(EAST, 编号="S002", 纬度="39°54′41″"),
        replaced(EAST, 编号="S003", 经度="东边"),
        replaced(EAST, 编号="S004", 经度="39.9114", 纬度="116.4662"),
        replaced(EAST, 编号="S005", 经度=None),
    ]
    result = cleaned(text_table("驿站台账", LEDGER_HEADINGS, rows, notes=AS_OF))
    assert fates(result) == [
        (4, "rejected", "经度", "coordinates_packed"),
        (5, "rejected", "纬度", "coordinates_degrees"),
        (6, "rejected", "经度", "bad_number"),
        (7, "rejected", "经度、纬度", "coordinates_swapped"),
        (8, "rejected", "经度、纬度", "coordinates_half_missing"),
    ]


def test_coarse_coordinates_and_places_that_look_alike_are_said():
    rows = [replaced(EAST, 经度="116.466", 纬度="39.911"), replaced(EAST, 编号="S002", 经度="116.467")]
    result = cleaned(text_table("驿站台账", LEDGER_HEADINGS, rows, notes=AS_OF))
    said = together(result.notices, NOTICES).select("column_name", "reason_code", "n").rows()
    assert {("经度、纬度", "coordinates_coarse", 2), ("驿站名称", "repeated_name", 2)} <= set(said)
    assert fates(result) == []


def test_who_names_a_refused_station_is_told_to_mend_the_ledger():
    ledger = text_table(
        "驿站台账", LEDGER_HEADINGS, [EAST, replaced(EAST, 编号="S002", 驿站名称="西门驿站", 座位数="-3")], notes=AS_OF
    )
    checks = text_table(
        "检查记录", ("驿站名称", "检查日期", "服务检查/饮水"),
        [("东门", "2023-3-1", "达标"), ("西门驿站", "2023-3-1", "达标"), ("无名", "2023-3-1", "达标")], notes=AS_OF,
    )  # fmt: skip
    alias = {"kind": "station", "area_code": "QC", "alias": "东门", "local_code": "S001"}
    result = cleaned(ledger, checks, aliases=(alias,))
    said = [(row, reason) for row, _, column, reason in fates(result) if column == "驿站名称"]
    assert said == [(5, "station_refused"), (6, "unknown_station")]
    assert result.tables["clean.service_checks"].select("station_id", "status_code").rows() == [("QC-S001", "met")]


def test_a_hidden_sheet_is_set_aside_and_counted():
    hidden = text_table("旧表", ("编号",), [("S001",), ("S002",)], visibility="hidden")
    result = cleaned(text_table("驿站台账", LEDGER_HEADINGS, [EAST], notes=AS_OF), hidden)
    assert accounts(result)["旧表"] == (2, 0, 0, 0, 2)


def test_two_tables_on_one_sheet_are_each_accounted_for_once():
    first = text_table("驿站台账", LEDGER_HEADINGS, [EAST], notes=AS_OF)
    second = text_table(
        "驿站台账", LEDGER_HEADINGS, [replaced(EAST, 编号="S009", 座位数="-3")], first_row=20, notes=AS_OF
    )
    result = cleaned(first, second)
    assert accounts(result) == {"驿站台账": (2, 1, 0, 1, 0)}


def test_a_ledger_without_columns_to_tick_says_its_services_and_facilities_in_lists():
    headings = (*LEDGER_HEADINGS[:9], "服务内容", "配套设施")
    rows = [
        (*EAST[:9], "饮水、手机充电等", "微波炉2台、饮水机、按摩椅1台"),
        (*replaced(EAST, 编号="S002", 驿站名称="西门驿站")[:9], "饮水、飞行", None),
    ]
    result = cleaned(text_table("驿站台账", headings, rows, notes=AS_OF))
    services = result.tables["clean.station_services"].select("station_id", "service_code", "is_offered", "valid_from")
    assert services.rows() == [("QC-S001", code, True, date(2023, 3, 31)) for code in ("water", "charging")]
    facilities = result.tables["clean.facilities"].select("station_id", "facility_code", "n", "checked_on")
    assert facilities.rows() == [
        ("QC-S001", "microwave", 2, date(2023, 3, 31)), ("QC-S001", "water_dispenser", None, date(2023, 3, 31)),
    ]  # fmt: skip
    assert fates(result) == [(5, "rejected", "服务内容", "unknown_code")]
    noted = together(result.notices, NOTICES).select("column_name", "reason_code", "n").rows()
    assert ("服务内容", "list_incomplete", 1) in noted and ("配套设施", "unknown_code", 1) in noted


def test_a_list_that_contradicts_a_tick_refuses_the_row():
    headings = (*LEDGER_HEADINGS, "服务内容")
    rows = [(*replaced(EAST, 饮水="×"), "饮水、充电"), (*replaced(EAST, 编号="S002", 驿站名称="西门驿站"), "充电")]
    result = cleaned(text_table("驿站台账", headings, rows, notes=AS_OF))
    assert fates(result) == [(4, "rejected", "服务内容", "contradicting_columns")]
    services = result.tables["clean.station_services"].select("service_code", "is_offered").sort("service_code")
    assert services.rows() == [("charging", True), ("water", True)]  # the blank tick of charging is said by the list


def test_a_stroke_says_nothing_and_a_hyphen_denies():
    row = replaced(EAST, 座位数="/", 饮水="-", 手机充电="/")
    result = cleaned(text_table("驿站台账", LEDGER_HEADINGS, [row], notes=AS_OF))
    assert result.tables["clean.stations"]["seats"].to_list() == [None] and fates(result) == []
    services = result.tables["clean.station_services"].select("service_code", "is_offered").rows()
    assert services == [("water", False), ("charging", None)]


def test_what_is_said_beside_a_figure_is_noted_where_no_column_keeps_it():
    result = cleaned(text_table("驿站台账", LEDGER_HEADINGS, [replaced(EAST, 座位数="约10")], notes=AS_OF))
    assert ("座位数", "qualifier_dropped", 1) in [row[2:] for row in together(result.notices, NOTICES).rows()]


def test_serials_follow_the_date_system_of_their_workbook():
    headings = (*LEDGER_HEADINGS[:3], "启用日期")
    rows = [(*EAST[:3], "43464"), ("S002", "西门驿站", "固定", "2022-12-31"), ("S003", "南门驿站", "固定", "2023-1")]
    result = cleaned(text_table("驿站台账", headings, rows, notes=AS_OF, epoch_1904=True))
    opened = result.tables["clean.stations"].select("station_id", "opened_on").sort("station_id")
    assert opened.rows() == [("QC-S001", date(2022, 12, 31)), ("QC-S002", date(2022, 12, 31))]
    assert fates(result) == [(6, "rejected", "启用日期", "date_without_day")]


def test_row_totals_are_checked_on_the_way():
    headings = (*LEDGER_HEADINGS, "领用/一月", "领用/二月", "领用/合计")
    rows = [(*EAST, "1", "2", "3"), (*replaced(EAST, 编号="S002", 驿站名称="西门驿站"), "1", "2", "4")]
    result = cleaned(text_table("驿站台账", headings, rows, notes=AS_OF))
    (checks,) = result.totals
    assert checks.select("cell", "stated", "counted", "agrees").rows() == [("P4", 3, 3, True), ("P5", 4, 3, False)]
    assert checks["source_file_id"].unique().to_list() == [FILE.file_id]


def test_columns_nobody_asked_for_are_said_and_personal_ones_are_not_read():
    result = cleaned(text_table("驿站台账", LEDGER_HEADINGS, [EAST], notes=AS_OF))
    notices = together(result.notices, NOTICES).filter(pl.col("reason_code") == "unknown_column")
    assert notices["column_name"].to_list() == ["新列"]
    assert all("10000000001" not in frame.write_csv() for frame in result.tables.values())


def test_every_missing_column_is_said_at_once():
    with pytest.raises(PipelineError) as error:
        cleaned(text_table("驿站台账", ("名号", "经度"), [("a", "1")], notes=AS_OF))
    assert error.value.exit_code == 11
    assert [problem.code for problem in error.value.problems] == ["missing_required_column"] * 3


def test_a_ledger_without_a_date_is_refused():
    with pytest.raises(PipelineError) as error:
        cleaned(text_table("驿站台账", LEDGER_HEADINGS, [EAST]))
    assert [problem.code for problem in error.value.problems] == ["as_of_missing"]


def test_a_sheet_that_somebody_renamed_is_known_by_its_headings():
    checks = ("驿站名称", "检查日期", "服务检查/饮水")
    ledger = text_table("Sheet1", LEDGER_HEADINGS, [EAST], notes=AS_OF)
    result = cleaned(ledger, text_table("Sheet2", checks, [("东门驿站", "2023-3-1", "达标")], notes=AS_OF))
    assert accounts(result) == {"Sheet1": (1, 1, 0, 0, 0), "Sheet2": (1, 1, 0, 0, 0)}
    assert result.tables["clean.service_checks"].height == 1


def test_a_renamed_sheet_with_a_heading_missing_is_told_as_the_ledger_it_is():
    without = tuple("站点代号" if heading == "编号" else heading for heading in LEDGER_HEADINGS)
    with pytest.raises(PipelineError) as error:
        cleaned(text_table("Sheet1", without, [EAST], notes=AS_OF))
    (problem,) = error.value.problems
    assert problem.code == "missing_required_column" and "驿站编号" in problem.expected


def test_a_second_sheet_of_another_name_beside_the_named_one_is_unclaimed():
    ledger = text_table("驿站台账", LEDGER_HEADINGS, [EAST], notes=AS_OF)
    copy = text_table("驿站台账(旧)", LEDGER_HEADINGS, [EAST], notes=AS_OF)
    result = cleaned(ledger, copy)
    assert accounts(result)["驿站台账(旧)"] == (1, 0, 0, 0, 1)


def test_what_a_contract_knows_of_a_file_is_told_to_the_reader():
    seen = []

    def read(file, **told):
        seen.append(told)
        return [text_table("驿站台账", LEDGER_HEADINGS, [EAST], notes=AS_OF)]

    source = replace(load_sources()["station_ledger"], encoding="mac_roman", header_rows=(4, 5))
    columns_of = {name: [column.name for column in table.columns] for name, table in dictionary().items()}
    around = Around(load_codebooks(), Places(), {}, b"key", columns_of, [])
    clean_ledgers([source], {source.code: [FILE]}, read, around)
    assert seen == [{"encoding": "mac_roman", "header_rows": (4, 5)}]
