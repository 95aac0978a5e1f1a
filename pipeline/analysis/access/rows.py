"""How a message names the rows that are wrong."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

NAMED = 10  # so many rows are named, the rest counted


def rows(bad: NDArray[np.bool_]) -> str:
    """The rows (first index, from 0) in which anything is true.

    >>> rows(np.array([False, True, True]))
    '行 · rows 1, 2'
    """
    found = np.flatnonzero(bad.reshape(len(bad), -1).any(axis=1)) if bad.ndim else np.flatnonzero(bad)
    more = f" … ({len(found)})" if len(found) > NAMED else ""
    return "行 · rows " + ", ".join(str(row) for row in found[:NAMED]) + more


def is_amount(values: ArrayLike) -> NDArray[np.bool_]:
    """Which values are finite and not negative."""
    array = np.asarray(values)
    return np.isfinite(array) & (array >= 0)
