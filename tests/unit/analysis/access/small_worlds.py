"""Small worlds, drawn at random: places, stations, hours, services, and what happens in them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from pipeline.analysis.access.coverage import Coverage, coverage
from pipeline.analysis.access.pairs import Pairs, from_table
from pipeline.analysis.access.week import HOUR, Week, cut

HOURS, REACH = 4, 300.0
few = settings(max_examples=25, deadline=None)  # a busy machine is no failure
Opening = tuple[int, int, int]  # station, opens, closes: minutes


@dataclass(frozen=True)
class World:
    """`walk` places × stations in metres, `hours` opening intervals, `offers` stations × services, `demand` places × hours."""

    walk: np.ndarray
    hours: tuple[Opening, ...]
    offers: np.ndarray
    demand: np.ndarray

    @property
    def pairs(self) -> Pairs:
        n, m = self.walk.shape
        place, station = np.divmod(np.arange(n * m), m)
        return from_table(place, station, self.walk.ravel(), n, m, REACH)

    @property
    def week(self) -> Week:
        columns = np.array(self.hours, dtype=float).reshape(-1, 3).T
        return cut(*columns, self.walk.shape[1], n_hours=HOURS)

    def coverage(self) -> Coverage:
        return coverage(self.pairs, self.week, self.offers, self.demand)

    def with_station(self, walk: np.ndarray, offers: np.ndarray, hours: tuple[tuple[int, int], ...]) -> World:
        """The same with one more station."""
        new = self.walk.shape[1]
        return replace(
            self,
            walk=np.column_stack([self.walk, walk]),
            offers=np.vstack([self.offers, offers]),
            hours=self.hours + tuple((new, opens, closes) for opens, closes in hours),
        )


def intervals() -> st.SearchStrategy[tuple[int, int]]:
    """Minutes an opening begins and ends."""
    minute = st.integers(0, HOURS * HOUR)
    return st.tuples(minute, minute).filter(lambda two: two[0] != two[1]).map(lambda two: tuple(sorted(two)))


def metres(n: int) -> st.SearchStrategy[np.ndarray]:
    """Walks, some of them just in reach and some just out of it."""
    walk = st.one_of(st.sampled_from([0.0, REACH, np.nextafter(REACH, 1e9)]), st.floats(0, 2 * REACH))
    return st.lists(walk, min_size=n, max_size=n).map(np.array)


def amounts(*shape: int) -> st.SearchStrategy[np.ndarray]:
    """Whole amounts, often none, so that sums are exact."""
    n = int(np.prod(shape))
    return st.lists(st.integers(0, 5), min_size=n, max_size=n).map(
        lambda drawn: np.array(drawn, dtype=float).reshape(shape)
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    n, m, k = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(st.integers(1, 2))
    walk = draw(metres(n * m)).reshape(n, m)
    hours = draw(st.lists(st.tuples(st.integers(0, m - 1), intervals()), max_size=6))
    offers = draw(amounts(m, k)) > 1
    return World(walk, tuple((j, *two) for j, two in hours), offers, draw(amounts(n, HOURS)))


def same(left: Coverage, right: Coverage) -> None:
    """All that coverage says is the same, to the last digits of rounding."""
    for name in Coverage.__annotations__:
        np.testing.assert_allclose(getattr(left, name), getattr(right, name), rtol=1e-12, atol=1e-12, err_msg=name)
