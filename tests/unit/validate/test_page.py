"""The validation page tells what failed and what it means, in both languages, and shows no value."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline.errors import PipelineError
from pipeline.validate import failed_critical, write_page
from pipeline.validate.check import RESULTS
from pipeline.warehouse.load import load
from tests.unit.warehouse.empty import build_marts, empty_warehouse

RULE = {
    "table_name": "clean.stations", "column_name": "seats", "kind": "between", "why_zh": "座位数 <超出> 常理",
    "why_en": "an implausible number of seats", "observed": "3 / 60", "n_unexpected": 3, "passed": False,
}  # fmt: skip
RULES = [
    {**RULE, "rule_code": "b_warning", "severity": "warning"},
    {**RULE, "rule_code": "c_critical", "severity": "critical", "column_name": None, "kind": "rows_sql"},
    {**RULE, "rule_code": "a_passed", "severity": "critical", "passed": True, "observed": "0 / 60", "n_unexpected": 0},
]
FILE = {
    "source_file_id": "f",
    "path": "台账/a.xlsx",
    "sha256": "0",
    "bytes": 1,
    "family": "ledger",
    "is_simulated": True,
}
UNCLAIMED = {**FILE, "source_file_id": "g", "path": "杂项/通讯录<旧>.csv", "source_code": None}
NOTICES = [
    {"source_file_id": "g", "source_sheet": "", "column_name": None, "reason_code": "unclaimed_file", "n": None},
    {
        "source_file_id": "f",
        "source_sheet": "台账",
        "column_name": "备注<2> 13800000000",
        "reason_code": "unknown_column",
        "n": 3,
    },
    {"source_file_id": "f", "source_sheet": "台账", "column_name": None, "reason_code": "filled_cell", "n": 9},
    {
        "source_file_id": "f",
        "source_sheet": "台账",
        "column_name": "联系电话",
        "reason_code": "personal_dropped",
        "n": 1,
    },
]
REASONS = [
    {"reason_code": "bad_date", "label_zh": "日期不对", "label_en": "not a date"},
    {"reason_code": "unclaimed_file", "label_zh": "没有来源合同认领", "label_en": "nobody claims it"},
    {"reason_code": "unknown_column", "label_zh": "合同中没有的列", "label_en": "unknown column"},
]
LEDGER = {
    "source_file_id": "f",
    "source_sheet": "台账",
    "n_read": 12,
    "n_clean": 9,
    "n_duplicate": 1,
    "n_rejected": 2,
    "n_set_aside": 0,
}
FATE = {
    "source_file_id": "f",
    "source_sheet": "台账",
    "source_row": 7,
    "fate": "rejected",
    "column_name": "电话13800000000",
    "reason_code": "bad_date",
}
TOTAL = {
    "area_code": "QC", "measure_code": "stations", "label_zh": "驿站", "label_en": "stations", "value": 60.0, "qualifier": "eq",
    "source": "news", "as_of": date(2023, 5, 14),
}  # fmt: skip

CHECK = {
    "source_file_id": "f", "source_sheet": "台账", "source_row": 12, "column_name": "座位数<个>", "kind_code": "total",
    "cell": "F12", "stated": 1060.0, "qualifier": "approx", "counted": 61.5, "n_rows": 5, "agrees": False,
}  # fmt: skip
CHECKS = [CHECK, {**CHECK, "cell": "G12", "agrees": True}, {**CHECK, "cell": "H12", "agrees": None}]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(tmp_path_factory.mktemp("page"), RULES)


def written(folder: Path, rules: list[dict], *, is_simulated: bool = True) -> str:
    station = {
        "station_id": "QC-1", "area_code": "QC", "local_code": "1", "name": "绝密站名", "class_code": "fixed",
        "as_of": date(2023, 1, 1), "source_file_id": "f", "source_sheet": "", "source_row": 1,
    }  # fmt: skip
    winter, spring = date(2022, 12, 31), date(2023, 3, 31)
    said = {key: value for key, value in station.items() if key not in ("station_id", "as_of")}
    versions = [
        {**said, "station_id": f"QC-{n}", "source_code": "station_ledger", "as_of": day, "valid_from": day, **more}
        for day, n, more in [
            (winter, 1, {"seats": 5}), (winter, 2, {}), (winter, 3, {"address": "绝密地址"}),
            (spring, 1, {"seats": 6}), (spring, 3, {}), (spring, 4, {}),
        ]
    ]  # fmt: skip
    items = [{"list_code": "ledger_items", "code": code, "label_zh": zh, "label_en": code, "sort_order": i}
             for i, (code, zh) in enumerate([("address", "地址"), ("seats", "座位数")])]  # fmt: skip
    tables = {
        "ref.codes": pl.DataFrame(items),
        "clean.station_versions": pl.DataFrame(versions, infer_schema_length=None),
        "audit.rule_results": pl.DataFrame(rules, schema=RESULTS),
        "audit.source_files": pl.DataFrame([{**FILE, "source_code": "station_ledger"}, UNCLAIMED]),
        "audit.notices": pl.DataFrame(NOTICES),
        "audit.row_ledger": pl.DataFrame([LEDGER]),
        "audit.row_fates": pl.DataFrame([FATE]),
        "audit.reasons": pl.DataFrame(REASONS),
        "audit.total_checks": pl.DataFrame(CHECKS),
        "ref.published_totals": pl.DataFrame([TOTAL]),
        "clean.stations": pl.DataFrame([station]),
    }
    with empty_warehouse() as con:
        load(con, tables)
        build_marts(con)
        write_page(con, folder / "out" / "validation.html", is_simulated=is_simulated)
    return (folder / "out" / "validation.html").read_text(encoding="utf-8")


def test_critical_failures_come_first_and_say_why_in_both_languages(page: str) -> None:
    failures = page[: page.index("每一行的去向")]
    assert failures.index("c_critical") < failures.index("b_warning")
    assert "a_passed" not in failures
    assert "座位数 &lt;超出&gt; 常理" in page
    assert "an implausible number of seats" in page
    assert "3 of 60 rows" in failures


def test_the_verdict_follows_the_critical_rules(tmp_path: Path, page: str) -> None:
    assert "没有发布" in page
    assert "可以发布" in written(tmp_path, [RULES[0], RULES[2]])


def test_rows_are_accounted_for_with_reasons(page: str) -> None:
    cells = re.findall(r"<td[^>]*><span>(.*?)</span></td>", page)
    start = cells.index(" <code>station_ledger</code>")
    assert cells[start + 1 : start + 7] == ["1", "12", "9", "1", "2", "0"]
    assert "日期不对" in page


def test_files_nobody_claims_are_named_with_the_reason(page: str) -> None:
    part = page[page.index("没有读入的文件") : page.index("读入时的提示")]
    assert re.findall(r"<td[^>]*><span>(.*?)</span></td>", part)[0] == "杂项/通讯录&lt;旧&gt;.csv"
    assert "没有来源合同认领" in part and "台账/a.xlsx" not in part


def test_notices_worth_an_eye_say_file_sheet_column_reason_and_how_often(page: str) -> None:
    part = page[page.index("读入时的提示") : page.index("合计与明细对不上")]
    cells = re.findall(r"<td[^>]*><span>(.*?)</span></td>", part)
    reason = '合同中没有的列 <span class="en" lang="en">unknown column</span>'
    assert cells == ["台账/a.xlsx", "台账", "备注&lt;2&gt; …", reason, "3"]


def test_what_was_done_as_meant_is_no_notice(page: str) -> None:
    assert "filled_cell" not in page and "personal_dropped" not in page


def test_stations_are_counted_that_changed_since_the_ledger_before(page: str) -> None:
    part = page[page.index("与上一期台账相比") : page.index("没有读入的文件")]
    cells = re.findall(r"<td[^>]*><span>(.*?)</span></td>", part)
    counts = dict(
        zip(
            ("first", "first_read", "again", "not_seen", "refused", "otherwise", "more_or_less"),
            cells[5:12],
            strict=True,
        )
    )
    assert cells[2:5] == ["2022-12-31", "2023-03-31", "3"]
    assert counts == {"first": "1", "first_read": "0", "again": "0", "not_seen": "1", "refused": "0", "otherwise": "1",
                      "more_or_less": "1"}  # fmt: skip
    two = '{} <span class="en" lang="en">{}</span>'.format
    assert cells[12:] == [two("地址", "address"), "0", "0", "1", two("座位数", "seats"), "1", "0", "0"]
    assert "绝密地址" not in part


def test_a_total_that_its_rows_do_not_bear_out_is_named_by_its_cell(page: str) -> None:
    part = page[page.index("合计与明细对不上") : page.index("与公布数对照")]
    assert re.findall(r"<td[^>]*><span>(.*?)</span></td>", part) == [
        "台账/a.xlsx", "台账", "F12", "座位数&lt;个&gt;", '合计 <span class="en" lang="en">total</span>', "约 ≈ 1,060", "61.5", "5",
    ]  # fmt: skip
    assert "共 3 个：相符 1，不符 1，因明细无法识别而不能判断 1" in part


def test_totals_that_differ_show_both_figures(page: str) -> None:
    totals = page[page.index("与公布数对照") :]
    assert "口径或时点差异" in totals
    assert ">60 <" in totals
    assert "<span>1</span>" in totals
    assert "<span>-59</span>" in totals


def test_simulated_data_are_stamped(tmp_path: Path, page: str) -> None:
    stamp = "模拟数据，仅供演示，不得作为决策依据"
    assert stamp in page
    assert stamp not in written(tmp_path, RULES, is_simulated=False)


def test_no_value_and_no_heading_of_a_file_is_shown(page: str) -> None:
    assert "绝密站名" not in page
    assert "13800000000" not in page


def test_the_page_asks_nothing_of_the_network(page: str) -> None:
    assert not re.search(r"https?://|<script|<link|@import|src=", page)
    assert "default-src 'none'" in page


def test_a_page_that_cannot_be_written_is_a_plain_message(tmp_path: Path) -> None:
    (tmp_path / "out" / "validation.html").mkdir(parents=True)
    with pytest.raises(PipelineError) as caught:
        written(tmp_path, RULES)
    assert caught.value.exit_code == 10


def test_only_failed_critical_rules_stop_the_build() -> None:
    problems = failed_critical(pl.DataFrame(RULES, schema=RESULTS))
    assert [problem.where for problem in problems] == ["clean.stations (c_critical)"]
    assert problems[0].got == "3 / 60"
