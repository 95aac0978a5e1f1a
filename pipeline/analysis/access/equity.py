"""Who is left out: coverage of the worst-off beside the mean."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from pipeline.analysis.access.quantities import check_quantities


def worst_decile(share: ArrayLike, weight: ArrayLike, part: float = 0.1) -> float:
    """Mean coverage of the worst-covered `part` of courier-hours; NaN where there are none.

    In, one element per place: its coverage (0–1) and its courier-hours. The places are taken from the worst on, the last of them only as
    far as it is needed. Raises `bad_quantity`.

    Ten hours; the worst two have 0 and, of the place at ½, one more:

    >>> worst_decile([0.0, 0.5, 1.0], [1, 4, 5], part=0.2)
    0.25
    """
    share, weight, asked = np.asarray(share, dtype=float), np.asarray(weight, dtype=float), np.asarray([part])
    limits = [("share", share, share.shape[:1], 1.0), ("weight", weight, share.shape[:1], np.inf)]
    check_quantities([*limits, ("part", asked, (1,), 1.0)])
    order = np.argsort(share, kind="stable")
    wanted = part * weight.sum()
    before = np.cumsum(weight[order]) - weight[order]
    taken = np.clip(wanted - before, 0, weight[order])
    return float(taken @ share[order] / taken.sum()) if taken.sum() else float("nan")
