"""Streamed logs: two years of files that agree with the stations, the people and the truth written beside them."""

import csv
import io
import json
from collections import Counter
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from pipeline.simulate.defects import Record
from pipeline.simulate.stream import build_model, stream_logs
from pipeline.simulate.stream.block import make_block

SEED, ROWS = 7, 30_000
APART = timedelta(minutes=9)  # ten minutes by the clock of the minute: nine and some seconds


def months(prefix):
    return [prefix.format(f"{year}-{month:02d}") for year in (2021, 2022, 2023) for month in range(1, 13)
            if (2021, 6) <= (year, month) <= (2023, 5)]  # fmt: skip


def scans_of(path):
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("gbk"), newline="")))


@pytest.fixture(scope="module")
def scans(streamed):
    return {path.name: scans_of(path) for path in sorted((streamed[0] / "门禁").iterdir())}


@pytest.fixture(scope="module")
def events(streamed):
    """Lines of every month, torn ones as text."""
    found = {}
    for path in sorted((streamed[0] / "小程序").iterdir()):
        lines = path.read_text(encoding="utf-8").splitlines()
        found[path.name] = [json.loads(line) if line.endswith("}") else line for line in lines]
    return found


def test_every_month_of_two_years_has_both_files_and_april_2023_a_second_one(scans, events):
    assert sorted(scans) == sorted([*months("门禁开门记录_{}.csv"), "门禁开门记录_2023-04_补传.csv"])
    assert sorted(events) == months("events_{}.jsonl")


def test_about_as_many_rows_are_written_as_were_wanted(scans, events):
    n_scans, n_events = (sum(len(rows) for rows in logs.values()) for logs in (scans, events))
    assert 0.93 * ROWS < n_scans + n_events < 1.07 * ROWS
    assert min(n_scans, n_events) > 0.25 * ROWS


def test_the_truth_counts_the_lines_of_every_file(streamed, scans, events):
    written = {f"门禁/{name}": len(rows) for name, rows in scans.items()}
    written |= {f"小程序/{name}": len(rows) for name, rows in events.items()}
    assert streamed[1].lines == {name: n for name, n in written.items() if n}


def faults_of_scans(name, rows, opened):
    def before_opening(row):
        at = row["开门时间"]
        return at[:2] == "20" and at < "2099" and at[:10] < opened.get(row["驿站编号"], "")

    lines = Counter(row["流水号"] for row in rows)
    kinds = {
        ("开门时间", "future_time"): sum(row["开门时间"].startswith("2099") for row in rows),
        ("开门时间", "bad_time"): sum(row["开门时间"] == "0000-00-00 00:00:00" for row in rows),
        ("驿站编号", "unknown_station"): sum(row["驿站名称"] == "未登记点位" for row in rows),
        ("人员类别", "kept_as_unknown"): sum(row["人员类别"] == "测试人员" for row in rows),
        ("开门时间", "before_opening"): sum(before_opening(row) for row in rows),
        ("", "duplicate_row"): sum(n - 1 for n in lines.values()),
    }
    if "补传" in name:
        kinds = {("", "resent_batch"): len(rows)}
    return {(f"门禁/{name}", *kind): n for kind, n in kinds.items() if n}


def faults_of_events(name, rows):
    whole = [row for row in rows if isinstance(row, dict)]
    kinds = {
        ("", "unreadable_row"): len(rows) - len(whole),
        ("svc", "unknown_code"): sum(row["svc"] == "svc_old_17" for row in whole),
        ("ts", "future_time"): sum(row["ts"].startswith("2099") for row in whole),
        ("st", "unknown_station"): sum(row["st"] == "S777" for row in whole),
        ("id", "duplicate_row"): len(whole) - len({row["id"] for row in whole}),
    }
    return {(f"小程序/{name}", *kind): n for kind, n in kinds.items() if n}


