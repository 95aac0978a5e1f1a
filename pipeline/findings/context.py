"""Which period is asked for, which periods stand beside it, and what a season cannot show."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache

import duckdb
import polars as pl

from pipeline.contracts.costs import check_budget
from pipeline.contracts.period import is_period, period_bounds, period_of
from pipeline.errors import USAGE, Problem, fail
from pipeline.findings.finding import Context
from pipeline.findings.words import phrases
from pipeline.paths import METADATA


def periods(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Quarters with any event or answer, oldest first."""
    rows = con.sql("select distinct period_code from mart.periods where last_on is not null order by 1").fetchall()
    return [row[0] for row in rows]


def _ledger_periods(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Quarters of the ledgers' dates: what a study of ledgers alone can be reported for."""
    rows = con.sql("select distinct as_of from audit.source_files where as_of is not null order by 1").fetchall()
    return [period_of(row[0]) for row in rows]


def context_for(
    con: duckdb.DuckDBPyConnection,
    *,
    period: str | None = None,
    lang: str = "zh",
    audience: str = "office",
    is_simulated: bool = False,
    areas: Iterable[str] | None = None,
    budget: float | None = None,
) -> Context:
    """The context of a reporting quarter; by default the latest with any event or answer. `budget`: yuan for each area's list of
    changes. Exit 2 for a quarter that is none and a budget below zero or no number."""
    check_budget(budget)
    known = periods(con) or _ledger_periods(con)
    if not known and period is None:
        fail(
            USAGE,
            Problem(
                "no_period",
                "warehouse.duckdb",
                "没有使用记录、问卷或写明日期的台账，无法确定报告期",
                "no event, no answer, no dated ledger: no period to report on",
            ),
        )
    chosen = period or known[-1]
    starts, ends = span(chosen)
    places = (
        tuple(areas) if areas else tuple(r[0] for r in con.sql("select area_code from ref.areas order by 1").fetchall())
    )
    last = con.execute(
        "select max(last_on) from mart.periods where period_code = ? and list_contains(?, area_code)",
        [chosen, list(places)],
    ).fetchall()
    last_on = last[0][0] if last else None
    return Context(
        period=chosen,
        starts_on=starts,
        ends_on=ends,
        last_on=last_on,
        is_partial=last_on is not None and last_on < ends,
        areas=places,
        lang=lang,
        audience=audience,
        is_simulated=is_simulated,
        budget=budget,
        labels=code_labels(con),
    )


def span(period: str) -> tuple[date, date]:
    """First and last day of a quarter; exit 2 for what is none."""
    if not is_period(period):
        fail(
            USAGE,
            Problem(
                "bad_period", "--period", "报告期写法不对", "the period is not a quarter", got=period, expected="2023Q2"
            ),
        )
    return period_bounds(period)


def period_words(period: str, lang: str) -> str:
    """A quarter as people write it.

    >>> period_words("2023Q2", "zh"), period_words("2023Q2", "en")
    ('2023年第2季度', '2nd quarter of 2023')
    """
    if lang == "zh":
        return f"{period[:4]}年第{period[5:]}季度"
    return f"{['1st', '2nd', '3rd', '4th'][int(period[5:]) - 1]} quarter of {period[:4]}"


def period_line(context: Context) -> str:
    """The reporting period as shown on the page; a partial quarter says until when."""
    words = period_words(context.period, context.lang)
    if not context.is_partial or context.last_on is None:
        return words
    day = context.last_on
    if context.lang == "zh":
        return f"{words}（截至{day.year}年{day.month}月{day.day}日）"
    return f"{words} (until {day.isoformat()})"


@cache
def season_rules() -> dict[str, frozenset[int]]:
    """Service → calendar months in which it can be judged at all (metadata/seasons.toml)."""
    rules = tomllib.loads((METADATA / "seasons.toml").read_text(encoding="utf-8"))["rule"]
    return {rule["service"]: frozenset(rule["months"]) for rule in rules}


def not_evaluable(context: Context) -> list[str]:
    """Services whose season lies outside the months the period has data for."""
    last = context.last_on or context.ends_on
    months = {
        month
        for month in range(context.starts_on.month, context.ends_on.month + 1)
        if date(context.starts_on.year, month, 1) <= last
    }
    return sorted(service for service, season in season_rules().items() if not months & season)


def mark_season(table: pl.DataFrame, context: Context, values: Iterable[str]) -> pl.DataFrame:
    """Adds `is_evaluable`; figures of services out of season become null."""
    table = table.with_columns((~pl.col("service_code").is_in(not_evaluable(context))).alias("is_evaluable"))
    return table.with_columns(
        pl.when(pl.col("is_evaluable")).then(pl.col(name)).otherwise(None).alias(name) for name in values
    )


def code_labels(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], tuple[str, str]]:
    """(list, code) → labels zh and en, with areas, waves, standard variables and grid cells as lists of their own."""
    rows = con.sql(
        "select list_code, code, label_zh, label_en from ref.codes "
        "union all select 'areas', area_code, label_zh, label_en from ref.areas "
        "union all select 'waves', wave_code, label_zh, label_en from ref.waves "
        "union all select 'variables', variable_code, label_zh, label_en from ref.variables "
        "union all select 'grids', grid_id, label_zh, label_zh from clean.grids"
    ).fetchall()
    own = {
        (name, code): (pair[0], pair[1]) for name, words in phrases()["lists"].items() for code, pair in words.items()
    }
    waves = {("sources", row[1]): (row[2], row[3]) for row in rows if row[0] == "waves"}
    return {**{(row[0], row[1]): (row[2], row[3]) for row in rows}, **waves, **own}
