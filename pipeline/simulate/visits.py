"""Visits to stations and the services used or asked for, made from need, opening, weather, hour and luck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.simulate.assumptions import Assumptions
from pipeline.simulate.operation import Operation
from pipeline.simulate.people import People
from pipeline.simulate.stations import HALF_HOURS, Stations
from pipeline.simulate.supply import Supply
from pipeline.simulate.weather import N_DAYS

GROUPS = ("courier", "rider", "other_outdoor", "office_staff", "resident", "unknown")
POOL = 40  # people of each other group who use a station


@dataclass(frozen=True)
class Visits:
    """`visits` one row per visit: station, day, minute, group, person (−1 − id for those who are not couriers).
    `uses` one row per service asked for: visit, service, outcome (served, stocked_out, closed, refused).
    Where lifts were added (lifts.py), `is_added` marks the visits that are not usual ones."""

    visits: pl.DataFrame
    uses: pl.DataFrame


def build_visits(
    stations: Stations,
    supply: Supply,
    people: People,
    operation: Operation,
    weather: pl.DataFrame,
    assumptions: Assumptions,
    scale: float,
    rng: np.random.Generator,
) -> Visits:
    """All visits of three months, station by station."""
    rates = _rates(stations, weather, assumptions, scale, rng)
    kinds = service_pull(supply, weather, assumptions)
    parts, uses, first = [], [], 0
    for station in range(stations.n):
        visits = _visits_of(station, rates, people, stations, rng)
        visits = visits.with_columns(pl.Series("visit", np.arange(first, first + visits.height)))
        uses.append(uses_of(station, visits, kinds, supply, operation, rng))
        parts.append(visits)
        first += visits.height
    return Visits(pl.concat(parts), pl.concat(uses))


def _rates(
    stations: Stations, weather: pl.DataFrame, assumptions: Assumptions, scale: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Expected visits per station and day, and the split over groups × half-hours on each day of the week."""
    figures = assumptions["visits"]
    rain = np.where(weather["rain_mm"].to_numpy() > 1, assumptions["weather"]["rain_visits"], 1.0)
    weekday = np.array([day.weekday() for day in weather["day_on"]])
    dampen = np.where(weekday >= 5, assumptions["weather"]["weekend"], 1.0)
    opened = stations.table["opened_on"].to_numpy()
    is_open = weather["day_on"].to_numpy()[None, :] >= opened[:, None]
    grid = visit_grid(stations, assumptions)
    exposure = grid.sum(axis=(2, 3))[:, weekday]
    noise = rng.gamma(figures["day_size"], 1 / figures["day_size"], exposure.shape)
    noise *= rng.random(exposure.shape) > figures["zero_share"]
    day_mean = stations.factor[:, None] * exposure * rain * dampen * is_open
    day_mean *= figures["mean_per_station_day"] * scale / day_mean.mean()
    return day_mean * noise, grid


def visit_grid(stations: Stations, assumptions: Assumptions) -> np.ndarray:
    """Station × weekday × group × half-hour: relative chance of a visit, none while the station is shut."""
    curves = np.stack([np.repeat(np.array(assumptions["hour_curves"][group]), 2) for group in GROUPS])
    curves[:2, 18] *= 0.35  # the morning trough begins at half past nine
    curves[:2, 26] *= 0.35  # and the one of the afternoon at half past one
    curves /= curves.sum(axis=1, keepdims=True)
    shares = np.array([assumptions["users"][group] for group in GROUPS])
    return curves[None, None] * shares[:, None] * stations.open[:, :, None, :]


def _visits_of(
    station: int, rates: tuple[np.ndarray, np.ndarray], people: People, stations: Stations, rng: np.random.Generator
) -> pl.DataFrame:
    day_mean, grid = rates
    day = np.repeat(np.arange(N_DAYS), rng.poisson(day_mean[station]))
    weekday = (day + 2) % 7  # 1 March 2023 was a Wednesday
    cell = np.empty(len(day), dtype=int)
    for number in range(7):
        here = np.flatnonzero(weekday == number)
        weights = grid[station, number].ravel()
        if here.size and weights.sum() > 0:
            cell[here] = rng.choice(weights.size, here.size, p=weights / weights.sum())
    group, half_hour = np.divmod(cell, HALF_HOURS)
    person = persons(group, station, people, rng)
    minute = half_hour * 30 + rng.integers(0, 30, len(day))
    order = np.lexsort((minute, day))
    columns = {"day": day, "minute": minute, "group": group, "person": person}
    table = pl.DataFrame({name: values[order] for name, values in columns.items()})
    return table.with_columns(
        pl.lit(station, dtype=pl.Int64).alias("station"),
        pl.Series("stay", rng.gamma(2.2, 7.0, len(day)).round(0).clip(1, 180)),
    )