def test_every_fault_in_the_files_is_counted_in_the_truth_and_none_besides(streamed, scans, events, world):
    opened = {code: str(day) for code, day in world.stations.table.select("local_code", "opened_on").iter_rows()}
    found = {}
    for name, rows in scans.items():
        found |= faults_of_scans(name, rows, opened)
    for name, rows in events.items():
        found |= faults_of_events(name, rows)
    assert found == streamed[1].defects
    kinds = {code for _, _, code in found}
    assert len(kinds) == 9, "every kind of fault of the small logs occurs"


def test_rows_sent_again_stand_in_the_month_they_repeat(scans):
    april = {tuple(row.values()) for row in scans["门禁开门记录_2023-04.csv"]}
    again = scans["门禁开门记录_2023-04_补传.csv"]
    assert again and all(tuple(row.values()) in april for row in again)


def test_numbers_of_rows_run_on_from_month_to_month(scans, events):
    numbers = sorted({int(row["流水号"][1:]) for rows in scans.values() for row in rows})
    assert numbers == list(range(len(numbers)))
    uses = [row["id"] if isinstance(row, dict) else row[7:15] for rows in events.values() for row in rows]
    assert sorted({int(text[1:]) for text in uses}) == list(range(len(set(uses))))


def test_scans_come_in_the_order_of_time_within_their_month(scans):
    for name, rows in scans.items():
        times = [row["开门时间"] for row in rows if row["开门时间"][:2] == "20" and row["开门时间"] < "2099"]
        assert times == sorted(times)
        assert {at[:7] for at in times} <= {name[7:14]}


def test_nobody_scans_again_within_minutes_unless_the_line_is_repeated(scans):
    last = {}
    for name, rows in scans.items():
        for row in rows if "补传" not in name else []:
            if not row["手机号"] or not "20" <= row["开门时间"][:2] < "21" or row["开门时间"] > "2099":
                continue
            at, number = datetime.fromisoformat(row["开门时间"]), row["流水号"]
            before = last.get(row["手机号"])
            assert before is None or before[1] == number or at - before[0] >= APART, row["流水号"]
            last[row["手机号"]] = (at, number)


def test_all_that_was_asked_for_is_in_the_truth_and_more_than_was_logged(streamed, events, world):
    ids = [f"QC-{code}" for code in world.stations.table["local_code"]]
    use = streamed[1].use_table(world, ids)
    assert use["month_on"].unique().sort().to_list() == months("{}-01")
    assert use["n_asked"].sum() > 2 * sum(len(rows) for rows in events.values())
    month = use.group_by("service_code", pl.col("month_on").str.slice(5, 2)).agg(pl.col("n_asked").sum())
    asked = {(code, number): n for code, number, n in month.iter_rows()}
    assert asked["cool", "07"] > 5 * asked["cool", "01"] and asked["warm", "01"] > 2 * asked["warm", "07"]


def test_the_same_rows_and_generator_give_the_same_bytes(world, streamed, tmp_path):
    stream_logs(world, Record(tmp_path, "QC", ""), ROWS, np.random.default_rng(SEED))
    for path in sorted(streamed[0].rglob("*.*")):
        assert (tmp_path / path.relative_to(streamed[0])).read_bytes() == path.read_bytes(), path.name


def test_more_rows_bring_more_people_and_nobody_comes_all_day(world):
    _, few = build_model(world, 300_000, np.random.default_rng(1))
    timeline, many = build_model(world, 3_000_000, np.random.default_rng(1))
    assert many.crowd.size.sum() > 5 * few.crowd.size.sum()
    block = make_block(many, timeline.n_days - 1, timeline.n_days, np.random.default_rng(2))
    days = np.bincount(block.lock["person"])
    assert days.max() <= 8
    frame = block.lock["person"] < world.people.table.height
    usual = world.assumptions["visits"]["mean_per_station_day"] * world.stations.n
    assert 0 < frame.sum() < 3 * usual < block.lock["person"].size


def test_progress_tells_months_and_rows_where_nobody_has_a_terminal(world, tmp_path, capsys):
    stream_logs(world, Record(tmp_path, "QC", ""), 3000, np.random.default_rng(SEED), watched=True)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[0] for line in lines] == months("{}")
    assert all("3,000 行" in line for line in lines)
