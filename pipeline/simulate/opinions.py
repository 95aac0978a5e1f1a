"""What people think of single services: who used which, how satisfied they are, and in which Kano category each falls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.simulate.assumptions import Assumptions
from pipeline.simulate.people import People
from pipeline.simulate.supply import Supply
from pipeline.simulate.visits import Visits

CATEGORIES = ("must_be", "one_dimensional", "attractive", "indifferent", "reverse")
KANO_SERVICES = ("charging", "meal_heating", "cool", "water")
LIKE, EXPECT, NEUTRAL, TOLERATE, DISLIKE = KANO_ANSWERS = ("like", "expect", "neutral", "tolerate", "dislike")
_MIDDLE = (EXPECT, NEUTRAL, TOLERATE)


@dataclass(frozen=True)
class Opinions:
    """True of every person, whether asked or not. `used` person × service: was served with it at a station in the months
    of the logs; `satisfaction` person × service: 1 to 5, what they would say if they had used it; `kano` person × service
    of KANO_SERVICES: place in CATEGORIES."""

    used: np.ndarray
    satisfaction: np.ndarray
    kano: np.ndarray


def build_opinions(
    visits: Visits, supply: Supply, people: People, assumptions: Assumptions, rng: np.random.Generator
) -> Opinions:
    """Opinions of all persons: less satisfied with what does not work at the station they mostly go to."""
    figures, n = assumptions["service_satisfaction"], people.table.height
    used = _used(visits, n, len(supply.codes))
    centre = np.array([figures[code] for code in supply.codes])
    works = supply.works[people.table["main_station"].to_numpy()]
    mood = rng.normal(0, figures["between_persons"], n)[:, None]
    score = centre + mood - figures["where_failing"] * ~works + rng.normal(0, figures["within_person"], used.shape)
    kano = np.stack([_categories(assumptions["kano"][code], n, rng) for code in KANO_SERVICES], axis=1)
    return Opinions(used, np.rint(score).clip(1, 5).astype(int), kano)


def _used(visits: Visits, n_persons: int, n_services: int) -> np.ndarray:
    served = visits.uses.filter(pl.col("outcome") == "served").join(visits.visits, on="visit", maintain_order="left")
    served = served.filter((pl.col("person") >= 0) & ~pl.col("is_added"))
    used = np.zeros((n_persons, n_services), dtype=bool)
    used[served["person"].to_numpy(), served["service"].to_numpy()] = True
    return used


def _categories(shares: dict[str, float], n: int, rng: np.random.Generator) -> np.ndarray:
    weights = np.array([shares[code] for code in CATEGORIES])
    return rng.choice(len(CATEGORIES), size=n, p=weights / weights.sum())


def kano_pair(category: str, rng: np.random.Generator) -> tuple[str, str]:
    """The answers of somebody of a category to "if it is there" and "if it is not" (Kano 1984; table as in Berger 1993).

    >>> kano_pair("one_dimensional", np.random.default_rng(1))
    ('like', 'dislike')
    """
    middle, other = (str(_MIDDLE[i]) for i in rng.integers(0, 3, 2))
    pairs = {
        "must_be": (middle, DISLIKE), "one_dimensional": (LIKE, DISLIKE), "attractive": (LIKE, middle),
        "indifferent": (middle, other), "reverse": (DISLIKE, middle),
    }  # fmt: skip
    return pairs[category]
