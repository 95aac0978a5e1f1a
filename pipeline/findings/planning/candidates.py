"""Which bundles are worth a place on the menu: of each station, and of each building where a new one could be opened."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from pipeline.findings.planning.bundles import STATION, Bundles, costs, joined
from pipeline.findings.planning.now import Now
from pipeline.findings.planning.prices import Prices, charged
from pipeline.findings.planning.settings import AS_IS, of_class, rules

FREE = 4  # so many items of a station are combined freely; the others join in the order of what they give for a yuan
FIX, ADD, PUBLICISE = "fix", "add", "publicise"


@dataclass(frozen=True)
class Item:
    """One thing to do at a station: `kind` fix, add or publicise, the service (-1: none), whether somebody looks first, and
    its gain for a yuan if done alone."""

    kind: str
    service: int
    look: bool
    worth: float


def candidates(now: Now, prices: Prices) -> Bundles:
    """Every bundle on the menu, those outdone by another of their station left out.

    At a station: any of the repairs of what fails (after a look, where that is not sure), making it known, adding services that
    are missed most around it and that its class can take, each with present or longer hours. At a building without a station: each
    kind of new station with each of its packages and patterns of hours.
    """
    unserved = now.unserved()
    found = everything(now, prices, unserved)
    cost = charged(*costs(found, prices, now.district.services, lacking(now)))
    return found[~outdone(found, cost, now, unserved)]


def everything(now: Now, prices: Prices, unserved: np.ndarray) -> Bundles:
    """The same, with those that are outdone."""
    stations = [_of_station(now, prices, j, unserved) for j in range(now.n_stations)]
    return joined([*(part for part in stations if len(part)), _of_sites(now)])


def lacking(now: Now) -> np.ndarray:
    """Chance that a service is not to be had, groups × services; 1 at a site."""
    return np.vstack([1 - now.state.chance, np.ones((len(now.sites), now.need.shape[1]))])


def served(bundles: Bundles, now: Now, chance: np.ndarray | None = None) -> np.ndarray:
    """Whether each bundle leaves a service to be had at its place for certain, bundles × services."""
    m, k = now.n_stations, now.need.shape[1]
    sure = np.vstack([(now.state.chance if chance is None else chance) >= 1, np.zeros((len(now.sites), k), bool)])
    known = np.vstack([now.state.is_known, np.ones((len(now.sites), k), bool)])
    there = bundles.group >= m
    works = (sure[bundles.group] | bundles.fix) & (known[bundles.group] | bundles.publicise[:, None] | there[:, None])
    return works | bundles.add


def opened(bundles: Bundles, now: Now) -> tuple[np.ndarray, np.ndarray]:
    """Pieces of the week in which each bundle is open, for services that need nobody on duty and for those that do: bundles × pieces."""
    present = np.vstack([now.open, np.zeros((len(now.sites), now.open.shape[1]))]) > 0
    old = present[bundles.group]
    new = old | np.array([now.patterns[code] if code else np.zeros(old.shape[1], bool) for code in bundles.hours])
    locked = bundles.way == "code_lock"
    by_day = old | ((bundles.group >= now.n_stations)[:, None] & now.patterns["office"])
    return new, np.where(locked[:, None], by_day & new, new)


def outdone(bundles: Bundles, cost: np.ndarray, now: Now, unserved: np.ndarray) -> np.ndarray:
    """Bundles that cost as much as another of their place, or more, and serve no need that it does not; and those that serve none."""
    gives, (alone, tended) = served(bundles, now), opened(bundles, now)
    gone = np.zeros(len(bundles), dtype=bool)
    for group in np.unique(bundles.group):
        here = np.flatnonzero(bundles.group == group)
        here = here[np.lexsort((-gives[here].sum(1), cost[here]))]
        is_open = np.where(now.unattended[:, None], alone[here][:, None, :], tended[here][:, None, :])
        serves = gives[here][:, :, None] & is_open & (_around(now, group, unserved) > 0)
        serves = serves.reshape(len(here), -1).astype(np.float32)
        no_more = serves @ (1 - serves).T == 0  # row serves nothing that column does not
        earlier = np.tri(len(here), k=-1, dtype=bool)  # the column is no dearer
        gone[here] = (no_more & earlier).any(axis=1) | ~serves.any(axis=1)
    return gone


def _of_station(now: Now, prices: Prices, j: int, unserved: np.ndarray) -> Bundles:
    """The bundles of one station."""
    kind = of_class(now.district.stations["class_code"][j])
    around = _around(now, j, unserved)  # services × pieces
    items = _items(now, prices, j, kind, around)
    chosen = [list(some) for size in range(min(len(items), FREE) + 1) for some in combinations(items[:FREE], size)]
    chosen += [items[:size] for size in range(FREE + 1, len(items) + 1)]
    ways = [(AS_IS, ""), *kind["extend"].items()]
    rows = [(some, hours, way) for hours, way in ways for some in chosen if some or hours]
    longer = {hours: _longer(now, j, hours) for hours, _ in ways}
    rows = [row for row in rows if not row[1] or longer[row[1]] > 0]
    return _stacked(now, [(j, STATION, hours, way, longer[hours], some) for some, hours, way in rows])


def _around(now: Now, group: int, unserved: np.ndarray) -> np.ndarray:
    """Courier-hours going without near a group, services × pieces."""
    near = now.near[:, [group]].toarray().ravel() > 0
    return unserved[near].sum(axis=0)


def _longer(now: Now, j: int, hours: str) -> float:
    """Hours a week that a pattern adds to a station's own."""
    return float((now.piece_hours * now.patterns[hours] * (now.open[j] == 0)).sum()) if hours else 0.0


