"""How rare a sheet's answers are, each by itself: who guesses ticks what hardly anybody ticks, question after question.

Rare answers alone are no sign — somebody has to be the night-shift courier of 60 — and never flag anybody by themselves: they
count only beside answers that do not go together.
"""

from __future__ import annotations

import numpy as np

ROUNDS, FAR = 3, -3.0  # sheets further out are left out when the next round learns what is usual


def rarity(codes: np.ndarray) -> np.ndarray:
    """Per sheet the sum of log shares of its answers against that of sheets with the same questions answered, in standard
    deviations: 0 usual, low rare. `codes` respondent × cell, −1 not answered.

    >>> rng = np.random.default_rng(1)
    >>> codes = (rng.random((200, 20)) < 0.05).astype(int)
    >>> codes[7, :8] = 1
    >>> bool(rarity(codes)[7] < -4), bool(np.median(rarity(codes)) > -0.5)
    (True, True)
    """
    both = np.asfortranarray(codes >= 0).astype(np.float32)
    worth = np.zeros(codes.shape, dtype=np.float32, order="F")
    for column in range(codes.shape[1]):
        own = codes[:, column]
        counts = np.bincount(own[own >= 0], minlength=1)
        worth_of = np.log(np.maximum(counts - 0.5, 0.5) / (counts.sum() + 0.5 * len(counts)))
        worth[:, column] = np.where(own >= 0, worth_of[own], 0)
    kept, score = np.ones(len(codes), dtype=bool), np.zeros(len(codes))
    for _ in range(ROUNDS):
        mean, spread = moments(worth[kept], both[kept])
        deviation = np.sqrt(np.maximum(((both @ spread) * both).sum(axis=1), 1e-9))
        score = ((worth - mean) * both).sum(axis=1) / deviation
        kept = score > FAR
    return score


def moments(values: np.ndarray, both: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean of each column and covariance of columns, each over the sheets that have them (`both` 1, else 0)."""
    mean = values.sum(axis=0) / np.maximum(both.sum(axis=0), 1)
    centred = (values - mean) * both
    return mean, (centred.T @ centred) / (both.T @ both + 1)
