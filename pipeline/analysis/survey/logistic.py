"""Logistic regression in a sample of any design: what goes with a yes, other things equal.

Coefficients solve the weighted likelihood equations; their covariance is that of the design, from influence values (Binder
1983), so that clusters, FPCs, calibrated and replicate weights count.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy import optimize, stats

from pipeline.analysis.survey.design import Design
from pipeline.analysis.survey.estimates import Estimates
from pipeline.errors import CONTRACT, Problem, fail

STEPS = 50


def logistic(design: Design, y: np.ndarray, predictors: pl.DataFrame, where: np.ndarray | None = None) -> Estimates:
    """Log-odds coefficients, labels `term`: (Intercept), then each column of `predictors`; n: rows used.

    `y` (n,) holds 1, 0 or nan. Numbers go in as they are; of text, a column per level but the first in order, named
    column + level. Rows with anything missing, or outside `where`, stay in the design with nothing to add. Intervals:
    `odds_ratios`. Raises exit 11: wrong_length; model_not_estimable where y is not 0 or 1 or always the same, where columns
    say the same, or where a column tells yes from no perfectly (it is named; no finite coefficient exists).

    Six of eight against two of eight say yes: log-odds 1.0986 against −1.0986.

    >>> from pipeline.analysis.survey.design import design
    >>> people = design(pl.DataFrame({"weight": [1.0] * 16}))
    >>> found = logistic(people, np.array([1] * 6 + [0] * 2 + [1] * 2 + [0] * 6), pl.DataFrame({"new": [1] * 8 + [0] * 8}))
    >>> found.labels["term"].to_list(), found.est.round(4).tolist()
    (['(Intercept)', 'new'], [-1.0986, 2.1972])
    """
    y = np.asarray(y, dtype=float)
    _lengths(design, y, predictors, where)
    complete = predictors.select(pl.all_horizontal(pl.all().is_not_null())).to_series().to_numpy()
    here = np.isfinite(y) & complete & (True if where is None else np.asarray(where, dtype=bool))
    names, x = _columns(predictors.filter(pl.Series(here)))
    _estimable(y[here], x, names)
    w = design.weights[here]
    coefficients = _fit(y[here], x, w, names)
    if design.replicates is None:
        fitted = 1 / (1 + np.exp(-x @ coefficients))
        information = x.T @ ((w * fitted * (1 - fitted))[:, None] * x)
        z = np.zeros((design.n, x.shape[1]))
        z[here] = (w * (y[here] - fitted))[:, None] * x @ np.linalg.inv(information)
    else:
        each = np.array([_fit(y[here], x, replicate[here], names) for replicate in design.replicates.weights.T])
        z = each - (coefficients if design.replicates.about_estimate else each.mean(axis=0))
    k = len(names)
    unknown, n = np.full(k, np.nan), np.full(k, int(here.sum()))
    return Estimates(
        pl.DataFrame({"term": names}), coefficients, z, n, unknown, unknown, np.zeros(k), design, "difference"
    )


def odds_ratios(of: Estimates, level: float = 0.95) -> pl.DataFrame:
    """term, est, lci, uci, p, n of a regression: odds ratios, by Student's t with df of the design + 1 − coefficients."""
    df = residual_df(of)
    t = float(stats.t.ppf((1 + level) / 2, df)) if df > 0 else float("nan")
    chance = 2 * stats.t.sf(np.abs(of.est / of.se), df) if df > 0 else np.full(len(of.est), np.nan)
    columns = {"est": of.est, "lci": of.est - t * of.se, "uci": of.est + t * of.se}
    made = {name: pl.Series(name, np.exp(values)).fill_nan(None) for name, values in columns.items()}
    return of.labels.with_columns(**made, p=pl.Series(chance).fill_nan(None), n=pl.Series(of.n))


def residual_df(of: Estimates) -> int:
    """Degrees of freedom left to judge a coefficient by, from the units that have rows in the model (R: svyglm)."""
    rows = None if of.design.replicates is not None else of.z.any(axis=1)
    return of.design.degrees_of_freedom(rows) + 1 - len(of.est)


