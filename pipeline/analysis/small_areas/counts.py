"""What is asked of the counts of areas before anything is borrowed between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.errors import USAGE, Problem, fail

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Counts:
    """Of each area: yes answers, respondents (both may be effective numbers), persons asked, persons there are (NaN:
    unknown)."""

    x: Floats
    n: Floats
    seen: Floats
    population: Floats

    @property
    def share(self) -> Floats:
        """The direct share; NaN without respondents."""
        return np.divide(self.x, self.n, out=np.full(len(self.n), np.nan), where=self.n > 0)

    @property
    def unseen(self) -> Floats:
        """Persons there are and who were not asked; NaN where the number of persons is unknown."""
        return np.round(self.population - self.seen)


def counts(x: ArrayLike, n: ArrayLike, population: ArrayLike | None = None, seen: ArrayLike | None = None) -> Counts:
    """Counts as checked arrays, one element per area; raises `bad_area_counts` with every row that cannot be.

    `seen` is the number of persons asked where `n` is an effective number; `population` may hold NaN.

    >>> counts([1, 0], [4, 0]).share
    array([0.25,  nan])
    """
    yes, people = _floats(x), _floats(n)
    asked = people if seen is None else _floats(seen)
    there = np.full(len(people), np.nan) if population is None else _floats(population)
    if len({len(yes), len(people), len(asked), len(there)}) != 1 or not len(people):
        lengths = f"x {len(yes)}, n {len(people)}, seen {len(asked)}, population {len(there)}"
        fail(USAGE, _problem("x, n, seen, population", lengths, "同样多、至少一个 · equally many, at least one"))
    slack = 1e-9 * (1 + np.nan_to_num(people))
    faults = {
        "n ≥ 0": ~(np.isfinite(people) & (people >= 0)),
        "0 ≤ x ≤ n": ~(np.isfinite(yes) & (yes >= -slack) & (yes <= people + slack)),
        "seen ≥ 0": ~(np.isfinite(asked) & (asked >= 0)),
        "population ≥ seen": np.isinf(there) | (there < asked - slack),
    }
    problems = [_problem(_rows(bad), "", rule) for rule, bad in faults.items() if bad.any()]
    if problems:
        fail(USAGE, *problems)
    return Counts(np.clip(yes, 0, people), people, asked, there)


def _floats(values: ArrayLike) -> Floats:
    return np.atleast_1d(np.asarray(values, dtype=float))


def _rows(bad: NDArray[np.bool_]) -> str:
    found: Sequence[int] = np.flatnonzero(bad)
    return "行 · rows " + ", ".join(str(row) for row in found[:10]) + (" …" if len(found) > 10 else "")


def _problem(where: str, got: str, expected: str) -> Problem:
    return Problem(
        "bad_area_counts",
        where,
        "小区域的人数不成立",
        "these are no counts of areas",
        got=got,
        expected=expected,
        do_zh="请检查传入的列（行号从 0 起）",
        do_en="check the columns passed in (rows count from 0)",
    )
