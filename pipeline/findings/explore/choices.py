"""What somebody exploring has chosen (period, places, people, flags, weights, threshold), checked against the warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from pipeline.contracts.wave import FLAGS
from pipeline.errors import USAGE, Problem, fail
from pipeline.findings.context import context_for, periods
from pipeline.findings.finding import Context

COURIERS = ("courier", "rider")


@dataclass(frozen=True)
class Choices:
    """One set of parameters; every measure of `explore` takes it whole.

    `waves`: the survey of the period for each area, none pooled. `drop_flags` None keeps the wave's own rule, `weight_set` None the one in use.
    """

    context: Context
    waves: tuple[tuple[str, str], ...]
    user_groups: tuple[str, ...] = COURIERS
    drop_flags: tuple[str, ...] | None = None
    weight_set: str | None = None
    gap_threshold: float = 0.10

    @property
    def days(self) -> tuple[date, date]:
        """First and last day of the period."""
        return self.context.starts_on, self.context.ends_on


def choose(
    con: duckdb.DuckDBPyConnection,
    *,
    period: str | None = None,
    areas: Iterable[str] | None = None,
    population: str | None = None,
    user_groups: str | Sequence[str] = COURIERS,
    drop_flags: Sequence[str] | None = None,
    weight_set: str | None = None,
    gap_threshold: float = 0.10,
) -> Choices:
    """The choices as the measures take them; a value the warehouse does not know is refused with those it knows.

    None stands for what the findings use: the latest period, all areas, the wave's own flags, the weights in use.
    """
    known = {
        "period": periods(con) or [period],  # a study of ledgers alone has no events to tell them
        "areas": _column(con, "select area_code from ref.areas order by 1"),
        "population": _column(con, "select code from ref.codes where list_code = 'populations' order by sort_order"),
        "user_groups": _column(con, "select code from ref.codes where list_code = 'user_groups' order by sort_order"),
        "drop_flags": list(FLAGS),
        "weight_set": _column(con, "select weight_set_code from clean.respondent_weights union select 'equal' order by 1"),
    }  # fmt: skip
    user_groups = [user_groups] if isinstance(user_groups, str) else list(user_groups)
    asked = {
        "period": [period] if period else [], "areas": list(areas or ()), "population": [population] if population else [],
        "user_groups": user_groups, "drop_flags": list(drop_flags or ()), "weight_set": [weight_set] if weight_set else [],
    }  # fmt: skip
    problems = [
        _unknown(name, value, known[name])
        for name, values in asked.items()
        for value in values
        if value not in known[name]
    ]
    if not user_groups:  # nobody, which no measure could be of
        problems.append(_unknown("user_groups", "[]", known["user_groups"]))
    if not isinstance(gap_threshold, int | float) or not 0 <= gap_threshold <= 1:
        problems.append(_unknown("gap_threshold", str(gap_threshold), ["0 … 1"]))
    if problems:
        fail(USAGE, *problems)
    simulated = con.sql("select coalesce(bool_or(is_simulated), false) from audit.source_files").fetchall()[0][0]
    context = context_for(con, period=period, areas=areas or None, is_simulated=bool(simulated))
    return Choices(
        context, _waves(con, context, population), tuple(user_groups),
        None if drop_flags is None else tuple(drop_flags),
        weight_set,
        gap_threshold,
    )  # fmt: skip


def _column(con: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    return [row[0] for row in con.sql(query).fetchall()]


def _unknown(name: str, got: str, expected: Sequence[str]) -> Problem:
    return Problem("unknown_choice", name, "没有这个参数值", "no such value for this parameter", got=str(got),
                   expected=", ".join(expected), do_zh="请改第一个代码单元里的参数", do_en="change the parameter in the first code cell")  # fmt: skip


def _waves(con: duckdb.DuckDBPyConnection, context: Context, population: str | None) -> tuple[tuple[str, str], ...]:
    """(area, wave) of the period: for each area the wave with most valid couriers; populations are never pooled."""
    rows = con.execute(
        "select area_code, wave_code from clean.valid_respondents where period_code = ? and list_contains(?, area_code) "
        "and (? is null or population_code = ?) group by 1, 2 qualify row_number() over (partition by area_code "
        "order by count(*) desc, wave_code desc) = 1 order by 1",
        [context.period, list(context.areas), population, population],
    ).fetchall()
    return tuple((area, wave) for area, wave in rows)
