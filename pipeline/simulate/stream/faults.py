"""The faults planted in streamed logs: the same kinds as in the small ones, at the same rates, drawn block by block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

# column at fault, defect code and relative frequency, as they come in the small logs
LOCK = (
    ("开门时间", "future_time", 3),
    ("驿站编号", "unknown_station", 3),
    ("开门时间", "bad_time", 3),
    ("人员类别", "kept_as_unknown", 2),  # its user group is unknown, the visit counts
    ("开门时间", "before_opening", 1),
)
APP = (("svc", "unknown_code", 3), ("ts", "future_time", 2), ("", "unreadable_row", 2), ("st", "unknown_station", 2))


@dataclass(frozen=True)
class Planted:
    """`order`: the row that each line shows (repeated rows occur twice); `fault` per line: a place in LOCK or APP, or
    −1; `n_repeated` lines that repeat another; `again` the rows that are sent once more in a file of their own."""

    order: np.ndarray
    fault: np.ndarray
    n_repeated: int
    again: np.ndarray


def plant_lock(
    n: int, figures: dict[str, Any], rng: np.random.Generator, *, unopened: bool, sent_again: bool
) -> Planted:
    """Faults of a block of n scans; repeats stand below the row they repeat.

    Without a station that is yet to open (`unopened`) there is no scan before an opening.

    >>> figures = {"lock_faults_per_10000": 100, "lock_repeats_per_10000": 50, "lock_sent_again_per_10000": 400}
    >>> planted = plant_lock(10_000, figures, np.random.default_rng(1), unopened=True, sent_again=True)
    >>> int((planted.fault >= 0).sum()), planted.n_repeated, planted.order.size, planted.again.size > 390
    (100, 50, 10050, True)
    """
    fault = _draw(n, LOCK, figures["lock_faults_per_10000"], rng)
    if not unopened:
        fault[fault == 4] = 3
    repeated = _some(np.flatnonzero(fault < 0), _number(n, figures["lock_repeats_per_10000"], rng), rng)
    twice = np.ones(n, dtype=np.int8)
    twice[repeated] = 2
    order = np.repeat(np.arange(n), twice)
    n_again = _number(n, figures["lock_sent_again_per_10000"], rng) if sent_again else 0
    start = min(100, n // 3)
    again = np.arange(start, min(start + n_again, n))
    return Planted(order, fault[order], repeated.size, again[fault[again] < 0])


def plant_app(n: int, figures: dict[str, Any], rng: np.random.Generator) -> Planted:
    """Faults of a block of n uses and requests; some of the first whole rows are sent twice, at its end.

    >>> planted = plant_app(10_000, {"app_faults_per_10000": 14, "app_repeats_per_10000": 50}, np.random.default_rng(1))
    >>> int((planted.fault >= 0).sum()), planted.n_repeated, int(planted.order[-1]) < 80
    (14, 50, True)
    """
    fault = _draw(n, APP, figures["app_faults_per_10000"], rng)
    whole = np.flatnonzero(fault < 0)[: _number(n, figures["app_repeats_per_10000"], rng)]
    order = np.concatenate([np.arange(n), whole])
    return Planted(order, fault[order], whole.size, whole[:0])


def _number(n: int, per_10000: float, rng: np.random.Generator) -> int:
    """A share of n as a whole number; luck decides about the rest, so that small blocks do not round it away."""
    return int(n * per_10000 / 10_000 + rng.random())


def _some(rows: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    return rows[rng.choice(rows.size, min(n, rows.size), replace=False)] if rows.size else rows


def _draw(n: int, kinds: tuple[tuple[str, str, int], ...], per_10000: float, rng: np.random.Generator) -> np.ndarray:
    at = _some(np.arange(n), _number(n, per_10000, rng), rng)
    weight = np.array([kind[2] for kind in kinds], dtype=float)
    fault = np.full(n, -1, dtype=np.int8)
    fault[at] = rng.choice(len(kinds), at.size, p=weight / weight.sum())
    return fault
