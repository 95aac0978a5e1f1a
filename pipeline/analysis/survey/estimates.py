"""Estimates that keep what they were made of: value, influence of every row, n, and the design.

Means, totals, proportions, ratios, shares of a set of answers and of responses are all sums or ratios of sums; a domain is a
numerator and a denominator that are zero outside it, so that the whole design stays (Särndal, Swensson & Wretman 1992, §5.8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from pipeline.analysis.survey.covariance import covariance, freedom
from pipeline.analysis.survey.design import Design
from pipeline.analysis.survey.intervals import share_interval, t_interval
from pipeline.errors import CONTRACT, Problem, fail

ROUNDING = 1e-12  # a difference this small beside what it is between is none


@dataclass(frozen=True)
class Estimates:
    """k estimates of one design. `labels` (k rows) says what each is; `est` (k,), nan where nobody is in the domain; `z` weighted
    influence values (n, k), or deviations (R, k) of R replicates; `n` rows behind each; `plain`: the simple-random variance a
    sample of n would have; `kish`: effective n by weights alone; `kind`: share, mean, total, difference or mixed."""

    labels: pl.DataFrame
    est: np.ndarray
    z: np.ndarray
    n: np.ndarray
    plain: np.ndarray
    kish: np.ndarray
    fraction: np.ndarray
    design: Design
    kind: str = "mean"

    @cached_property
    def cov(self) -> np.ndarray:
        """Covariance of the estimates (k, k); an estimate of nobody has nan."""
        known = np.isfinite(self.est)
        found = np.full((len(self.est), len(self.est)), np.nan)
        found[np.ix_(known, known)] = covariance(self.design, self.z[:, known])
        return found

    @cached_property
    def se(self) -> np.ndarray:
        """Standard errors (k,)."""
        return np.sqrt(np.maximum(np.diag(self.cov), 0.0))

    @cached_property
    def df(self) -> np.ndarray:
        """Degrees of freedom of each estimate (k,): of the design, of a share its own variance's (`covariance.freedom`), always
        fewer than the people behind it."""
        most = freedom(self.design, self.z) if self.kind == "share" else self.design.degrees_of_freedom()
        return np.minimum(most, np.maximum(self.n - 1, 0))

    @property
    def deff(self) -> np.ndarray:
        """Design effects: variance over that of a simple random sample of as many rows, drawn from as many persons."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.se**2 / self.plain

    def table(self, level: float = 0.95) -> pl.DataFrame:
        """labels, est, se, lci, uci, n, n_eff: one row per estimate; null where there is none.

        Shares by the rule of `intervals.share_interval`, with the degrees of freedom of each share's own variance (with those of
        the design, unmet need under visit weights was covered .91 times in simulated districts instead of .93 to .95); others by
        Student's t. A mean of one person, or of equal answers, tells nothing of its error: it has no se and no interval, nor
        has a difference of such. Raises exit 11 for estimates of different kinds put together.
        """
        if self.kind == "mixed":
            what = "不同种类的估计没有同一种区间", "estimates of different kinds have no interval of one rule"
            fail(CONTRACT, Problem("bad_design", "table", *what))
        se = np.where((self.kind in ("mean", "difference")) & ~(self.plain > 0) & (self.se == 0), np.nan, self.se)
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.kind == "share":
                low, high, n_eff = share_interval(self.est, se, self.kish / (1 - self.fraction), self.df, level)
            else:
                low, high = t_interval(self.est, se, self.df, level)
                n_eff = np.where(self.n > 1, self.n / self.deff, np.nan)
        columns = {"est": self.est, "se": se, "lci": low, "uci": high}
        made = {name: pl.Series(name, values).fill_nan(None) for name, values in columns.items()}
        return self.labels.with_columns(
            **made, n=pl.Series(self.n), n_eff=pl.Series(np.where(np.isfinite(n_eff), n_eff, np.nan)).fill_nan(None)
        )

    def pick(self, rows: pl.Series | np.ndarray) -> Estimates:
        """Some of the estimates, by a mask over the labels."""
        return self.take(np.flatnonzero(np.asarray(rows, dtype=bool)))

    def take(self, rows: np.ndarray) -> Estimates:
        """The estimates of these row numbers, in this order."""
        parts = {name: getattr(self, name)[rows] for name in ("est", "n", "plain", "kish", "fraction")}
        return replace(self, labels=self.labels[rows], z=self.z[:, rows], **parts)


