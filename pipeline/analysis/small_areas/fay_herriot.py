"""Means of small areas from their own answers and what is known of each area: the Fay-Herriot model.

An area's true mean is x'β + u with u ~ N(0, A) (`refvar`), its direct estimate is that plus sampling error of known
variance (Fay & Herriot 1979, J. Am. Stat. Assoc. 74: 269-277). For 30 areas or more with a covariate that explains
something (open hours, use in logs); with few answers per area the intervals here are too short (measured: .875 where
.95 is meant) and the beta-binomial model is the better choice. Direct variances should be smoothed first; for shares,
`arcsine` does so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import ArrayLike
from scipy.stats import norm

from pipeline.analysis.choices import one_of
from pipeline.analysis.small_areas.counts import Floats
from pipeline.analysis.small_areas.variance_between import Method, Model, fitted, variance_between
from pipeline.errors import USAGE, Problem, fail

FEW_AREAS = 30
Reason = Literal["few_areas", "no_spread"]


@dataclass(frozen=True)
class FayHerriot:
    """`refvar`: variance between areas that x does not explain; `beta`, `beta_se` one per column of x; `goodness`:
    loglike, AIC, BIC, KIC; `reason_codes` (`few_areas`: fewer than 30, `no_spread`: refvar 0);
    `areas`: `est, mse, lci, uci, shrinkage, reason_code`, one row per area in the order given."""

    refvar: float
    beta: Floats
    beta_se: Floats
    goodness: dict[str, float]
    reason_codes: tuple[Reason, ...]
    areas: pl.DataFrame


def fay_herriot(
    y: ArrayLike,
    variance: ArrayLike,
    x: ArrayLike | None = None,
    *,
    method: Method = "REML",
    level: float = 0.95,
) -> FayHerriot:
    """Best linear predictions (EBLUP) of areas' means with their mean squared errors.

    In, one row per area: direct estimate `y` (NaN: nobody answered, predicted from x alone, `no_sample`), its sampling
    `variance` (> 0), the columns of `x` (a column of ones first where an intercept is wanted; none: only that column).
    `method`: "REML", "ML", or "FH" (the moment equation of Fay & Herriot). `shrinkage` = A / (A + variance): 1 the
    area's own answers alone, 0 the others' alone. `mse`: Prasad & Rao 1990 with the corrections of Datta & Lahiri 2000
    (ML) and Datta, Rao & Smith 2005 (FH), as in Rao & Molina 2015, §6.2.1; `lci`, `uci` are normal with it.
    Raises `bad_area_model`: unequal lengths, a variance that is not positive, columns of x that say the same, fewer than
    2 more areas than columns.

    Four areas measured equally well: the spread is twice the noise, so that each keeps about two thirds of its own.

    >>> result = fay_herriot([1.0, 2.0, 3.0, 6.0], [1.5] * 4)
    >>> round(result.refvar, 3), result.areas["shrinkage"].round(3)[0], result.areas["est"].round(2).to_list()
    (3.167, 0.679, [1.64, 2.32, 3.0, 5.04])
    """
    one_of("method", method, get_args(Method))
    model, columns, own = _model(y, variance, x)
    refvar = variance_between(model, method)
    v, q, beta, _ = fitted(model, refvar)
    shrinkage, noise = np.zeros(len(own)), np.full(len(own), np.nan)
    noise[own] = model.variance
    shrinkage[own] = refvar / v
    synthetic = columns @ beta
    est, direct = synthetic.copy(), np.flatnonzero(own)
    est[direct] += shrinkage[direct] * (model.y - synthetic[direct])
    mse = refvar + np.einsum("ij,jk,ik->i", columns, q, columns)
    mse[direct] = _mse(model, refvar, method)
    half = norm.ppf((1 + level) / 2) * np.sqrt(np.maximum(mse, 0))
    areas = pl.DataFrame({"est": est, "mse": mse, "lci": est - half, "uci": est + half, "shrinkage": shrinkage})
    few: tuple[Reason, ...] = ("few_areas",) if len(model.y) < FEW_AREAS else ()
    reasons = (("no_spread",) if refvar == 0 else ()) + few
    first = reasons[0] if reasons else None
    codes = pl.Series("reason_code", [first if known else "no_sample" for known in own], dtype=pl.String)
    goodness = _goodness(model, refvar)
    return FayHerriot(refvar, beta, np.sqrt(np.diag(q)), goodness, reasons, areas.with_columns(codes))


def _mse(model: Model, refvar: float, method: Method) -> Floats:
    """Mean squared error of the areas with an own estimate: sampling, β, and twice what A's own error adds, less the
    bias of the first term that the method's A brings."""
    v, q, _, _ = fitted(model, refvar)
    m, kept = len(v), model.variance / v
    one, two = (1 / v).sum(), (1 / v**2).sum()
    sampling = model.variance * refvar / v
    regression = kept**2 * np.einsum("ij,jk,ik->i", model.x, q, model.x)
    error_of_a = 2 * m / one**2 if method == "FH" else 2 / two
    bias = 0.0
    if method == "ML":
        bias = -np.trace(q @ (model.x.T / v**2) @ model.x) / two
    elif method == "FH":
        bias = 2 * (m * two - one**2) / one**3
    return sampling + regression + 2 * kept**2 / v * error_of_a - bias * kept**2


