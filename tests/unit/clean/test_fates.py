"""Every raw row is clean, duplicate, rejected or set aside, exactly once."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.clean.fates import FATES, balance, conform, fates_of, first_fates, notice, together


def fates(*rows):
    """Fates from (row, fate)."""
    frames = [
        fates_of(pl.DataFrame({"source_row": [row]}), file_id="f", sheet="s", fate=fate, reason="r")
        for row, fate in rows
    ]
    return together(frames, FATES)


def line(n_read, found):
    """The ledger line as clean, duplicate, rejected, set aside."""
    return (
        balance(n_read, found, file_id="f", sheet="s")
        .select("n_clean", "n_duplicate", "n_rejected", "n_set_aside")
        .row(0)
    )


def test_rows_without_a_fate_are_clean():
    assert line(5, fates()) == (5, 0, 0, 0)


def test_each_fate_is_counted():
    assert line(6, fates((1, "rejected"), (2, "duplicate"), (3, "set_aside"))) == (3, 1, 1, 1)


def test_a_row_with_several_faults_counts_once():
    assert line(6, fates((1, "rejected"), (1, "rejected"))) == (5, 0, 1, 0)


@pytest.mark.parametrize("order", [("rejected", "duplicate", "set_aside"), ("set_aside", "duplicate", "rejected")])
def test_rejected_counts_before_duplicate_before_set_aside(order):
    found = first_fates(fates(*((1, fate) for fate in order)))
    assert found["fate"].to_list() == ["rejected"]


def test_rows_of_two_sheets_are_not_confused():
    other = fates_of(pl.DataFrame({"source_row": [1]}), file_id="f", sheet="t", fate="rejected", reason="r")
    assert first_fates(together([fates((1, "rejected")), other], FATES)).height == 2


def test_fates_take_reason_and_column_from_the_rows_or_from_the_caller():
    rows = pl.DataFrame({"source_row": [4], "reason_code": ["bad_date"], "column_name": ["日期"]})
    assert fates_of(rows, file_id="f", sheet="", fate="rejected").select("reason_code", "column_name").row(0) == (
        "bad_date",
        "日期",
    )
    given = fates_of(rows, file_id="f", sheet="", fate="rejected", reason="bad_time", column="时间")
    assert given.select("reason_code", "column_name").row(0) == ("bad_time", "时间")


def test_conform_gives_exactly_the_columns_of_the_schema():
    assert conform(pl.DataFrame({"x": [1], "fate": ["rejected"]}), FATES).schema == pl.DataFrame(schema=FATES).schema


def test_a_notice_rejects_no_row():
    assert notice("f", "s", "unknown_column", "颜色").row(0) == ("f", "s", "颜色", "unknown_column", None)
