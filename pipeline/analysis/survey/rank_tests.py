"""Do groups differ in a rank? Tests for answers on a scale whose steps need not be alike, in a sample of any design.

The rank of an answer is its place in the population, estimated by the weights; groups are compared by a regression of rank
scores whose standard error is that of the design, FPC included (Lumley & Scott 2013, Biometrika 100, 831–842).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import stats

from pipeline.analysis.choices import one_of
from pipeline.analysis.survey.covariance import covariance
from pipeline.analysis.survey.design import Design
from pipeline.errors import CONTRACT, Problem, fail

SCORES = {
    "wilcoxon": lambda place: place,
    "van_der_waerden": lambda place: stats.norm.ppf(place),
    "median": lambda place: (place > 0.5).astype(float),
}


@dataclass(frozen=True)
class RankTest:
    """`groups` compared; `differences` (k − 1,) of mean scores from the first group; `statistic`: t for two groups, χ² for
    more; `df1` of χ² (None for t); `df2`; `p`; `n` rows; `reason` why there is no number, else None."""

    groups: list
    differences: np.ndarray
    statistic: float | None
    df1: int | None
    df2: int
    p: float | None
    n: int
    reason: str | None = None


def rank_test(
    design: Design, y: np.ndarray, group: pl.Series, test: str = "wilcoxon", ties: str = "weighted"
) -> RankTest:
    """Whether the groups of `group` (null: outside) differ in the ranks of `y` (nan: outside), one value per row.

    Tests: wilcoxon (Kruskal–Wallis for more than two groups), van_der_waerden (normal scores), median. Tied answers share
    one place, see `places`. Two groups: t with df of the design − 1; k groups: Wald's χ²
    referred to F with k − 1 and df − (k − 1). Raises exit 11 for a wrong length or an unknown test.

    Eight people, four a group, ranks 1–4 against 5–8: scores (r − ½) / 8 differ by half.

    >>> from pipeline.analysis.survey.design import design
    >>> people = design(pl.DataFrame({"weight": [1.0] * 8}))
    >>> found = rank_test(people, np.arange(8.0), pl.Series(list("aaaabbbb")))
    >>> found.differences.round(6).tolist(), found.df2
    ([0.5], 6)
    """
    y, group = np.asarray(y, dtype=float), pl.Series("group", group)
    _check(design, y, group, test)
    here = np.isfinite(y) & group.is_not_null().to_numpy()
    levels = group.filter(pl.Series(here)).unique().sort()
    df, k, n = design.degrees_of_freedom(None if here.all() else here), len(levels) - 1, int(here.sum())
    nothing = RankTest(levels.to_list(), np.full(max(k, 0), np.nan), None, None, df - max(k, 1), None, n)
    if k < 1:
        return _without(nothing, "只有一组，无法比较")
    if len(np.unique(y[here])) == 1:
        return _without(nothing, "所有回答相同，无法比较")
    if df - k < 1:
        return _without(nothing, "抽样单元太少，无法检验")
    x = np.stack([np.ones(n), *((group == level).to_numpy()[here] for level in levels[1:])], axis=1).astype(float)
    differences, cov = _regression(design, here, x, lambda w: SCORES[test](places(y[here], w, ties)))
    if np.linalg.matrix_rank(cov, tol=1e-14) < k:
        return _without(nothing, "各组的名次没有抽样误差，无法检验")
    if k == 1:
        t = float(differences[0] / np.sqrt(cov[0, 0]))
        return RankTest(levels.to_list(), differences, t, None, df - 1, float(2 * stats.t.sf(abs(t), df - 1)), n)
    chi2 = float(differences @ np.linalg.solve(cov, differences))
    return RankTest(levels.to_list(), differences, chi2, k, df - k, float(stats.f.sf(chi2 / k, k, df - k)), n)


def places(y: np.ndarray, weights: np.ndarray, ties: str = "weighted") -> np.ndarray:
    """Place of every answer in the population, between 0 and 1: the weight below it and half its own, over all.

    Equal answers stand in the middle of the weight they hold together. ties="rows" is R's way, the plain mean of the places
    they would have in the order of the rows: with unequal weights it changes with that order, so for comparison only.

    >>> places(np.array([3.0, 1.0, 1.0, 2.0]), np.ones(4)).tolist()
    [0.875, 0.25, 0.25, 0.625]
    """
    one_of("ties", ties, ("weighted", "rows"))
    tie = np.unique(y, return_inverse=True)[1]
    if ties == "weighted":
        held = np.bincount(tie, weights)
        return (np.cumsum(held) - held / 2)[tie] / held.sum()
    order = np.argsort(y, kind="stable")
    middle = np.empty(len(y))
    middle[order] = np.cumsum(weights[order]) - weights[order] / 2
    return (np.bincount(tie, middle) / np.bincount(tie))[tie] / weights.sum()


def _regression(design: Design, here: np.ndarray, x: np.ndarray, scores) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients of the scores on the groups after the first, and their covariance."""

    def fitted(w: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        found, inverse = scores(w), np.linalg.pinv(x.T @ (w[:, None] * x))
        return found, inverse, inverse @ (x.T @ (w * found))

    w = design.weights[here]
    found, inverse, coefficients = fitted(w)
    if design.replicates is None:
        z = np.zeros((design.n, x.shape[1]))
        z[here] = (w * (found - x @ coefficients))[:, None] * x @ inverse
    else:
        each = np.array([_of_those(fitted, replicate[here], x) for replicate in design.replicates.weights.T])
        z = each - (coefficients if design.replicates.about_estimate else each.mean(axis=0))
    return coefficients[1:], covariance(design, z[:, 1:])


def _of_those(fitted, w: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Coefficients of a replicate; one that leaves a group empty has none."""
    if ((w[:, None] * x).sum(axis=0) <= 0).any():
        what = "一份重复权重里有一组没有人", "a replicate leaves nobody in one of the groups"
        fail(CONTRACT, Problem("bad_design", "replicates", *what))
    return fitted(np.where(w > 0, w, 1e-300))[2]


def _without(nothing: RankTest, reason: str) -> RankTest:
    return RankTest(nothing.groups, nothing.differences, None, None, nothing.df2, None, nothing.n, reason)


def _check(design: Design, y: np.ndarray, group: pl.Series, test: str) -> None:
    problems = [
        Problem("wrong_length", name, "数据行数与抽样设计不符", "the values do not fit the rows of the design",
                got=str(len(values)), expected=str(design.n))
        for name, values in (("y", y), ("group", group)) if len(values) != design.n
    ]  # fmt: skip
    if test not in SCORES:
        problems.append(
            Problem("bad_design", "test", "没有这种检验", "no such test", got=test, expected=" ".join(SCORES))
        )
    if problems:
        fail(CONTRACT, *problems)
