"""Lift after an event: by hand, and in a world of known effects; where nothing can be said a reason stands."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.use.lift import lift
from pipeline.errors import PipelineError

FIRST = date(2023, 3, 1)
N_DAYS = 90


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def world(
    seed: int, effect: float, events: dict[str, int], n_stations: int = 30, unevenness: float = 0.3
) -> pl.DataFrame:
    """Stations of 3 to 12 visits a day; `effect` on the 14 days after, and a crowd on the day itself."""
    dice = np.random.default_rng(seed)
    mean = (
        dice.uniform(3, 12, (n_stations, 1))
        * dice.gamma(1 / unevenness, unevenness, (n_stations, N_DAYS))
        * dice.gamma(20, 0.05, N_DAYS)
    )
    for name, day in events.items():
        mean[int(name[1:]), day + 1 : day + 15] *= effect
        mean[int(name[1:]), day] *= 10
    return pl.DataFrame({
        "station_id": np.repeat([f"S{n}" for n in range(n_stations)], N_DAYS), "class_code": "fixed",
        "day_on": [on(day) for day in range(N_DAYS)] * n_stations, "n_visits": dice.poisson(mean).ravel(), "open_hours": 8.0,
    })  # fmt: skip


def told(events: dict[str, int], days_long: int = 0) -> pl.DataFrame:
    return pl.DataFrame([{"event_id": f"{name}:{day}", "station_id": name, "from_on": on(day), "to_on": on(day + days_long)}
                         for name, day in events.items()])  # fmt: skip


def flat(**counts: tuple[int, int]) -> pl.DataFrame:
    """Stations with so many visits a day before day 20, and so many from then on."""
    return pl.DataFrame([
        {"station_id": name, "class_code": "fixed", "day_on": on(day), "open_hours": 8.0, "n_visits": before if day < 20 else after}
        for name, (before, after) in counts.items() for day in range(41)])  # fmt: skip


FOUR = {"A": (10, 30), "B": (10, 20), "C": (5, 10), "D": (20, 40)}


def reason(days: pl.DataFrame, events: pl.DataFrame, **how) -> str:
    return lift(days, events, **how).events["reason"][0]


def test_what_all_stations_gain_is_not_the_event():
    found = lift(flat(**FOUR), told({"A": 20}))
    row = found.events.row(0, named=True)
    assert (row["n_visits_before"], row["n_visits_after"], row["expected"], row["n_comparisons"]) == (
        140,
        420,
        280.0,
        3,
    )
    assert row["rate_ratio"] == found.pooled["rate_ratio"][0] == 1.5


def test_longer_hours_after_are_not_lift():
    longer = flat(A=(10, 20), B=(10, 10), C=(10, 10), D=(5, 5)).with_columns(
        open_hours=pl.when((pl.col("station_id") == "A") & (pl.col("day_on") >= on(20))).then(16.0).otherwise(8.0))  # fmt: skip
    assert lift(longer, told({"A": 20})).events["rate_ratio"][0] == pytest.approx(1.0)


@pytest.mark.parametrize(("n_events", "effect"), [(12, 1.3), (12, 1.0)])
def test_a_known_effect_is_found_and_none_where_there_is_none(n_events, effect):
    events = {f"S{n}": 20 + 4 * n for n in range(n_events)}
    hits, ratios = [], []
    for seed in range(25):
        row = lift(world(seed, effect, events), told(events)).pooled.row(0, named=True)
        hits.append(row["lci"] <= effect <= row["uci"])
        ratios.append(row["rate_ratio"])
    assert np.mean(hits) >= 0.84  # 0.95 less three Monte-Carlo errors, nearly
    assert abs(np.mean(ratios) / effect - 1) < 3 * np.std(ratios) / 5 + 0.01


def test_one_event_has_a_wider_interval_than_twelve():
    many = {f"S{n}": 20 + 4 * n for n in range(12)}
    one = {"S0": 20}
    widths = [np.log(p["uci"][0] / p["lci"][0]) for p in (lift(world(3, 1.3, e), told(e)).pooled for e in (one, many))]
    assert widths[0] > 2 * widths[1]


def test_where_stations_stray_of_themselves_the_interval_is_wider():
    events = {"S0": 30}
    calm, restless = (lift(world(3, 1.3, events, unevenness=u), told(events)) for u in (0.02, 1.5))
    assert restless.spread > calm.spread + 0.1
    assert restless.events["se"][0] > 1.5 * calm.events["se"][0]


def test_every_event_that_cannot_be_told_says_why():
    days = flat(**FOUR)
    assert reason(days, told({"Z": 20})) == "no_log"
    assert (
        reason(days, told({"A": 6})) == reason(days, told({"A": 34})) == reason(days, told({"A": 90})) == "edge_of_data"
    )
    assert reason(days, told({"A": 20}).with_columns(station_id=pl.lit(None, pl.String))) == "no_station"
    assert reason(days, told({"A": 20}).with_columns(from_on=pl.lit(None, pl.Date))) == "no_date"
    assert (
        reason(days.filter((pl.col("station_id") != "A") | (pl.col("day_on") != on(25))), told({"A": 20})) == "no_log"
    )
    shut = pl.when(pl.col("station_id") == "A").then(None).otherwise(pl.col("open_hours"))
    assert reason(days.with_columns(open_hours=shut), told({"A": 20})) == "hours_unknown"
    other_class = pl.when(pl.col("station_id") == "D").then(pl.lit("social")).otherwise(pl.col("class_code"))
    assert reason(days.with_columns(class_code=other_class), told({"A": 20})) == "no_comparison"
    assert reason(flat(**FOUR | {"A": (0, 1)}), told({"A": 20})) == "few_visits"
    assert reason(flat(**FOUR | {"A": (9, 0)}), told({"A": 20})) == "no_visits_after"
    assert reason(flat(A=(9, 9), B=(0, 5), C=(0, 5), D=(0, 5)), told({"A": 20})) == "no_comparison"


def test_an_event_near_another_at_its_station_is_refused_and_its_station_compares_with_nobody():
    both = pl.concat([told({"A": 20}), told({"A": 33})])
    assert lift(flat(**FOUR), both).events["reason"].to_list() == ["overlaps_another"] * 2
    five = flat(**FOUR, E=(10, 90))
    apart = lift(five, told({"A": 20, "E": 30}))
    assert apart.events["n_comparisons"][0] == 3 and apart.events["rate_ratio"][0] == 1.5


def test_what_stays_disturbs_later_windows_no_more_but_those_it_begins_in():
    days = world(1, 1.0, {})
    early, later = told({"S1": 3}), told({"S0": 45})
    events = pl.concat([early, later])
    assert lift(days, events, lasts=None).events["n_comparisons"][1] == 29
    assert lift(days, events, lasts=60).events["n_comparisons"][1] == 28


def test_days_in_which_the_event_fell_are_on_neither_side():
    days = flat(**FOUR).with_columns(
        n_visits=pl.when((pl.col("station_id") == "A") & pl.col("day_on").is_between(on(18), on(22))).then(999).otherwise(pl.col("n_visits")))  # fmt: skip
    row = lift(days, told({"A": 18}, days_long=4)).events.row(0, named=True)
    assert (row["n_visits_before"], row["n_visits_after"]) == (140, 420)


def test_a_side_that_the_log_ends_in_is_cut_to_whole_weeks():
    row = lift(flat(**FOUR), told({"A": 31})).events.row(0, named=True)  # 17 days before, 9 after
    assert (row["n_visits_before"], row["n_visits_after"]) == (3 * 10 + 11 * 30, 7 * 30)


def test_events_with_too_few_visits_to_print_count_in_the_whole():
    """Six stations of a visit every other day: 7 to be expected of each, 42 of all; a station silent before adds what came after."""
    names = [f"S{n}" for n in range(6)]
    table = pl.concat([
        flat(B=(5, 5), C=(5, 5), D=(5, 5)),
        *[flat(**{name: (1, 2)}).filter(pl.lit(True)).with_columns(n_visits=pl.col("n_visits") * (pl.int_range(pl.len()) % 2)) for name in names],
    ])  # fmt: skip
    found = lift(table, told(dict.fromkeys(names, 20)))
    assert found.events["reason"].unique().to_list() == ["few_visits"] and found.events["rate_ratio"].null_count() == 6
    pooled = found.pooled.row(0, named=True)
    assert (pooled["n_events"], pooled["n_visits_after"], pooled["rate_ratio"]) == (6, 84, 2.0)


def test_order_of_rows_changes_nothing_and_no_event_says_so():
    events = {"S0": 30, "S4": 50}
    days = world(2, 1.2, events)
    assert lift(days, told(events)).pooled.equals(lift(days.reverse(), told(events)).pooled)
    none = lift(days, told(events).head(0))
    assert none.events.is_empty() and none.pooled.row(0, named=True)["reason"] == "no_event" and none.spread is None


def test_absent_columns_are_named():
    with pytest.raises(PipelineError, match="class_code, from_on"):
        lift(flat(**FOUR).drop("class_code"), told({"A": 20}).drop("from_on"))