def ratios(
    design: Design, labels: pl.DataFrame, numerator: np.ndarray, denominator: np.ndarray, kind: str = "mean"
) -> Estimates:
    """Ratios of weighted totals: numerator (n, k) over denominator (n, k) or (n, 1), one estimate per row of `labels`.

    Rows outside a domain have both at 0. A denominator of nobody gives nan. Influence of a row: w (y − R x) / Σ w x.
    """
    y, x = _columns(design, numerator, labels.height), _columns(design, denominator, labels.height)
    w = design.weights
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = w @ x
        est = np.where(whole != 0, (w @ y) / whole, np.nan)
        est = np.clip(est, 0.0, 1.0) if kind == "share" else est
        fitted = np.nan_to_num(est) * x
        residual = _clean(y - fitted, np.abs(y) + np.abs(fitted))
        z = w[:, None] * residual / np.where(whole != 0, whole, 1)
        z = z if design.replicates is None else _deviations(design, est, lambda v: (v.T @ y) / (v.T @ x))
    return Estimates(labels, est, z, *_about(design, residual, x, whole), design, kind)


def totals(design: Design, labels: pl.DataFrame, values: np.ndarray, inside: np.ndarray | None = None) -> Estimates:
    """Weighted totals of values (n, k), one per row of `labels`, over the rows `inside` (n, k) or (n, 1); all by default."""
    here = _columns(design, np.ones(design.n) if inside is None else inside, labels.height)
    y = np.where(here != 0, _columns(design, values, labels.height), 0.0)
    est = design.weights @ y
    z = design.weights[:, None] * y
    z = z if design.replicates is None else _deviations(design, est, lambda v: v.T @ y)
    size = design.weights @ here
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = np.where(size > 0, est / size, 0.0)
    n, plain, kish, fraction = _about(design, y - centre * here, here, size)
    return Estimates(labels, est, z, n, plain * size**2, kish, fraction, design, "total")


def means(design: Design, values: Mapping[str, np.ndarray], where: np.ndarray | None = None) -> Estimates:
    """Means of several variables over the rows of `where` that hold them all (nan: missing), by name.

    >>> sample = pl.DataFrame({"weight": [1.0, 1.0, 2.0]})
    >>> from pipeline.analysis.survey.design import design
    >>> means(design(sample), {"minutes": np.array([10.0, 20.0, 30.0])}).table().select("est", "n").row(0)
    (22.5, 3)
    """
    y = np.stack([np.asarray(value, dtype=float) for value in values.values()], axis=1)
    here = np.isfinite(y).all(axis=1) & (True if where is None else np.asarray(where, dtype=bool))
    labels = pl.DataFrame({"variable": list(values)})
    return ratios(design, labels, np.where(here[:, None], y, 0.0), here[:, None].astype(float))


def shares(design: Design, chosen: np.ndarray, asked: np.ndarray, labels: pl.DataFrame) -> Estimates:
    """Shares of those asked who chose: chosen (n, k) true or false, asked (n, k) or (n, 1); several may be chosen."""
    whole = _columns(design, asked, labels.height)
    return ratios(design, labels, np.asarray(chosen, dtype=float) * whole, whole, "share")


def shares_of_responses(design: Design, chosen: np.ndarray, asked: np.ndarray, labels: pl.DataFrame) -> Estimates:
    """Each option's share of all options chosen (% of responses), of one set: chosen (n, k), asked (n, 1)."""
    picked = np.asarray(chosen, dtype=float) * _columns(design, asked, labels.height)
    return ratios(design, labels, picked, picked.sum(axis=1, keepdims=True), "share")


