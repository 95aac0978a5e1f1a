"""Random ledgers with planted faults: every fault is found, every other row is clean and equal to the truth, none is lost."""

from __future__ import annotations

import io
from datetime import date
from itertools import count
from pathlib import Path

import polars as pl
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.clean.fates import FATES, LEDGER, together
from pipeline.clean.ledgers import Around, Cleaned, clean_ledgers
from pipeline.clean.places.known_places import Places
from pipeline.contracts import load_codebooks, load_sources
from pipeline.contracts.deliveries import RawFile
from pipeline.readers import read_file
from pipeline.warehouse.dictionary import tables as dictionary

SOURCES, BOOKS = load_sources(), load_codebooks()
COLUMNS_OF = {name: [column.name for column in table.columns] for name, table in dictionary().items()}
PLAIN = ("序号", "驿站编号", "驿站名称", "驿站类别", "座位数", "面积（㎡）", "启用日期", "开放时间", "备注")
WIDE = ("服务项目/饮水", "服务项目/手机充电", "服务项目/热饭")
CLASSES = {"固定阵地": "fixed", "整合式阵地": "integrated", "社会化阵地": "social", "固定": "fixed"}
SEATS = {"4": 4, "12个": 12, "约20": 20, "０": 0, "": None}
AREAS = {"12㎡": 12.0, "33.5": 33.5, "约20": 20.0, "": None}
DAYS = {
    "2022-03-05": date(2022, 3, 5), "2021年5月4日": date(2021, 5, 4), "2022.7.11": date(2022, 7, 11),
    "44700": date(2022, 5, 19), "": None,
}  # fmt: skip
HOURS = {"8:00-20:00": 7, "周一至周五9:00-18:00，周末休息": 5, "24小时": 7, "8:30—11:30、13:00–17:30": 14, "": 0}
TICKS = {"√": True, "有": True, "1": True, "×": False, "无": False, "否": False, "": None}
FAULTS = (
    ("驿站名称", "", "missing_value"), ("驿站编号", "", "missing_value"), ("驿站类别", "飞行阵地", "unknown_code"),
    ("驿站类别", "", "missing_value"), ("座位数", "-3", "out_of_range"), ("座位数", "很多", "bad_number"),
    ("面积（㎡）", "99999", "out_of_range"), ("启用日期", "去年夏天", "bad_date"), ("开放时间", "看情况", "bad_hours"),
    ("服务项目/饮水", "也许", "bad_tick"),
)  # fmt: skip


def pick(values: dict):
    return st.sampled_from(list(values))


RECORD = st.fixed_dictionaries(
    {"驿站类别": pick(CLASSES), "座位数": pick(SEATS), "面积（㎡）": pick(AREAS), "启用日期": pick(DAYS), "开放时间": pick(HOURS)}
    | {heading: pick(TICKS) for heading in WIDE}
)  # fmt: skip
ROW = st.tuples(
    RECORD, st.sets(st.sampled_from(FAULTS), max_size=2), st.sampled_from(["once"] * 5 + ["twice", "other"])
)
LAYOUT = st.fixed_dictionaries(
    {"title": st.booleans(), "order": st.permutations(PLAIN), "wide_first": st.booleans(), "total": st.booleans(),
     "remark": st.booleans(), "blank_after": st.integers(0, 5)}
)  # fmt: skip


