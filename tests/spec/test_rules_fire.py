"""Every expectation fires on its own counterexample and is silent on its own example."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from pipeline.contracts import load_codebooks
from pipeline.validate.rules import Rule, load_rules, rule_sql
from pipeline.warehouse import dictionary, marts
from pipeline.warehouse.load import create

RULES = load_rules()
CODES = {name: [code.code for code in book.codes] for name, book in load_codebooks().items()}


@pytest.fixture(scope="module")
def bare() -> Iterator[duckdb.DuckDBPyConnection]:
    """Every table, view and mart as an empty table without keys and checks: rules must hold without them."""
    con = duckdb.connect()
    with create() as built:
        marts.build(built)
        names = [*dictionary.tables(), *(f"mart.{name}" for name in marts.files())]
        for schema in ("ref", "clean", "mart", "audit"):
            con.execute(f"create schema {schema}")
        for name in names:
            columns = ", ".join(f'"{row[0]}" {row[1]}' for row in built.execute(f"describe {name}").fetchall())
            con.execute(f"create table {name} ({columns})")
    yield con
    con.close()


def n_unexpected(con: duckdb.DuckDBPyConnection, rule: Rule, rows: tuple[dict, ...]) -> int:
    con.execute("begin")
    try:
        for table, table_rows in [*rule.context.items(), (rule.table, rows)]:
            for row in table_rows:
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join("?" for _ in row)
                con.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))
        return con.execute(f"select count(*) from ({rule_sql(rule, CODES)})").fetchone()[0]
    finally:
        con.execute("rollback")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_fires_on_its_counterexample(bare: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    assert n_unexpected(bare, rule, rule.counterexample) > 0


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_is_silent_on_its_example(bare: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    assert n_unexpected(bare, rule, rule.example) == 0


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_names_a_table_and_a_column_that_exist(bare: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    columns = {row[0] for row in bare.execute(f"describe {rule.table}").fetchall()}
    assert rule.column is None or rule.column in columns


@pytest.mark.parametrize("rule", [rule for rule in RULES if "codebook" in rule.args], ids=lambda rule: rule.code)
def test_a_rule_names_a_codebook_that_exists(rule: Rule) -> None:
    assert CODES.get(rule.args["codebook"])


def test_every_clean_table_has_a_rule() -> None:
    tables = {
        name for name, table in dictionary.tables().items() if name.startswith("clean.") and table.kind == "table"
    }
    assert tables - {rule.table for rule in RULES} == set()
