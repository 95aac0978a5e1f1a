"""Do people know of a service? Use against what station and service let expect, and how many of those in need say they get it.

Uses of a pair are Poisson with mean station × service × factor. Where people know of a service the factor lies about 1, where few do about
`little_factor`: a mixture of two gamma distributions, fitted to all pairs that are there and work (EM for the levels of stations and services;
share, factor and spread by penalised likelihood). The chance that few know of a pair is what the mixture says of its uses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaln, digamma, expit, logit, polygamma

from pipeline.analysis.verdicts.given import negative_binomial
from pipeline.analysis.verdicts.rules import KnownRules

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
ROUNDS, SETTLED = 30, 1e-3
FACTORS, SPREADS = np.linspace(0.30, 0.90, 25), 16  # of the grid searched


@dataclass(frozen=True)
class Rates:
    """Per service the logarithm of its rate and the error of that; NaN where there was no exposure."""

    log: Floats
    error: Floats


def rates(counted: ArrayLike, exposure: ArrayLike) -> Rates:
    """Rates of Poisson counts, as the gamma distribution a count leaves of its rate has them (Jeffreys): none counted is little, not nothing.

    >>> made = rates([100, 0, 0], [10, 10, 0])
    >>> made.log.round(1).tolist(), made.error.round(1).tolist()
    ([2.3, -4.3, nan], [0.1, 2.2, nan])
    """
    n, size = np.asarray(counted, float), np.asarray(exposure, float)
    known = size > 0
    logs = digamma(n + 0.5) - np.log(np.where(known, size, 1.0))
    return Rates(np.where(known, logs, np.nan), np.where(known, np.sqrt(polygamma(1, n + 0.5)), np.nan))


@dataclass(frozen=True)
class Use:
    """`station`, `service`: levels (NaN: no use to learn from); `rates`: of each service where it is there, by the size of its stations;
    `little_share`, `little_factor`, `spread` of the mixture."""

    station: Floats
    service: Floats
    rates: Rates
    little_share: float
    little_factor: float
    spread: float

    def expected(self, station: ArrayLike, service: ArrayLike) -> Floats:
        """Uses to be expected of pairs where people know of the service; NaN where either level is unknown."""
        return self.station[np.asarray(station, int)] * self.service[np.asarray(service, int)]

    def asked_for(self, n_requests: ArrayLike, station: ArrayLike, service: ArrayLike) -> Rates:
        """How often each service is asked for where it is not there, from pairs that do not have it."""
        s, k, y = np.asarray(station, int), np.asarray(service, int), np.asarray(n_requests, float)
        known, n = np.isfinite(y) & np.isfinite(self.station[s]), len(self.service)
        return rates(np.bincount(k[known], y[known], n), np.bincount(k[known], self.station[s[known]], n))

    def log_odds(self, n_used: ArrayLike, expected: ArrayLike) -> Floats:
        """What uses say for the pair being known: log of the ratio of their chances; 0 where use or expectation is unknown."""
        y, mean = np.array(n_used, dtype=float), np.array(expected, dtype=float)
        known = ~np.isnan(y) & (mean > 0)
        y, mean = np.where(known, y, 0.0), np.where(known, mean, 1.0)
        shape = self.spread**-2
        told = negative_binomial(y, mean, shape) - negative_binomial(y, mean * self.little_factor, shape)
        return np.where(known, told, 0.0)


def fit_use(
    n_used: ArrayLike, station: ArrayLike, service: ArrayLike, shape: tuple[int, int], rules: KnownRules
) -> Use:
    """Levels and mixture from pairs that are there and work: uses, number of the station and of the service; `shape`: how many there are.

    Three stations alike with three services, one of them used half as much at the last station:

    >>> rules = KnownRules(0.15, 40, 0.6, 0.15, 0.12, 0.6, 0.5, 10)
    >>> used, (s, k) = [100, 50, 20, 100, 50, 20, 100, 25, 20], np.divmod(np.arange(9), 3)
    >>> use = fit_use(used, s, k, (3, 3), rules)
    >>> (use.log_odds(used, use.expected(s, k)) < 0).nonzero()[0].tolist()
    [7]
    """
    y, s, k = np.asarray(n_used, float), np.asarray(station, int), np.asarray(service, int)
    levels = np.ones(shape[0]), np.ones(shape[1])
    point = np.log([rules.little_factor, rules.spread_known])
    share, factor = rules.little_share, np.ones(len(y))
    if not y.sum():
        none = [np.full(n, np.nan) for n in shape]
        return Use(*none, rates(np.zeros(shape[1]), np.zeros(shape[1])), share, *np.exp(point))
    for _ in range(ROUNDS):
        levels = _levels(y, s, k, factor, levels)
        mean = levels[0][s] * levels[1][k]
        before = np.append(point, share)
        point = _mixture(y, mean, share, rules)
        little, factor = _posterior(y, mean, share, point)
        share = (rules.little_share * rules.little_weight + little.sum()) / (rules.little_weight + len(y))
        if np.abs(np.append(point, share) - before).max() < SETTLED:
            break
    n_uses, exposure = np.bincount(k, y, shape[1]), np.bincount(k, levels[0][s] * factor, shape[1])
    heard = np.bincount(s, y, shape[0]) > 0, n_uses > 0
    known = [np.where(h, level, np.nan) for h, level in zip(heard, levels, strict=True)]
    return Use(*known, rates(n_uses, exposure), share, *np.exp(point))


def _levels(y: Floats, s: Codes, k: Codes, factor: Floats, levels: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Levels of stations and services that give every station, and every service, as many uses as it has."""
    station, service = levels
    for _ in range(20):
        station = _ratio(np.bincount(s, y, len(station)), np.bincount(s, service[k] * factor, len(station)))
        service = _ratio(np.bincount(k, y, len(service)), np.bincount(k, station[s] * factor, len(service)))
    return station, service


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros(len(above)), where=below > 0)


