"""The visits of some days and what the two logs keep of them, in arrays; everything asked for is counted for the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.simulate.operation import Operation
from pipeline.simulate.stream.crowd import Crowd
from pipeline.simulate.stream.traffic import Traffic
from pipeline.simulate.visits import GROUPS
from pipeline.simulate.world import World

OUTCOMES = ("served", "stocked_out", "closed", "refused")
APPOINTMENTS = ("clinic", "legal_advice", "counselling", "haircut", "financial_advice")
LOCK_OUTCOMES = ("成功", "拒绝", "未开放")
QUIET_MINUTES = 10  # the clocks of the logs are set in the first minutes after midnight: nobody is let in
_MORE = np.array([0.637628, 0.924561, 0.989121])  # one more service, two, three: Poisson of mean 0.45, cut at three
_PLACE = np.int64(1 << 24)  # more visits than this do not fit in a block

Rows = dict[str, np.ndarray]


@dataclass(frozen=True)
class Model:
    """What the days of streamed logs are drawn from; `pull` day × group × service."""

    world: World
    traffic: Traffic
    crowd: Crowd
    troubles: Operation
    pull: np.ndarray
    n_visits: float


@dataclass(frozen=True)
class Block:
    """Rows of both logs of some days in the order of time (`second` since the block's first midnight, local), and how
    often each station × service × group × outcome was asked for."""

    lock: Rows
    app: Rows
    asked: np.ndarray


def make_block(model: Model, first: int, end: int, rng: np.random.Generator) -> Block:
    """Visits, uses and log rows of the days from `first` up to before `end`."""
    visits = _visits(model, first, end, rng)
    uses = _uses(model, first, end, visits, rng)
    k, n = len(model.world.supply.codes), model.world.stations.n
    at = (visits["station"][uses["visit"]] * k + uses["service"]) * len(GROUPS) + visits["group"][uses["visit"]]
    asked = np.bincount(at * len(OUTCOMES) + uses["outcome"], minlength=n * k * len(GROUPS) * len(OUTCOMES))
    return Block(
        _lock_rows(model, first, visits, rng),
        _app_rows(model, visits, uses, rng),
        asked.reshape(n, k, len(GROUPS), len(OUTCOMES)),
    )


def _visits(model: Model, first: int, end: int, rng: np.random.Generator) -> Rows:
    """Poisson counts in every day × half-hour × station × group, then a minute and a person for each visit."""
    traffic = model.traffic
    spread = traffic.spread[traffic.weekday[first:end]]
    mean = spread * (traffic.share[:, first:end].T * model.n_visits)[:, None, :, None]
    counts = rng.poisson(mean)
    cell = np.repeat(np.arange(counts.size, dtype=np.int32), counts.ravel())
    days, halves, stations, groups = np.indices(counts.shape, dtype=np.int32).reshape(4, -1)
    station, group = stations[cell], groups[cell]
    minute = halves[cell] * 30 + rng.integers(0, 30, cell.size, dtype=np.int32)
    minute = np.maximum(minute, QUIET_MINUTES)
    visits = {
        "day": days[cell], "minute": minute, "station": station, "group": group,
        "person": _persons(model.crowd, station, group, rng),
    }  # fmt: skip
    kept = _rested(visits, model.world.assumptions["streamed_logs"]["minutes_between_visits"])
    return {name: values[kept] for name, values in visits.items()}


def _persons(crowd: Crowd, station: np.ndarray, group: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    luck = rng.random(station.size)
    person = (crowd.first[station, group] + luck * crowd.size[station, group]).astype(np.int32)
    courier = np.flatnonzero(group < 2)
    at = station[courier], group[courier]
    known = courier[rng.random(courier.size, dtype=np.float32) < crowd.frame_share[at]]
    row = station[known] * 2 + group[known]
    n_frame = crowd.frame_steps.size // (crowd.frame_share.shape[0] * 2)
    person[known] = np.searchsorted(crowd.frame_steps, row + rng.random(known.size), side="right") - row * n_frame
    return person


def _rested(visits: Rows, minutes: int) -> np.ndarray:
    """Visits of which nobody had another one just before, in the order of time."""
    at = visits["day"].astype(np.int64) * 1440 + visits["minute"]
    index = np.arange(at.size, dtype=np.int64)
    key = np.sort(((visits["person"].astype(np.int64) << 16) | at) * _PLACE + index)
    when = key // _PLACE
    apart = np.ones(at.size, dtype=bool)
    apart[1:] = np.diff(when) >= minutes
    kept = (key % _PLACE)[apart]
    return np.sort(at[kept] * _PLACE + kept) % _PLACE


def _uses(model: Model, first: int, end: int, visits: Rows, rng: np.random.Generator) -> Rows:
    """One to four services for each visit, none twice, and what came of them."""
    supply = model.world.supply
    n_more = np.searchsorted(_MORE, rng.random(visits["day"].size, dtype=np.float32))
    visit = np.repeat(np.arange(n_more.size, dtype=np.int32), n_more + 1)
    wish = np.where(supply.exists, 0.35 + 0.65 * supply.aware, 0.10)
    weight = (model.pull[first:end, None] * wish[None, :, None, :]).reshape(-1, len(supply.codes)).cumsum(axis=1)
    steps = weight / weight[:, -1:] + np.arange(len(weight))[:, None]
    row = ((visits["day"] * model.world.stations.n + visits["station"]) * len(GROUPS) + visits["group"])[visit]
    service = np.searchsorted(steps.ravel(), row + rng.random(row.size), side="right") - row * len(supply.codes)
    service = np.clip(service, 0, len(supply.codes) - 1).astype(np.int32)
    fresh = np.ones(visit.size, dtype=bool)
    for back in (1, 2, 3):
        fresh[back:] &= (visit[back:] != visit[:-back]) | (service[back:] != service[:-back])
    visit, service = visit[fresh], service[fresh]
    return {"visit": visit, "service": service, "outcome": _outcomes(model, first, visits, visit, service, rng)}


def _outcomes(
    model: Model, first: int, visits: Rows, visit: np.ndarray, service: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Place in OUTCOMES: as in the small logs by what exists, works, is in stock and open."""
    supply, troubles = model.world.supply, model.troubles
    station, day, minute = visits["station"][visit], visits["day"][visit] + first, visits["minute"][visit]
    outcome = np.where(supply.exists[station, service], 0, 3).astype(np.int8)
    fails = np.flatnonzero((supply.exists & ~supply.works)[station, service])
    outcome[fails] = np.array([1, 3, 0])[np.searchsorted([0.62, 0.9], rng.random(fails.size), side="right")]
    start, stop = troubles.out[station, service, day].T
    outcome[(minute >= start) & (minute < stop)] = 1
    start, stop = troubles.shut[station, day].T
    outcome[(minute >= start) & (minute < stop)] = 2
    return outcome


def _in_time(rows: Rows) -> Rows:
    key = np.sort(rows["second"].astype(np.int64) * _PLACE + np.arange(rows["second"].size)) % _PLACE
    return {name: values[key] for name, values in rows.items()}


def _lock_rows(model: Model, first: int, visits: Rows, rng: np.random.Generator) -> Rows:
    """Scans at the stations that have a lock; `spelling` is the place of the user group's wording, −1 for none."""
    has_lock = model.world.stations.table["has_lock"].to_numpy()
    here = np.flatnonzero(has_lock[visits["station"]])
    here = here[rng.random(here.size, dtype=np.float32) < model.world.assumptions["capture"]["lock_logged"]]
    day, minute, station = (visits[name][here] for name in ("day", "minute", "station"))
    start, stop = model.troubles.shut[station, day + first].T
    luck = rng.random(here.size, dtype=np.float32)
    outcome = np.where((minute >= start) & (minute < stop), 2, luck < 0.006).astype(np.int8)
    spelling = visits["group"][here] * 4 + rng.integers(0, 4, here.size, dtype=np.int8)
    spelling[rng.random(here.size, dtype=np.float32) < 0.02] = -1
    second = day * 86400 + minute * 60 + rng.integers(0, 60, here.size, dtype=np.int32)
    return _in_time(
        {
            "second": second,
            "station": station,
            "person": visits["person"][here],
            "spelling": spelling,
            "outcome": outcome,
        }
    )


def _app_rows(model: Model, visits: Rows, uses: Rows, rng: np.random.Generator) -> Rows:
    """Uses and requests of those who use the mini-program; what was not served is often not reported."""
    by_app = model.crowd.uses_app[visits["person"]]
    stay = np.zeros(by_app.size, dtype=np.int16)
    stay[by_app] = rng.gamma(2.2, 7.0, int(by_app.sum())).round().clip(1, 180)
    here = np.flatnonzero(by_app[uses["visit"]])
    told = rng.random(here.size, dtype=np.float32) < model.world.assumptions["capture"]["request_logged"]
    here = here[(uses["outcome"][here] == 0) | told]
    visit, service, outcome = (uses[name][here] for name in ("visit", "service", "outcome"))
    late = rng.integers(0, 60, here.size, dtype=np.int32) + rng.integers(0, 240, here.size, dtype=np.int32)
    by_appointment = np.isin(model.world.supply.codes, APPOINTMENTS)
    return _in_time({
        "second": visits["day"][visit] * 86400 + visits["minute"][visit] * 60 + late,
        "station": visits["station"][visit], "person": visits["person"][visit], "service": service,
        "group": visits["group"][visit], "outcome": outcome, "stay": stay[visit],
        "is_request": (outcome != 0) | by_appointment[service],
    })  # fmt: skip
