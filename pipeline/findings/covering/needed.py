"""Coverage of those who need a service: every courier-hour counts by the share in need where it is spent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.analysis.access.coverage import coverage
from pipeline.findings.district import District


@dataclass(frozen=True)
class Needed:
    """Courier-hours a week of people in need: `wanted` and `covered`, services × hours and places × services; nan for a service nobody
    was asked about. `answers`: respondents behind the shares in need, by service; None where
    nobody was asked."""

    wanted: np.ndarray
    covered: np.ndarray
    place_wanted: np.ndarray
    place_covered: np.ndarray
    answers: list[int | None]

    @property
    def missed(self) -> np.ndarray:
        """Services × hours: hours of people in need that are not covered."""
        return self.wanted - self.covered


def needed(district: District) -> Needed:
    """Coverage of a district weighed by need, of services in season."""
    services, hours = len(district.services), district.presence.shape[1]
    told = answers_of(district)
    wanted, covered = np.full((2, services, hours), np.nan)
    place_wanted, place_covered = np.full((2, district.places.height, services), np.nan)
    for k in np.flatnonzero(np.isfinite(district.need).all(axis=0)):
        demand = district.presence * district.need[:, [k]]
        found = coverage(district.near, district.week, district.offers[:, [k]], demand)
        wanted[k], covered[k] = found.courier_hours, found.covered[0]
        place_wanted[:, k], place_covered[:, k] = found.place_hours, found.place_covered[:, 0]
    return Needed(wanted, covered, place_wanted, place_covered, [told.get(code) or None for code in district.services])


def answers_of(district: District) -> dict[str, int]:
    """Respondents of the area that were asked about each service."""
    if district.cells.is_empty():
        return {}
    asked = district.cells.group_by("service_code").agg(pl.col("n").sum())
    return {code: int(n) for code, n in asked.rows()}
