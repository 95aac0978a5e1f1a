"""How many visits to expect at every station and day of streamed logs, and how they spread over hours and groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.simulate.stream.timeline import Timeline
from pipeline.simulate.visits import visit_grid
from pipeline.simulate.world import World

ROWS_PER_VISIT = 0.93  # a first guess at the rows both logs keep of one visit; a trial of a few days mends it


@dataclass(frozen=True)
class Traffic:
    """`share` station × day: of all visits (sums to 1). `spread` weekday × half-hour × station × group: of a day's
    visits to a station (sums to 1 over half-hours and groups where the station opens on that weekday)."""

    share: np.ndarray
    spread: np.ndarray
    weekday: np.ndarray


def build_traffic(world: World, timeline: Timeline, rng: np.random.Generator) -> Traffic:
    """The rates of the small logs (hours, weekdays, rain, luck of the day), and the months of the year."""
    assumptions, weather = world.assumptions, timeline.weather
    grid = visit_grid(world.stations, assumptions)
    weekday = np.array([day.weekday() for day in weather["day_on"]])
    exposure = grid.sum(axis=(2, 3))
    rain = np.where(weather["rain_mm"].to_numpy() > 1, assumptions["weather"]["rain_visits"], 1.0)
    dampen = np.where(weekday >= 5, assumptions["weather"]["weekend"], 1.0)
    month = np.array(assumptions["season"]["months"])[weather["day_on"].dt.month().to_numpy() - 1]
    opened = world.stations.table["opened_on"].to_numpy()
    is_open = weather["day_on"].to_numpy()[None, :] >= opened[:, None]
    size = assumptions["visits"]["day_size"]
    luck = rng.gamma(size, 1 / size, is_open.shape) * (rng.random(is_open.shape) > assumptions["visits"]["zero_share"])
    share = world.stations.factor[:, None] * exposure[:, weekday] * rain * dampen * month * is_open * luck
    spread = grid / np.maximum(exposure, 1e-12)[:, :, None, None]
    return Traffic(share / share.sum(), np.ascontiguousarray(spread.transpose(1, 3, 0, 2)), weekday)
