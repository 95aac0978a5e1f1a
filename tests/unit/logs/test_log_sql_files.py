"""The SQL of the log room is what DuckDB, Sail and Spark all understand in the same way."""

from __future__ import annotations

import re

import pytest

from pipeline.logs.engines.translate import REFUSED
from pipeline.logs.steps import CUBES, FOLDER, needed_for, statements
from pipeline.warehouse.marts import BY_MONTH

OURS = {
    r"\w*strptime": "parses by a locale's format",
    r"strftime": "formats by a locale's format",
    r"at\s+time\s+zone": "differs between engines",
    r"timestamptz|with\s+time\s+zone": "no zoned times",
    r"regexp_replace": "back-references differ (\\1, $1)",
    r"\\\d|\$\d": "a back-reference",
    r"\\": "escapes differ",
    r"group\s+by\s+all|order\s+by\s+all|select\s+distinct\s+on": "not in every engine",
    r"(?:group|order)\s+by\s+\d": "names, not numbers",
    r"\bnow\(\)|current_timestamp|current_date|today\(\)": "the clock is handed in",
    r"\bqualify\b|\bexclude\b|\basof\b|\bpivot\b|\bunnest\b|\blist_|\bstruct_": "DuckDB's own",
    r"::": "cast(… as …)",
    r"read_parquet|read_csv|\bcopy\b|\bpragma\b": "files are the caller's",
    r";": "one statement without an end mark",
}
FUNCTIONS = {
    "abs", "cast", "coalesce", "concat", "count", "date_trunc", "extract", "floor", "greatest", "lag", "lead", "least", "length", "lpad", "max", "min",
    "nullif", "regexp_extract", "replace", "round", "row_number", "rpad", "substr", "sum", "translate", "try_cast", "over", "in",
    "and", "or", "as", "from", "join", "case", "when", "by", "on", "then", "union", "not",
}  # fmt: skip


def bare(sql: str) -> str:
    return re.sub(r"'[^']*'", "''", re.sub(r"--[^\n]*", "", sql)).lower()


@pytest.mark.parametrize("name", sorted(statements()))
def test_a_file_is_one_portable_select_with_its_grain_told(name: str) -> None:
    sql = statements()[name]
    assert sql.startswith("-- ") and "Grain: one row per" in sql
    text = bare(sql)
    found = {pattern: why for pattern, why in (OURS | REFUSED).items() if re.search(pattern, text)}
    assert found == {}
    assert text.strip().startswith(("select", "with"))
    assert set(re.findall(r"\b([a-z_]+)\s*\(", text)) - FUNCTIONS - set(re.findall(r"\b([a-z_]+) as \(", text)) == set()


@pytest.mark.parametrize("name", sorted(statements()))
def test_patterns_use_classes_not_escapes(name: str) -> None:
    assert "\\" not in statements()[name]


def test_the_order_comes_from_the_sql_and_every_file_is_used() -> None:
    used = set()
    for target in (
        "log_events",
        "log_day_only",
        "log_blanked",
        "log_duplicates",
        "log_pairs",
        "log_unknown",
        "log_month_rows",
        "log_bounds",
        *CUBES,
    ):
        order = needed_for(target)
        assert order[-1] == target and len(set(order)) == len(order)
        used |= set(order)
    assert needed_for("log_odd_times") == ("log_odd_text", "log_odd_shapes", "log_odd_times")
    assert used == {path.stem for folder in (FOLDER, BY_MONTH) for path in folder.glob("*.sql")}
