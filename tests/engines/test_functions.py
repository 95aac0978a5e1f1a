"""What the log SQL is made of means the same on every engine, on texts that invite each to its own reading."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from pipeline.logs.engines import DuckDBEngine, SparkEngine
from pipeline.logs.engines.translate import REFUSED
from pipeline.logs.steps import statements
from tests.engines.nasty import BAD, EDGES, NUMBERS, TIMES
from tests.engines.recording import unequal

TEXTS = (
    pl.DataFrame({"x": [*TIMES, *EDGES, *BAD, *NUMBERS, "", " ", "　", "a", "A", "a ", "驿", "𠀀", "é", "％", None]})
    .unique("x")
    .sort("x")
)
NUMBERED = pl.DataFrame(
    {
        "n": [1, 2, None, 3, 2, 1, -7], "d": [0.1, 0.2, None, 0.3, 2.5, 3.5, -0.5], "g": ["p", None, "p", "q", "q", None, "p"],
        "t": ["B", "a", "驿", "", "a ", "a", "𠀀"],
        "at": [
            datetime(2023, 5, 31, 23, 59, 59), datetime(2023, 6, 1), None, datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59),
            datetime(2024, 2, 29, 12), datetime(1969, 12, 31, 23, 59, 59, 999999),
        ],
    }
).rename({"at": "used_at"})  # fmt: skip

# try_cast to whole numbers only of what a pattern has found to be digits; times only where the text comes out as it went in
DIGITS = "nullif(regexp_extract(x, '^ *(-?[0-9]+) *$', 1), '')"
DECIMAL = "nullif(regexp_extract(x, '^ *(-?[0-9]+([.][0-9]+)?) *$', 1), '')"
OF_TEXT = {
    "whole": f"try_cast({DIGITS} as integer)",
    "long": f"try_cast({DIGITS} as bigint)",
    "decimal": f"try_cast({DECIMAL} as double)",
    "plain_time": "case when length(x) = 19 and cast(try_cast(x as timestamp) as varchar) = x then try_cast(x as timestamp) end",
    "odd_time": "length(x) <> 19 or try_cast(x as timestamp) is null or cast(try_cast(x as timestamp) as varchar) <> x",
    "day": "try_cast(nullif(regexp_extract(x, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', 0), '') as date)",
    "found": "regexp_extract(x, '([0-9]+)[-/年]([0-9]+)?', 2)",
    "not_found": "regexp_extract(x, 'q(z)?', 1)",
    "whole_match": "regexp_extract(x, '上午|下午|[:：]', 0)",
    "translated": "translate(x, '０１２３４５６７８９：／－．　', '0123456789:/-. ')",
    "replaced": "replace(replace(x, '年', '-'), '月', '')",
    "padded": "concat(lpad(x, 3, '0'), rpad(x, 2, '0'))",
    "joined": "concat(x, null, ':')",
    "cut": "concat(substr(x, 1, 4), '|', substr(x, 6, 2), '|', substr(x, 20))",
    "size": "length(x)",
    "compared": "x < 'a' or x = 'a ' or x in ('驿', '')",
}
OF_NUMBER = {
    "rounded": "round(d)",
    "rounded_whole": "cast(round(d) as integer)",
    "floored": "d - floor(d)",
    "divided": "n / 60",
    "larger": "greatest(n, null, 2)",
    "smaller": "least(cast(n as double), d)",
    "size": "abs(n)",
    "between": "n between 1 and 2",
    "equal_null": "n <> null",
    "either": "n > 2 or g = 'p'",
    "seconds": "used_at + n * interval '1 second'",
    "minutes": "case when year(used_at) < 9000 then used_at - n * interval '90 minutes' end",
    "months": "case when year(used_at) < 9000 then used_at + interval '2 months' end",
    "days": "timestamp '1899-12-30 00:00:00' + n * interval '1 day'",
    "month": "date_trunc('month', used_at)",
    "year": "date_trunc('year', used_at)",
    "midnight": "date_trunc('day', used_at)",
    "hour": "date_trunc('hour', used_at)",
    "week": "case when year(used_at) between 1700 and 2200 then date_trunc('week', used_at) end",
    "month_on": "cast(date_trunc('month', used_at) as date)",
    "quarter": "concat(cast(extract(year from used_at) as varchar), 'Q', cast(extract(quarter from used_at) as varchar))",
    "written": "cast(used_at as varchar)",
    "written_n": "cast(n as varchar)",
}
SELECTS = {
    "grouped": "select g, count(*) as n, count(n) as m, count(distinct n) as d, cast(sum(n) as bigint) as s from numbered group by g",
    "texts": "select min(t) as a, max(t) as b from numbered",
    "nothing": "select cast(sum(n) as bigint) as s, count(*) as n, max(t) as t from numbered where n > 99",
    "filtered": "select count(*) filter (where n > 1) as n from numbered",
    "placed": "select t, row_number() over (partition by g order by n, t) as a, row_number() over (order by used_at desc, t) as b from numbered",
    "before": "select t, lag(n) over (partition by g order by used_at, t) as n from numbered",
    "running": "select t, cast(sum(case when n > 1 then 1 else 0 end) over (partition by g order by t rows between unbounded preceding and current row) as bigint) as n from numbered",
    "united": "select n from numbered union select n from numbered",
    "all_of_both": "select n, t from numbered union all select n, g from numbered",
    "joined": "select a.t, b.t as u from numbered as a join numbered as b on a.g = b.g and coalesce(a.n, -1) <= coalesce(b.n, -1)",
    "without": "select a.t from numbered as a left join (select distinct x.g from numbered as x where x.n > 2) as b on a.g = b.g where b.g is null",
    "one_each": "select distinct g, n is null as is_blank from numbered",
    "having": "select g from numbered group by g having min(t) <> max(t)",
    "other_case": "select t from numbered order by t",
}  # fmt: skip


def selects() -> dict[str, str]:
    of_text = ", ".join(f"{expression} as {name}" for name, expression in OF_TEXT.items())
    of_number = ", ".join(f"{expression} as {name}_of" for name, expression in OF_NUMBER.items())
    return SELECTS | {"of_text": f"select x, {of_text} from texts", "of_number": f"select t, {of_number} from numbered"}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """The answers of DuckDB."""
    with DuckDBEngine(tmp_path_factory.mktemp("spill")) as duckdb:
        duckdb.register("texts", TEXTS)
        duckdb.register("numbered", NUMBERED)
        return {name: duckdb.fetch(select) for name, select in selects().items()}


def test_every_function_means_the_same(here: dict[str, pl.DataFrame], engine: SparkEngine):
    engine.register("texts", TEXTS)
    engine.register("numbered", NUMBERED)
    found = {name: unequal(here[name], engine.fetch(select)) for name, select in selects().items()}
    assert {name: difference for name, difference in found.items() if difference} == {}


@pytest.mark.parametrize("rows", [TEXTS, TEXTS.clear()], ids=["rows", "no rows"])
def test_files_are_written_alike(rows: pl.DataFrame, engine: SparkEngine, tmp_path: Path):
    written = []
    with DuckDBEngine(tmp_path / "spill") as duckdb:
        for number, one in enumerate((duckdb, engine)):
            one.register("texts", rows)
            one.view(
                "sized",
                "select x, cast(length(x) as integer) as n, substr(x, 1, 1) as first, 'one' as all_one from texts where x <> ''",
            )
            by_first = one.write("sized", ["x", "n"], ["all_one", "first"], ["x"], tmp_path / f"{number}-many")
            whole = one.write("sized", ["x", "n"], [], [], tmp_path / f"{number}-whole")
            assert len(whole) == 1
            written.append([*by_first, *whole])
    ours, theirs = written
    assert [(part.values, part.n_rows) for part in ours] == [(part.values, part.n_rows) for part in theirs]
    for left, right in zip(ours, theirs, strict=True):
        frames = [pl.read_parquet(part.path, hive_partitioning=False) for part in (left, right)]
        assert frames[0].schema == frames[1].schema
        assert frames[0].equals(frames[1]) if left.values else frames[0].sort("x").equals(frames[1].sort("x"))


def test_many_rows_without_a_key_are_one_file_in_order(engine: SparkEngine, tmp_path: Path):
    engine.register(
        "many", pl.DataFrame({"n": range(300_000), "s": ["x" * 20] * 300_000}).sample(fraction=1, shuffle=True, seed=1)
    )
    engine.table("grouped", "select n, max(s) as s from many group by n")
    (part,) = engine.write("grouped", ["n", "s"], [], ["n"], tmp_path / "one")
    assert part.n_rows == 300_000
    assert pl.read_parquet(part.path)["n"].equals(pl.Series("n", range(300_000)))


@pytest.mark.parametrize("name", sorted(statements()))
def test_no_file_of_sql_holds_what_engines_read_differently(name: str):
    text = re.sub(r"'[^']*'", "''", re.sub(r"--[^\n]*", "", statements()[name])).lower()
    assert {pattern: why for pattern, why in REFUSED.items() if re.search(pattern, text)} == {}
