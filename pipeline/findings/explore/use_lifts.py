"""Whether use rose after activity days, and after suggestions were taken up: each of them and all together. For whoever explores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import duckdb
import polars as pl

from pipeline.analysis.lift import lift
from pipeline.analysis.lift_windows import WINDOW
from pipeline.disclose import Disclosure, Protect, disclose
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.use_days import distinct_within, logged_span, station_days
from pipeline.findings.explore.use_words import with_words
from pipeline.findings.explore.words import label, with_area

POOLED = "pooled"
RATIOS = ("est", "se", "lci", "uci", "n_visits_before", "n_visits_after", "expected")
ACTIVITIES = (  # several on one day at one station are one
    "select min(activity_id) as event_id, area_code, station_id, held_on as from_on, held_on as to_on from clean.activity_days "
    "where station_id is not null group by area_code, station_id, held_on "
    "union all select activity_id, area_code, station_id, held_on, held_on from clean.activity_days where station_id is null"
)
# the ledger knows the month of a suggestion and how long the reply took: it was done on one of these days
FIXES = (
    "select suggestion_id as event_id, area_code, station_id, cast(month_on + reply_days as date) as from_on, "
    "cast(last_day(month_on) + reply_days as date) as to_on from clean.suggestions where status_code = 'adopted'"
)


def activity_lift(
    con: duckdb.DuckDBPyConnection,
    choices: Choices,
    *,
    window: int = WINDOW,
    service: str | None = None,
    user_groups: Sequence[str] | None = None,
    between: tuple[date, date] | None = None,
) -> pl.DataFrame:
    """By what factor a station was used more in the two weeks after an activity day than was to be expected; the day itself apart.

    Against the two weeks before and stations of its class and area without an activity (`analysis.lift`). `service`: its uses; None: visits.
    `user_groups`: only theirs. `between`: the log looked at, by default all of it up to the period's end; activities before it do not
    count. One row per activity and one for all (`happening_id` pooled), by area: est (the factor), se (of its logarithm), lci, uci, n_visits_before, n_visits_after,
    expected, n_comparisons, n_events, method_code, reason_code. Hidden where few people use the station.
    """
    return _lifts(con, choices, ACTIVITIES, window, window, service, user_groups, between)


def fix_effect(
    con: duckdb.DuckDBPyConnection,
    choices: Choices,
    *,
    window: int = WINDOW,
    service: str | None = None,
    user_groups: Sequence[str] | None = None,
    between: tuple[date, date] | None = None,
) -> pl.DataFrame:
    """By what factor a station was used more after a suggestion that concerns it was taken up; otherwise as `activity_lift`.

    The day is known to a month (month of the suggestion and days until the reply): the days in which it may have fallen are left out of both
    sides, and the effect is taken to last.
    """
    return _lifts(con, choices, FIXES, window, None, service, user_groups, between)


def _lifts(con: duckdb.DuckDBPyConnection, choices: Choices, query: str, window: int, lasts: int | None, service: str | None,
           user_groups: Sequence[str] | None, between: tuple[date, date] | None) -> pl.DataFrame:  # fmt: skip
    between = between or logged_span(con, choices)
    days = station_days(con, choices, service=service, user_groups=user_groups, between=between)
    days = days.with_columns(class_code="class_in_area", n_visits="n_visits_all", open_hours="open_hours_all")
    events = con.sql(query).pl().filter(pl.col("area_code").is_in(choices.context.areas)).sort("from_on", "event_id")
    near = between[0] - timedelta(days=window)  # what came shortly before the log still disturbs it
    events = events.filter(
        pl.col("from_on").is_null() | ((pl.col("to_on") >= near) & (pl.col("from_on") <= between[1]))
    )
    table = pl.concat(
        [
            _of_area(days, events.filter(pl.col("area_code") == area), area, window, lasts)
            for area in choices.context.areas
        ]
    )
    keys = distinct_within(con, choices, ["station_id"], service=service, user_groups=user_groups, between=between)
    told = pl.col("est").is_not_null()
    table = table.join(keys, on="station_id", how="left").with_columns(
        pl.when(told).then(name).alias(name) for name in (*RATIOS, "n_keys")
    )
    of_all = (
        pl.col("n_keys").filter(pl.col("happening_id") != POOLED).sum().over("area_code")
    )  # those of the events that it sums
    is_pooled = told & (pl.col("happening_id") == POOLED)
    table = table.with_columns(pl.when(is_pooled).then(of_all).otherwise("n_keys").alias("n_keys"))
    basis = Disclosure(
        keys=("area_code", "happening_id", "station_id", "from_on", "to_on"), open=("n_comparisons", "n_events", "method_code", "reason_code"),
        protect=(Protect(n=("n_keys",), values=RATIOS, basis="couriers", within=("area_code",)),))  # fmt: skip
    shown = disclose(table, basis, name="lifts")
    return with_area(with_words(_named(con, shown, choices), choices), choices)


def _of_area(days: pl.DataFrame, events: pl.DataFrame, area: str, window: int, lasts: int | None) -> pl.DataFrame:
    """One row per event and the pooled one, undisclosed."""
    found = lift(days.filter(pl.col("area_code") == area), events, window=window, lasts=lasts)
    pooled = found.pooled.with_columns(pl.lit(area).alias("area_code"), pl.lit(POOLED).alias("event_id"))
    table = pl.concat(
        [found.events.with_columns(pl.col("rate_ratio").is_not_null().cast(pl.Int64).alias("n_events")), pooled],
        how="diagonal_relaxed",
    )
    return table.rename(
        {"event_id": "happening_id", "rate_ratio": "est", "reason": "reason_code", "method": "method_code"}
    ).with_columns(pl.col("from_on", "to_on").cast(pl.Date))


def _named(con: duckdb.DuckDBPyConnection, table: pl.DataFrame, choices: Choices) -> pl.DataFrame:
    """Labels: the day, or the days in which it fell, and the station."""
    names = dict(con.sql("select station_id, name from clean.stations").fetchall())
    labels = []
    for event, station, first, last in table.select("happening_id", "station_id", "from_on", "to_on").iter_rows():
        when = f"{first:%m-%d}" if first == last and first else f"{first:%m-%d}–{last:%m-%d}" if first and last else ""
        name = names.get(station, label(choices, "use_reasons", "no_station"))
        labels.append(label(choices, "lift_events", POOLED) if event == POOLED else f"{when} {name}".strip())
    return table.with_columns(pl.Series("label", labels, dtype=pl.String))
