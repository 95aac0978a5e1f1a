"""Check the rules against a built warehouse, keep the results, and say which failures stop the build."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl

from pipeline.errors import CONTRACT, PipelineError, Problem
from pipeline.validate.rules import Rule, codes_in_use, rule_sql
from pipeline.validate.worker import Worker, ask, start

_ORDER = {"critical": 0, "warning": 1, "info": 2}
RESULTS = {
    "rule_code": pl.String, "table_name": pl.String, "column_name": pl.String, "kind": pl.String, "severity": pl.String,
    "why_zh": pl.String, "why_en": pl.String, "observed": pl.String, "n_unexpected": pl.Int64, "passed": pl.Boolean,
}  # fmt: skip


def run(warehouse: Path, rules: Sequence[Rule], worker: Worker[bytes] | None = None) -> pl.DataFrame:
    """One row per rule, as audit.rule_results has it: failures first, critical before warning before info.

    Nobody may have the warehouse open for writing. `observed` gives counts only. Raises exit 11 with every rule that
    names a table or column which is not there, or is no SQL.
    """
    worker = worker or start()
    with duckdb.connect(str(warehouse), read_only=True) as con:
        _refuse_broken(con, rules)
        tables = sorted({rule.table for rule in rules})
        n_rows = {table: con.execute(f"select count(*) from {table}").fetchall()[0][0] for table in tables}
        codes: dict[str, list[str]] = {name: [] for name in codes_in_use(rules)}
        for name, code in con.execute(
            "select list_code, code from ref.codes order by list_code, sort_order"
        ).fetchall():
            codes.setdefault(name, []).append(code)
    outcomes = {result["code"]: result for result in ask(worker, warehouse, rules, codes)}
    rows = [_row(rule, outcomes[rule.code], n_rows[rule.table]) for rule in rules]
    rows.sort(key=lambda row: (row["passed"], _ORDER[row["severity"]], row["table_name"], row["rule_code"]))
    return pl.DataFrame(rows, schema=RESULTS)


def _refuse_broken(con: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> None:
    problems = []
    for rule in rules:
        try:
            con.execute(f"explain {rule_sql(rule, {})}").fetchall()
        except duckdb.Error as error:
            said = str(error).splitlines()[0]
            problems.append(
                Problem("rule_broken", f"[[rule]] {rule.code}", "规则无法执行", "the rule cannot be run", got=said,
                        do_zh="请核对规则里的表名、列名和 SQL（place/expectations）",
                        do_en="check the rule's table, column and SQL (place/expectations)")
            )  # fmt: skip
    if problems:
        raise PipelineError(CONTRACT, problems)


def record(warehouse: Path, results: pl.DataFrame) -> None:
    """Write the results into audit.rule_results."""
    with duckdb.connect(str(warehouse)) as con:
        con.register("_results", results.to_arrow())
        names = ", ".join(results.columns)
        con.execute("delete from audit.rule_results")
        con.execute(f"insert into audit.rule_results ({names}) select {names} from _results")


def failed_critical(results: pl.DataFrame) -> list[Problem]:
    """One problem per critical rule that failed (for exit 12); empty when the build may be published."""
    failed = results.filter(~pl.col("passed") & (pl.col("severity") == "critical"))
    return [
        Problem(
            "critical_rule",
            f"{row['table_name']}{'.' + row['column_name'] if row['column_name'] else ''} ({row['rule_code']})",
            f"关键校验未通过（{row['why_zh']}）",
            f"a critical rule failed ({row['why_en']})",
            got=row["observed"],
            do_zh="数据库保持上一次的版本；请看 processed/validation.html 和 processed/return 中需要修改的行",
            do_en="the last warehouse stays; see processed/validation.html, and processed/return for the rows to repair",
        )
        for row in failed.to_dicts()
    ]


def _row(rule: Rule, outcome: dict[str, object], n_rows: int) -> dict[str, object]:
    n_unexpected = int(outcome["n_unexpected"])  # type: ignore[call-overload]
    counts_rows = rule.kind == "row_count_between"
    return {
        "rule_code": rule.code,
        "table_name": rule.table,
        "column_name": rule.column,
        "kind": rule.kind,
        "severity": rule.severity,
        "why_zh": rule.why_zh,
        "why_en": rule.why_en,
        "observed": f"{n_rows}" if counts_rows else f"{n_unexpected} / {n_rows}",
        "n_unexpected": n_unexpected,
        "passed": bool(outcome["passed"]),
    }
