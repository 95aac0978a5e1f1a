"""The dictionary is the schema: every column has words and a privacy class, in the database and in the docs."""

from __future__ import annotations

import duckdb
import pytest

from pipeline.warehouse import __main__ as page
from pipeline.warehouse import dictionary, marts
from pipeline.warehouse.load import create


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = create()
    marts.build(con)
    return con


def test_every_stored_column_is_in_the_dictionary(con: duckdb.DuckDBPyConnection) -> None:
    stored = con.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() "
        "where not internal and schema_name <> 'mart'"
    ).fetchall()
    assert set(stored) == {(column.table, column.name) for column in dictionary.columns()}


def test_types_in_the_dictionary_are_the_stored_ones(con: duckdb.DuckDBPyConnection) -> None:
    for name, table in dictionary.tables().items():
        stored = {row[0]: row[1].lower() for row in con.execute(f"describe {name}").fetchall()}
        assert {column.name: column.type for column in table.columns} == stored


def test_every_column_has_a_privacy_class_and_words_in_both_languages() -> None:
    for column in dictionary.columns():
        assert column.privacy in dictionary.PRIVACY_CLASSES
        assert column.zh
        assert column.en


def test_every_table_has_words_in_both_languages() -> None:
    assert all(table.zh and table.en for table in dictionary.tables().values())


def test_every_table_and_column_carries_its_comment(con: duckdb.DuckDBPyConnection) -> None:
    silent = con.execute(
        "select table_name, column_name from duckdb_columns() "
        "where not internal and schema_name <> 'mart' and comment is null"
    ).fetchall()
    assert silent == []
    assert (
        con.execute("select comment from duckdb_views() where view_name = 'rejected_rows'")
        .fetchone()[0]
        .startswith("退回")
    )


def test_every_mart_column_has_words(con: duckdb.DuckDBPyConnection) -> None:
    for table in marts.described(con):
        assert table.en.startswith("Question: ")
        assert "Grain: " in table.en
        assert "Units: " in table.en


def test_words_are_kept_for_columns_that_exist_only(con: duckdb.DuckDBPyConnection) -> None:
    stored = {row[0] for row in con.execute("select column_name from duckdb_columns() where not internal").fetchall()}
    assert set(dictionary._own_words()) <= stored


def test_pseudonyms_and_answers_never_leave_the_machine() -> None:
    classes = {(column.table, column.name): column.privacy for column in dictionary.columns()}
    for key in [
        ("clean.service_events", "courier_key"),
        ("clean.respondents", "panel_key"),
        ("clean.answers", "value_text"),
    ]:
        assert classes[key] == "restricted"
    assert {classes[key] for key in classes if key[1] == "respondent_id"} == {"restricted"}


def test_the_page_in_docs_is_current() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.current(), "run: python -m pipeline.warehouse"
