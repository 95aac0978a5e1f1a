"""Successive ledgers make validity periods: not seen is not closed, not said is not no, and a refused row ends nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean.ledgers import Around, Cleaned, clean_ledgers
from pipeline.clean.places.known_places import Places
from pipeline.contracts import load_codebooks, load_sources
from pipeline.contracts.deliveries import RawFile
from pipeline.readers import TextTable
from pipeline.warehouse.dictionary import tables as dictionary

WINTER, SPRING, SUMMER = date(2022, 12, 31), date(2023, 3, 31), date(2023, 5, 31)
HEADINGS = ("驿站编号", "驿站名称", "驿站类别", "座位数", "开放时间", "服务项目/饮水", "服务项目/手机充电")
S1 = ("S1", "东门驿站", "固定", "10", "8:00-20:00", "√", "×")
S2 = ("S2", "南门驿站", "社会", "4", "9:00-18:00", "√", "√")
BAD_S1 = ("S1", "东门驿站", "固定", "-3", "8:00-20:00", "√", "√")
BOOKS, SOURCE = load_codebooks(), load_sources()["station_ledger"]
COLUMNS_OF = {name: [column.name for column in table.columns] for name, table in dictionary().items()}
Ledger = tuple[RawFile, TextTable]


def ledger(
    as_of: date, *rows: tuple, area: str = "QC", headings: tuple[str, ...] = HEADINGS, file: str = "台账"
) -> Ledger:
    """One delivery with one sheet; its rows start at 4."""
    raw = RawFile(
        Path(f"{file}.xlsx"), f"{area}/{file}_{as_of}.xlsx", f"{area}/{file}_{as_of}.xlsx", area, "0" * 64, 1, False
    )
    frame = pl.DataFrame(rows, schema={f"c{i}": pl.String for i in range(len(headings))}, orient="row")
    numbers = pl.Series("source_row", range(4, 4 + len(rows)), dtype=pl.Int64)
    notes = {"填表日期": f"{as_of.year}年{as_of.month}月{as_of.day}日"}
    return raw, TextTable(raw.path, "驿站台账", headings, frame.with_columns(numbers), family="ledger", notes=notes)


def history(*ledgers: Ledger) -> Cleaned:
    """The ledgers, cleaned together in the order given."""
    read = {raw.file_id: [table] for raw, table in ledgers}
    around = Around(BOOKS, Places(), {}, b"key", COLUMNS_OF, [])
    return clean_ledgers([SOURCE], {SOURCE.code: [raw for raw, _ in ledgers]}, lambda raw: read[raw.file_id], around)


def periods(result: Cleaned, table: str = "clean.station_versions", station: str = "QC-S1") -> list[tuple]:
    """Start and end of a station's periods in a table, without repeats."""
    frame = result.tables[table].filter(pl.col("station_id") == station)
    return frame.select("valid_from", "valid_to").unique().sort("valid_from").rows()


def offered(result: Cleaned, service: str, station: str = "QC-S1") -> list[tuple]:
    frame = result.tables["clean.station_services"].filter(station_id=station, service_code=service)
    return frame.select("valid_from", "valid_to", "is_offered").sort("valid_from").rows()


TABLES = ("clean.station_versions", "clean.station_services", "clean.station_hours")


@pytest.mark.parametrize("table", TABLES)
def test_a_period_ends_the_day_before_the_next_ledger(table: str) -> None:
    result = history(ledger(WINTER, S1), ledger(SPRING, S1), ledger(SUMMER, S1))
    assert periods(result, table) == [
        (WINTER, date(2023, 3, 30)),
        (SPRING, date(2023, 5, 30)),
        (SUMMER, None),
    ]


@pytest.mark.parametrize("table", TABLES)
def test_a_station_missing_from_a_ledger_is_not_closed(table: str) -> None:
    gap = history(ledger(WINTER, S1, S2), ledger(SPRING, S2), ledger(SUMMER, S1, S2))
    assert periods(gap, table) == [(WINTER, date(2023, 5, 30)), (SUMMER, None)]
    gone = history(ledger(WINTER, S1, S2), ledger(SPRING, S2))
    assert periods(gone, table) == [(WINTER, None)]


@pytest.mark.parametrize("table", TABLES)
def test_a_refused_row_ends_nothing(table: str) -> None:
    result = history(ledger(WINTER, S1), ledger(SPRING, BAD_S1, S2))
    assert periods(result, table) == [(WINTER, None)]


def test_each_ledger_keeps_what_it_said_and_the_register_has_the_latest() -> None:
    moved = ("S1", "东门新驿站", "社会", "12", "8:00-20:00", "√", "×")
    result = history(ledger(SPRING, moved), ledger(WINTER, S1))
    versions = result.tables["clean.station_versions"].sort("as_of")
    assert versions.select("as_of", "source_code", "name", "class_code", "seats", "source_row").rows() == [
        (WINTER, "station_ledger", "东门驿站", "fixed", 10, 4),
        (SPRING, "station_ledger", "东门新驿站", "social", 12, 4),
    ]
    assert result.tables["clean.stations"].select("as_of", "name").rows() == [(SPRING, "东门新驿站")]