def persons(group: np.ndarray, station: int, people: People, rng: np.random.Generator) -> np.ndarray:
    """Who makes each visit to a station, by the group of the visitor."""
    person = -1 - (station * POOL * 4 + rng.integers(0, POOL, len(group)) * 4 + np.maximum(group - 2, 0))
    for number, code in enumerate(GROUPS[:2]):
        pull = np.where(people.table["user_group"] == code, people.table["visit_rate"], 0.0) * people.pull[:, station]
        here = np.flatnonzero(group == number)
        if here.size and pull.sum() > 0:
            person[here] = rng.choice(len(pull), here.size, p=pull / pull.sum())
    return person


def service_pull(
    supply: Supply, weather: pl.DataFrame, assumptions: Assumptions, season: np.ndarray | None = None
) -> np.ndarray:
    """Day × group × service: how strongly a visitor of the group wants the service on that day.

    `season` has one value per day of `weather`: 0 as in March, 1 as in May; by default that of the small logs.
    """
    need = assumptions["need"]
    season = np.clip((np.arange(N_DAYS) - 15) / 60, 0, 1) if season is None else season
    season = season[:, None]
    figures = assumptions["weather"]
    high, low = weather["max_celsius"].to_numpy(), weather["min_celsius"].to_numpy()
    pull = np.empty((weather.height, len(GROUPS), len(supply.codes)))
    for number, code in enumerate(supply.codes):
        block = need[code]
        of_group = np.array([block["courier"], block["rider"], *[(block["courier"] + block["rider"]) / 2.4] * 4])
        month = block["march"] * (1 - season) + block["may"] * season
        pull[:, :, number] = of_group * month * assumptions["per_visit"][code]
    hot = 1 + figures["cool_per_degree_over_26"] * np.maximum(high - 26, 0)
    cold = 1 + figures["warm_per_degree_under_8"] * np.maximum(8 - low, 0)
    wet = np.where(weather["rain_mm"].to_numpy() > 1, figures["rain_shelter"], 0.4)
    for code, effect in (("cool", hot**2), ("water", hot), ("cold_storage", hot), ("warm", cold), ("shelter", wet)):
        pull[:, :, supply.codes.index(code)] *= effect[:, None]
    return pull


def uses_of(
    station: int, visits: pl.DataFrame, pull: np.ndarray, supply: Supply, operation: Operation, rng: np.random.Generator
) -> pl.DataFrame:
    """One to four services for each visit; what does not exist here is asked for less often."""
    n = 1 + np.minimum(rng.poisson(0.45, visits.height), 3)
    index = np.repeat(np.arange(visits.height), n)
    day, minute, group = (visits[name].to_numpy()[index] for name in ("day", "minute", "group"))
    exists = supply.exists[station]
    weight = pull[day, group] * np.where(exists, 0.35 + 0.65 * supply.aware[station], 0.10)
    service = (np.log(weight + 1e-12) + rng.gumbel(size=weight.shape)).argmax(axis=1)
    outcome = outcomes(station, service, day, minute, supply, operation, rng)
    table = pl.DataFrame({"visit": visits["visit"].to_numpy()[index], "service": service, "outcome": outcome})
    return table.unique(["visit", "service"], keep="first", maintain_order=True)


def outcomes(
    station: int,
    service: np.ndarray,
    day: np.ndarray,
    minute: np.ndarray,
    supply: Supply,
    operation: Operation,
    rng: np.random.Generator,
) -> np.ndarray:
    """What becomes of each request at a station: served, stocked_out, refused or closed."""
    start, end = operation.out[station, service, day].T
    shut_from, shut_to = operation.shut[station, day].T
    exists = supply.exists[station]
    luck = rng.random(len(service))
    fails = ~supply.works[station, service] & exists[service]
    outcome = np.full(len(service), "served", dtype=object)
    outcome[~exists[service]] = "refused"
    outcome[fails] = np.where(luck[fails] < 0.62, "stocked_out", np.where(luck[fails] < 0.9, "refused", "served"))
    outcome[(minute >= start) & (minute < end)] = "stocked_out"
    outcome[(minute >= shut_from) & (minute < shut_to)] = "closed"
    return outcome.astype(str)
