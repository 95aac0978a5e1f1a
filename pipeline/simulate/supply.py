"""What stations declare, what truly works there, how many people it serves an hour and who knows of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.simulate.assumptions import Assumptions, services
from pipeline.simulate.stations import Stations

CAPACITY = {"charging": 8, "meal_heating": 10, "water": 40, "rest": 10, "cold_storage": 12, "toilet": 12}


@dataclass(frozen=True)
class Supply:
    """Arrays station × service (order of `codes`). `declared` by the ledger; `works` declared or hidden, and working;
    `hidden` given though nobody declared it; `aware` share of nearby couriers who know; `capacity` per open hour."""

    codes: list[str]
    declared: np.ndarray
    works: np.ndarray
    hidden: np.ndarray
    aware: np.ndarray
    capacity: np.ndarray

    @property
    def exists(self) -> np.ndarray:
        return self.declared | self.hidden


def build_supply(stations: Stations, assumptions: Assumptions, rng: np.random.Generator) -> Supply:
    """Declared and true services of every station."""
    codes, table = services(assumptions), assumptions["supply"]
    classes = stations.table["class_code"].to_list()
    shape = (stations.n, len(codes))
    share = np.array([[table[code][kind] for code in codes] for kind in classes])
    declared = rng.random(shape) < share
    working = rng.random(shape) < np.array([table[code]["works"] for code in codes])
    hidden = ~declared & (rng.random(shape) < np.array([table[code]["hidden"] for code in codes]))
    known, secret = assumptions["awareness"]["mean"], assumptions["awareness"]["hidden_mean"]
    unknown = rng.random(shape) < assumptions["awareness"]["hidden_share"]
    mean = np.where(unknown, secret, known)
    aware = np.where(declared | hidden, rng.beta(mean * 12, (1 - mean) * 12), 0.0)
    base = np.array([CAPACITY.get(code, 20) for code in codes])
    scale = np.sqrt(stations.table["area_m2"].to_numpy() / 20)[:, None]
    capacity = np.where((declared & working) | hidden, np.round(base * scale * rng.uniform(0.7, 1.3, shape)), 0.0)
    return Supply(codes, declared, (declared & working) | hidden, hidden, aware, capacity)
