"""How many different persons stand behind a sample of their smallest keys (k minimum values)."""

from __future__ import annotations

import math
from collections.abc import Iterable

KEPT = 1024  # keys a cell of mart.courier_sketches holds at most
_SPACE = 2**60  # keys are spread evenly below


def distinct_from_smallest(*cells: Iterable[int]) -> tuple[float, float]:
    """The number of different keys in the union of some cells, and its standard error.

    Each cell holds all its keys, or its 1,024 smallest (`KEPT`). A union of fewer is counted (error 0); else it is
    (k − 1) / v with v the k-th smallest key as a share of the space, whose relative error is about 1 / √(k − 2).
    Source: Bar-Yossef, Jayram, Kumar, Sivakumar, Trevisan 2002; Beyer et al. 2007 for the unbiased form and unions.

    >>> distinct_from_smallest([5, 7], [7, 9])
    (3.0, 0.0)
    >>> estimate, error = distinct_from_smallest(range(0, 2**60, 2**60 // 100_000))
    >>> round(estimate, -3), round(error / estimate, 3)
    (100000.0, 0.031)
    """
    smallest = sorted(set().union(*cells))[:KEPT]
    if len(smallest) < KEPT:
        return float(len(smallest)), 0.0
    estimate = (KEPT - 1) * _SPACE / max(smallest[-1], 1)
    return estimate, estimate / math.sqrt(KEPT - 2)
