"""DuckDB's SQL → Spark's. sqlglot does nearly all of it; what it leaves different is mended here, or refused.

What cannot be mended in general (a cast that rounds here and cuts there) stands in `REFUSED`, as patterns of SQL text with
the reason; tests/engines holds each function that the SQL may use to its results on all engines.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp

# Pattern of SQL (lower case, texts and comments blanked) → how the engines differ.
REFUSED = {
    r"\bdate_diff\b|\bdatediff\b": "counts boundaries here, full units there",
    r"\bepoch\w*\(|\bto_timestamp\b|\bfrom_unixtime\b": "a double here, a whole number there",
    r"\b(?:dayofweek|isodow|weekday|dow)\b": "Sunday is 0, 1 or 7",
    r"\bround\([^()]*,\s*\d": "1.005 to two places is 1.0 or 1.01",
    r"\bsubstr\((?:[^()]|\([^()]*\))*,\s*(?:0|-)": "positions from the end, and 0, differ",
    r"//|%|\bmod\(": "division of negative numbers differs",
    r"/(?!\s*\d)": "dividing by nothing is infinite, null or an error: divide by a number written out",
    r"\bboolean\)": "a text that means true differs",
    r"\b(?:string_agg|list|array_agg|first|last|any_value|arg_max|arg_min|median|quantile\w*|mode)\(": "order or method differs",
    r"\b(?:left|right|reverse|starts_with|contains|ilike|similar\s+to|regexp_matches)\b\(": "not in every engine",
    r"\brandom\(|\buuid\(|\bhash\(": "not repeatable",
}


@lru_cache(maxsize=256)
def to_spark(select: str) -> str:
    """One SELECT in DuckDB's dialect, in Spark's. Times stay without a zone; nulls stay last.

    `select date_trunc('hour', t.used_at) as hour_at from t` →
    `SELECT CAST(DATE_TRUNC('HOUR', t.used_at) AS TIMESTAMP_NTZ) AS hour_at FROM t`

    Raises ValueError where the text is not one statement.
    """
    import sqlglot  # not in the environment of those who stay on DuckDB

    trees = sqlglot.parse(select, read="duckdb")
    if len(trees) != 1 or trees[0] is None:
        raise ValueError(f"one statement was expected, not {len(trees)}")
    return trees[0].transform(_cut).sql(dialect="spark", comments=False)


def _cut(node: exp.Expression) -> exp.Expression:
    """date_trunc as a time without a zone. Spark's own returns one with the session's zone (UTC, so that the cast is exact);
    Sail's counts nanoseconds and refuses years before 1677, which a broken clock may well write: so days, months and years
    are made from their parts."""
    import sqlglot
    from sqlglot import exp

    if not isinstance(node, exp.TimestampTrunc | exp.DateTrunc):
        return node
    unit, time = node.args["unit"].name.upper(), node.this.sql(dialect="spark", comments=False)
    parts = {
        "YEAR": f"MAKE_DATE(YEAR({time}), 1, 1)",
        "MONTH": f"MAKE_DATE(YEAR({time}), MONTH({time}), 1)",
        "DAY": f"CAST({time} AS DATE)",
    }
    cut = parts.get(unit, f"DATE_TRUNC('{unit}', {time})")
    return sqlglot.parse_one(f"CAST({cut} AS TIMESTAMP_NTZ)", read="spark")
