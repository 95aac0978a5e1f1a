"""Answers that do not go together: sheets filled in question by question, as a bot does that knows the usual answers to each.

Such a sheet passes every single check; what it lacks is that the answers of one person hang together (who likes the staff
comes again; who works in a grid cell goes to a station near it). For every pair of questions the wave itself says how often
two answers come together, against what chance would have: pointwise mutual information, shrunk where answers are rare, and
without the sheet that is judged. Pairs are weighed so that they tell the wave's sheets best from the same sheets shuffled
within each question (Fisher's discriminant); a sheet's sum is held against that of sheets with the same questions answered.
This is person fit, as in the literature on careless responding, without a model of the scale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from pipeline.clean.surveys.quality.rarity import moments, rarity
from pipeline.clean.surveys.quality.sheets import Sheets

SEED = 20230514
LEARN = 4000  # what is usual is learnt from so many sheets at most
MOST_PAIRS, MOST_LEVELS = 300, 64
DEPENDENT = 5.0  # a pair is used where chi-square exceeds its degrees of freedom by so many standard deviations
ROUNDS, ODD = 2, -2.4  # sheets as odd as this are left out when the next round learns what is usual
UPPER = 0.9  # the scale is taken from the upper side, where no cheats lie


@dataclass(frozen=True)
class Fit:
    """Per respondent: `z` how far the sheet's answers go together, in standard deviations of sheets like it (0 usual, low
    odd); `apart` how far below 0 a shuffled sheet like it would lie; `rare` how usual the single answers are (0 usual, low
    rare)."""

    z: np.ndarray
    apart: np.ndarray
    rare: np.ndarray


def fit(sheets: Sheets, limits: Mapping[str, float]) -> Fit:
    """How well each sheet's answers go together. Zeros where the wave is too small to learn from."""
    n = len(sheets.ids)
    nothing = Fit(np.zeros(n), np.zeros(n), np.zeros(n))
    if n < limits["least_sheets"] or not len(sheets.cells):
        return nothing
    rng = np.random.default_rng(SEED)
    codes = _coarse(sheets.codes)
    shuffled, found, rare = _shuffled(codes, rng), nothing, rarity(codes)
    for _ in range(ROUNDS):
        usual = rng.permutation(np.flatnonzero((found.z > ODD) & (found.z + found.rare > 2 * ODD)))
        learnt, inside = usual[:LEARN], np.isin(np.arange(n), usual)
        pairs = _dependent_pairs(codes[learnt])
        if not pairs:
            return nothing
        own = _information(codes, codes[usual], pairs, limits["prior_sheets"], inside)
        other = _information(shuffled[learnt], codes[usual], pairs, limits["prior_sheets"], np.zeros(len(learnt), bool))
        found = Fit(*_compare(own, other, learnt, _both(codes, pairs)), rare)
    return found


def _both(codes: np.ndarray, pairs: list[tuple[int, int]]) -> np.ndarray:
    """Whether a sheet has both answers of a pair: sheet × pair, 1 or 0."""
    return np.stack([(codes[:, a] >= 0) & (codes[:, b] >= 0) for a, b in pairs], axis=1).astype(np.float32)


def odd_sheets(found: Fit, limits: Mapping[str, float], share: str = "false_share") -> np.ndarray:
    """Whether each sheet lies so low that only this share of honest ones would, and shuffled ones lie lower still; or lies
    low and is made of rare answers as well, as a guesser's is."""
    least = NormalDist().inv_cdf(limits[share])
    guessed = (found.z < 0) & (found.z + found.rare < -limits["guessed_sigmas"])
    return ((found.z < least) | guessed) & (found.apart >= limits["least_apart"])


