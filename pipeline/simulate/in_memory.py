"""A district in memory, and samples of it: what estimates are scored on a thousand times without writing a file."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from pipeline.simulate.assumptions import generators, load_assumptions
from pipeline.simulate.geography import Area
from pipeline.simulate.who_answers import draw_respondents, wanted_sample, weekly_band, weekly_visits
from pipeline.simulate.world import World, build_world

PLACE = Area("QC", "晴川街道（模拟）", "Qingchuan Subdistrict (simulated)", "晴川", "", 116.4476, 39.9022)
SHOWN = ("user_group", "platform", "employment_type", "shift", "gender", "age_band", "hours_per_day")


@dataclass(frozen=True)
class Population:
    """The frame of a simulated district and its truth.

    `people` one row per attached person: person (number in the world), user_group, platform, employment_type, shift, gender,
    age_band, hours_per_day, cell, station (mostly gone to), visits_per_week (usual, exact), visits_band (option code of the
    question, "0" never). `need` and `met` wave × person × service (order of `services`): needs it; gets it where they work.
    `used`, `satisfaction` person × service and `kano` person × service of opinions.KANO_SERVICES, as in opinions.py.
    """

    people: pl.DataFrame
    services: tuple[str, ...]
    need: np.ndarray
    met: np.ndarray
    used: np.ndarray
    satisfaction: np.ndarray
    kano: np.ndarray
    world: World


@dataclass(frozen=True)
class Sample:
    """Who answers a wave: `rows` of the population's frame, and the `mode` of each ("qr" by the poster, "intercept")."""

    rows: np.ndarray
    mode: np.ndarray


def population(seed: int, n_couriers: int = 1126, n_stations: int = 60, *, met_by_visits: bool = False) -> Population:
    """The district that `simulate` writes with this seed, without its files. With `n_couriers` = 1126 the frame is that of
    the sample; other sizes are met within one person (the frame is published only as "more than").

    In the written district, need and what is got hardly hang together with how often people come, so even a careless
    poster sample is nearly right. `met_by_visits` makes the hard case: what people get where they work is kept only as
    far as they come (never: nothing; once in two weeks: half; twice a week: 94 %), need stays as it is.

    >>> district = population(7, n_couriers=128, n_stations=6)
    >>> abs(district.people.height - 128) <= 1, district.need.shape == (2, district.people.height, 18)
    (True, True)
    """
    assumptions = load_assumptions()
    couriers = round(n_couriers / assumptions["population"]["frame_factor"])
    world = build_world(
        PLACE, assumptions, generators(seed, 1)[0], stations=n_stations, couriers=couriers, log_rows=None
    )
    district = of_world(world)
    return _met_by_visits(district, seed) if met_by_visits else district


def of_world(world: World) -> Population:
    """The frame of a world already built: those attached to its depots."""
    table, opinions = world.people.table, world.opinions
    frame = np.flatnonzero(table["is_attached"].to_numpy())
    weekly = weekly_visits(world)[frame]
    people = table[frame].select(
        pl.Series("person", frame),
        *SHOWN,
        "cell",
        pl.col("main_station").alias("station"),
        pl.Series("visits_per_week", weekly),
        pl.Series("visits_band", [weekly_band(visits) for visits in weekly]),
    )
    need, met = world.people.need[:, frame], world.people.met[:, frame]
    services = tuple(world.supply.codes)
    return Population(
        people, services, need, met, opinions.used[frame], opinions.satisfaction[frame], opinions.kano[frame], world
    )


def _met_by_visits(district: Population, seed: int) -> Population:
    kept = 1 - 0.5 ** (2 * district.people["visits_per_week"].to_numpy())
    luck = np.random.default_rng([seed, 1]).random(district.met.shape[1:])
    return replace(district, met=district.met & (luck < kept[:, None]))


def draw_sample(
    district: Population,
    wave: int,
    rng: np.random.Generator,
    wanted: tuple[int, int] | None = None,
    urge: np.ndarray | None = None,
) -> Sample:
    """Who answers wave 0 or 1, drawn as for the written samples. `wanted`: how many by the poster and off the stations (by
    default as many as there); `urge`: relative willingness of each person of the frame (by default all alike).

    >>> district = population(7, n_couriers=128, n_stations=6)
    >>> sample = draw_sample(district, 0, np.random.default_rng(1), wanted=(20, 5))
    >>> sample.rows.size, int((sample.mode == "intercept").sum())
    (25, 5)
    """
    people, figures = district.people, district.world.assumptions["survey"]
    willing = np.ones(people.height) if urge is None else urge
    wanted = wanted_sample(district.world, wave) if wanted is None else wanted
    weekly = people["visits_per_week"].to_numpy()
    poster, intercept = draw_respondents(np.arange(people.height), weekly, willing, figures, wanted, rng)
    mode = np.repeat(["qr", "intercept"], [poster.size, intercept.size])
    return Sample(np.concatenate([poster, intercept]), mode)
