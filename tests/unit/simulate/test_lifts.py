"""Activity days and fixes add visits by their factor, where and when they should, and nowhere else."""

from collections import Counter
from datetime import date

import numpy as np
import polars as pl
import pytest

from pipeline.simulate.events import ELSEWHERE, SCHEMA, Events, fixes, lifted_days
from pipeline.simulate.lifts import add_lifts
from pipeline.simulate.visits import Visits
from pipeline.simulate.weather import N_DAYS


def activity(station, held_on):
    return {"station": station, "held_on": held_on, "is_summer": False, "n_items": 10, "n_visits": 5}


def suggestion(station, service, closed_on):
    return {"station": station, "month_on": date(2023, 2, 1), "topic": "facility", "status": "adopted", "reply_days": 3,
            "service": service, "closed_on": closed_on}  # fmt: skip


def events(activities=(), suggestions=()):
    none = {"station": pl.Int64, "held_on": pl.Date, "is_summer": pl.Boolean, "n_items": pl.Int64, "n_visits": pl.Int64}
    return Events(pl.DataFrame(list(activities), schema=none), pl.DataFrame(list(suggestions), schema=SCHEMA))


def test_an_activity_day_lifts_the_fortnight_after_it_at_its_station_alone():
    held = [activity(1, date(2023, 3, 3)), activity(ELSEWHERE, date(2023, 3, 3)), activity(2, date(2023, 2, 20)),
            activity(0, date(2022, 7, 1)), activity(0, date(2023, 5, 30))]  # fmt: skip
    lifted = lifted_days(events(held), 3, days=14)
    assert np.flatnonzero(lifted[1]).tolist() == list(range(3, 17))  # 4 to 17 March, counted from 1 March as day 0
    assert np.flatnonzero(lifted[2]).tolist() == [0, 1, 2, 3, 4, 5]
    assert np.flatnonzero(lifted[0]).tolist() == [N_DAYS - 1]


def test_only_what_was_carried_out_while_logs_are_kept_is_a_fix_and_the_first_of_two_counts():
    told = [suggestion(0, 1, date(2023, 4, 9)), suggestion(0, 1, date(2023, 4, 2)), suggestion(1, 1, None),
            suggestion(1, ELSEWHERE, date(2023, 4, 2)), suggestion(1, 2, date(2023, 2, 2))]  # fmt: skip
    assert fixes(events(suggestions=told)).select("number", "station", "service", "day").rows() == [(2, 0, 1, 32)]


@pytest.fixture(scope="module")
def usual(world):
    """The visits of the world without any that events added."""
    visits = world.visits.visits.filter(~pl.col("is_added")).drop("is_added").with_row_index("new")
    uses = world.visits.uses.join(visits.select("visit", "new"), on="visit", maintain_order="left")
    uses = uses.select(pl.col("new").cast(pl.Int64).alias("visit"), "service", "outcome")
    return Visits(visits.with_columns(visit=pl.col("new").cast(pl.Int64)).drop("new"), uses)


def lifted_world(world, usual, happened, **factors):
    figures = world.assumptions | {name: world.assumptions[name] | {"lift": lift} for name, lift in factors.items()}
    place = (world.stations, world.supply, world.people, world.operation)
    return add_lifts(usual, happened, place, world.weather, figures, np.random.default_rng(3))


def test_without_events_nothing_changes(world, usual):
    same = lifted_world(world, usual, events())
    assert same.visits.height == usual.visits.height and not same.visits["is_added"].any()
    assert same.uses["service"].to_list() == usual.uses["service"].to_list()


def test_a_factor_of_two_doubles_the_visits_of_the_fortnight(world, usual):
    fortnight = usual.visits.filter(pl.col("day").is_between(32, 45))
    busiest = fortnight["station"].value_counts().sort("count", descending=True)["station"][0]
    found = lifted_world(world, usual, events([activity(busiest, date(2023, 4, 1))]), activity=2.0).visits
    added = found.filter("is_added")
    before = fortnight.filter(pl.col("station") == busiest)
    assert before.height > 20
    assert Counter(added["day"]) == Counter(before["day"]) and set(added["station"]) == {busiest}


def test_a_fix_adds_uses_of_its_service_from_its_day_on(world, usual):
    asked = usual.uses.join(usual.visits, on="visit").group_by("station", "service").len().sort("len", descending=True)
    station, service = asked.select("station", "service").row(0)
    told = events(suggestions=[suggestion(station, service, date(2023, 4, 15))])
    found = lifted_world(world, usual, told, suggestion=2.0)
    counted = found.uses.join(found.visits, on="visit").filter(
        (pl.col("station") == station) & (pl.col("service") == service) & (pl.col("day") >= 45)
    )
    assert (counted["is_added"].sum(), counted.height - counted["is_added"].sum()) == (
        counted.height / 2,
        counted.height / 2,
    )
    assert found.uses.height - usual.uses.height == counted["is_added"].sum() > 20
    assert found.visits.select(pl.col("day").filter("is_added").min()).item() >= 45


def test_visits_stand_in_the_order_of_stations_and_times_with_their_uses(world):
    visits, uses = world.visits.visits, world.visits.uses
    assert visits["visit"].to_list() == list(range(visits.height))
    assert visits.equals(visits.sort("station", "day", "minute", maintain_order=True))
    assert uses["visit"].is_sorted() and set(uses["visit"]) == set(visits["visit"])
    assert uses.select("visit", "service").is_duplicated().sum() == 0