def _posterior(y: Floats, mean: Floats, share: float, point: Floats) -> tuple[Floats, Floats]:
    """The chance that few know of each pair, and its factor to be expected."""
    ratio, spread = np.exp(point)
    shape = spread**-2
    mean = np.maximum(mean, 1e-9)
    known = negative_binomial(y, mean, shape)
    little = expit(logit(share) + negative_binomial(y, mean * ratio, shape) - known)
    return little, (1 - little) * (shape + y) / (shape + mean) + little * ratio * (shape + y) / (shape + mean * ratio)


def _mixture(y: Floats, mean: Floats, share: float, rules: KnownRules) -> Floats:
    """Logarithms of factor and spread: the best of a grid by the likelihood of all pairs and the wide prior of rules about them."""
    mean = np.maximum(mean, 1e-9)[:, None]
    best, found = -np.inf, np.zeros(2)
    for spread in np.geomspace(0.02, rules.spread_most, SPREADS):
        shape = spread**-2
        known = negative_binomial(y, mean[:, 0], shape)[:, None]
        little = negative_binomial(y[:, None], mean * FACTORS, shape)
        loglike = np.logaddexp(np.log1p(-share) + known, np.log(share) + little).sum(axis=0)
        loglike -= 0.5 * (np.log(FACTORS / rules.little_factor) / rules.little_spread) ** 2
        loglike -= 0.5 * np.log(spread / rules.spread_known) ** 2
        if loglike.max() > best:
            best, found = loglike.max(), np.log([FACTORS[loglike.argmax()], spread])
    return found


def met_log_odds(n_met: ArrayLike, n_judged: ArrayLike, usual: ArrayLike, rules: KnownRules) -> Floats:
    """What answers say for it: of those in need who come here, so many get it, where `usual` is the share wherever it works.

    No answers (0 or NaN) say nothing; so does a usual share of 0 or 1.

    >>> rules = KnownRules(0.15, 40, 0.6, 0.15, 0.12, 0.6, 0.5, 10)
    >>> met_log_odds([9, 3, None], [12, 12, None], [0.7, 0.7, 0.7], rules).round(1).tolist()
    [1.9, -2.3, 0.0]
    """
    met, judged, usual = (np.array(values, dtype=float) for values in (n_met, n_judged, usual))
    known = (judged > 0) & (usual > 0) & (usual < 1)
    x, n, mean = (np.where(known, values, 0.5) for values in (met, judged, usual))
    parts = []
    for share in (mean, mean * rules.met_ratio):
        a, b = share * rules.met_weight, (1 - share) * rules.met_weight
        parts.append(betaln(x + a, n - x + b) - betaln(a, b))
    return np.where(known, parts[0] - parts[1], 0.0)
