"""How far people get along steps that follow each other, and at which step they are lost.

A step may be asked only of those who passed the one before: who was not shown a question did not say no to it. Somebody who
passed a later step has reached the earlier ones, whatever they answered there (the door was shut once, they came in another
time): lost is only who got no further. A blank ends what is known of a person; they leave the count at that step and are lost
at none, as in the product of Kaplan & Meier (1958, J. Am. Stat. Assoc. 53: 457-481), whose errors are Taylor's here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline.analysis.survey.design import Design
from pipeline.analysis.survey.estimates import Estimates, shares
from pipeline.errors import CONTRACT, Problem, fail

Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class Path:
    """Person × step (n, k). `came`: got as far as the step before and is known at this one; `passed`: also passed it."""

    came: Marks
    passed: Marks

    def within(self, inside: Marks) -> Path:
        """Only those inside (n,); the others stay in the design and count nowhere."""
        return Path(self.came & inside[:, None], self.passed & inside[:, None])

    @property
    def n_lost(self) -> NDArray[np.int64]:
        """Persons lost at each step (k,)."""
        return (self.came & ~self.passed).sum(axis=0)


@dataclass(frozen=True)
class Funnel:
    """Of each step: `passing`, the share passing it of those who came to it; `reached`, the share of all who got that far; `lost`,
    the share of all who were lost there. All of one design, so that their differences have errors."""

    passing: Estimates
    reached: Estimates
    lost: Estimates


def path(said: np.ndarray) -> Path:
    """Who came to each step and who passed it, from what was said: (n, k) with 1 yes, 0 no, nan not said or not shown.

    Raises `bad_funnel` (exit 11) for anything else.

    The first passed both steps; the second came in although the door was shut at first; the third was lost at the first step; the
    fourth passed it and left the second blank.

    >>> steps = path(np.array([[1, 1], [0, 1], [0, np.nan], [1, np.nan]]))
    >>> steps.came.sum(axis=0).tolist(), steps.passed.sum(axis=0).tolist(), steps.n_lost.tolist()
    ([4, 2], [3, 2], [1, 0])
    """
    said = np.asarray(said, dtype=float)
    if said.ndim != 2 or not (np.isnan(said) | (said == 0) | (said == 1)).all():
        fail(CONTRACT, Problem("bad_funnel", "said", "每一步只能是1（是）、0（否）或缺失", "a step is 1 (yes), 0 (no) or missing",
                               got=str(said.shape), expected="(n, k): 0, 1, nan"))  # fmt: skip
    passed = np.flip(np.logical_or.accumulate(np.flip(said == 1, axis=1), axis=1), axis=1)
    before = np.concatenate([np.ones((len(said), 1), dtype=bool), passed[:, :-1]], axis=1)[:, : said.shape[1]]
    return Path(before & (passed | ~np.isnan(said)), passed)


def funnel(design: Design, steps: Path, labels: pl.DataFrame) -> Funnel:
    """The shares of a path, one row of `labels` per step; `reached` is the product of the shares passing so far.

    Influence of a person on it, with p the share passing step j and S the share that reached it: z(S_j) = z(S_j−1) p_j + S_j−1 z(p_j).
    Where nobody came to a step because nobody passed the one before, nobody reached it (0); where it is only unknown, it is nan.

    Four people, one lost at each of two steps; three quarters of two thirds is a half:

    >>> from pipeline.analysis.survey.design import as_drawn_at_random
    >>> four = path(np.array([[1, 1], [1, 1], [1, 0], [0, np.nan]]))
    >>> found = funnel(as_drawn_at_random(np.ones(4)), four, pl.DataFrame({"step": ["in", "served"]}))
    >>> found.passing.est.round(3).tolist(), found.reached.est.round(3).tolist(), found.lost.est.round(3).tolist()
    ([0.75, 0.667], [0.75, 0.5], [0.25, 0.25])
    """
    passing = shares(design, steps.passed & steps.came, steps.came, labels)
    base, base_z = 1.0, np.zeros(passing.z.shape[0])
    reached, lost = [], []
    for p, z in zip(passing.est, passing.z.T, strict=True):
        p = 0.0 if base == 0 else p
        now, now_z = base * p, base_z * np.nan_to_num(p) + base * np.nan_to_num(z)
        reached.append((now, now_z))
        lost.append((base - now, base_z - now_z))
        base, base_z = now, now_z
    known = _known(steps)
    about = shares(design, steps.passed & known, known, labels)  # how many people, and of which weights, stand behind
    return Funnel(passing, _of(about, reached), _of(about, lost))


def _known(steps: Path) -> Marks:
    """Persons whose fate at each step is known (n, k): who came to it, or was lost before."""
    gone = np.cumsum(steps.came & ~steps.passed, axis=1) > 0
    return steps.came | gone


def _of(about: Estimates, made: list[tuple[float, np.ndarray]]) -> Estimates:
    est = np.array([value for value, _ in made])
    z = np.stack([z for _, z in made], axis=1) if made else about.z
    return replace(about, est=est, z=z, plain=np.full(len(est), np.nan))
