"""Visits that activity days and carried-out suggestions add to the usual ones, by known factors.

Streamed logs go without: their months are drawn block by block from rates, and nothing is scored on them but size.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.simulate.assumptions import Assumptions
from pipeline.simulate.events import Events, fixes, lifted_days
from pipeline.simulate.operation import Operation
from pipeline.simulate.people import People
from pipeline.simulate.stations import Stations
from pipeline.simulate.supply import Supply
from pipeline.simulate.visits import Visits, outcomes, persons, service_pull, uses_of


def add_lifts(
    usual: Visits,
    events: Events,
    place: tuple[Stations, Supply, People, Operation],
    weather: pl.DataFrame,
    assumptions: Assumptions,
    rng: np.random.Generator,
) -> Visits:
    """The usual visits and those added. Of the visits in the days after an activity day, and of the uses of a service
    after its fix, a part (factor − 1) is drawn again with other persons and services: so expected counts are the usual
    ones times the factor, whatever the weather, the hours and the luck of the day. `is_added` marks them."""
    stations, supply, people, operation = place
    pull = service_pull(supply, weather, assumptions)
    days = lifted_days(events, stations.n, assumptions["activity"]["days"])
    share = assumptions["activity"]["lift"] - 1
    visits, uses = [usual.visits.with_columns(is_added=pl.lit(value=False))], [usual.uses]
    first = usual.visits.height
    for station in range(stations.n):
        here = usual.visits.filter(pl.col("station") == station)
        again = here.filter(pl.Series(days[station, here["day"].to_numpy()] & (rng.random(here.height) < share)))
        added = _drawn_again(again, station, people, first, rng)
        visits.append(added)
        uses.append(uses_of(station, added, pull, supply, operation, rng))
        first += added.height
    known = Visits(pl.concat(visits), pl.concat(uses))
    return _in_order(_add_fixes(known, events, place, assumptions["suggestion"]["lift"] - 1, rng))


def _add_fixes(
    known: Visits,
    events: Events,
    place: tuple[Stations, Supply, People, Operation],
    share: float,
    rng: np.random.Generator,
) -> Visits:
    """Visits added for one service each, from the day on which a suggestion about it was carried out."""
    _, supply, people, operation = place
    visits, uses, first = [known.visits], [known.uses], known.visits.height
    for station, service, day in fixes(events).select("station", "service", "day").iter_rows():
        here = known.visits.filter((pl.col("station") == station) & (pl.col("day") >= day))
        here = here.join(known.uses.filter(pl.col("service") == service), on="visit", how="semi", maintain_order="left")
        added = _drawn_again(here.filter(pl.Series(rng.random(here.height) < share)), station, people, first, rng)
        wanted = np.full(added.height, service)
        outcome = outcomes(station, wanted, added["day"].to_numpy(), added["minute"].to_numpy(), supply, operation, rng)
        visits.append(added)
        uses.append(pl.DataFrame({"visit": added["visit"], "service": wanted, "outcome": outcome}))
        first += added.height
    return Visits(pl.concat(visits), pl.concat(uses, how="vertical_relaxed"))


def _drawn_again(
    visits: pl.DataFrame, station: int, people: People, first: int, rng: np.random.Generator
) -> pl.DataFrame:
    """As many visits on the same days in the same half-hours and groups, by persons drawn anew; numbered from `first`."""
    group = visits["group"].to_numpy()
    return visits.with_columns(
        pl.Series("minute", visits["minute"].to_numpy() // 30 * 30 + rng.integers(0, 30, visits.height)),
        pl.Series("person", persons(group, station, people, rng), dtype=pl.Int64),
        pl.Series("stay", rng.gamma(2.2, 7.0, visits.height).round(0).clip(1, 180)),
        pl.Series("visit", np.arange(first, first + visits.height)),
        is_added=pl.lit(value=True),
    )


def _in_order(visits: Visits) -> Visits:
    """Visits by station and time, numbered in that order, and their uses with them."""
    table = visits.visits.sort("station", "day", "minute", "visit")
    number = pl.DataFrame({"visit": table["visit"], "new": np.arange(table.height)})
    uses = visits.uses.join(number, on="visit", how="left", maintain_order="left").sort("new", maintain_order=True)
    return Visits(
        table.with_columns(pl.Series("visit", np.arange(table.height))),
        uses.select(pl.col("new").alias("visit"), "service", "outcome"),
    )
