"""A warehouse opens wherever its study lies now."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from pipeline.paths import Study
from pipeline.warehouse.connect import open_warehouse
from pipeline.warehouse.load import create, load
from tests.unit.warehouse.test_load import EVENT, event_file


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """A built study that has moved since: from `before` to `之后 's folder`."""
    before = tmp_path / "before" / "processed"
    before.mkdir(parents=True)
    with create(before / "warehouse.duckdb") as con:
        counted = before / "events" / "counted.parquet"
        events = [event_file(before, [EVENT])]
        con.execute(f"copy (select 'QC' as area_code, 7 as n_visits) to '{counted.as_posix()}' (format parquet)")
        load(con, {}, events=events, counts=[("service_use", counted)], processed=before)
        con.execute("create table mart.m as select 1 as n")
    moved = tmp_path / "之后 's folder"
    (tmp_path / "before").rename(moved)
    return Study(root=moved, out=moved / "processed")


def n_events(con: duckdb.DuckDBPyConnection) -> int:
    return con.execute("select count(*) from clean.service_events").fetchone()[0]


def test_a_study_that_moved_has_its_events(study: Study) -> None:
    with open_warehouse(study) as con:
        assert n_events(con) == 1
        assert con.execute("select n_visits from mart.service_use").fetchall() == [(7,)]
    with duckdb.connect(str(study.warehouse), read_only=True) as other:  # and any client finds them from now on
        assert n_events(other) == 1


def test_opening_is_read_only_unless_asked(study: Study) -> None:
    with open_warehouse(study) as con, pytest.raises(duckdb.Error):
        con.execute("create table mart.x as select 1")
    with open_warehouse(study, read_only=False) as con:
        con.execute("create table mart.x as select 1")
        assert n_events(con) == 1


def test_comments_survive_the_move(study: Study) -> None:
    with open_warehouse(study) as con:
        row = con.execute("select comment from duckdb_columns() where column_name = 'courier_key'").fetchone()
        assert row[0].startswith("restricted; ")


def test_a_file_held_by_another_reader_is_read_through(study: Study) -> None:
    import subprocess
    import sys

    # another process holds the file read-only, so ours cannot open it for writing
    code = "import duckdb,sys;c=duckdb.connect(sys.argv[1],read_only=True);print('held',flush=True);sys.stdin.read()"
    command = [sys.executable, "-c", code, str(study.warehouse)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline().strip() == b"held"
        with open_warehouse(study) as con:
            assert n_events(con) == 1
            assert con.execute("select n from mart.m").fetchone() == (1,)
        other.stdin.close()


@pytest.mark.skipif(os.name == "nt", reason="folders cannot be made read-only this way on Windows")
def test_a_warehouse_that_did_not_move_is_not_touched(study: Study) -> None:
    open_warehouse(study).close()
    before = study.warehouse.stat().st_mtime_ns
    open_warehouse(study).close()
    assert study.warehouse.stat().st_mtime_ns == before