def _goodness(model: Model, refvar: float) -> dict[str, float]:
    """Log likelihood at the estimates, and criteria that charge p + 1 parameters 2, log m and 3 each."""
    v, _, beta, _ = fitted(model, refvar)
    loglike = float(-0.5 * (np.log(2 * np.pi * v) + (model.y - model.x @ beta) ** 2 / v).sum())
    p = len(beta) + 1
    charges = {"AIC": 2 * p, "BIC": np.log(len(v)) * p, "KIC": 3 * p}
    return {"loglike": loglike, **{name: float(charge - 2 * loglike) for name, charge in charges.items()}}


def arcsine(share: ArrayLike, n_eff: ArrayLike) -> tuple[Floats, Floats]:
    """Shares on the scale where their sampling variance does not depend on them: (asin √p, 1 / (4 n_eff)).

    Both NaN and infinite where n_eff is 0. Source: Efron & Morris 1975; Rao & Molina 2015, §6.5.

    >>> [values.round(3).tolist() for values in arcsine([0.25, 0.0], [25, 4])]
    [[0.524, 0.0], [0.01, 0.062]]
    """
    p, n = np.asarray(share, dtype=float), np.asarray(n_eff, dtype=float)
    known = n > 0
    y = np.where(known, np.arcsin(np.sqrt(np.clip(p, 0, 1))), np.nan)
    return y, np.divide(0.25, n, out=np.full(len(n), np.inf), where=known)


def as_shares(areas: pl.DataFrame) -> pl.DataFrame:
    """`est, lci, uci` of a model of `arcsine` values as shares; `est` is the mean over the model's error, `mse` drops.

    >>> as_shares(pl.DataFrame({"est": [np.pi / 6], "mse": [0.0], "lci": [-0.1], "uci": [2.0]})).row(0)
    (0.25, 0.0, 1.0)
    """
    inside = [pl.col(name).clip(0, np.pi / 2).sin() ** 2 for name in ("lci", "uci")]
    mean = 0.5 * (1 - (-2 * pl.col("mse")).exp() * (2 * pl.col("est").clip(0, np.pi / 2)).cos())
    return areas.with_columns(mean.round(12).alias("est"), *inside).drop("mse")


def _model(y: ArrayLike, variance: ArrayLike, x: ArrayLike | None) -> tuple[Model, Floats, np.ndarray]:
    """The areas with an own estimate, all rows of x, and which areas those are."""
    values, noise = np.asarray(y, dtype=float), np.asarray(variance, dtype=float)
    columns = np.ones((len(values), 1)) if x is None else np.asarray(x, dtype=float)
    columns = columns[:, None] if columns.ndim == 1 else columns
    if not len(values) == len(noise) == len(columns):
        fail(USAGE, _problem("y, variance, x", f"{len(values)}, {len(noise)}, {len(columns)}", "同样多 · equally many"))
    own, p = np.isfinite(values), columns.shape[1]
    faults = []
    if not np.isfinite(columns).all():
        faults.append(_problem("x", "缺失值 · missing values", "每个区域都有值 · a value for every area"))
    elif own.sum() < p + 2:
        faults.append(_problem("y", f"{own.sum()}", f"≥ {p + 2} 个区域 · areas"))
    elif np.linalg.matrix_rank(columns[own]) < p:
        faults.append(_problem("x", f"{p} 列 · columns", "各列互不重复 · columns that do not repeat each other"))
    wrong = np.flatnonzero(own & ~(np.isfinite(noise) & (noise > 0)))
    if len(wrong):
        faults.append(_problem(f"variance, 行 · rows {', '.join(map(str, wrong[:10]))}", "", "> 0"))
    if faults:
        fail(USAGE, *faults)
    return Model(values[own], noise[own], columns[own]), columns, own


def _problem(where: str, got: str, expected: str) -> Problem:
    return Problem(
        "bad_area_model",
        where,
        "小区域模型无法估计",
        "this model of areas cannot be estimated",
        got=got,
        expected=expected,
        do_zh="请检查传入的列；区域太少时改用 beta_binomial，或减少解释变量",
        do_en="check the columns passed in; with too few areas use beta_binomial, or fewer columns of x",
    )