def contrasts(of: Estimates, factors: np.ndarray, labels: pl.DataFrame) -> Estimates:
    """Weighted sums of estimates, such as differences: factors (m, k), one row of `labels` each, with their covariance."""
    factors = np.asarray(factors, dtype=float)
    used = factors != 0
    held = np.nan_to_num(of.est)
    gone = (used & ~np.isfinite(of.est)).any(axis=1)
    est = np.where(gone, np.nan, factors @ held)
    n = np.array([of.n[row].min() if row.any() else 0 for row in used])
    part = np.full(len(est), np.nan)
    z = np.nan_to_num(of.z) @ factors.T
    return Estimates(labels, est, z, n, part, part, np.zeros(len(est)), of.design, "difference")


def together(first: Estimates, *others: Estimates) -> Estimates:
    """Several estimates of one design as one, so that they can be set against each other; a label one lacks is null there.

    Of different kinds, such as shares and means, they are `mixed`: they have covariances, but no table of one rule of intervals.
    """
    parts: Sequence[Estimates] = (first, *others)
    if any(part.design is not first.design for part in parts):
        fail(CONTRACT, Problem("bad_design", "together", "不是同一套抽样设计", "these estimates are not of one design"))
    stacked = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("est", "n", "plain", "kish", "fraction")
    }
    labels = pl.concat([part.labels for part in parts], how="diagonal")
    kind = first.kind if len({part.kind for part in parts}) == 1 else "mixed"
    return replace(first, kind=kind, labels=labels, z=np.concatenate([part.z for part in parts], axis=1), **stacked)


def _columns(design: Design, values: np.ndarray, k: int) -> np.ndarray:
    found = np.asarray(values, dtype=float)
    found = found[:, None] if found.ndim == 1 else found
    if found.shape[0] != design.n or found.shape[1] not in (1, k):
        fail(CONTRACT, Problem("wrong_length", "design", "数据行数与抽样设计不符", "the values do not fit the rows of the design",
                               got=str(found.shape), expected=f"({design.n}, {k})"))  # fmt: skip
    return np.broadcast_to(found, (design.n, k))


def _deviations(design: Design, est: np.ndarray, of) -> np.ndarray:
    """Replicate estimates less their mean, or less the full-sample estimate."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = of(design.replicates.weights)
    centre = est if design.replicates.about_estimate else found.mean(axis=0)
    return _clean(found - centre, np.abs(found) + np.abs(centre))


def _clean(difference: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Differences no larger than rounding leaves between equals are none: else all saying yes would look almost certain."""
    return np.where(np.abs(difference) <= ROUNDING * size, 0.0, difference)


def _about(design: Design, residual: np.ndarray, x: np.ndarray, whole: np.ndarray) -> tuple[np.ndarray, ...]:
    """n, simple-random variance, Kish's effective n and the mean share drawn, of each domain (x ≠ 0). Kish's n is of units
    where people share them: it stands in where all answers agree, and may then be one answer to a unit."""
    w, here = design.weights, x != 0
    n = here.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        total = w @ here
        kish = total**2 / _squares(design, here)
        spread = (w @ residual**2) / total * n / (n - 1) * (total / whole) ** 2
        plain = spread / n * np.where(total > n, (total - n) / total, 1.0)
        fraction = np.where(n > 0, (design.drawn @ here) / np.maximum(n, 1), 0.0)
    return n, np.where(n > 1, plain, np.nan), np.nan_to_num(kish), np.minimum(fraction, 1 - 1e-9)


def _squares(design: Design, here: np.ndarray) -> np.ndarray:
    """Sum of the squared weights of each domain, of its sampling units where these hold several rows.

    Where all first-stage units were visited, only those drawn within them are left to chance.
    """
    unit = design.psu
    if design.ssu is not None:
        unit = np.where(design.fraction > 1 - 1e-12, design.psu.max(initial=0) + 1 + design.ssu, design.psu)
    _, unit = np.unique(unit, return_inverse=True)
    if unit.max(initial=-1) + 1 == design.n:
        return design.weights**2 @ here
    inside = csr_array((design.weights, (unit, np.arange(design.n))), shape=(unit.max() + 1, design.n))
    return ((inside @ here.astype(float)) ** 2).sum(axis=0)