def _items(now: Now, prices: Prices, j: int, kind: dict, around: np.ndarray) -> list[Item]:
    """What could be done at a station, best value first: with the hours it has, or where nobody comes then, with the longest."""
    limit = rules()["menu"]
    state, services = now.state, now.district.services
    hours = now.open[j] > 0
    gain = around @ hours + 1e-3 * around.sum(axis=1)
    out = (state.chance[j] < 1) & (gain > 0)
    fix = [k for k in np.flatnonzero(out & state.is_declared[j]) if ("repair", services[k]) in prices]
    adds = [k for k in np.flatnonzero(out & ~state.is_declared[j]) if services[k] in kind["services"]]
    adds = sorted(adds, key=lambda k: -gain[k])[: limit["missed"]]
    found = [_item(FIX, k, "repair", now, prices, j, gain) for k in fix]
    found += [_item(ADD, k, "add_service", now, prices, j, gain) for k in adds]
    hidden = (state.chance[j] > 0) & (gain > 0)
    hidden[fix] = True
    hidden &= ~state.is_known[j]
    if hidden.any():
        cost = max(_price(prices, "publicise", ""), 1.0)
        found.append(Item(PUBLICISE, -1, False, float(gain[hidden].sum()) / cost))
    return sorted(found, key=lambda item: -item.worth)[: limit["items"]]


def _item(kind: str, k: int, action: str, now: Now, prices: Prices, j: int, gain: np.ndarray) -> Item:
    chance, price = now.state.chance[j, k], _price(prices, action, now.district.services[k])
    look = bool(now.state.is_uncertain[j, k])
    cost = price * (1 - chance) + _price(prices, "verify", "") if look else price
    return Item(kind, int(k), look, float(gain[k]) / max(cost, 1.0))


def _price(prices: Prices, action: str, item: str) -> float:
    return float(charged(prices.once[action, item][1], prices.yearly[action, item][1]))


def _of_sites(now: Now) -> Bundles:
    """New stations: each kind with each package and pattern of hours, at each building that has none."""
    services = now.district.services
    rows = []
    for number in range(len(now.sites)):
        group = now.n_stations + number
        for site in rules()["site"]:
            for package in site["packages"]:
                items = [
                    Item(ADD, services.index(code), False, 0.0)
                    for code in rules()["packages"][package]
                    if code in services
                ]
                for hours, way in site["hours"].items():
                    rows.append((group, site["class"], hours, way, _beyond_day(now, hours, way), items))
    return _stacked(now, rows)


def _beyond_day(now: Now, hours: str, way: str) -> float:
    """Hours a week with nobody on duty, of a new station: beyond an office day."""
    if not way:
        return 0.0
    return float((now.piece_hours * (now.patterns[hours] & ~now.patterns["office"])).sum())


def _stacked(now: Now, rows: list[tuple]) -> Bundles:
    """Bundles from rows of group, kind, hours, way, hours added and items."""
    size = (len(rows), now.need.shape[1])
    fix, add, look = (np.zeros(size, dtype=bool) for _ in range(3))
    publicise = np.zeros(len(rows), dtype=bool)
    for v, row in enumerate(rows):
        for item in row[5]:
            if item.kind == PUBLICISE:
                publicise[v] = True
                continue
            (fix if item.kind == FIX else add)[v, item.service] = True
            look[v, item.service] = item.look
    text = [np.array([row[part] for row in rows], dtype=object) for part in (1, 2, 3)]
    longer = np.array([row[4] for row in rows], dtype=float)
    return Bundles(np.array([row[0] for row in rows], dtype=np.int64), *text, longer, fix, add, look, publicise)
