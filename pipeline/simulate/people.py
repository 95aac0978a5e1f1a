"""Couriers and riders of a made-up place: who they are, where they work, what they need, which stations they use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.simulate.assumptions import Assumptions, draw, services
from pipeline.simulate.geography import Geography, metres
from pipeline.simulate.names import open_ids, persons, phones
from pipeline.simulate.stations import Stations
from pipeline.simulate.supply import Supply


@dataclass(frozen=True)
class People:
    """`table` one row per courier or rider (`is_attached` to a depot of the area, or only delivering here).

    `need` wave × person × service; `met` the same: the person gets it where they work; `share` service × group × wave
    true shares before chance; `pull` person × station: relative chance that a visit goes there."""

    table: pl.DataFrame
    need: np.ndarray
    met: np.ndarray
    pull: np.ndarray


def build_people(
    geography: Geography, stations: Stations, supply: Supply, assumptions: Assumptions, n: int, rng: np.random.Generator
) -> People:
    """The frame (slightly more than n) and those who deliver here without being attached."""
    attached = round(n * assumptions["population"]["frame_factor"])
    total = attached + round(n * assumptions["population"]["unattached_factor"])
    table = _persons(geography, assumptions, attached, total, rng)
    need = _needs(table, supply, assumptions, geography.n_cells, rng)
    lon, lat = geography.place(table["cell"].to_numpy(), rng)
    far = metres(lon, lat, stations.table["lon"].to_numpy(), stations.table["lat"].to_numpy())
    pull = np.exp(-far / 260) * (0.15 + stations.factor) * rng.gamma(0.6, 1.0, far.shape)
    pull /= pull.sum(axis=1, keepdims=True)
    main = pull.argmax(axis=1)
    table = table.with_columns(pl.Series("main_station", main))
    return People(table, need, _met(need, main, pull, supply, rng), pull)


def _persons(
    geography: Geography, assumptions: Assumptions, attached: int, total: int, rng: np.random.Generator
) -> pl.DataFrame:
    group = draw(rng, assumptions["groups"], total)
    rider = group == "rider"
    rider[attached:] = True  # those who only deliver here are crowd-sourced riders
    group = np.where(rider, "rider", "courier")
    is_attached = np.arange(total) < attached

    def by_group(name: str) -> np.ndarray:
        of_riders, of_couriers = (
            draw(rng, assumptions[f"{name}_rider"], total),
            draw(rng, assumptions[f"{name}_courier"], total),
        )
        return np.where(rider, of_riders, of_couriers)

    rate = rng.gamma(0.7, 1.0, total) * (rng.random(total) > assumptions["survey"]["never_visits"])
    return pl.DataFrame(
        {
            "is_attached": is_attached,
            "user_group": group,
            "platform": by_group("platforms"),
            "employment_type": np.where(is_attached, by_group("employment"), "crowd_sourced"),
            "shift": by_group("shift"),
            "gender": draw(rng, assumptions["gender"], total),
            "age_band": draw(rng, assumptions["age"], total),
            "hours_per_day": _hours(rider, assumptions["hours"], rng),
            "cell": rng.choice(geography.n_cells, total, p=_busy(geography)),
            "visit_rate": rate / rate.mean(),
            "panel_code": _panel_codes(total, rng),
            "name": persons(rng, total),
            "phone": phones(rng, total),
            "open_id": open_ids(rng, total),
        }
    )


def _panel_codes(n: int, rng: np.random.Generator) -> list[str]:
    """Self-made codes: two initials and four digits, as people make them from a name and a birthday; some coincide."""
    letters, days = rng.integers(0, 26, (n, 2)) + 65, rng.integers(1, 29, n)
    months = rng.integers(1, 13, n)
    return [f"{chr(a)}{chr(b)}{m:02d}{d:02d}" for (a, b), m, d in zip(letters, months, days, strict=True)]


def _hours(rider: np.ndarray, figures: dict[str, float], rng: np.random.Generator) -> np.ndarray:
    """Hours a day, in halves."""
    mean = np.where(rider, figures["rider_mean"], figures["courier_mean"])
    sd = np.where(rider, figures["rider_sd"], figures["courier_sd"])
    return (np.round(rng.normal(mean, sd) * 2) / 2).clip(2, 16)


def _busy(geography: Geography) -> np.ndarray:
    workers = np.bincount(
        geography.buildings["cell"].to_numpy(), geography.buildings["n_workers"].to_numpy(), geography.n_cells
    )
    weight = np.sqrt(workers + workers.mean() / 4)
    return weight / weight.sum()


def _needs(
    table: pl.DataFrame, supply: Supply, assumptions: Assumptions, n_cells: int, rng: np.random.Generator
) -> np.ndarray:
    """Wave × person × service. One latent draw per person and service: a need in March mostly lasts till May."""
    group = table["user_group"].to_numpy()
    cell = table["cell"].to_numpy()
    local = rng.lognormal(0.0, 0.22, (n_cells, len(supply.codes)))
    latent = rng.random((table.height, len(supply.codes)))
    blocks = [assumptions["need"][code] for code in services(assumptions)]
    waves = []
    for season in ("march", "may"):
        courier = np.array([block["courier"] * block[season] for block in blocks])
        rider = np.array([block["rider"] * block[season] for block in blocks])
        share = np.where((group == "rider")[:, None], rider, courier) * local[cell]
        waves.append(latent < share.clip(0, 0.95))
    return np.stack(waves)


def _met(need: np.ndarray, main: np.ndarray, pull: np.ndarray, supply: Supply, rng: np.random.Generator) -> np.ndarray:
    """Whether a person gets the service where they work: at the main or the second station if it works and they know
    of it there, seldom elsewhere."""
    second = np.argsort(pull, axis=1)[:, -2]
    luck = rng.random((3, *need.shape))
    at_main = supply.works[main] & (luck[0] < supply.aware[main] * 0.92)
    at_second = supply.works[second] & (luck[1] < supply.aware[second] * 0.30)
    return at_main | at_second | (luck[2] < 0.05)
