"""Is a service there at all? Served uses on record against what wrong entries would leave, and against what it would be used if it were there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, gammaln, logit, xlogy

from pipeline.analysis.verdicts.rules import DeclaredRules, GivenRules
from pipeline.analysis.verdicts.works import averages

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
SURE = 30.0  # log odds beyond which nothing changes


def there_log_odds(n_served: ArrayLike, expected: ArrayLike, served_at_station: ArrayLike, rules: GivenRules) -> Floats:
    """What the served uses of a pair say for its being there: log of the ratio of their chances if it is, and if it is not.

    There: as many as `expected`, give or take (negative binomial). Not there: only what names the wrong service, `mislogged` of all served
    uses of the station. NaN in `n_served` (no log) or `expected` (unknown): nothing is said, 0.

    >>> rules = GivenRules(3, 0.05, 20, 0.003, 1.5)
    >>> there_log_odds([0, 1, 12, None], [10, 10, 10, 10], [100] * 4, rules).round(1).tolist()
    [-2.8, -1.3, 31.4, 0.0]
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


def looked_log_odds(stands: ArrayLike, station_looked: ArrayLike, rules: DeclaredRules) -> Floats:
    """What checks and lists of facilities say for a pair's being declared: it stands there, or others of its station do and it does not.

    >>> looked_log_odds([True, False, False], [True, True, False], DeclaredRules(4, (0.9, 0.1))).round(1).tolist()
    [2.2, -2.2, 0.0]
    """
    declared, not_declared = rules.looked_at
    absent = np.log((1 - declared) / (1 - not_declared))
    return np.where(stands, np.log(declared / not_declared), np.where(station_looked, absent, 0.0))


@dataclass(frozen=True)
class Presence:
    """Per pair the chances that it is `declared`, and that it is `given` if it is not declared."""

    declared: Floats
    given: Floats


def presence(
    ticked: ArrayLike,
    told: ArrayLike,
    looked: ArrayLike,
    codes: tuple[Codes, Codes],
    rules: tuple[DeclaredRules, GivenRules],
) -> Presence:
    """What a cell of the ledger (1 yes, 0 no, NaN blank) and the log (`told`, log odds of being there) make of each pair.

    A tick stands. Without one the service may be given all the same; how often, is learnt from the pairs of the same service. A blank is
    neither: how many blanks are there in fact is learnt from those with a log; what exceeds the share given undeclared is put down to
    declaring. `looked`: what checks and lists of facilities say for its being declared (`looked_log_odds`). `codes`: numbers of the service, and of the kind of blank
    (blanks of stations whose row is all blank tell nothing of the others).

    >>> rules = DeclaredRules(4, (0.9, 0.02)), GivenRules(3, 0.05, 20, 0.003, 1.5)
    >>> zero = np.zeros(4, int)
    >>> made = presence([1, 0, 0, np.nan], [0, 9, -9, -9], zero, (zero, zero), rules)
    >>> made.declared.round(2).tolist(), made.given.round(2).tolist()
    ([1.0, 0.0, 0.0, 0.0], [0.13, 1.0, 0.0, 0.0])
    """
    tick, told, (service, kind) = np.asarray(ticked, float), np.clip(np.asarray(told, float), -SURE, SURE), codes
    about, undeclared = rules
    blank, no = np.isnan(tick), tick == 0
    share = averages(
        told[no], service[no], int(service.max(initial=0)) + 1, (undeclared.prior_mean, undeclared.prior_weight)
    )
    given = np.asarray(expit(logit(share[service]) + told))
    if not blank.any():
        return Presence(tick, given)
    usual = float(np.clip(np.nanmean(tick), 0.05, 0.95)) if not blank.all() else 0.5
    seen = told + np.asarray(looked, float)
    there = averages(seen[blank], kind[blank], int(kind.max()) + 1, (usual, about.share_weight))[kind]
    declares = np.clip((there - share[service]) / (1 - share[service]), 0.01, 0.99)
    here, hidden = declares * np.exp(seen), (1 - declares) * share[service] * np.exp(told)
    absent = (1 - declares) * (1 - share[service])
    declared = np.where(blank, here / (here + hidden + absent), tick)
    return Presence(declared, given)
