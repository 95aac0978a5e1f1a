"""The different rows of a table of bits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
_ODD = np.uint64(0x9E3779B97F4A7C15)


def distinct_rows(words: Words) -> tuple[Words, NDArray[np.integer]]:
    """The different rows, and which of them each row is; as `np.unique(axis=0)`, in another order and many times as fast.

    Rows are compared by a number mixed from their words; should two different ones share it, which is seen, the slow way is gone.

    >>> rows, which = distinct_rows(np.array([[1, 2], [3, 4], [1, 2]], dtype=np.uint64))
    >>> rows[which].tolist()
    [[1, 2], [3, 4], [1, 2]]
    """
    mixed = np.zeros(len(words), dtype=np.uint64)
    for word in words.T:
        mixed = (mixed ^ word) * _ODD
        mixed ^= mixed >> np.uint64(32)
    _, first, which = np.unique(mixed, return_index=True, return_inverse=True)
    rows = words[first]
    if (rows[which] == words).all():
        return rows, which
    return np.unique(words, axis=0, return_inverse=True)
