"""Bundles and what goes without, as a menu for the exact choice: cells that the same bundles cover merged first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from pipeline.analysis.siting.menu import Menu, make_menu
from pipeline.findings.planning.bundles import Bundles
from pipeline.findings.planning.candidates import opened, served
from pipeline.findings.planning.now import Now

NO_CELL = -1


@dataclass(frozen=True)
class Offer:
    """What each bundle offers, and which need there is: `gives` V × K, `alone` and `tended` V × P (open for services that need
    nobody on duty, and for the others), `unserved` n × K × P, `floor` n (grid cell of a place, -1: none)."""

    gives: np.ndarray
    alone: np.ndarray
    tended: np.ndarray
    unserved: np.ndarray
    floor: np.ndarray


def offer(bundles: Bundles, now: Now, *, chance: np.ndarray | None = None, unserved: np.ndarray | None = None) -> Offer:
    """What bundles offer as services stand, or would with other chances and needs."""
    _, floor = np.unique(now.district.places["grid_id"].fill_null("").to_numpy(), return_inverse=True)
    floor = np.where(now.district.places["grid_id"].is_null().to_numpy(), NO_CELL, floor)
    gone = now.unserved() if unserved is None else unserved
    return Offer(served(bundles, now, chance), *opened(bundles, now), gone, floor)


def menu_of(bundles: Bundles, now: Now, cost: np.ndarray, what: Offer) -> Menu:
    """The menu: a row for each set of bundles that covers anything, in each grid cell; weight in courier-hours a week.

    Cells of place × service × piece that the same bundles cover are told apart by the sum of random 64-bit marks of these bundles:
    for two unlike sets to agree by chance is as good as impossible (10,000 rows: 1 in 10¹¹). What nobody could cover is left out.
    """
    place, service, piece, weight, floor = _cells(bundles, now, what)
    covers = [_covering(bundles, now, what, group, place, service, piece) for group in np.unique(bundles.group)]
    order = np.argsort(np.concatenate([which for which, _ in covers]), kind="stable")
    matrix = sparse.vstack([part for _, part in covers], format="csr")[order]
    return make_menu(weight, cost, matrix, group=bundles.group, floor_of=floor)


def _cells(bundles: Bundles, now: Now, what: Offer) -> tuple[np.ndarray, ...]:
    """One cell of each row (place, service, piece), its weight and its grid cell."""
    marks = _marks(bundles, now, what)
    place, service, piece = np.nonzero((what.unserved > 0) & (marks != 0))
    key = np.stack([marks[place, service, piece], what.floor[place].astype(np.int64).view(np.uint64)], axis=1)
    _, first, row = np.unique(key, axis=0, return_index=True, return_inverse=True)
    weight = np.bincount(row.ravel(), what.unserved[place, service, piece], minlength=len(first))
    place, service, piece = place[first], service[first], piece[first]
    return place, service, piece, weight, what.floor[place]


def _marks(bundles: Bundles, now: Now, what: Offer) -> np.ndarray:
    """The sum of the marks of the bundles that cover each cell, n × K × P."""
    n, k, p = what.unserved.shape
    mark = np.random.default_rng(1).integers(1, 2**64, len(bundles), dtype=np.uint64)
    total = np.zeros((now.near.shape[1], k, p), dtype=np.uint64)
    for alone in (True, False):
        services = np.flatnonzero(now.unattended == alone)
        is_open = what.alone if alone else what.tended
        for group in np.unique(bundles.group):
            here = np.flatnonzero(bundles.group == group)
            marked = np.where(what.gives[np.ix_(here, services)], mark[here][:, None], np.uint64(0))
            total[group, services] = marked.T @ is_open[here].astype(np.uint64)
    near = sparse.csr_array(now.near.astype(np.uint64))
    return (near @ total.reshape(len(total), -1)).reshape(n, k, p)


def _covering(bundles: Bundles, now: Now, what: Offer, group: int, place: np.ndarray, service: np.ndarray,
              piece: np.ndarray) -> tuple[np.ndarray, sparse.csr_array]:  # fmt: skip
    """The bundles of one group, and which rows they cover."""
    here = np.flatnonzero(bundles.group == group)
    rows = np.flatnonzero(now.near[:, [group]].toarray().ravel()[place] > 0)
    is_open = np.where(
        now.unattended[service[rows]], what.alone[np.ix_(here, piece[rows])], what.tended[np.ix_(here, piece[rows])]
    )
    hit, column = np.nonzero(is_open & what.gives[np.ix_(here, service[rows])])
    shape = (len(here), len(place))
    return here, sparse.csr_array((np.ones(len(hit), dtype=bool), (hit, rows[column])), shape=shape)
