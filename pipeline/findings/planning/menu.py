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
    offers = _offers(bundles, now, what)
    cell, weight, floor = _cells(offers, now, what)
    place, spot = np.divmod(cell, offers.shape[0] // now.near.shape[1])
    reach = now.near[place].tocoo()  # row of the menu × group
    at = reach.col * (offers.shape[0] // now.near.shape[1]) + spot[reach.row]
    near = sparse.csr_array((np.ones(len(at), np.int32), (reach.row, at)), shape=(len(cell), offers.shape[0]))
    return make_menu(weight, cost, sparse.csr_array((near @ offers).T), group=bundles.group, floor_of=floor)


def floors_of(menu: Menu, share: float | np.ndarray) -> np.ndarray | None:
    """A share (of each grid cell its own, or one for all) of what could be covered in each cell; None where nothing is asked."""
    if menu.floor_of is None or not (np.asarray(share) > 0).any() or not (menu.floor_of >= 0).any():
        return None
    inside = menu.floor_of >= 0
    most = np.bincount(menu.floor_of[inside], menu.weight[inside])
    return most * (share if np.isscalar(share) else share[: len(most)])


def _offers(bundles: Bundles, now: Now, what: Offer) -> sparse.csr_array:
    """Which bundles offer which service at which group in which piece: (group, service, piece) × bundles."""
    is_open = np.where(now.unattended[None, :, None], what.alone[:, None, :], what.tended[:, None, :])
    bundle, service, piece = np.nonzero(what.gives[:, :, None] & is_open)
    k, p = what.unserved.shape[1:]
    spot = (bundles.group[bundle] * k + service) * p + piece
    return sparse.csr_array(
        (np.ones(len(spot), np.int32), (spot, bundle)), shape=(now.near.shape[1] * k * p, len(bundles))
    )


def _cells(offers: sparse.csr_array, now: Now, what: Offer) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One cell of each row, as (place, service, piece) in one number; the row's weight and grid cell."""
    marks = _marks(offers, now, what.unserved.shape).ravel()
    unserved = what.unserved.ravel()
    cell = np.flatnonzero((unserved > 0) & (marks != 0))
    floor = what.floor[cell // (unserved.size // len(what.floor))]
    key = np.stack([marks[cell], floor.astype(np.int64).view(np.uint64)], axis=1)
    _, first, row = np.unique(key, axis=0, return_index=True, return_inverse=True)
    return cell[first], np.bincount(row.ravel(), unserved[cell], minlength=len(first)), floor[first]


def _marks(offers: sparse.csr_array, now: Now, shape: tuple[int, ...]) -> np.ndarray:
    """The sum of the marks of the bundles that cover each cell, n × K × P."""
    mark = np.random.default_rng(1).integers(1, 2**64, offers.shape[1], dtype=np.uint64)
    total = (offers.astype(np.uint64) @ mark).reshape(now.near.shape[1], -1)
    return (now.near.astype(np.uint64) @ total).reshape(shape)
