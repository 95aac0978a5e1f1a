"""Figures that may be bounds or estimates, their sum, and whether a stated total can be the sum.

A figure is a span: 20 is [20, 20], 20余 is [20, ∞), 近30万 is (−∞, 300,000]; 约20 reaches a tenth of itself, or half of its
last written place, to both sides; 3.5万 reaches half of its last digit. A total agrees when the two spans meet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.clean.values import Written, read_numbers

_ABOUT = 0.1  # how far an estimate may be from what it estimates, as a share
_EXACT = 1e-6  # sums of decimal fractions are not exact to the last bit


@dataclass(frozen=True)
class Figures:
    """One figure per row: value, span, what the last written digit is worth; a blank is nan in all of them. `is_bad` are
    cells that say something else than a number; `qualifier` what was said of each."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    step: np.ndarray
    is_bad: np.ndarray
    qualifier: tuple[str | None, ...]

    @property
    def is_said(self) -> np.ndarray:
        """Where there is a number."""
        return ~np.isnan(self.value)


@dataclass(frozen=True)
class Figure:
    """One figure, or the sum of several."""

    value: float
    low: float
    high: float
    step: float


def figures(cells: pl.Series, written: Written) -> Figures:
    """The figures of a column of text.

    >>> found = figures(pl.Series(["20", "约20", "20余", None, "很多"]), Written())
    >>> found.low.tolist(), found.is_bad.tolist()
    ([20.0, 15.0, 20.0, nan, nan], [False, False, False, False, True])
    """
    read = read_numbers(cells, written)
    value, step = (read[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in ("value", "step"))
    said = read["qualifier"].to_list()
    is_about, is_more, is_less = (
        np.array([word == one for word in said], dtype=bool) for one in ("approx", "gt", "lt")
    )
    rounded = np.where((step > 1) & ~is_more & ~is_less, step / 2, 0.0)
    about = np.where(is_about, np.maximum(_ABOUT * np.abs(value), _place(value) / 2), 0.0)
    reach = np.maximum(rounded, about)
    return Figures(
        value, np.where(is_less, -np.inf, value - reach), np.where(is_more, np.inf, value + reach), step,
        read["fault"].is_not_null().to_numpy(), tuple(said),
    )  # fmt: skip


def marks(is_yes: pl.Series) -> Figures:
    """Ticks as figures: yes is one, no is nought, a blank says nothing."""
    value = is_yes.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return Figures(value, value, value, np.ones(len(value)), np.zeros(len(value), dtype=bool), ("eq",) * len(value))


def one(found: Figures, row: int) -> Figure:
    """The figure of one row."""
    return Figure(*(float(part[row]) for part in (found.value, found.low, found.high, found.step)))


def total(found: Figures, rows: np.ndarray) -> Figure:
    """The sum over some rows; blanks add nothing."""
    value, low, high = (float(np.nansum(part[rows])) for part in (found.value, found.low, found.high))
    step = found.step[rows]
    return Figure(value, low, high, float(np.nanmin(step)) if len(step) and not np.isnan(step).all() else 1.0)


def agrees(stated: Figure, counted: Figure) -> bool:
    """Whether a stated total can be the sum counted; one written with fewer decimals than its parts was rounded.

    >>> exact = lambda value, step=1.0: Figure(value, value, value, step)
    >>> agrees(exact(60), exact(60)), agrees(exact(60), exact(61)), agrees(exact(7), exact(6.6, 0.1))
    (True, False, True)
    """
    slack = _EXACT * max(1.0, abs(stated.value))
    if counted.step < stated.step * (1 - _EXACT):
        slack = max(slack, stated.step / 2 * (1 + _EXACT))
    return counted.low - slack <= stated.high and stated.low - slack <= counted.high


def verdict(stated: Figure, counted: Figure, *, is_unread: bool) -> bool | None:
    """Whether a total agrees; None when a cell among those counted cannot be read, unless the rest is the very figure."""
    fits = agrees(stated, counted)
    is_exact = counted.high - counted.low <= _EXACT * max(1.0, abs(counted.value))
    return fits if not is_unread else True if fits and is_exact else None


def _place(value: np.ndarray) -> np.ndarray:
    """The power of ten that a figure is a whole multiple of, at most its own size: 20 → 10, 25 → 1, 1,100 → 100.

    >>> _place(np.array([20.0, 25.0, 1100.0, 0.0, float("nan")])).tolist()
    [10.0, 1.0, 100.0, 1.0, 1.0]
    """
    place = np.ones_like(value)
    for power in (10.0, 100.0, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8):
        place = np.where((np.abs(value) >= power) & (np.mod(value, power) == 0), power, place)
    return place
