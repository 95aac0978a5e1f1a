"""The gate before any two waves are set against each other: does the variable mean the same in both, of the same people?"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from pipeline.contracts.comparing import why_not
from pipeline.errors import USAGE, Problem, fail


def comparable(con: duckdb.DuckDBPyConnection, variable: str, wave_a: str, wave_b: str) -> str | None:
    """Why a standard variable cannot be compared between two waves (a code of the list `not_comparable`); None where it can.

    Read from ref.variable_wordings. Raises exit 2 for a variable or wave that is not in the warehouse.
    """
    _known(con, variable, wave_a, wave_b)
    return first_reason(con, [variable], wave_a, wave_b)


def require_comparable(con: duckdb.DuckDBPyConnection, variable: str, wave_a: str, wave_b: str) -> None:
    """Return where two waves may be compared by a variable; otherwise raise exit 2 with the reason in words."""
    reason = comparable(con, variable, wave_a, wave_b)
    if reason is not None:
        zh, en = reason_words(con, reason)
        fail(
            USAGE,
            Problem("not_comparable", variable, f"两个波次不可比：{zh}", f"the two waves cannot be compared: {en}",
                    got=f"{wave_a}, {wave_b}", expected=", ".join(_series(con, variable, wave_b)) or "—",
                    do_zh="请分开看；核对过两题确实同义的，在后一波的题上写 comparable_with",
                    do_en="show them apart; if both questions were reviewed and mean the same, say comparable_with in the later wave"),
        )  # fmt: skip


def first_reason(con: duckdb.DuckDBPyConnection, variables: Iterable[str], wave_a: str, wave_b: str) -> str | None:
    """The first reason against comparing two waves by these variables; a wave that is not there did not ask."""
    if wave_a == wave_b:
        return None
    for variable in variables:
        found = con.execute(
            "select w.*, v.is_comparable from ref.variable_wordings as w join ref.variables as v using (variable_code) "
            "where variable_code = ? and list_contains(?, wave_code)",
            [variable, [wave_a, wave_b]],
        )
        names = [column[0] for column in found.description]
        rows = {row["wave_code"]: row for row in (dict(zip(names, line, strict=True)) for line in found.fetchall())}
        reason = why_not(rows.get(wave_a), rows.get(wave_b))
        if reason is not None:
            return reason
    return None


def reason_words(con: duckdb.DuckDBPyConnection, reason: str) -> tuple[str, str]:
    """A reason in Chinese and English."""
    rows = con.execute(
        "select label_zh, label_en from ref.codes where list_code = 'not_comparable' and code = ?", [reason]
    ).fetchall()
    return (rows[0][0], rows[0][1]) if rows else (reason, reason)


def _series(con: duckdb.DuckDBPyConnection, variable: str, wave: str) -> list[str]:
    """Waves that a wave may be compared with by a variable."""
    rows = con.execute(
        "select other.wave_code from ref.variable_wordings as one join ref.variable_wordings as other "
        "using (variable_code, series_wave) where variable_code = ? and one.wave_code = ? and other.wave_code <> ? order by 1",
        [variable, wave, wave],
    ).fetchall()
    return [row[0] for row in rows]


def _known(con: duckdb.DuckDBPyConnection, variable: str, *waves: str) -> None:
    variables = [row[0] for row in con.sql("select variable_code from ref.variables order by sort_order").fetchall()]
    codes = [row[0] for row in con.sql("select wave_code from ref.waves order by 1").fetchall()]
    problems = [
        Problem("unknown_wave", "wave_code", "没有这个调查波次", "no such wave", got=wave, expected=", ".join(codes))
        for wave in waves
        if wave not in codes
    ]
    if variable not in variables:
        problems.append(
            Problem("unknown_question", "ref.variables", "没有这个标准变量", "there is no such standard variable",
                    got=variable, expected=", ".join(variables))
        )  # fmt: skip
    if problems:
        fail(USAGE, *problems)
