"""Whatever is wrong with a log: every row has a fate with a reason, or the file is refused; never a crash, never a silent drop."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipeline.errors import CONTRACT, FILE, PipelineError
from pipeline.logs.settings import limits
from tests.unit.logs.log_room import LOCK, Room, events

HEADER = "流水号,驿站编号,开门时间,手机号,人员类别,结果"
GOOD = "L{n},S001,2023-05-14 08:{minute:02d}:00,190{n:08d},快递,成功"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


@pytest.fixture(params=["whole", "in blocks"])
def reading(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways a file is read."""
    if request.param == "in blocks":
        monkeypatch.setitem(limits()["work"], "stream_bytes", 0)
        monkeypatch.setitem(limits()["work"], "block_rows", 20)
    return request.param


def good(n: int) -> bytes:
    return GOOD.format(n=n, minute=n % 60).encode()


def written(room: Room, name: str, lines: list[bytes]) -> object:
    """A delivery of these lines; one that does not end has no line end."""
    delivery = room.lock(name, [])
    delivery.path.write_bytes(b"\n".join([HEADER.encode(), *lines]))
    return delivery


def test_every_row_of_a_spoilt_log_has_a_fate(room: Room, reading: str) -> None:
    lines = [good(n) for n in range(400)]
    lines[10] = HEADER.encode()  # the header again: two files put together
    lines[20] = "L20,S001,2023-05-14 08:20:00,19000000020,快\0递,成功".encode()
    lines[30] = "L30,S001,2023-05-14 08:30:00,19000000030,快递,成功".encode("gb18030")
    lines[40] = "L40,S001,1970-01-01 08:00:00,19000000040,快递,成功".encode()
    lines[41] = "L41,S001,2999-01-01 08:00:00,19000000041,快递,成功".encode()
    lines[42] = "L42,S001,2023-05-14 08:42:00,19000000042,快递,成功,多出,来的".encode()
    lines[43] = b""
    lines[399] = b"L399,S001,2023-05-14 08:5"  # half a line at the end
    result = room.load(written(room, "a", lines))
    (line,) = result.ledger.rows(named=True)
    assert line["n_read"] == 399  # a blank line is no row
    assert line["n_read"] == sum(line[name] for name in ("n_clean", "n_duplicate", "n_rejected", "n_set_aside"))
    fates = dict(result.fates.select("source_row", "reason_code").rows())
    assert {row: fates[row] for row in (12, 22, 32, 42, 43, 44, 401)} == {
        12: "repeated_header", 22: "unreadable_row", 32: "unreadable_row", 42: "out_of_range", 43: "future_time",
        44: "ragged_row", 401: "unreadable_row",
    }  # fmt: skip
    assert events(result).height == line["n_clean"] == 392


def test_a_quote_that_never_closes_takes_its_own_line_only(room: Room, reading: str) -> None:
    lines = [good(n) for n in range(60)]
    lines[30] = 'L30,S001,"2023-05-14 08:30:00,19000000030,快递,成功'.encode()
    result = room.load(written(room, "a", [*lines, b""]))
    assert result.fates.select("source_row", "reason_code").rows() == [(32, "unreadable_row")]
    assert events(result).height == 59


def test_a_column_missing_in_one_of_two_hundred_files_is_told_before_anything_is_stored(
    room: Room, reading: str
) -> None:
    deliveries = [written(room, f"f{n:03d}", [good(n), good(n + 1000), b""]) for n in range(200)]
    bad = deliveries[137].path
    bad.write_text(bad.read_text(encoding="utf-8").replace("驿站编号", "哪个站"), encoding="utf-8")
    with pytest.raises(PipelineError) as caught:
        room.load(*deliveries)
    assert caught.value.exit_code == CONTRACT
    assert [(problem.where, problem.expected) for problem in caught.value.problems] == [("raw/f137.csv", "驿站编号")]
    assert not list(room.study.events.rglob("*.json"))


def test_a_packed_log_is_read_and_a_torn_one_refused(room: Room, reading: str) -> None:
    delivery = room.lock("a", [])
    packed = delivery.path.with_name("a.csv.gz")
    whole = gzip.compress(b"\n".join([HEADER.encode(), *(good(n) for n in range(60)), b""]))
    packed.write_bytes(whole)
    result = room.load(replace(delivery, path=packed))
    assert result.ledger.select("n_read", "n_clean").row(0) == (60, 60)
    packed.write_bytes(whole[:-20])
    with pytest.raises(PipelineError) as caught:
        room.load(replace(delivery, path=packed, source_file_id="b"))
    assert caught.value.exit_code == FILE and caught.value.problems[0].code == "zip_broken"


def test_a_log_without_a_good_row_keeps_its_account(room: Room, reading: str) -> None:
    delivery = written(room, "a", [b"L1,S999,?,1,?,?"] * 50 + [b""])
    result = room.load(delivery)
    assert (result.event_files, result.ledger.select("n_read", "n_rejected").row(0)) == ([], (50, 50))
    assert set(result.fates["reason_code"]) >= {"unknown_station", "bad_time"}
    assert room.load(delivery).n_reused == 1
    assert LOCK.grain == "entry" and result.fates["source_row"].n_unique() == 50
    assert isinstance(result.unknown, pl.DataFrame) and result.unknown["n_rows"].max() == 50
