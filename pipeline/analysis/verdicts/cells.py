"""The verdict of a grid cell: whether people there go without, and if so why, from what the stations in the cell declare, run and are known for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.analysis.verdicts.tree import VERDICTS

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Supply:
    """Per cell the chances that none of its stations declares the service (`bare`); that one gives it if none declares it (`hidden`); that
    none that declares it works (`fails`, bare included); that none that declares it works and is known (`unheard`, both included)."""

    bare: Floats
    hidden: Floats
    fails: Floats
    unheard: Floats


def supply(cell: ArrayLike, n_cells: int, steps: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike]) -> Supply:
    """What the stations of each cell add up to; stations fail and become known independently of each other.

    `cell`: number of each station's cell; `steps`: per station the chances that it declares, gives undeclared, works, is known.

    A cell with a station that surely declares and works with .5, and one without any station:

    >>> made = supply([0], 2, ([1.0], [0.1], [0.5], [0.5]))
    >>> made.bare.tolist(), made.fails.tolist(), made.unheard.tolist()
    ([0.0, 1.0], [0.5, 1.0], [0.75, 1.0])
    """
    declared, given, works, known = (np.asarray(values, dtype=float) for values in steps)
    codes = np.asarray(cell, dtype=int)
    return Supply(
        _none_of(declared, codes, n_cells),
        1 - _none_of(given, codes, n_cells),
        _none_of(declared * works, codes, n_cells),
        _none_of(declared * works * known, codes, n_cells),
    )


def _none_of(chance: Floats, group: Codes, n_groups: int) -> Floats:
    """The chance that none of a group's events happens; 1 of no event."""
    with np.errstate(divide="ignore"):
        logs = np.log1p(-np.clip(chance, 0.0, 1.0))
    return np.exp(np.bincount(group, logs, n_groups))


def cell_chances(needed: ArrayLike, gap: ArrayLike, around: Supply) -> Floats:
    """The chance of each verdict of VERDICTS (cells × 6); rows sum to 1, NaN where `needed` is.

    `needed`: that enough people need the service; `gap`: that enough go without. Low need first; met where too few go without; else why:
    nobody declares it (given all the same, or not), what is declared fails, few know of what works; and where it works and is known,
    there is too little of it: unmet. Who goes without is in need, so that a gap is no second piece of evidence beside need: both
    hold as often as the rarer of them. Where nothing is known of the gap (NaN) it is as likely as not where there is need.

    >>> made = cell_chances([1.0], [0.8], supply([0], 1, ([1.0], [0.0], [0.5], [0.5])))
    >>> dict(zip(VERDICTS, made[0].round(2).tolist()))
    {'low_need': 0.0, 'unmet': 0.2, 'hidden_demand': 0.0, 'declared_but_failing': 0.4, 'unknown_to_users': 0.2, 'met': 0.2}
    """
    needed, gap = np.asarray(needed, float), np.asarray(gap, float)
    lacking = np.where(np.isnan(gap), needed / 2, np.minimum(needed, gap))
    why = {
        "low_need": 1 - needed,
        "met": needed - lacking,
        "hidden_demand": lacking * around.bare * around.hidden,
        "declared_but_failing": lacking * (around.fails - around.bare),
        "unknown_to_users": lacking * (around.unheard - around.fails),
        "unmet": lacking * (around.bare * (1 - around.hidden) + 1 - around.unheard),
    }
    return np.column_stack([why[code] for code in VERDICTS])
