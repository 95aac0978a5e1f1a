"""Cells that the same actions cover are one row: nothing is lost, and an exact answer becomes cheap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from pipeline.analysis.siting.menu import Covers, Floats, Ints

UNCOVERED = -1


@dataclass(frozen=True)
class Collapsed:
    """`covers` actions × rows, `weight` and `floor_of` of the rows, `row_of` the row of each cell given (-1: no action covers
    it), `uncovered_weight` what these cells weigh together."""

    covers: Covers
    weight: Floats
    floor_of: Ints | None
    row_of: Ints
    uncovered_weight: float


def collapse(rows_covering: sparse.sparray, weight: ArrayLike, floor_of: ArrayLike | None = None) -> Collapsed:
    """Merge cells with the same covering actions (and the same fairness area), adding their weights; exact.

    In: `rows_covering` cells × actions, `weight` and `floor_of` per cell. Rows come in the order of their first cells.

    Cells 0 and 2 are both covered by action 1 alone, cell 3 by none:

    >>> found = collapse(sparse.csr_array([[0, 1], [1, 1], [0, 1], [0, 0]]), [5, 1, 2, 9])
    >>> found.weight, found.row_of, found.uncovered_weight
    (array([7., 1.]), array([ 0,  1,  0, -1]), 9.0)
    """
    cells = sparse.csr_array(rows_covering)
    cells.sum_duplicates()
    worth = np.asarray(weight, dtype=float)
    area = None if floor_of is None else np.asarray(floor_of, dtype=np.int64)
    row_of = _numbered(cells, area)
    first, inside = _firsts(row_of), row_of != UNCOVERED
    return Collapsed(
        covers=sparse.csr_array(cells[first].T.astype(bool)),
        weight=np.bincount(row_of[inside], worth[inside], minlength=len(first)),
        floor_of=None if area is None else area[first],
        row_of=row_of,
        uncovered_weight=float(worth[~inside].sum()),
    )


def _numbered(cells: sparse.csr_array, area: Ints | None) -> Ints:
    """A number for each distinct set of covering actions, told apart byte by byte: no hash could merge unlike cells."""
    seen: dict[tuple[bytes, int], int] = {}
    indices, ends = cells.indices, cells.indptr.tolist()
    areas = [0] * (len(ends) - 1) if area is None else area.tolist()
    numbers = [
        seen.setdefault((indices[start:end].tobytes(), of), len(seen)) if end > start else UNCOVERED
        for start, end, of in zip(ends, ends[1:], areas, strict=False)
    ]
    return np.array(numbers, dtype=np.int64)


def _firsts(row_of: Ints) -> Ints:
    """The first cell of each row."""
    rows, first = np.unique(row_of, return_index=True)
    return first[rows != UNCOVERED]
