"""What stands now, read for a plan: which need goes without, by place, service and pieces of the week that are alike.

How evidence is read (metadata/actions.toml): a service whose chance to work is high counts as working, one whose chance is low as
failing; in between the gap counts with the chance that nothing near works, and nobody gains from opening longer, or making known,
what may not work, unless it is looked at first and mended where need be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from pipeline.analysis.access.pairs import within_walk
from pipeline.findings.district import District
from pipeline.findings.planning.settings import pattern, rules

ALMOST = 1e-12  # a chance of not working that is none


@dataclass(frozen=True)
class State:
    """Stations × services: `chance` to be had there (1 counts as certain, 0 as not), `is_declared`, `is_known` to users."""

    chance: np.ndarray
    is_declared: np.ndarray
    is_known: np.ndarray

    @property
    def is_uncertain(self) -> np.ndarray:
        """Where money waits until somebody has looked."""
        return (self.chance > 0) & (self.chance < 1)


@dataclass(frozen=True)
class Now:
    """n places, K services, P pieces of the week (segments in which the same stations and patterns are open), and G = m + q groups:
    the m stations, then the q buildings where a new station could be opened.

    `hours` n × P courier-hours a week; `need` n × K (0 of services that come on days); `open` m × P; `patterns` code → P; `near` n × G within the radius; `sites` rows of
    places; `unattended` K: usable with nobody on duty.
    """

    district: District
    hours: np.ndarray
    need: np.ndarray
    open: np.ndarray
    patterns: dict[str, np.ndarray]
    piece_hours: np.ndarray
    near: sparse.csr_array
    sites: np.ndarray
    unattended: np.ndarray
    state: State

    @property
    def n_stations(self) -> int:
        """Groups that are stations; the others are sites."""
        return self.district.stations.height

    def without(self, state: State | None = None) -> np.ndarray:
        """Chance that nobody at a place gets a service in a piece of the week, n × K × P, as stations stand."""
        state = state or self.state
        chance = np.where(state.is_known, state.chance, 0.0)
        fails = np.log(np.maximum(1 - chance, ALMOST))[:, :, None] * self.open[:, None, :]
        near = self.near[:, : self.n_stations]
        total = near @ fails.reshape(self.n_stations, -1)
        return np.exp(total).reshape(self.hours.shape[0], chance.shape[1], -1)

    def unserved(self, need: np.ndarray | None = None, state: State | None = None) -> np.ndarray:
        """Courier-hours a week in need of a service that go without, n × K × P."""
        need = self.need if need is None else need
        found = self.hours[:, None, :] * need[:, :, None] * self.without(state)
        return np.where(found > self.hours[:, None, :] * ALMOST * 10, found, 0.0)


def as_it_stands(district: District, taken: Iterable[str] = ()) -> Now:
    """A district as a plan needs it. `taken`: buildings with a station that is not on the map or has no hours: no site for a new one."""
    pieces, first = _pieces(district)
    presence = district.presence[:, district.week.hour] * (district.week.minutes / 60)
    merge = sparse.csr_array((np.ones(len(pieces)), (np.arange(len(pieces)), pieces)))
    housed = [*taken, *district.stations["building_id"].drop_nulls()]
    sites = np.flatnonzero(~district.places["building_id"].is_in(housed).to_numpy())
    return Now(
        district=district,
        hours=presence @ merge,
        need=np.where(np.isin(district.services, rules()["by_day"]["services"]), 0.0, np.nan_to_num(district.need)),
        open=district.week.open[:, first].astype(float),
        patterns={rule["code"]: pattern(rule["code"])[district.week.hour[first]] for rule in rules()["hours"]},
        piece_hours=(district.week.minutes / 60) @ merge,
        near=_near(district, sites),
        sites=sites,
        unattended=np.isin(district.services, rules()["unattended"]["services"]),
        state=state_of(district),
    )


def _pieces(district: District) -> tuple[np.ndarray, np.ndarray]:
    """For each segment the piece it belongs to, and a segment of each piece: alike in which stations and patterns are open."""
    patterns = [pattern(rule["code"])[district.week.hour] for rule in rules()["hours"]]
    columns = np.vstack([district.week.schedules, *patterns])
    _, first, pieces = np.unique(columns, axis=1, return_index=True, return_inverse=True)
    return pieces.ravel(), first


def _near(district: District, sites: np.ndarray) -> sparse.csr_array:
    """Places × groups within the radius; a site's walks are straight lines × detour, as no table knows a station there."""
    pairs, walking = district.near, district.walking
    lon, lat = district.places["lon"].to_numpy(), district.places["lat"].to_numpy()
    new = within_walk(lon, lat, lon[sites], lat[sites], walking.radius_m, detour=walking.detour)
    both = [one.matrix(np.ones(len(one))) for one in (pairs, new)]
    return sparse.csr_array(sparse.hstack(both, format="csr"))


def state_of(district: District) -> State:
    """The evidence of each station and service as a plan reads it."""
    rule = rules()["evidence"]
    table = {name: _column(district, name) for name in ("p_works", "p_declared", "p_known", "p_given")}
    works = np.where(district.offers, district.works, np.nan_to_num(table["p_works"], nan=1.0))
    told = np.where(district.is_untold, np.nan_to_num(table["p_declared"]), district.offers.astype(float))
    given = ~district.offers & (np.nan_to_num(table["p_given"]) >= rule["given_from"])
    chance = np.where(given, 1.0, certain(works * told))
    known = (np.nan_to_num(table["p_known"], nan=1.0) >= rule["known_from"]) & ~given
    return State(chance, district.offers, known)


def certain(chance: np.ndarray) -> np.ndarray:
    """A chance high enough as 1, one low enough as 0.

    >>> certain(np.array([0.95, 0.5, 0.1])).tolist()
    [1.0, 0.5, 0.0]
    """
    rule = rules()["evidence"]
    return np.where(chance >= rule["works_from"], 1.0, np.where(chance < rule["fails_below"], 0.0, chance))


def _column(district: District, name: str) -> np.ndarray:
    """One column of the verdicts as station × service; nan where it is not told."""
    if name not in district.verdicts.columns:
        return np.full((district.stations.height, len(district.services)), np.nan)
    frame = district.verdicts.select("station_id", "service_code", pl.col(name).cast(pl.Float64))
    wide = frame.pivot("service_code", index="station_id", values=name)
    rows = district.stations.select("station_id").join(wide, on="station_id", how="left", maintain_order="left")
    lacking = [code for code in district.services if code not in rows.columns]
    rows = rows.with_columns(pl.lit(None, pl.Float64).alias(code) for code in lacking)
    return rows.select(district.services).fill_null(float("nan")).to_numpy()
