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
    """Of each area: yes answers, respondents (both may be effective numbers), persons asked, those of them who said yes, persons
    there are (NaN: unknown)."""

    x: Floats
    n: Floats
    seen: Floats
    yes: Floats
    population: Floats

    @property
    def share(self) -> Floats:
        """The direct share; NaN without respondents."""
        return np.divide(self.x, self.n, out=np.full(len(self.n), np.nan), where=self.n > 0)

    @property
    def unseen(self) -> Floats:
        """Persons there are and who were not asked; NaN where the number of persons is unknown."""
        return np.round(self.population - self.seen)


def counts(
    x: ArrayLike,
    n: ArrayLike,
    population: ArrayLike | None = None,
    seen: ArrayLike | None = None,
    yes: ArrayLike | None = None,
) -> Counts:
    """Counts as checked arrays, one element per area; raises `bad_area_counts` with every row that cannot be.

    `seen` is the number of persons asked where `n` is an effective number, `yes` those of them who said yes (by default the
    share x / n of them); `population` may hold NaN.

    >>> counts([1, 0], [4, 0]).share
    array([0.25,  nan])
    """
    said, people = _floats(x), _floats(n)
    asked = people if seen is None else _floats(seen)
    there = np.full(len(people), np.nan) if population is None else _floats(population)
    share = np.divide(said, people, out=np.zeros(len(people)), where=people > 0) if len(said) == len(people) else said
    agreed = share * asked if yes is None and len(asked) == len(share) else _floats(0.0 if yes is None else yes)
    if len({len(said), len(people), len(asked), len(agreed), len(there)}) != 1 or not len(people):
        lengths = f"x {len(said)}, n {len(people)}, seen {len(asked)}, yes {len(agreed)}, population {len(there)}"
        fail(USAGE, _problem("x, n, seen, yes, population", lengths, "同样多、至少一个 · equally many, at least one"))
    slack = 1e-9 * (1 + np.nan_to_num(people))
    faults = {
        "n ≥ 0": ~(np.isfinite(people) & (people >= 0)),
        "0 ≤ x ≤ n": ~(np.isfinite(said) & (said >= -slack) & (said <= people + slack)),
        "seen ≥ 0": ~(np.isfinite(asked) & (asked >= 0)),
        "0 ≤ yes ≤ seen": (yes is not None) & ~((agreed >= -slack) & (agreed <= asked + 1e-9 * (1 + asked))),
        "population ≥ seen": np.isinf(there) | (there < asked - slack),
    }
    problems = [_problem(_rows(bad), "", rule) for rule, bad in faults.items() if bad.any()]
    if problems:
        fail(USAGE, *problems)
    return Counts(np.clip(said, 0, people), people, asked, np.clip(agreed, 0, asked), there)


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
