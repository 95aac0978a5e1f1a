"""Great Expectations, pushed down into DuckDB, counts the same unexpected rows as each rule's own SQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline import validate
from pipeline.contracts import load_codebooks
from pipeline.validate.rules import Rule, load_rules, rule_sql
from pipeline.warehouse import dictionary, marts
from pipeline.warehouse.load import create

RULES = load_rules()
CODEBOOKS = load_codebooks()
CODES = {name: [code.code for code in book.codes] for name, book in CODEBOOKS.items()}


def insert(con: duckdb.DuckDBPyConnection, table: str, row: dict) -> None:
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" for _ in row)
    con.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A warehouse file, in a folder with a space, a sign and Chinese characters, that holds every counterexample."""
    path = tmp_path_factory.mktemp("研究 $HOME 100%") / "warehouse.duckdb.part"
    with create() as built, duckdb.connect(str(path)) as con:
        marts.build(built)
        for schema in ("ref", "clean", "mart", "audit"):
            con.execute(f"create schema {schema}")
        for name in [*dictionary.tables(), *(f"mart.{mart}" for mart in marts.files())]:
            columns = ", ".join(f'"{row[0]}" {row[1]}' for row in built.execute(f"describe {name}").fetchall())
            con.execute(f"create table {name} ({columns})")
        for name, codes in CODES.items():
            for code in codes:
                insert(con, "ref.codes", {"list_code": name, "code": code})
        for rule in RULES:
            for table, rows in [*rule.context.items(), (rule.table, rule.counterexample)]:
                for row in rows:
                    insert(con, table, row)
    yield path


@pytest.fixture(scope="module")
def results(broken: Path) -> pl.DataFrame:
    return validate.run(broken, RULES)


def by_sql(con: duckdb.DuckDBPyConnection, rule: Rule) -> int:
    return con.execute(f"select count(*) from ({rule_sql(rule, CODES)})").fetchone()[0]


def test_both_routes_count_the_same_rows(broken: Path, results: pl.DataFrame) -> None:
    counted = dict(results.select("rule_code", "n_unexpected").iter_rows())
    with duckdb.connect(str(broken), read_only=True) as con:
        assert counted == {rule.code: by_sql(con, rule) for rule in RULES}


def test_a_rule_passes_exactly_when_no_row_breaks_it(results: pl.DataFrame) -> None:
    assert results.filter(pl.col("passed") != (pl.col("n_unexpected") == 0)).height == 0


def test_every_kind_of_rule_has_been_seen_to_fail(results: pl.DataFrame) -> None:
    failed = set(results.filter(~pl.col("passed"))["kind"])
    assert {rule.kind for rule in RULES} - failed == set()


def test_failed_critical_rules_become_problems_without_values(results: pl.DataFrame) -> None:
    problems = validate.failed_critical(results)
    assert {problem.code for problem in problems} == {"critical_rule"}
    assert len(problems) == results.filter(~pl.col("passed") & (pl.col("severity") == "critical")).height > 50
    assert not any("13800000000" in problem.text() for problem in problems)


def test_results_are_kept_in_the_warehouse(broken: Path, results: pl.DataFrame) -> None:
    validate.record(broken, results)
    with duckdb.connect(str(broken), read_only=True) as con:
        assert con.execute("select count(*) from audit.rule_results").fetchone() == (len(RULES),)


def test_nothing_is_left_open_or_written_elsewhere(broken: Path, results: pl.DataFrame) -> None:
    assert results.height == len(RULES)
    broken.replace(broken.with_suffix(""))  # a file still open could not be renamed on Windows
    assert [path.name for path in broken.parent.iterdir()] == ["warehouse.duckdb"]
    broken.with_suffix("").replace(broken)
