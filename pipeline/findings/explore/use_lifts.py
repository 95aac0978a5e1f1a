"""Whether use rose after activity days, and after suggestions were taken up: each of them and all together. For whoever explores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import duckdb
import polars as pl

from pipeline.analysis.use.lift import lift
from pipeline.analysis.use.lift_windows import WINDOW
from pipeline.disclose import Disclosure, Protect, disclose
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.use_days import ALL, distinct_within, logged_span, station_days
from pipeline.findings.explore.use_words import with_words
from pipeline.findings.explore.words import label, with_area

POOLED = "pooled"
COUNTED = ("", "few_visits", "no_visits_after")  # they stand in the pooled ratio
RATIOS = ("est", "se", "lci", "uci", "n_visits_before", "n_visits_after", "expected")
ACTIVITIES = (  # several on one day at one station are one
    "select min(activity_id) as event_id, area_code, station_id, held_on as from_on, held_on as to_on from clean.activity_days "
    "where station_id is not null group by area_code, station_id, held_on "
    "union all select activity_id, area_code, station_id, held_on, held_on from clean.activity_days where station_id is null"
)
# taken up on the day written down; else the month of the suggestion and the days until the reply tell the days on which it may have been
FIXES = (
    "select suggestion_id as event_id, area_code, station_id, service_code, coalesce(closed_on, cast(month_on + reply_days as date)) as from_on, "
    "coalesce(closed_on, cast(last_day(month_on) + reply_days as date)) as to_on from clean.suggestions where status_code = 'adopted'"
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

    Against the two weeks before and stations of its class and area without an activity (`analysis.use.lift`). `service`: its uses; None: visits.
    `user_groups`: only theirs. `between`: the log looked at, by default all of it up to the period's end; activities before it do not
    count. One row per activity and one for all (`happening_id` pooled), by area: est (the factor), se (of its logarithm), lci, uci, n_visits_before, n_visits_after,
    expected, n_comparisons, n_events, method_code, reason_code. Hidden where few people use the station.
    """
    events = con.sql(ACTIVITIES).pl().with_columns(pl.lit(service, pl.String).alias("service_code"))
    return _lifts(con, choices, events, window, window, user_groups, between)


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

    By uses of the service that a suggestion names (`service_code`), against other stations' uses of it; by visits where it names none.
    `service`: only suggestions that name it. Where the ledger holds no day, the days on which it may have been (month of the suggestion and
    days until the reply) are left out of both sides. The effect is taken to last.
    """
    events = con.sql(FIXES).pl()
    if service is not None:
        events = events.filter(pl.col("service_code") == service)
    return _lifts(con, choices, events, window, None, user_groups, between)


def _lifts(con: duckdb.DuckDBPyConnection, choices: Choices, events: pl.DataFrame, window: int, lasts: int | None,
           user_groups: Sequence[str] | None, between: tuple[date, date] | None) -> pl.DataFrame:  # fmt: skip
    between = between or logged_span(con, choices)
    events = events.filter(pl.col("area_code").is_in(choices.context.areas)).sort("from_on", "event_id")
    near = between[0] - timedelta(days=window)  # what came shortly before the log still disturbs it
    events = events.filter(
        pl.col("from_on").is_null() | ((pl.col("to_on") >= near) & (pl.col("from_on") <= between[1]))
    )
    who = {"user_groups": user_groups, "between": between}
    days = pl.concat([station_days(con, choices, service=name, **who) for name in (None, ALL)])
    days = days.with_columns(n_visits="n_visits_all", open_hours="open_hours_all", class_code="class_in_area")
    areas = choices.context.areas
    table = pl.concat(
        [_of_area(days, events.filter(pl.col("area_code") == area), area, window, lasts) for area in areas]
    )
    keys = [distinct_within(con, choices, names, **who) for names in (["station_id"], ["station_id", "service_code"])]
    keys = pl.concat([keys[0].with_columns(pl.lit(None, pl.String).alias("service_code")), keys[1].drop_nulls("service_code")], how="diagonal")  # fmt: skip
    table = table.join(keys, on=["station_id", "service_code"], how="left", nulls_equal=True)
    return with_area(with_words(_named(con, _shown(table), choices), choices), choices)


def _shown(table: pl.DataFrame) -> pl.DataFrame:
    """Through the gate: behind the pooled ratio stand the people of the events that it sums; its counts only where each event's are shown."""
    is_pooled, told = pl.col("happening_id") == POOLED, pl.col("est").is_not_null()
    of_all = pl.col("n_keys").filter(~is_pooled & (pl.col("n_events") == 1)).sum().over("area_code")
    table = table.with_columns(pl.when(told & is_pooled).then(of_all).when(told).then("n_keys").alias("n_keys"),
                               *[pl.when(told).then(name).alias(name) for name in RATIOS])  # fmt: skip
    basis = Disclosure(
        keys=("area_code", "happening_id", "station_id", "service_code", "from_on", "to_on"), open=("n_comparisons", "n_events", "method_code", "reason_code"),
        protect=(Protect(n=("n_keys",), values=RATIOS, basis="couriers", within=("area_code",)),))  # fmt: skip
    shown = disclose(table, basis, name="lifts")
    whole = (pl.col("est").is_not_null().sum() - 1).over("area_code") == pl.col("n_events")
    counts = ("n_visits_after", "expected")
    return shown.with_columns(pl.when(~is_pooled | whole).then(name).alias(name) for name in counts)


def _of_area(days: pl.DataFrame, events: pl.DataFrame, area: str, window: int, lasts: int | None) -> pl.DataFrame:
    """One row per event and the pooled one, undisclosed; a station and a service make a series, compared with series of the service."""
    series = [
        pl.concat_str(name, pl.lit(" "), pl.col("service_code").fill_null("")).alias(name)
        for name in ("station_id", "class_code")
    ]
    found = lift(
        days.filter(pl.col("area_code") == area).with_columns(series),
        events.with_columns(series[0]),
        window=window,
        lasts=lasts,
    )
    told = found.events.with_columns(
        events["station_id"], (pl.col("reason").is_in(COUNTED)).cast(pl.Int64).alias("n_events")
    )
    pooled = found.pooled.with_columns(pl.lit(area).alias("area_code"), pl.lit(POOLED).alias("happening_id"))
    table = pl.concat([told.rename({"event_id": "happening_id"}), pooled], how="diagonal_relaxed")
    names = {"rate_ratio": "est", "reason": "reason_code", "method": "method_code"}
    return table.rename(names).with_columns(
        pl.col("from_on", "to_on").cast(pl.Date), pl.col("service_code").cast(pl.String)
    )


def _named(con: duckdb.DuckDBPyConnection, table: pl.DataFrame, choices: Choices) -> pl.DataFrame:
    """Labels: the day, or the days in which it fell, the station, and the service where one is meant."""
    names = dict(con.sql("select station_id, name from clean.stations").fetchall())
    labels = []
    for event, station, service, first, last in table.select(
        "happening_id", "station_id", "service_code", "from_on", "to_on"
    ).iter_rows():
        when = f"{first:%m-%d}" if first == last and first else f"{first:%m-%d}–{last:%m-%d}" if first and last else ""
        name = names.get(station, label(choices, "use_reasons", "no_station"))
        name += f"·{label(choices, 'services', service)}" if service else ""
        labels.append(label(choices, "lift_events", POOLED) if event == POOLED else f"{when} {name}".strip())
    return table.with_columns(pl.Series("label", labels, dtype=pl.String))
