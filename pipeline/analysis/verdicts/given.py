"""Is a service there at all? Served uses on record against what wrong entries would leave, and against what it would be used if it were there."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, gammaln, logit, xlogy

from pipeline.analysis.verdicts.rules import GivenRules
from pipeline.analysis.verdicts.works import averages

Floats = NDArray[np.float64]


def there_log_odds(
    n_served: ArrayLike, expected: ArrayLike, served_at_station: ArrayLike, rules: GivenRules
) -> Floats:
    """What the served uses of a pair say for its being there: log of the ratio of their chances if it is, and if it is not.

    There: as many as `expected`, give or take (negative binomial). Not there: only what names the wrong service, `mislogged` of all served
    uses of the station. NaN in `n_served` (no log) or `expected` (unknown): nothing is said, 0.

    >>> rules = GivenRules(0.05, 20, 0.003, 1.5)
    >>> there_log_odds([0, 1, 12, None], [10, 10, 10, 10], [100] * 4, rules).round(1).tolist()
    [-2.8, -0.7, 37.8, 0.0]
    """
    served, expected, total = (np.array(v, dtype=float) for v in (n_served, expected, served_at_station))
    known = ~np.isnan(served) & (expected > 0) & (total >= 0)
    y, mean = np.where(known, served, 0.0), np.where(known, expected, 1.0)
    noise = rules.mislogged * np.where(known, total, 0.0) + 1e-3
    there = negative_binomial(y, mean, rules.shape)
    absent = xlogy(y, noise) - noise - gammaln(y + 1)
    return np.where(known, there - absent, 0.0)


def negative_binomial(y: Floats, mean: Floats, shape: Floats | float) -> Floats:
    """Log chance of counts whose rate is gamma distributed about the mean with this shape.

    >>> round(float(np.exp(negative_binomial(np.array([0.0]), np.array([1.0]), 1.0))[0]), 3)
    0.5
    """
    spread = shape + mean
    return np.asarray(
        gammaln(y + shape) - gammaln(shape) - gammaln(y + 1) + shape * np.log(shape / spread) + xlogy(y, mean / spread)
    )


def given(log_odds: ArrayLike, undeclared: ArrayLike, service: ArrayLike, n_services: int, rules: GivenRules) -> Floats:
    """The probability that each pair is given if it is not declared; the average of each service is learnt from those undeclared."""
    told, undeclared, service = np.asarray(log_odds, float), np.asarray(undeclared, bool), np.asarray(service, int)
    average = averages(
        told[undeclared], service[undeclared], n_services, (rules.prior_mean, rules.prior_weight)
    )
    return np.asarray(expit(logit(average[service]) + told))
