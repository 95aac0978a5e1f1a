"""Demand of places by hour of the week: a table, or people times profiles where the table would be too large."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Profiled:
    """Demand of places that follow a few profiles: place i at hour t asks for people[i] × profiles[kind[i], t].

    `people` (n,) couriers, `kind` (n,) row of its profile, `profiles` (kinds × hours) part of them there at each hour.
    """

    people: Floats
    kind: NDArray[np.integer]
    profiles: Floats

    def rows(self, start: int, stop: int) -> Floats:
        """Places start … stop − 1, × hours.

        >>> Profiled(np.array([10.0, 20.0]), np.array([0, 0]), np.array([[0.5, 1.0]])).rows(1, 2).tolist()
        [[10.0, 20.0]]
        """
        return self.people[start:stop, None] * self.profiles[self.kind[start:stop]]

    def astype(self, dtype: np.dtype) -> Profiled:
        """The same in another kind of number."""
        return Profiled(np.asarray(self.people, dtype), np.asarray(self.kind), np.asarray(self.profiles, dtype))

    @property
    def shape(self) -> tuple[int, int]:
        """Places, hours."""
        return len(self.people), self.profiles.shape[1]


def demand_sum(demand: NDArray | Profiled, weights: Floats) -> Floats:
    """Demand of all places together, each times its weight: `weights` places × columns → columns × hours."""
    if not isinstance(demand, Profiled):
        return weights.T @ demand
    people = demand.people[:, None] * weights
    kinds = len(demand.profiles)
    return np.stack([np.bincount(demand.kind, one, minlength=kinds) @ demand.profiles for one in people.T])


def demand_rows(demand: NDArray | Profiled, start: int, stop: int) -> Floats:
    """Places start … stop − 1 of either form."""
    return demand.rows(start, stop) if isinstance(demand, Profiled) else demand[start:stop]
