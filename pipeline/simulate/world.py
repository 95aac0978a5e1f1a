"""One simulated area with its known truth: place, stations, people, weather, operation, events and visits, in that order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.simulate.assumptions import Assumptions
from pipeline.simulate.events import Events, build_events
from pipeline.simulate.geography import Area, Geography, build_geography
from pipeline.simulate.lifts import add_lifts
from pipeline.simulate.operation import Operation, build_operation
from pipeline.simulate.opinions import Opinions, build_opinions
from pipeline.simulate.people import People, build_people
from pipeline.simulate.stations import Stations, build_stations
from pipeline.simulate.supply import Supply, build_supply
from pipeline.simulate.visits import Visits, build_visits
from pipeline.simulate.weather import N_DAYS, build_weather

ROWS_PER_VISIT = 1.08  # log rows that the kinds of record together keep of one visit


@dataclass(frozen=True)
class World:
    """Everything that is true in one simulated area; the files are written from it."""

    area: Area
    assumptions: Assumptions
    geography: Geography
    stations: Stations
    supply: Supply
    people: People
    weather: pl.DataFrame
    operation: Operation
    events: Events
    visits: Visits
    opinions: Opinions


def build_world(
    area: Area,
    assumptions: Assumptions,
    random: dict[str, np.random.Generator],
    *,
    stations: int,
    couriers: int,
    log_rows: int | None,
) -> World:
    """A coherent world of the wished size; `log_rows` scales how often people come."""
    geography = build_geography(area, assumptions, random["geography"])
    places = build_stations(geography, assumptions, stations, random["stations"])
    supply = build_supply(places, assumptions, random["supply"])
    people = build_people(geography, places, supply, assumptions, couriers, random["people"])
    weather = build_weather(random["weather"])
    operation = build_operation(places, supply, assumptions, random["visits"])
    usual = assumptions["visits"]["mean_per_station_day"] * stations * N_DAYS * ROWS_PER_VISIT
    scale = 1.0 if log_rows is None else log_rows / usual
    usual_visits = build_visits(places, supply, people, operation, weather, assumptions, scale, random["visits"])
    events = build_events(places, supply, assumptions, random["events"])
    around = (places, supply, people, operation)
    visits = add_lifts(usual_visits, events, around, weather, assumptions, random["events"])
    opinions = build_opinions(visits, supply, people, assumptions, random["opinions"])
    return World(area, assumptions, geography, places, supply, people, weather, operation, events, visits, opinions)
