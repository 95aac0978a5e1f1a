"""Does what a station declares really work? Checks, facilities, outcomes and stock-outs against the average of the service.

Each piece of evidence has a chance where the service works and one where it fails; the logarithms of their ratios add up. The average of a
service is learnt from all its stations (empirical Bayes), so that a station nobody looked at gets that average, and a wide distribution.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaln, expit, logit

from pipeline.analysis.verdicts.rules import Pair, WorkRules

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
ROUNDS = 200


@dataclass(frozen=True)
class Works:
    """Per pair: `probability` that it works if it is declared, and `a`, `b` of the beta distribution around it; `average` per service."""

    probability: Floats
    a: Floats
    b: Floats
    average: Floats


def check_log_odds(status: ArrayLike, age_days: ArrayLike, rules: WorkRules) -> Floats:
    """What each dated check says for it: log of the ratio of chances, halved with every half-life; 0 for a result that is not known.

    >>> rules = WorkRules(180, .8, 4, 4, (.8, .2), (.1, .2), (.1, .6), (.02, .8), (.98, .2), (1, 19), (6, 2), .01, .05, 10)
    >>> check_log_odds(["met", "met", "unknown"], [0, 180, 0], rules).round(2).tolist()
    [1.39, 0.69, 0.0]
    """
    pairs = {"met": rules.check_met, "partly": rules.check_partly, "not_met": rules.check_not_met}
    full = np.array([_log_ratio(pairs[code]) if code in pairs else 0.0 for code in status], dtype=float)
    return full * weight_of_age(age_days, rules)


def weight_of_age(age_days: ArrayLike, rules: WorkRules) -> Floats:
    """How much a check still counts: 1 on its day, half after the half-life."""
    return np.asarray(0.5 ** (np.maximum(np.asarray(age_days, dtype=float), 0) / rules.half_life_days))


def facility_log_odds(n: ArrayLike, n_working: ArrayLike, rules: WorkRules) -> Floats:
    """None of the facilities there works: strong evidence against; some work: evidence for; no facilities (0 or NaN): none."""
    n, n_working = np.asarray(n, dtype=float), np.asarray(n_working, dtype=float)
    told = np.where(n_working > 0, _log_ratio(rules.some_working), _log_ratio(rules.none_working))
    return np.where((n > 0) & ~np.isnan(n_working), told, 0.0)


def outcome_log_odds(n_served: ArrayLike, n_unserved: ArrayLike, rules: WorkRules) -> Floats:
    """Requests served and not (sold out, refused), where the share not served differs from station to station (beta-binomial).

    >>> rules = WorkRules(180, .8, 4, 4, (.8, .2), (.1, .2), (.1, .6), (.02, .8), (.98, .2), (1, 19), (6, 2), .01, .05, 10)
    >>> outcome_log_odds([20, 0, 1], [0, 0, 9], rules).round(1).tolist()
    [9.9, 0.0, -12.3]
    """
    served, unserved = (np.nan_to_num(np.asarray(values, dtype=float)) for values in (n_served, n_unserved))
    parts = [betaln(a + unserved, b + served) - betaln(a, b) for a, b in (rules.unserved_works, rules.unserved_fails)]
    return np.asarray(parts[0] - parts[1])


def stock_out_log_odds(hours_out: ArrayLike, hours_open: ArrayLike, rules: WorkRules) -> Floats:
    """Share of open hours noted as out of stock, exponential about its mean where it works and where it fails; within a limit."""
    hours_open = np.asarray(hours_open, dtype=float)
    known = hours_open > 0
    share = np.divide(np.asarray(hours_out, dtype=float), hours_open, out=np.zeros(len(hours_open)), where=known)
    works, fails = rules.stock_out_works, rules.stock_out_fails
    most = np.log(rules.stock_out_most)
    told = np.log(fails / works) - np.nan_to_num(share) * (1 / works - 1 / fails)
    return np.where(known, np.clip(told, -most, most), 0.0)


def works(
    log_odds: ArrayLike, looks: ArrayLike, service: ArrayLike, declared: ArrayLike, n_services: int, rules: WorkRules
) -> Works:
    """The probability that each pair works if it is declared, from the sum of its evidence and the average of its service.

    `log_odds`: what the evidence of each pair adds up to; `looks`: how many pieces of evidence that is (aged checks, facilities, log);
    `service`: its number; `declared`: pairs from which averages are learnt. The averages of services scatter about their common mean like
    `prior_weight` stations; a pair without evidence has a + b = `between`.

    Two services; of the first one station surely works and one surely not, of the second nobody looked:

    >>> rules = WorkRules(180, .8, 4, 4, (.8, .2), (.1, .2), (.1, .6), (.02, .8), (.98, .2), (1, 19), (6, 2), .01, .05, 10)
    >>> made = works([20, -20, 0], [3, 3, 0], [0, 0, 1], [True] * 3, 2, rules)
    >>> made.probability.round(2).tolist(), (made.a + made.b).round(1).tolist()
    ([1.0, 0.0, 0.7], [7.0, 7.0, 4.0])
    """
    told, service, declared = np.asarray(log_odds, float), np.asarray(service, int), np.asarray(declared, bool)
    average = averages(told[declared], service[declared], n_services, (rules.prior_mean, rules.prior_weight))
    probability = expit(logit(average[service]) + told)
    strength = rules.between + np.asarray(looks, float)
    return Works(probability, probability * strength, (1 - probability) * strength, average)


def averages(log_odds: Floats, group: Codes, n_groups: int, prior: tuple[float, float]) -> Floats:
    """The share of pairs of each group in which something holds, from what speaks for it in each pair (EM).

    `prior`: mean and weight of the common mean before anything is seen; groups scatter about the common mean with the same weight.

    >>> averages(np.array([30.0, 30.0, -30.0]), np.array([0, 0, 1]), 2, (0.5, 2)).round(2).tolist()
    [0.8, 0.4]
    """
    mean, weight = prior
    size = np.bincount(group, minlength=n_groups)
    average = np.full(n_groups, mean)
    for _ in range(ROUNDS):
        holds = expit(logit(average[group]) + log_odds)
        common = (mean * weight + holds.sum()) / (weight + len(log_odds))
        renewed = (common * weight + np.bincount(group, holds, n_groups)) / (weight + size)
        moved = np.abs(renewed - average).max()
        average = renewed
        if moved < 1e-8:
            break
    return average


def _log_ratio(pair: Pair) -> float:
    return float(np.log(pair[0] / pair[1]))