def _fit(y: np.ndarray, x: np.ndarray, w: np.ndarray, names: list[str]) -> np.ndarray:
    """Newton's steps to the weighted likelihood equations."""
    at = np.zeros(x.shape[1])
    for _ in range(STEPS):
        fitted = 1 / (1 + np.exp(-np.clip(x @ at, -500, 500)))
        information = x.T @ ((w * fitted * (1 - fitted))[:, None] * x)
        if np.linalg.cond(information) > 1e14:
            break
        step = np.linalg.solve(information, x.T @ (w * (y - fitted)))
        at = at + step
        if np.abs(step).max() <= 1e-10 * max(np.abs(at).max(), 1):
            return at
    _refuse(names, _separating(y[w > 0], x[w > 0]))


def _separating(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """A direction along which yes and no part company, by linear programming; 0 where there is none (Albert & Anderson 1984)."""
    toward = np.where(y > 0.5, 1.0, -1.0)[:, None] * x
    found = optimize.linprog(-toward.sum(axis=0), A_ub=-toward, b_ub=np.zeros(len(y)), bounds=(-1, 1), method="highs")
    return found.x if found.success else np.zeros(x.shape[1])


def _refuse(names: list[str], direction: np.ndarray) -> None:
    guilty = [name for name, slope in zip(names, direction, strict=True) if abs(slope) > 1e-9 and name != "(Intercept)"]
    fail(CONTRACT, Problem(
        "model_not_estimable", ", ".join(guilty) or ", ".join(names),
        "这些变量把“是”和“否”完全分开，系数没有有限值", "these tell yes from no perfectly: no finite coefficient exists",
        do_zh="合并取值或去掉该变量", do_en="merge levels or leave the variable out",
    ))  # fmt: skip


def _columns(frame: pl.DataFrame) -> tuple[list[str], np.ndarray]:
    """Names and values of the model's columns."""
    names, columns = ["(Intercept)"], [np.ones(frame.height)]
    for series in frame:
        if series.dtype.is_numeric() or series.dtype == pl.Boolean:
            names.append(series.name)
            columns.append(series.cast(pl.Float64).to_numpy())
        else:
            for level in series.unique().sort().to_list()[1:]:
                names.append(f"{series.name}{level}")
                columns.append((series == level).to_numpy().astype(float))
    return names, np.stack(columns, axis=1)


def _estimable(y: np.ndarray, x: np.ndarray, names: list[str]) -> None:
    problems = []
    wrong = [value for value in np.unique(y) if value not in (0.0, 1.0)]
    if wrong:
        what = "因变量只能是0或1", "the answer explained must be 0 or 1"
        problems.append(Problem("model_not_estimable", "y", *what, got=str(wrong[0]), expected="0 1"))
    elif len(np.unique(y)) < 2:
        what = "所有回答相同，没有可解释的差别", "all answers are equal: there is nothing to explain"
        problems.append(Problem("model_not_estimable", "y", *what, got=str(len(y)), expected="0 1"))
    else:
        rank = [int(np.linalg.matrix_rank(x[:, : k + 1])) for k in range(x.shape[1])]
        same = [names[k] for k in range(1, len(names)) if rank[k] == rank[k - 1]]
        if same:
            what = "变量由其他变量决定（或只有一个取值）", "columns follow from the others (or hold one value only)"
            problems.append(Problem("model_not_estimable", ", ".join(same), *what))
    if problems:
        fail(CONTRACT, *problems)


def _lengths(design: Design, y: np.ndarray, predictors: pl.DataFrame, where: np.ndarray | None) -> None:
    sizes = {"y": len(y), "predictors": predictors.height} | ({} if where is None else {"where": len(where)})
    what = "数据行数与抽样设计不符", "the values do not fit the rows of the design"
    wrong = [
        Problem("wrong_length", name, *what, got=str(size), expected=str(design.n))
        for name, size in sizes.items()
        if size != design.n
    ]
    if wrong:
        fail(CONTRACT, *wrong)
