"""Sheets that are nearly one: copied with a few answers changed, or sent again by the same person under another key.

Two sheets are weighed as in record linkage (Fellegi–Sunter): how much likelier is it that they agree and differ as they do
if one person (or one copier) made both, than if two people did? A rare answer in common says much, a common one little. How
alike two honest people of this wave get by chance is read off the wave's own pairs, so that colleagues who work alike are no
twins (a fixed share of matches, as in Kuriakose & Robbins 2016, flags them). Pairs are looked for in bands of answers, not
among all n².
"""

from __future__ import annotations

from collections.abc import Mapping
from statistics import NormalDist

import numpy as np

from pipeline.clean.surveys.quality.sheets import Sheets

SEED = 20230514  # bands and the pairs to measure chance on are drawn; the same wave gives the same flags
SAMPLE = 50_000
BODY = 0.95  # where the spread of what two people have in common is measured: above, copies may lie
OTHERS = 500
CLOSE_LAGS = 60  # a sheet is held against so many next ones in time


def near_twins(sheets: Sheets, submitted: np.ndarray, limits: Mapping[str, float]) -> set[str]:
    """Respondents whose sheet nearly repeats an earlier one. `submitted`: seconds since an epoch, NaN unknown.

    Anywhere in the wave, or within `close_minutes`: there are far fewer pairs of people close in time, so that less
    evidence rules out chance among them.
    """
    n = len(sheets.ids)
    if n < limits["least_sheets"] or len(sheets.cells) < limits["least_information"]:
        return set()
    gains = _gains(sheets, limits["same_again"])
    rng = np.random.default_rng(SEED)
    anywhere = rng.integers(0, n, (SAMPLE, 2))
    anywhere = anywhere[anywhere[:, 0] != anywhere[:, 1]]
    close = _close(submitted, limits["close_minutes"] * 60)
    searches = [
        (_candidates(sheets.codes, rng, int(limits["bands"]), int(limits["neighbours"])), anywhere, n * (n - 1) / 2),
        (close, close[rng.permutation(len(close))[:SAMPLE]], len(close)),
    ]
    found: set[str] = set()
    for pairs, others, n_pairs in searches:
        if not len(others) or not len(pairs):
            continue
        by_chance, _ = _weigh(sheets.codes, gains, others, limits["same_again"])
        score, n_common = _weigh(sheets.codes, gains, pairs, limits["same_again"])
        alike = score > _chance(by_chance, n_pairs, limits["false_pairs"] * n)
        alike &= n_common >= limits["least_information"]
        pairs, score = pairs[alike], score[alike]
        usual = _own_chance(sheets.codes, gains, pairs, n_pairs, limits)
        twins = pairs[score > usual]
        found |= set(sheets.ids[_later(twins, np.nan_to_num(submitted, nan=np.inf))].tolist())
    return found


def _later(pairs: np.ndarray, times: np.ndarray) -> np.ndarray:
    """The later sheet of each pair; of two at one time the one that stands later."""
    one, other = pairs[:, 0], pairs[:, 1]
    is_later = (times[one] > times[other]) | ((times[one] == times[other]) & (one > other))
    return np.where(is_later, one, other)


def _own_chance(
    codes: np.ndarray, gains: np.ndarray, pairs: np.ndarray, n_pairs: float, limits: Mapping[str, float]
) -> np.ndarray:
    """What chance gives the two sheets of each pair themselves: who answers as many others do (content with everything) has
    much in common with them, and no twin. Measured on the same others for all."""
    people, place = np.unique(pairs, return_inverse=True)
    others = np.random.default_rng(SEED).choice(len(codes), min(len(codes), OTHERS), replace=False)
    usual = np.empty(len(people))
    for row, person in enumerate(people):
        mates = others[others != person]
        score, _ = _weigh(codes, gains, np.stack([np.full(len(mates), person), mates], axis=1), limits["same_again"])
        usual[row] = _chance(score, n_pairs, limits["false_pairs"] * len(codes))
    return usual[place.reshape(pairs.shape)].max(axis=1)


