"""What is scored: a figure with its Monte-Carlo error and, where one is set, its target; and how samples add up to one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

ERRORS = 3.0  # a target is met within so many Monte-Carlo errors


@dataclass(frozen=True)
class Figure:
    """`value` with the Monte-Carlo `error` (nan: one district only), made of `n` single values; target `low` to `high`."""

    part: str
    name: str
    value: float
    error: float
    n: int
    low: float | None = None
    high: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met within three Monte-Carlo errors; None without a target or a value.

        >>> Figure("a", "coverage", 0.92, 0.004, 100, 0.93, 0.97).is_met
        True
        >>> Figure("a", "coverage", 0.92, 0.001, 100, 0.93, 0.97).is_met
        False
        """
        if (self.low is None and self.high is None) or not np.isfinite(self.value):
            return None
        slack = ERRORS * (self.error if np.isfinite(self.error) else 0.0)
        above = self.low is None or self.value >= self.low - slack
        return above and (self.high is None or self.value <= self.high + slack)


@dataclass
class Tally:
    """Single values (covered or not, errors, false shares), added up by name and district."""

    sums: dict[str, dict[int, list[float]]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, name: str, district: int, values: np.ndarray | float) -> None:
        """Values of one sample; those that are nan stand for nothing."""
        known = np.asarray(values, dtype=float).ravel()
        known = known[np.isfinite(known)]
        held = self.sums[name].setdefault(district, [0.0, 0.0])
        held[0] += float(known.sum())
        held[1] += known.size

    def figure(self, part: str, name: str, low: float | None = None, high: float | None = None) -> Figure:
        """Mean of all values of a name, with its error.

        Samples of one district share its truth, so districts are what varies singly: the error is that of a ratio of
        district totals. Two districts of 0 and 1:

        >>> tally = Tally(); tally.add("x", 1, [0.0, 0.0]); tally.add("x", 2, [1.0, 1.0])
        >>> made = tally.figure("a", "x"); made.value, made.error, made.n
        (0.5, 0.5, 4)
        """
        held = np.array(list(self.sums.get(name, {}).values())).reshape(-1, 2)
        total, n = held.sum(axis=0) if len(held) else (np.nan, 0)
        if not n:
            return Figure(part, name, np.nan, np.nan, 0, low, high)
        mean, d = total / n, len(held)
        residual = held[:, 0] - mean * held[:, 1]
        error = np.sqrt(d / (d - 1) * (residual**2).sum()) / n if d > 1 else np.nan
        return Figure(part, name, float(mean), float(error), int(n), low, high)


def covered(low: np.ndarray, high: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """1 where the interval holds the truth, 0 where not, nan where there is no interval."""
    low, high, truth = (np.asarray(values, dtype=float) for values in (low, high, truth))
    known = np.isfinite(low) & np.isfinite(high) & np.isfinite(truth)
    slack = 1e-9
    return np.where(known, (low - slack <= truth) & (truth <= high + slack), np.nan)
