"""What the log room asks of an engine, on the one that everybody has; and what is said where another is not installed."""

from __future__ import annotations

import importlib.util
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from pipeline.errors import SETUP, PipelineError
from pipeline.logs.engines import DuckDBEngine, open_engine
from pipeline.logs.engines.exchange import Exchange
from pipeline.paths import study

ROWS = pl.DataFrame(
    {
        "n": [3, 1, 2, None],
        "s": ["b", "a", "it's", "驿"],
        "month_at": [datetime(2023, 5, 1), datetime(2023, 5, 1), datetime(2023, 6, 1), datetime(2023, 5, 1)],
    }
)


@pytest.fixture
def engine(tmp_path: Path):
    with DuckDBEngine(tmp_path / "spill") as engine:
        engine.register("rows", ROWS)
        yield engine


def test_a_name_may_be_given_again_to_anything(engine):
    for give in (engine.table, engine.view, engine.small, engine.table):
        engine.drop("given")
        give("given", "select n from rows where n > 1")
        assert sorted(engine.fetch("select n from given")["n"]) == [2, 3]
    engine.register("rows", ROWS.head(1))
    assert engine.fetch("select count(*) as n from rows").item() == 1


def test_members_of_a_list_compare_as_their_texts_do(engine):
    engine.small("texts", "select s from rows where s < 'c'")
    engine.small("words", "select s from (select 'b' as s union all select 'c' union all select 'a') as w")
    assert engine.fetch("select min(s) as a, max(s) as b from words").row(0) == ("a", "c")
    assert engine.fetch("select s from words order by s")["s"].to_list() == ["a", "b", "c"]
    assert engine.fetch("select w.s from words as w join texts as t on t.s = w.s")["s"].sort().to_list() == ["a", "b"]


def test_rows_are_written_by_key_in_order(engine, tmp_path):
    parts = engine.write("rows", ["n", "s"], ["month_at"], ["n"], tmp_path / "parts")
    assert [(part.values, part.n_rows) for part in parts] == [
        (("2023-05-01 00:00:00",), 3),
        (("2023-06-01 00:00:00",), 1),
    ]
    assert pl.read_parquet(parts[0].path).rows() == [(1, "a"), (3, "b"), (None, "驿")]
    (whole,) = engine.write("rows", ["s"], [], ["s"], tmp_path / "whole")
    assert pl.read_parquet(whole.path)["s"].to_list() == sorted(ROWS["s"])
    engine.read("again", [part.path for part in parts])
    assert engine.fetch("select count(*) as n from again").item() == 4


def test_whole_numbers_arrive_as_one_type(engine):
    found = engine.fetch("select sum(n) as a, count(*) as b, cast(1 as tinyint) as c, 1.5 as d from rows")
    assert found.select("a", "b", "c").row(0) == (6, 4, 1)
    assert set(found.select("a", "b", "c").dtypes) == {pl.Int64}


@pytest.mark.skipif(importlib.util.find_spec("pyspark") is not None, reason="pyspark is in this environment")
def test_where_no_packages_are_it_says_how_to_get_them(tmp_path):
    with pytest.raises(PipelineError) as raised:
        open_engine(study(tmp_path), "sc://localhost:15002")
    assert raised.value.exit_code == SETUP
    assert "python bootstrap.py --with sail" in raised.value.problems[0].text("zh")


def test_the_folder_between_two_machines_is_left_empty(tmp_path):
    exchange = Exchange(tmp_path.as_posix())
    address = exchange.put("rows", ROWS)
    assert exchange.holds(address) and not exchange.holds(exchange.fresh("rows"))
    assert pl.read_parquet(f"{address}/*.parquet").equals(ROWS)
    exchange.remove(exchange.fresh("rows"))  # an engine that had no rows wrote nothing
    exchange.close()
    assert list(tmp_path.iterdir()) == []


def test_a_store_of_objects_keeps_what_never_changes(tmp_path):
    file = tmp_path / "month=2023-05" / "a-b.parquet"
    file.parent.mkdir()
    ROWS.write_parquet(file)
    exchange = Exchange((tmp_path / "store").as_uri())  # an address instead of a path: nothing is found in place
    (there,) = exchange.bring([file])
    assert there.endswith("store/stored/month=2023-05/a-b.parquet")
    exchange.close()
    assert exchange.bring([file]) == [there]
    address = exchange.fresh("written")
    copy = Path(exchange._path(address)) / "part_0=2023-05" / "x.parquet"
    copy.parent.mkdir(parents=True)
    ROWS.write_parquet(copy)
    (part,) = exchange.take(address, tmp_path / "taken")
    assert (part.values, part.n_rows, copy.exists()) == (("2023-05",), 4, True)