def _chance(score: np.ndarray, n_pairs: float, false_pairs: float) -> float:
    """The evidence that so few of so many pairs of two people reach. What two people have in common is a sum over many
    answers, hence about normal; at least the evidence that outweighs the number of pairs.

    >>> scores = np.random.default_rng(1).normal(-30, 10, 100_000)
    >>> round(_chance(scores, 1e6, 0.1)), round(_chance(scores, 10, 0.1))
    (22, 5)
    """
    odds = false_pairs / max(n_pairs, 1)
    middle, body = np.quantile(score, [0.5, BODY])
    spread = (body - middle) / NormalDist().inv_cdf(BODY)
    return float(max(middle + spread * NormalDist().inv_cdf(1 - min(odds, 0.5)), -np.log(odds)))


def _close(submitted: np.ndarray, seconds: float) -> np.ndarray:
    """Pairs of sheets sent within some seconds of each other."""
    known = np.flatnonzero(~np.isnan(submitted))
    ranked = known[np.argsort(submitted[known], kind="stable")]
    found = [np.empty((0, 2), dtype=np.int64)]
    for lag in range(1, min(CLOSE_LAGS, len(ranked) - 1) + 1):
        one, other = ranked[:-lag], ranked[lag:]
        near = submitted[other] - submitted[one] <= seconds
        if not near.any():
            break
        found.append(np.stack([one[near], other[near]], axis=1))
    return np.concatenate(found)


def _gains(sheets: Sheets, same: float) -> np.ndarray:
    """What agreeing in a respondent's answer says, in nats: respondent × cell."""
    gains = np.zeros(sheets.codes.shape, dtype=np.float32)
    for column in range(sheets.codes.shape[1]):
        codes = sheets.codes[:, column]
        answered = codes >= 0
        counts = np.bincount(codes[answered])
        share = (counts + 1) / (counts.sum() + len(counts))
        gains[answered, column] = np.log(same / share + 1 - same)[codes[answered]]
    return gains


def _weigh(codes: np.ndarray, gains: np.ndarray, pairs: np.ndarray, same: float) -> tuple[np.ndarray, np.ndarray]:
    """Evidence (nats) that one hand made both sheets of each pair, and the number of answers they both give."""
    score, n_common = np.zeros(len(pairs), np.float32), np.zeros(len(pairs), np.int32)
    for start in range(0, len(pairs), 50_000):
        part = slice(start, start + 50_000)
        one, other = codes[pairs[part, 0]], codes[pairs[part, 1]]
        both = (one >= 0) & (other >= 0)
        worth = np.where(one == other, gains[pairs[part, 0]], np.float32(np.log(1 - same)))
        score[part], n_common[part] = np.where(both, worth, 0).sum(axis=1), both.sum(axis=1)
    return score, n_common


def _candidates(codes: np.ndarray, rng: np.random.Generator, bands: int, neighbours: int) -> np.ndarray:
    """Pairs of sheets that agree in a whole band of answers. A band is as long as it takes to tell the sheets of the wave
    apart; in a band that many share, each is compared with the next ones only."""
    n = len(codes)
    spread = np.array([_collision(codes[:, column]) for column in range(codes.shape[1])])
    keys = rng.integers(1, 2**62, codes.shape[1], dtype=np.int64) | 1
    found = []
    for _ in range(bands):
        order = rng.permutation(codes.shape[1])
        enough = int(np.searchsorted(np.cumsum(spread[order]), np.log(n) + 1)) + 1
        chosen = order[:enough]
        band = ((codes[:, chosen].astype(np.int64) + 2) * keys[chosen]).sum(axis=1)
        band = (band ^ (band >> 29)) * np.int64(-4658895280553007687)
        ranked = np.lexsort((rng.random(n), band))
        for step in range(1, min(neighbours, n - 1) + 1):
            same = band[ranked[:-step]] == band[ranked[step:]]
            if not same.any():
                break
            found.append(np.stack([ranked[:-step][same], ranked[step:][same]], axis=1))
    if not found:
        return np.empty((0, 2), dtype=np.int64)
    pairs = np.sort(np.concatenate(found), axis=1)
    unique = np.unique(pairs[:, 0].astype(np.int64) * n + pairs[:, 1])
    return np.stack([unique // n, unique % n], axis=1)


def _collision(codes: np.ndarray) -> float:
    """Nats by which one column tells two random sheets apart: −log of the chance that they agree (collision entropy)."""
    share = np.bincount(codes + 1) / len(codes)
    return float(-np.log((share**2).sum()))
