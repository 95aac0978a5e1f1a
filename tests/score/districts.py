"""Simulated districts in memory, cut to what is asked in a wave, with the true shares of their frame."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pipeline.simulate.in_memory import Population, population
from pipeline.simulate.questionnaire import ASKED

FIRST_SEED = 7001  # none of the seeds with which the sample study or a test is made
CELLS_PER_SECTOR = 2


@dataclass(frozen=True)
class District:
    """One frame of N persons: `need` and `met` (waves, N, services asked), and codes 0, 1, … of the domains (N,) by name."""

    seed: int
    population: Population
    need: np.ndarray
    met: np.ndarray

    @property
    def n(self) -> int:
        """Persons of the frame."""
        return self.need.shape[1]

    @property
    def unmet(self) -> np.ndarray:
        """Who needs a service and does not get it (waves, N, services)."""
        return self.need & ~self.met

    @cached_property
    def domains(self) -> dict[str, np.ndarray]:
        """Codes of everybody by platform, user group, sector (two grid cells), grid cell and station mostly gone to."""
        people = self.population.people
        codes = {
            name: people[name].rank("dense").to_numpy().astype(int) - 1 for name in ("platform", "user_group", "shift")
        }
        cell = people["cell"].to_numpy().astype(int)
        return codes | {"sector": cell // CELLS_PER_SECTOR, "cell": cell, "station": people["station"].to_numpy()}


def districts(n: int, *, met_by_visits: bool = False) -> list[District]:
    """`n` districts of the size of the sample study; `met_by_visits`: who comes seldom gets little (the hard case)."""
    return [district(FIRST_SEED + k, met_by_visits=met_by_visits) for k in range(n)]


def district(seed: int, *, met_by_visits: bool = False) -> District:
    """One district, the same for the same seed."""
    made = population(seed, met_by_visits=met_by_visits)
    asked = [made.services.index(code) for code in ASKED]
    return District(seed, made, made.need[:, :, asked], made.met[:, :, asked])


def true_shares(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Shares of the frame: persons × k over persons × k or × 1; nan of nobody."""
    size = np.broadcast_to(whole, part.shape).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(size > 0, (part & whole.astype(bool)).sum(axis=0) / size, np.nan)