def _coarse(codes: np.ndarray) -> np.ndarray:
    """Columns with many values (numbers: ranks) in classes."""
    levels = codes.max(axis=0) + 1
    many = np.flatnonzero(levels > MOST_LEVELS)
    codes = codes.astype(np.int64, order="F")  # everything below goes column by column
    for column in many:
        own = codes[:, column]
        codes[:, column] = np.where(own >= 0, own * 8 // levels[column], own)
    return codes


def _table(one: np.ndarray, other: np.ndarray, levels: tuple[int, int]) -> np.ndarray:
    """How often two answers come together."""
    both = (one >= 0) & (other >= 0)
    counts = np.bincount(one[both] * levels[1] + other[both], minlength=levels[0] * levels[1])
    return counts.reshape(levels)


def _dependent_pairs(codes: np.ndarray) -> list[tuple[int, int]]:
    """The pairs of columns that depend on each other most, by chi-square over all of them at once: every level of every
    column is a 0/1 column, and one product counts how often two levels come together."""
    levels = codes.max(axis=0, initial=0) + 1
    of = np.repeat(np.arange(codes.shape[1]), levels)  # the column that a level belongs to
    level = np.concatenate([np.arange(n) for n in levels])
    is_level = (codes[:, of] == level).astype(np.float32)
    answered = (codes >= 0).astype(np.float32)
    seen, both = (is_level.T @ is_level).astype(float), (answered.T @ answered).astype(float)
    margin = (is_level.T @ answered).astype(float)  # level × column: the level, among those who answered the column
    expected = margin[:, of] * margin[:, of].T
    share = np.divide(seen**2, expected, out=np.zeros_like(seen), where=expected > 0)
    sums = np.add.reduceat(np.add.reduceat(share, _starts(levels), axis=0), _starts(levels), axis=1)
    used = np.add.reduceat((margin > 0).astype(float), _starts(levels), axis=0)  # column × column: levels that occur
    free = (used - 1) * (used.T - 1)
    chi = both * (sums - 1)
    telling = (both >= 50) & (free > 0) & np.tri(len(levels), k=-1, dtype=bool)
    excess = np.where(telling, (chi - free) / np.sqrt(2 * np.maximum(free, 1)), -np.inf)
    order = np.argsort(-excess, axis=None, kind="stable")[:MOST_PAIRS]
    chosen = order[excess.ravel()[order] >= DEPENDENT]
    return [(int(a), int(b)) for a, b in zip(*np.unravel_index(chosen, excess.shape), strict=True)]


def _starts(levels: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(levels)[:-1]])


def _shuffled(codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The same answers to every question, dealt out anew among those who answered it."""
    dealt = codes.copy(order="F")
    for column in range(codes.shape[1]):
        answered = np.flatnonzero(codes[:, column] >= 0)
        dealt[answered, column] = codes[rng.permutation(answered), column]
    return dealt


def _information(
    sheets: np.ndarray, wave: np.ndarray, pairs: list[tuple[int, int]], prior: float, inside: np.ndarray
) -> np.ndarray:
    """Log of seen over expected sheets with both answers: sheet × pair, 0 where one is missing. A sheet that is one of
    the wave's (`inside`) is left out of what it is compared with."""
    found = np.zeros((len(sheets), len(pairs)), dtype=np.float32)
    levels = np.maximum(sheets.max(axis=0), wave.max(axis=0)) + 1
    for place, (a, b) in enumerate(pairs):
        seen = _table(wave[:, a], wave[:, b], (levels[a], levels[b]))
        rows, columns, n = seen.sum(1), seen.sum(0), seen.sum()
        both = (sheets[:, a] >= 0) & (sheets[:, b] >= 0)
        one, other = sheets[both, a], sheets[both, b]
        less = inside[both].astype(int)
        expected = (rows[one] - less) * (columns[other] - less) / (n - less)
        found[both, place] = np.log((seen[one, other] - less + prior) / (expected + prior))
    return found


def _compare(own: np.ndarray, other: np.ndarray, learnt: np.ndarray, both: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sums of the pairs, weighed by how well they tell real from shuffled sheets, against sheets with the same pairs.
    `other` are the shuffled ones of the sheets `learnt` from."""
    mean, spread = moments(own[learnt], both[learnt])
    low, low_spread = moments(other, both[learnt])
    joint = (spread + low_spread) / 2
    joint += np.eye(len(joint)) * np.trace(joint) / len(joint)
    weight = np.maximum(np.linalg.solve(joint, mean - low), 0)
    deviation = np.sqrt(np.maximum(((both @ (weight[:, None] * spread * weight)) * both).sum(axis=1), 1e-9))
    z = ((own - mean) * both) @ weight / deviation
    middle, upper = np.quantile(z, [0.5, UPPER])
    scale = max((upper - middle) / NormalDist().inv_cdf(UPPER), 1e-9)
    return (z - middle) / scale, (middle + both @ (weight * (mean - low)) / deviation) / scale
