"""Small logs counted by hand: what becomes of every row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import polars as pl
import pytest

from pipeline.contracts import Column, Table
from pipeline.errors import CONTRACT, FILE, PipelineError
from tests.unit.logs.log_room import LOCK, Room, events, faults

GOOD = ("L1", "S001", "2023-05-14 08:03:01", "19000000001", "快递员", "成功")


def lines(result) -> list[tuple]:
    return result.ledger.select(
        "source_file_id", "n_read", "n_clean", "n_duplicate", "n_rejected", "n_set_aside"
    ).rows()


def test_a_door_scan_becomes_an_entry(room: Room) -> None:
    result = room.load(room.lock("a", [GOOD]))
    row = events(result).row(0, named=True)
    assert row.pop("courier_key")
    assert row == {
        "event_id": "L1", "event_kind_code": "entry", "station_id": "QC-S001", "area_code": "QC", "service_code": None,
        "used_at": datetime(2023, 5, 14, 8, 3, 1), "user_group_code": "courier", "n_visits": 1, "n_persons": None,
        "duration_minutes": None, "outcome_code": "served", "source_file_id": "a", "source_sheet": "", "source_row": 2,
    }  # fmt: skip
    assert [(file.source_file_id, file.month_on, file.n_rows) for file in result.event_files] == [
        ("a", date(2023, 5, 1), 1)
    ]
    assert result.seen == {"a": ("table", "utf-8")}


def test_each_odd_row_of_a_door_log_has_its_fate(room: Room) -> None:
    rows = [
        GOOD,                                                                           # 2 clean
        ("L2", "S999", "2023-05-14 09:00:00", "19000000002", "骑手", "成功"),           # 3 no such station
        ("L3", "s002", "2023年5月14日 9时", "", "骑手", ""),                             # 4 clean: nobody named, outcome blank
        ("L4", "东门小站", "2023/5/14 9:30", "19000000003", "测试", "ok"),               # 5 clean by alias; group unknown
        ("L5", "S001", "昨天", "19000000004", "快递", "成功"),                           # 6 no time
        ("L6", "S001", "", "19000000005", "快递", "成功"),                               # 7 time missing
        ("L7", "", "2023-05-14 10:00:00", "19000000006", "快递", "成功"),                # 8 station missing
        ("L8", "S001", "2099-05-14 10:00:00", "19000000007", "快递", "成功"),            # 9 future
        ("L9", "S001", "1970-01-01 08:00:00", "19000000008", "快递", "成功"),            # 10 the clock fell back
        ("L10", "S003", "2023-05-09 23:59:59", "19000000009", "快递", "成功"),           # 11 before the station opened
        ("L11", "S003", "2023-05-10 00:00:00", "19000000010", "快递", "成功"),           # 12 clean: the first minute
        ("L12", "S999", "??", "19000000011", "快递", "爆炸"),                            # 13 three faults, one row
    ]  # fmt: skip
    result = room.load(room.lock("a", rows))
    assert faults(result) == [
        ("a", 3, "驿站编号", "unknown_station"),
        ("a", 6, "开门时间", "bad_time"),
        ("a", 7, "开门时间", "missing_value"),
        ("a", 8, "驿站编号", "missing_value"),
        ("a", 9, "开门时间", "future_time"),
        ("a", 10, "开门时间", "out_of_range"),
        ("a", 11, "开门时间", "before_opening"),
        ("a", 13, "开门时间", "bad_time"),
        ("a", 13, "结果", "unknown_code"),
        ("a", 13, "驿站编号", "unknown_station"),
    ]
    assert lines(result) == [("a", 12, 4, 0, 8, 0)]
    kept = events(result).select("source_row", "station_id", "user_group_code", "outcome_code").rows()
    assert kept == [
        (2, "QC-S001", "courier", "served"), (4, "QC-S002", "rider", "served"), (5, "QC-S001", "unknown", "served"),
        (12, "QC-S003", "courier", "served"),
    ]  # fmt: skip
    assert ("a", "人员类别", "unknown_code", 1) in result.notices.select(
        "source_file_id", "column_name", "reason_code", "n"
    ).rows()


def test_a_station_code_that_is_wrong_is_saved_by_the_name(room: Room) -> None:
    header = "流水号,驿站编号,驿站名称,开门时间"
    rows = [
        ("1", "S01", "东门 暖心驿站", "2023-05-14 08:00:00"),
        ("2", "S002", "不知道", "2023-05-14 08:00:00"),
        ("3", "X", "Y", "2023-05-14 08:00:00"),
    ]
    result = room.load(room.lock("a", rows, header=header))
    assert events(result)["station_id"].to_list() == ["QC-S001", "QC-S002"]
    assert faults(result) == [("a", 4, "驿站编号", "unknown_station")]


def test_uses_and_requests_come_from_utc_with_their_outcome(room: Room) -> None:
    base = {"st": "S001", "svc": "饮水", "openid": "oA", "ut": "courier", "min": 12}
    rows = [
        base | {"id": "u1", "ev": "use", "ts": "2023-05-31T16:00:00Z", "res": "ok"},
        base | {"id": "u2", "ev": "request", "ts": "2023-05-31T15:59:59Z", "res": "out_of_stock"},
        base | {"id": "u3", "ev": "request", "ts": "2023-05-31T14:00:00Z"},                     # a request needs its outcome
        base | {"id": "u4", "ev": "use", "ts": "2023-05-30T14:00:00Z", "svc": "svc_old"},       # unknown service
        base | {"id": "u5", "ev": "use", "ts": "2023-05-29T14:00:00Z", "svc": "/"},             # "not said"
        base | {"id": "u6", "ev": "entry", "ts": "2023-05-28T14:00:00Z", "svc": "svc_old"},     # a door scan has no service
        base | {"id": "u7", "ev": "flight", "ts": "2023-05-27T14:00:00Z"},
        base | {"id": "u8", "ev": "use", "ts": 1684022581000, "min": "1小时20分"},
        base | {"id": "u9", "ev": "use", "ts": "2023-05-26T14:00:00Z", "min": 3000},
    ]  # fmt: skip
    result = room.load(room.app("b", rows))
    assert faults(result) == [
        ("b", 3, "res", "missing_value"), ("b", 4, "svc", "unknown_code"), ("b", 5, "svc", "missing_value"),
        ("b", 7, "ev", "unknown_code"), ("b", 9, "min", "out_of_range"),
    ]  # fmt: skip
    kept = (
        events(result)
        .select("event_id", "event_kind_code", "service_code", "used_at", "outcome_code", "duration_minutes")
        .rows()
    )
    assert kept == [
        ("u1", "use", "water", datetime(2023, 6, 1), "served", 12.0),
        ("u2", "request", "water", datetime(2023, 5, 31, 23, 59, 59), "stocked_out", 12.0),
        ("u6", "entry", None, datetime(2023, 5, 28, 22), "served", 12.0),
        ("u8", "use", "water", datetime(2023, 5, 14, 8, 3, 1), "served", 80.0),
    ]
    assert [file.month_on for file in result.event_files] == [date(2023, 5, 1), date(2023, 6, 1)]


def test_a_paper_register_counts_persons_and_joins_day_and_time(room: Room) -> None:
    rows = [
        ("东门暖心驿站", "2023-05-14", "8:03", "张三", "190 0000 0001", "环卫", "喝水", "3人", "谢谢"),
        ("东门暖心驿站", "2023-05-14", "", "", "", "骑手", "充电", "", ""),
        ("东门暖心驿站", "2023-05-14", "上午", "", "", "骑手", "充电", "1", ""),
        ("东门暖心驿站", "上周三", "8:03", "", "", "骑手", "充电", "1", ""),
        ("东门暖心驿站", "2023-05-14", "9:03", "", "", "骑手", "充电", "-3", ""),
        ("东门暖心驿站", "2023-05-14", "9:03", "", "", "骑手", "充电", "501", ""),
        ("东门暖心驿站", "2023-05-14", "9:03", "", "", "骑手", "充电", "几个", ""),
        ("东门暖心驿站", "2023-05-14", "9:04", "", "", "骑手", "充电", "２", ""),
    ]
    result = room.load(room.register("c", rows))
    assert faults(result) == [
        ("c", 4, "时间", "bad_time"), ("c", 5, "日期", "bad_time"), ("c", 6, "人数", "out_of_range"),
        ("c", 7, "人数", "out_of_range"), ("c", 8, "人数", "bad_number"),
    ]  # fmt: skip
    kept = events(result).select("used_at", "user_group_code", "service_code", "n_visits", "n_persons").rows()
    assert kept == [
        (datetime(2023, 5, 14, 8, 3), "other_outdoor", "water", 3, 3),  # three people came: three visits
        (datetime(2023, 5, 14), "rider", "charging", 1, None),
        (datetime(2023, 5, 14, 9, 4), "rider", "charging", 2, 2),
    ]
    assert ("no_time_of_day", 1) in result.notices.select("reason_code", "n").rows()


def test_a_lone_time_after_the_files_body_is_not_believed(room: Room) -> None:
    body = [(f"L{i}", "S001", f"2023-0{3 + i % 3}-1{i % 9} 08:00:{i:02d}", "", "", "") for i in range(30)]
    late = [("X1", "S001", "2023-06-30 08:00:00", "", "", ""), ("X2", "S001", "2024-05-14 08:00:00", "", "", "")]
    result = room.load(room.lock("a", body + late))
    assert faults(result) == [("a", 33, "开门时间", "future_time")]


def test_nothing_is_later_than_the_day_of_the_build_and_another_day_judges_anew(room: Room) -> None:
    rows = [(f"L{i}", "S001", f"2023-05-1{i} 08:00:00", "", "", "") for i in range(1, 6)]
    delivery = room.lock("a", rows)
    early = room.load(delivery, today=date(2023, 5, 12))
    assert faults(early) == [("a", 5, "开门时间", "future_time"), ("a", 6, "开门时间", "future_time")]
    kept = {path: path.read_bytes() for path in early.files}
    later = room.load(delivery, today=date(2023, 5, 20))
    assert later.fates.is_empty() and later.n_months_built == 1  # its counts and duplicates too
    assert {path: path.read_bytes() for path in kept} == kept  # what the earlier build means stands as it was
    again = room.load(delivery, today=date(2023, 5, 21))
    assert (again.n_reused, again.event_files) == (1, later.event_files)


def test_all_missing_columns_of_all_files_are_told_at_once_and_nothing_is_stored(room: Room) -> None:
    first = room.lock("a", [("1", "2023-05-14 08:00:00")], header="流水号,时刻")
    second = room.app("b", [{"id": "u1", "ts": "2023-05-14T00:00:00Z"}])
    with pytest.raises(PipelineError) as caught:
        room.load(first, second, room.lock("c", [GOOD]))
    assert caught.value.exit_code == CONTRACT
    assert sorted((problem.where, problem.expected) for problem in caught.value.problems) == [
        ("raw/a.csv", "开门时间"), ("raw/a.csv", "驿站编号"), ("raw/b.jsonl", "st"), ("raw/b.jsonl", "svc"),
    ]  # fmt: skip
    assert {problem.got for problem in caught.value.problems} == {"流水号、时刻", "id、ts"}
    assert not room.study.events.exists()


def test_an_unreadable_file_is_told_together_with_the_others(room: Room) -> None:
    broken = room.lock("a", [GOOD])
    broken.path.write_bytes(b"")
    with pytest.raises(PipelineError) as caught:
        room.load(broken, room.lock("b", [("1", "x")], header="流水号,时刻"))
    assert caught.value.exit_code == FILE
    assert len(caught.value.problems) == 3


def test_a_closed_list_stops_the_run_naming_rows_not_values(room: Room) -> None:
    closed = tuple(
        replace(column, on_unknown="stop") if column.name == "outcome" else column for column in LOCK.columns
    )
    rows = [GOOD, (*GOOD[:5], "秘密写法")]
    with pytest.raises(PipelineError) as caught:
        room.load(room.lock("a", rows, columns=closed))
    assert caught.value.exit_code == CONTRACT
    assert "结果" in str(caught.value) and "3" in caught.value.problems[0].got and "秘密" not in str(caught.value)


def test_a_log_of_one_service_names_it_in_the_contract(room: Room) -> None:
    tables = (Table("clean.service_events", {}, {"service_code": "water", "user_group_code": "rider"}),)
    columns = tuple(column for column in LOCK.columns if column.name not in ("user_group", "outcome"))
    result = room.load(room.lock("a", [GOOD], tables=tables, columns=columns, grain="use"))
    assert events(result).select("service_code", "user_group_code", "outcome_code").rows() == [
        ("water", "rider", "served")
    ]


def test_a_contract_sets_its_own_range(room: Room) -> None:
    columns = (*LOCK.columns, Column("n_visits", ("人次",), min=2, max=9))
    rows = [(*GOOD, "1"), ("L2", *GOOD[1:], "9")]
    result = room.load(
        room.lock("a", rows, header="流水号,驿站编号,开门时间,手机号,人员类别,结果,人次", columns=columns)
    )
    assert faults(result) == [("a", 2, "人次", "out_of_range")]
    assert events(result)["n_visits"].to_list() == [9]


def test_no_logs_and_no_register_are_no_reason_to_fail(room: Room) -> None:
    empty = room.load()
    assert (empty.event_files, empty.ledger.height, empty.fates.height) == ([], 0, 0)
    unknown = room.load(room.lock("a", [GOOD]), stations=pl.DataFrame())
    assert lines(unknown) == [("a", 1, 0, 0, 1, 0)]


def test_two_contracts_for_one_file_are_refused(room: Room) -> None:
    delivery = room.lock("a", [GOOD])
    with pytest.raises(PipelineError) as caught:
        room.load(delivery, replace(delivery, source=replace(delivery.source, code="other")))
    assert caught.value.exit_code == CONTRACT and caught.value.problems[0].got == "lock, other"


def test_hidden_and_foreign_sheets_of_a_register_are_set_aside(room: Room) -> None:
    import xlsxwriter

    delivery = room.register("c", [])
    path = delivery.path.with_suffix(".xlsx")
    head = ["驿站", "日期", "时间", "服务项目"]
    sheets = {
        "登记": [head, ["S001", "2023-05-14", "8:03", "喝水"], ["S001", "2023-05-14", "8:05", "充电"]],
        "旧表": [head, ["S001", "2022-05-14", "8:03", "喝水"]],
        "说明": [["名目", "说法"], ["一", "甲"], ["二", "乙"]],
    }
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name == "旧表":
                sheet.hide()
    result = room.load(replace(delivery, path=path))
    ledger = result.ledger.select("source_sheet", "n_read", "n_clean", "n_set_aside").sort("source_sheet").rows()
    assert ledger == [("旧表", 1, 0, 1), ("登记", 2, 2, 0), ("说明", 2, 0, 2)]
    assert sorted(set(result.fates["reason_code"])) == ["hidden_sheet", "unclaimed_sheet"]
    assert events(result)["source_sheet"].unique().to_list() == ["登记"]
