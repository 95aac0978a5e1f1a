"""Great Expectations on DuckDB, pushed down into the database. The one module that imports Great Expectations.

Importing it takes seconds, so nothing imports this module but the worker process, which starts early.
Three things make it work (Great Expectations has no DuckDB of its own): the dialect `duckdb-sqlalchemy`; an execution
engine that keeps one connection open, because results are fetched after `get_connection` has returned; a data source
that returns this engine. They must stand in an importable module.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import great_expectations as gx
import sqlalchemy
from great_expectations import expectations as gxe
from great_expectations.datasource.fluent import SQLDatasource
from great_expectations.execution_engine import SqlAlchemyExecutionEngine

from pipeline.validate.rules import Rule, allowed, rule_sql, unique_columns

# Counts only: no sample of unexpected values is fetched.
_RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}
_READ_ONLY = {"connect_args": {"read_only": True}}


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """Keeps its one connection open, each statement for itself: one that fails must not spoil the next."""

    @contextmanager
    def get_connection(self) -> Generator[sqlalchemy.Connection, None, None]:
        """The one connection."""
        if not self._connection:
            self._connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        yield self._connection

    def close(self) -> None:
        """Let go of the file."""
        if self._connection:
            self._connection.close()
            self._connection = None
        super().close()


class DuckDBDatasource(SQLDatasource):
    """A DuckDB file as a data source."""

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment]

    @property
    def execution_engine_type(self) -> type[SqlAlchemyExecutionEngine]:
        """Our engine."""
        return DuckDBExecutionEngine


def check(name: str, rules: Sequence[Rule], codes: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Check every rule against the warehouse file `name` in the working directory (Great Expectations would read `$`
    and `%` in a longer path as something else). Nobody else may have it open for writing.

    One dict per rule: code, passed, n_unexpected. Raises RuntimeError naming the rule that could not be checked.
    """
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    # defining DuckDBDatasource has registered this method
    source = context.data_sources.add_duckdb("warehouse", connection_string=f"duckdb:///{name}", kwargs=_READ_ONLY)
    try:
        by_table: dict[str, list[Rule]] = {}
        for rule in rules:
            by_table.setdefault(rule.table, []).append(rule)
        return [result for table in by_table for result in _check_table(context, source, by_table[table], codes)]
    finally:
        source.get_execution_engine().close()
        source.get_engine().dispose()


def _check_table(
    context: Any, source: Any, rules: Sequence[Rule], codes: Mapping[str, Sequence[str]]
) -> list[dict[str, Any]]:
    table = rules[0].table
    asset = source.add_query_asset(name=table, query=f"select * from {table}")
    batch = asset.add_batch_definition_whole_table(table)
    suite = gx.ExpectationSuite(name=table)
    for rule in rules:
        suite.add_expectation(_expectation(rule, codes))
    validated = batch.get_batch().validate(suite, result_format=_RESULT_FORMAT)
    return [_outcome(result, rules) for result in validated.results]


def _expectation(rule: Rule, codes: Mapping[str, Sequence[str]]) -> Any:
    """The native expectation where there is one; else the rule's own SQL, reduced to a column that shows no value."""
    meta = {"code": rule.code}
    column = rule.column
    if rule.kind == "not_null":
        return gxe.ExpectColumnValuesToNotBeNull(column=column, meta=meta)
    if rule.kind == "unique" and len(unique_columns(rule)) == 1:
        return gxe.ExpectColumnValuesToBeUnique(column=unique_columns(rule)[0], meta=meta)
    if rule.kind == "unique":
        return gxe.ExpectCompoundColumnsToBeUnique(column_list=unique_columns(rule), meta=meta)
    if rule.kind == "in_set":
        return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=allowed(rule, codes), meta=meta)
    if rule.kind == "between":
        bounds = {"min_value": rule.args.get("min"), "max_value": rule.args.get("max")}
        return gxe.ExpectColumnValuesToBeBetween(column=column, meta=meta, **bounds)
    if rule.kind == "row_count_between":
        bounds = {"min_value": rule.args["min"], "max_value": rule.args.get("max")}
        return gxe.ExpectTableRowCountToBeBetween(meta=meta, **bounds)
    # {batch} arrives with an alias of its own, so it stands in a SELECT; any other brace is doubled for str.format
    sql = (
        rule_sql(rule, codes, batch="\0").replace("{", "{{").replace("}", "}}").replace("\0", "(select * from {batch})")
    )
    return gxe.UnexpectedRowsExpectation(unexpected_rows_query=f"select 1 as unexpected from ({sql}) as u", meta=meta)


def _outcome(result: Any, rules: Sequence[Rule]) -> dict[str, Any]:
    code = result.expectation_config.meta["code"]
    rule = next(rule for rule in rules if rule.code == code)
    if any(info.get("raised_exception") for info in _exceptions(result.exception_info)):
        raise RuntimeError(f"rule {code} could not be checked")
    found = result.result
    if rule.kind == "row_count_between":
        n_unexpected = int(not result.success)
    else:
        n_unexpected = found.get("unexpected_count", found.get("observed_value")) or 0  # None on an empty table
    return {"code": code, "passed": bool(result.success), "n_unexpected": int(n_unexpected)}


def _exceptions(info: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Great Expectations gives one dict, or one per metric."""
    return [info] if "raised_exception" in info else [value for value in info.values() if isinstance(value, Mapping)]
