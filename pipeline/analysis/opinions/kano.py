"""Kano's model: what a service does to content when it is there, and when it is missing, from a pair of questions.

"How would you feel if there were … ?" and "… if there were none?", each answered on five steps, give one of six
categories by a table (Kano, Seraku, Takahashi & Tsuji 1984; table after Berger et al. 1993, Center for Quality of
Management J. 2(4)): attractive, one-dimensional, must-be, indifferent, reversed, questionable. Timko's coefficients say
how much content rises with the service, better = (A + O) / (A + O + M + I), and falls without, worse = −(O + M) /
(A + O + M + I) (in Berger et al.): ratios of the weighted, for which `better_worse` gives both sides.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from pipeline.analysis.comparisons.largest import N_DRAWS, SEED, checked, draws
from pipeline.errors import USAGE, Problem, fail

Floats = NDArray[np.float64]
CATEGORIES = ("A", "O", "M", "I", "R", "Q")
# five steps of an answer, from the most welcome: like it, expect it, neutral, can live with it, dislike it
STEPS = ("like", "expect", "neutral", "tolerate", "dislike")
# rows: the answer if there were the service; columns: if there were none
TABLE = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")


def categories(functional: pl.Series, dysfunctional: pl.Series, *, steps: tuple[str, ...] = STEPS) -> pl.Series:
    """The category of each pair of answers; null where one is missing.

    `steps`: the codes of the answers in the order like, expect, neutral, tolerate, dislike. Raises `unknown_kano_answer`.

    >>> with_it, without = pl.Series(["like", "like", "expect", None]), pl.Series(["dislike", "neutral", "dislike", "like"])
    >>> categories(with_it, without).to_list()
    ['O', 'A', 'M', None]
    """
    known = {(row, column): TABLE[i][j] for i, row in enumerate(steps) for j, column in enumerate(steps)}
    strange = sorted(set(functional.drop_nulls().to_list() + dysfunctional.drop_nulls().to_list()) - set(steps))
    if len(functional) != len(dysfunctional) or len(steps) != len(STEPS) or strange:
        fail(USAGE, _problem(strange, steps))
    pairs = zip(functional.to_list(), dysfunctional.to_list(), strict=True)
    return pl.Series("category", [known.get(pair) for pair in pairs], dtype=pl.Enum(CATEGORIES))


def indicators(category: pl.Series) -> Floats:
    """One row per person, one column per category (A O M I R Q): 1 where it is theirs, NaN where theirs is unknown.

    Their weighted means, with the covariance, are the shares of the categories.

    >>> indicators(pl.Series(["O", None]))[:, :3].tolist()
    [[0.0, 1.0, 0.0], [nan, nan, nan]]
    """
    rows = category.cast(pl.String).to_list()
    return np.array([[np.nan if own is None else float(own == one) for one in CATEGORIES] for own in rows]).reshape(
        -1, 6
    )


def better_worse(category: pl.Series) -> tuple[Floats, Floats]:
    """Numerators and denominators of better and worse (n, 2), for a ratio estimator with the design's error.

    0 / 0 for a person whose category is R, Q or unknown: they stay in the design, and say nothing here. `worse` is
    negative. The unweighted ratio of sums, one O, one M, one I:

    >>> numerator, denominator = better_worse(pl.Series(["O", "M", "I", "Q"]))
    >>> (numerator.sum(axis=0) / denominator.sum(axis=0)).round(3).tolist()
    [0.333, -0.667]
    """
    own = np.nan_to_num(indicators(category))
    better, worse = own[:, [0, 1]].sum(axis=1), -own[:, [1, 2]].sum(axis=1)
    told = own[:, :4].sum(axis=1)
    return np.column_stack([better, worse]), np.column_stack([told, told])


def likeliest_category(
    share: ArrayLike, cov: ArrayLike, *, clear: float = 0.95, n_draws: int = N_DRAWS, seed: int = SEED
) -> pl.DataFrame:
    """The most frequent category, and how probable it is that it truly is the most frequent.

    In: shares (6,) of A O M I R Q among those asked, their covariance (6, 6). Out, one row per category: `category,
    share, p_most_frequent` (sum 1; by simulation, fixed seed), `is_most_frequent` (in the sample; ties: none),
    `is_clear` (p ≥ `clear`). A category nobody is in has no variance: it counts as certain. Raises `bad_estimates`.

    >>> share = np.array([0.5, 0.3, 0.1, 0.1, 0.0, 0.0])
    >>> table = likeliest_category(share, (np.diag(share) - np.outer(share, share)) / 200)
    >>> table.filter("is_most_frequent").select("category", pl.col("p_most_frequent").round(2), "is_clear").rows()
    [('A', 1.0, True)]
    """
    values, sigma, reason = checked(share, cov)
    if len(values) != len(CATEGORIES) or "no_estimate" in reason:
        fail(USAGE, _problem([f"{len(values)} 个占比 · shares"], CATEGORIES))
    drawn = values + draws(np.nan_to_num(sigma), n_draws, seed)
    chance = np.bincount(drawn.argmax(axis=1), minlength=len(values)) / n_draws
    first = values == values.max()
    return pl.DataFrame(
        {
            "category": CATEGORIES,
            "share": values,
            "p_most_frequent": chance,
            "is_most_frequent": first & (first.sum() == 1),
            "is_clear": chance >= clear,
        }
    )


def _problem(got: list[str], expected: tuple[str, ...]) -> Problem:
    return Problem(
        "unknown_kano_answer",
        "functional, dysfunctional",
        "卡诺问题的回答与五个等级不符",
        "answers to the Kano pair that are none of the five steps",
        got="、".join(got),
        expected="、".join(expected),
        do_zh="请在 steps 中按从喜欢到不喜欢的顺序写出五个选项代码；两题的行数应相同",
        do_en="name the five option codes from like to dislike in `steps`; both questions need equally many rows",
    )
