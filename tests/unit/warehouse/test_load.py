"""Frames arrive by column name; what only a bug can cause is refused in names and counts."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline.warehouse.load import EventFile, LoadError, create, load
from tests.unit.warehouse.empty import empty_warehouse

AREA = {"area_code": "QC", "label_zh": "晴川", "label_en": "Qingchuan", "tz": "Asia/Shanghai"}
EVENT = {
    "event_id": "e1", "event_kind_code": "use", "station_id": "QC-S001", "area_code": "QC", "service_code": "water",
    "used_at": datetime(2023, 5, 1, 10), "user_group_code": "rider", "courier_no": 0x0123456789ABCDE, "n_visits": 1,
    "n_persons": None, "duration_minutes": 5.0, "outcome_code": "served", "source_file_id": "f1", "source_sheet": "",
    "source_row": 2,
}  # fmt: skip
TYPES = {
    "used_at": pl.Datetime("us"), "n_visits": pl.Int32, "n_persons": pl.Int32, "source_row": pl.Int32,
    "duration_minutes": pl.Float64, "courier_no": pl.Int64,
}  # fmt: skip


def event_file(folder: Path, rows: list[dict], name: str = "events/a.parquet") -> EventFile:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = {column: TYPES.get(column, pl.String) for column in EVENT}
    pl.DataFrame(rows, schema=schema).write_parquet(path)
    return EventFile(path, "f1", date(2023, 5, 1), len(rows))


def test_columns_are_matched_by_name_and_missing_ones_become_null() -> None:
    with empty_warehouse() as con:
        load(
            con,
            {
                "ref.codes": pl.DataFrame(
                    [{"sort_order": 1, "code": "water", "label_en": "Water", "label_zh": "水", "list_code": "services"}]
                )
            },
        )
        assert con.execute("select * from ref.codes").fetchall() == [("services", "water", "水", "Water", None, 1)]
        assert con.execute("select service_code from ref.services").fetchall() == [("water",)]


def test_an_empty_frame_loads_nothing() -> None:
    with empty_warehouse() as con:
        load(con, {"ref.areas": pl.DataFrame(schema=dict.fromkeys(AREA, pl.String))})
        assert con.execute("select count(*) from ref.areas").fetchone() == (0,)


def test_an_unknown_column_is_refused_by_name() -> None:
    with (
        empty_warehouse() as con,
        pytest.raises(LoadError, match=r"ref\.areas: columns that the table does not have: colour"),
    ):
        load(con, {"ref.areas": pl.DataFrame([{**AREA, "colour": "red"}])})


def test_an_unknown_table_and_a_view_are_refused() -> None:
    with empty_warehouse() as con:
        for name in ("clean.nothing", "ref.services"):
            with pytest.raises(LoadError, match=f"{name}: no such table"):
                load(con, {name: pl.DataFrame([AREA])})


def test_a_repeated_key_is_told_in_counts_and_never_shows_a_value() -> None:
    twice = pl.DataFrame([{**AREA, "area_code": "SECRET"}] * 2 + [{**AREA, "label_zh": None}])
    with empty_warehouse() as con, pytest.raises(LoadError) as caught:
        load(con, {"ref.areas": twice})
    assert "SECRET" not in str(caught.value)
    assert caught.value.__suppress_context__
    assert str(caught.value) == (
        "ref.areas: 3 rows refused (ConstraintException); 1 without label_zh; 1 repeat the key area_code"
    )


def test_a_value_of_the_wrong_type_is_not_shown() -> None:
    frame = pl.DataFrame(
        [{"list_code": "l", "code": "c", "label_zh": "z", "label_en": "e", "sort_order": "13800000000x"}]
    )
    with empty_warehouse() as con, pytest.raises(LoadError) as caught:
        load(con, {"ref.codes": frame})
    assert "138" not in str(caught.value)


def test_event_files_become_a_view_less_the_duplicates(tmp_path: Path) -> None:
    # three rows of one file; row 3 is known as a duplicate of row 2
    events = [event_file(tmp_path, [EVENT, {**EVENT, "source_row": 3}, {**EVENT, "source_row": 4}])]
    fate = {
        "source_file_id": "f1",
        "source_sheet": "",
        "source_row": 3,
        "fate": "duplicate",
        "reason_code": "duplicate_row",
    }
    with empty_warehouse() as con:
        load(con, {"audit.row_fates": pl.DataFrame([fate])}, events=events, processed=tmp_path)
        assert con.execute("select source_row, courier_key from clean.service_events order by 1").fetchall() == [
            (2, "00123456789abcde"), (4, "00123456789abcde"),
        ]  # fmt: skip
        assert con.execute("select path, month_on, n_rows from audit.event_files").fetchall() == [
            ("events/a.parquet", date(2023, 5, 1), 3)
        ]


def test_the_view_keeps_the_words_of_its_columns(tmp_path: Path) -> None:
    with empty_warehouse() as con:
        load(con, {}, events=[event_file(tmp_path, [EVENT])], processed=tmp_path)
        comments = con.execute("select comment from duckdb_columns() where table_name = 'service_events'").fetchall()
        assert len(comments) == len(EVENT)
        assert all(row[0] for row in comments)
        assert con.execute("select comment from duckdb_views() where view_name = 'service_events'").fetchone()[0]


def test_event_files_of_other_types_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame([EVENT], schema={c: TYPES.get(c, pl.String) for c in EVENT} | {"n_visits": pl.Int64}).write_parquet(
        path
    )
    with empty_warehouse() as con, pytest.raises(LoadError, match="n_visits is bigint, not integer"):
        load(con, {}, events=[EventFile(path, "f1", date(2023, 5, 1), 1)], processed=tmp_path)


def test_without_events_the_table_stays_and_is_empty() -> None:
    with empty_warehouse() as con:
        assert con.execute("select count(*) from clean.service_events").fetchone() == (0,)


def test_a_warehouse_at_rest_opens_in_any_client(tmp_path: Path) -> None:
    with create(tmp_path / "w.duckdb") as con:
        load(con, {}, events=[event_file(tmp_path, [EVENT])], processed=tmp_path)
    with duckdb.connect(str(tmp_path / "w.duckdb"), read_only=True) as other:
        assert other.execute("select count(*) from clean.service_events").fetchone() == (1,)
