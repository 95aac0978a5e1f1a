"""How representative a response is: R-indicators from propensities to respond.

Propensities come from a logistic regression of response on what is known of everybody, respondent or not. Their standard
deviation S says how unequal response is; R = 1 - 2S is 1 where all respond alike. Partial indicators say which variable
and which category makes it so. Source: Schouten, Cobben, Bethlehem 2009, Survey Methodology 35: 101-113; Schouten,
Shlomo, Skinner 2011, Journal of Official Statistics 27: 231-253 (partial indicators); Shlomo, Skinner, Schouten 2012,
Journal of Statistical Planning and Inference 142: 201-211 (adjustment of the bias). R knows only what the variables
tell: it cannot see selection on need.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.errors import CONTRACT, Problem, fail

STEPS = 50


@dataclass(frozen=True)
class Representativeness:
    """`rate`: share who responded. `s`: standard deviation of the propensities (n - 1). `r` = 1 - 2s. `r_adjusted`: with
    the bias of s² from estimating the propensities taken out. `cv` = s / mean propensity: the largest standardised
    bias nonresponse can cause in a mean. `propensities` (n,), in the order given. `coefficients`: variable, category,
    coefficient (first categories are the base). `variables`: variable, unconditional, conditional (0 = no share in
    the inequality). `categories`: the same by category; the sign of `unconditional` is below 0 where they respond less."""

    rate: float
    s: float
    r: float
    r_adjusted: float
    cv: float
    propensities: np.ndarray
    coefficients: pl.DataFrame
    variables: pl.DataFrame
    categories: pl.DataFrame


def representativeness(frame: pl.DataFrame, responded: str, by: Sequence[str]) -> Representativeness:
    """R-indicator of the response in column `responded` (0 / 1) of `frame`, explained by the categorical columns `by`.

    `frame` has one row for every person of the population or of the sample drawn, each counted alike; a missing category
    counts as one of its own. Raises exit 11 for columns that are not there, a response that is missing or not 0 / 1, or
    the same for all.

    Half of a responds and a quarter of b: propensities 0.5 and 0.25, of standard deviation 0.13 on 8 persons.

    >>> frame = pl.DataFrame({"platform": ["a"] * 4 + ["b"] * 4, "r": [1, 1, 0, 0, 1, 0, 0, 0]})
    >>> found = representativeness(frame, "r", ["platform"])
    >>> round(found.s, 4), round(found.r, 4)
    (0.1336, 0.7327)
    >>> found.categories["unconditional"].round(4).to_list()
    [0.0945, -0.0945]
    """
    y = _response(frame, responded, by)
    cells = frame.select(pl.col(by).cast(pl.String).fill_null("—"))
    x, terms = _dummies(cells)
    coefficients, p = _logistic(x, y)
    n, mean = len(y), float(p.mean())
    variance = float(((p - mean) ** 2).sum() / (n - 1))
    s = variance**0.5
    adjusted = max(variance - _bias(x, p), 0.0) ** 0.5
    variables, categories = _partial(cells.with_columns(p=p), list(by))
    table = terms.with_columns(coefficient=coefficients)
    return Representativeness(
        float(y.mean()), s, 1 - 2 * s, 1 - 2 * adjusted, s / mean, p, table, variables, categories
    )


def _response(frame: pl.DataFrame, responded: str, by: Sequence[str]) -> np.ndarray:
    problems = [
        Problem("unknown_choice", name, "没有这一列", "there is no such column", name, " ".join(frame.columns))
        for name in (responded, *by)
        if name not in frame.columns
    ]
    if not by:
        problems.append(
            Problem("unknown_choice", "by", "没有给出变量", "no variable is given", "", " ".join(frame.columns))
        )
    if problems:
        fail(CONTRACT, *problems)
    values = set(frame[responded].cast(pl.Float64, strict=False).unique().to_list())
    if values != {0.0, 1.0}:
        got = " ".join(sorted(str(value) for value in values)[:5]) or "no rows"
        fail(CONTRACT, Problem(
            "response_not_two", responded, "回应一列必须既有 0 又有 1，没有缺失", "response must hold 0 and 1, both, and nothing missing",
            got, "0 1", "请把没有答的人也放进来", "put those in who did not answer, too",
        ))  # fmt: skip
    return frame[responded].cast(pl.Float64).to_numpy()


def _dummies(cells: pl.DataFrame) -> tuple[np.ndarray, pl.DataFrame]:
    """A column of ones and one per category but the first; what each stands for."""
    columns, terms = [np.ones(cells.height)], [("(base)", "")]
    for name in cells.columns:
        for category in cells[name].unique().sort().to_list()[1:]:
            columns.append((cells[name] == category).to_numpy().astype(float))
            terms.append((name, category))
    return np.column_stack(columns), pl.DataFrame(terms, schema=["variable", "category"], orient="row")


def _logistic(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and fitted propensities by iteratively reweighted least squares. Where all or none of a category
    respond its coefficient has no end, but the propensities settle, at 1 or 0."""
    coefficients, p = np.zeros(x.shape[1]), np.full(len(y), 0.5)
    for _ in range(STEPS):
        step = np.linalg.lstsq(_information(x, p), x.T @ (y - p), rcond=1e-12)[0]
        coefficients = coefficients + step
        fitted = 1 / (1 + np.exp(-np.clip(x @ coefficients, -500, 500)))
        moved, p = float(np.abs(fitted - p).max()), fitted
        if moved < 1e-13:
            break
    return coefficients, p


def _information(x: np.ndarray, p: np.ndarray) -> np.ndarray:
    return x.T @ (x * (p * (1 - p))[:, None])


def _bias(x: np.ndarray, p: np.ndarray) -> float:
    """By how much the variance of fitted propensities exceeds that of the true ones, to first order: the mean of their
    sampling variances."""
    inverse = np.linalg.pinv(_information(x, p), rcond=1e-12)
    return float((np.einsum("ij,jk,ik->i", x, inverse, x) * (p * (1 - p)) ** 2).mean())


def _partial(people: pl.DataFrame, by: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Partial indicators: between the categories of a variable, and within the cells of all others."""
    n, variables, categories = people.height, [], []
    for name in by:
        others = [other for other in by if other != name]
        within = pl.col("p") - (pl.col("p").mean().over(others) if others else pl.col("p").mean())
        overall = pl.col("p") - pl.col("p").mean()
        found = people.with_columns(within=within, overall=overall).group_by(name).agg(
            (pl.col("overall").mean() * (pl.len() / (n - 1)).sqrt()).alias("unconditional"),
            ((pl.col("within") ** 2).sum() / (n - 1)).sqrt().alias("conditional"),
            pl.len().alias("n"),
        )  # fmt: skip
        found = found.sort(name).select(
            pl.lit(name).alias("variable"), pl.col(name).alias("category"), pl.all().exclude(name)
        )
        categories.append(found)
        variables.append((name, *(float((found[kind] ** 2).sum() ** 0.5) for kind in ("unconditional", "conditional"))))
    return pl.DataFrame(variables, schema=["variable", "unconditional", "conditional"], orient="row"), pl.concat(
        categories
    )