class Sheet:
    """One ledger on its way to a workbook: its lines, and what must become of each record."""

    def __init__(self, layout: dict, rows: list) -> None:
        self.plain = list(layout["order"])
        self.headings = [*WIDE, *self.plain] if layout["wide_first"] else [*self.plain, *WIDE]
        self.lines: list[list[str]] = []
        self.faults: set[tuple] = set()
        self.fates: dict[int, str] = {}
        self.truth: dict[str, dict] = {}
        self.layout = layout
        self.at = count(5)  # title, notes and two heading rows stand above
        for number, (record, faults, times) in enumerate(rows, start=1):
            self.record(number, record, {fault[0]: fault for fault in faults}, times)

    def record(self, number: int, record: dict, faults: dict, times: str) -> None:
        cells = record | {"序号": str(number), "驿站编号": f"S{number:03d}", "驿站名称": f"第{number}驿站", "备注": ""}
        row = self.line(cells | {heading: fault[1] for heading, fault in faults.items()})
        self.faults |= {(row, heading, reason) for heading, (_, _, reason) in faults.items()}
        if faults:
            self.fates[row] = "rejected"
            return
        self.truth[f"QC-S{number:03d}"] = cells
        if times == "twice":
            self.fates[self.line(cells)] = "duplicate"
        elif times == "other":
            self.fates[self.line(cells | {"驿站名称": f"另一个{number}驿站"})] = "rejected"

    def line(self, cells: dict) -> int:
        if len(self.lines) == self.layout["blank_after"]:
            self.lines.append([])
            next(self.at)
        self.lines.append([cells[heading] for heading in self.headings])
        return next(self.at)

    def workbook(self) -> bytes:
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"strings_to_numbers": False}) as book:
            sheet = book.add_worksheet("驿站台账")
            sheet.merge_range(0, 0, 0, len(self.headings) - 1, "驿站台账" if self.layout["title"] else "台 账")
            sheet.write(1, 0, "填报单位：甲街道　填表日期：2023年3月31日")
            first = self.headings.index(WIDE[0])
            sheet.merge_range(2, first, 2, first + len(WIDE) - 1, "服务项目")
            for column, heading in enumerate(self.headings):
                if "/" in heading:
                    sheet.write(3, column, heading.split("/")[1])
                else:
                    sheet.merge_range(2, column, 3, column, heading)
            for place, line in enumerate(self.lines, start=4):
                sheet.write_row(place, 0, line)
            below = 4 + len(self.lines)
            if self.layout["total"]:
                sheet.write(below, 0, "合计")
                self.fates[below + 1] = "set_aside"
                below += 1
            if self.layout["remark"]:
                sheet.write(below, 0, "备注：本表每季度报送一次。")
                self.fates[below + 1] = "set_aside"
        return buffer.getvalue()


def cleaned(path: Path) -> Cleaned:
    around = Around(BOOKS, Places(), {}, b"key", COLUMNS_OF, [])
    file = RawFile(path, path.name, path.name, "QC", "0" * 64, 1, False)
    source = SOURCES["station_ledger"]
    return clean_ledgers([source], {source.code: [file]}, lambda _: read_file(path), around)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(layout=LAYOUT, rows=st.lists(ROW, min_size=3, max_size=12))
def test_every_planted_fault_is_found_and_every_other_row_is_the_truth(tmp_path, layout, rows):
    sheet = Sheet(layout, rows)
    path = tmp_path / "台账.xlsx"
    path.write_bytes(sheet.workbook())
    result = cleaned(path)
    found = together(result.fates, FATES)
    assert sheet.faults <= set(found.select("source_row", "column_name", "reason_code").rows())
    assert dict(found.select("source_row", "fate").rows()) == sheet.fates
    n = together(result.ledger, LEDGER).select(pl.exclude("source_file_id", "source_sheet").sum()).row(0, named=True)
    n_lines = sum(bool(line) for line in sheet.lines) + layout["total"] + layout["remark"]
    assert n["n_read"] == n_lines == n["n_clean"] + n["n_duplicate"] + n["n_rejected"] + n["n_set_aside"]
    check_truth(result, sheet.truth)


def check_truth(result: Cleaned, truth: dict[str, dict]) -> None:
    """Clean tables hold exactly what the clean rows say."""
    stations = {row["station_id"]: row for row in result.tables["clean.stations"].iter_rows(named=True)}
    assert stations.keys() == truth.keys()
    offered = {
        (row["station_id"], row["service_code"]): row["is_offered"]
        for row in result.tables["clean.station_services"].iter_rows(named=True)
    }
    hours = result.tables["clean.station_hours"].group_by("station_id").len()
    n_hours = dict(hours.iter_rows())
    for station_id, said in truth.items():
        row = stations[station_id]
        assert row["class_code"] == CLASSES[said["驿站类别"]] and row["seats"] == SEATS[said["座位数"]]
        assert row["area_m2"] == AREAS[said["面积（㎡）"]] and row["opened_on"] == DAYS[said["启用日期"]]
        assert n_hours.get(station_id, 0) == HOURS[said["开放时间"]]
        for heading, code in zip(WIDE, ("water", "charging", "meal_heating"), strict=True):
            assert offered[station_id, code] == TICKS[said[heading]]
