"""One verdict from the chances of each step, in the order in which they decide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
VERDICTS = ("low_need", "unmet", "hidden_demand", "declared_but_failing", "unknown_to_users", "met")
NO_EVIDENCE = "no_evidence"


@dataclass(frozen=True)
class Steps:
    """Per pair the chances that the service is needed; declared; given if it is not declared; works if it is; is known if it works."""

    needed: Floats
    declared: Floats
    given: Floats
    works: Floats
    known: Floats


def chances(steps: Steps) -> Floats:
    """The chance of each verdict of VERDICTS (pairs × 6); rows sum to 1, and are NaN where a step is.

    Needed for sure, declared for sure, works with .8, known with .5:

    >>> one = np.ones(1)
    >>> chances(Steps(one, one, one * 0.1, one * 0.8, one * 0.5)).round(2).tolist()
    [[0.0, 0.0, 0.0, 0.2, 0.4, 0.4]]
    """
    here, absent = steps.needed * steps.declared, steps.needed * (1 - steps.declared)
    parts = [
        1 - steps.needed,
        absent * (1 - steps.given),
        absent * steps.given,
        here * (1 - steps.works),
        here * steps.works * (1 - steps.known),
        here * steps.works * steps.known,
    ]
    return np.column_stack(parts)


def verdicts(probability: ArrayLike, is_missing: ArrayLike) -> tuple[list[str], Floats]:
    """The most probable verdict of each row and its probability; no_evidence (NaN) where what decides is missing."""
    table, missing = np.asarray(probability, float), np.asarray(is_missing, bool)
    missing = missing | np.isnan(table).any(axis=1)
    best = np.nan_to_num(table).argmax(axis=1)
    codes = [NO_EVIDENCE if gone else VERDICTS[number] for gone, number in zip(missing, best, strict=True)]
    return codes, np.where(missing, np.nan, np.nan_to_num(table).max(axis=1))