def test_a_service_whose_column_is_gone_is_unknown_from_then_on() -> None:
    result = history(ledger(WINTER, S1), ledger(SPRING, S1[:-1], headings=HEADINGS[:-1]))
    assert offered(result, "charging") == [(WINTER, date(2023, 3, 30), False), (SPRING, None, None)]
    assert offered(result, "water") == [(WINTER, date(2023, 3, 30), True), (SPRING, None, True)]


def test_a_ledger_without_any_service_column_says_nothing_of_services() -> None:
    result = history(ledger(WINTER, S1), ledger(SPRING, S1[:5], headings=HEADINGS[:5]))
    assert offered(result, "water") == [(WINTER, date(2023, 3, 30), True), (SPRING, None, None)]


def test_hours_left_blank_end_those_of_the_ledger_before() -> None:
    blank = (*S1[:4], None, *S1[5:])
    result = history(ledger(WINTER, S1), ledger(SPRING, blank))
    assert periods(result, "clean.station_hours") == [(WINTER, date(2023, 3, 30))]  # as services: not said from then on


def test_a_ledger_handed_in_twice_counts_once() -> None:
    result = history(ledger(WINTER, S1), ledger(SPRING, S1), ledger(SPRING, S1, file="台账_补交"))
    assert periods(result) == [(WINTER, date(2023, 3, 30)), (SPRING, None)]
    assert result.tables["clean.station_versions"].height == 2
    assert result.tables["clean.station_hours"].height == 14


def test_columns_in_another_order_and_empty_ones_left_out_make_no_other_row() -> None:
    blank = (*S1[:3], None, *S1[4:])
    turned = (*S1[:3], S1[4], S1[6], S1[5])
    headings = (*HEADINGS[:3], HEADINGS[4], HEADINGS[6], HEADINGS[5])
    result = history(ledger(SPRING, blank), ledger(SPRING, turned, headings=headings, file="台账_补交"))
    assert [fate for frame in result.fates for fate in frame["reason_code"]] == ["duplicate_row"]


def test_two_files_of_one_date_are_one_ledger() -> None:
    result = history(
        ledger(WINTER, S1), ledger(WINTER, S2, file="台账_二"), ledger(SPRING, S1), ledger(SPRING, S2, file="二")
    )
    assert periods(result) == periods(result, station="QC-S2") == [(WINTER, date(2023, 3, 30)), (SPRING, None)]


def test_areas_have_ledgers_of_their_own() -> None:
    result = history(
        ledger(WINTER, S1), ledger(SPRING, S1, area="HY"), ledger(SUMMER, S1), ledger(SUMMER, S2, area="HY")
    )
    assert periods(result) == [(WINTER, date(2023, 5, 30)), (SUMMER, None)]
    assert periods(result, station="HY-S1") == [(SPRING, None)]


def test_a_refused_row_is_told_by_its_code_or_its_name() -> None:
    nameless = ("S3", None, "固定", "10", "8:00-20:00", "√", "×")
    uncoded, unknown = (None, *S2[1:]), (None, "北门驿站", *S2[2:])
    result = history(ledger(WINTER, S1, S2), ledger(SPRING, BAD_S1, uncoded, nameless, unknown))
    refused = result.tables["audit.refused_places"].sort("source_row")
    assert refused.select("kind_code", "area_code", "as_of", "place_id", "source_row").rows() == [
        ("station", "QC", SPRING, "QC-S1", 4),
        ("station", "QC", SPRING, "QC-S2", 5),
        ("station", "QC", SPRING, "QC-S3", 6),
        ("station", "QC", SPRING, None, 7),
    ]


def test_a_row_refused_for_its_coordinates_is_told_too() -> None:
    headings = (*HEADINGS, "经度", "纬度")
    result = history(ledger(WINTER, (*S1, "0", "0"), (*S2, None, None), headings=headings))
    assert result.tables["audit.refused_places"]["place_id"].to_list() == ["QC-S1"]


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(5)))
def test_the_order_of_the_files_changes_nothing(order: list[int]) -> None:
    later = ("S1", "东门驿站", "社会", "10", None, None, "√")
    delivered = [
        ledger(WINTER, S1, S2), ledger(SPRING, BAD_S1, S2), ledger(SPRING, S2, file="台账_补交"),
        ledger(SUMMER, later[:-1], headings=HEADINGS[:-1]), ledger(SPRING, S1, area="HY"),
    ]  # fmt: skip
    assert told(history(*(delivered[i] for i in order))) == told(history(*delivered))


def told(result: Cleaned) -> dict[str, list[dict]]:
    """Every row of every table, as a set of dictionaries would be: without order of rows or columns."""
    return {
        name: sorted((dict(sorted(row.items())) for row in frame.to_dicts()), key=repr)
        for name, frame in result.tables.items()
    }
