"""Pairs within a walk: exactly those of all against all, in their order, wherever the points lie."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.access.blocks import blocks
from pipeline.analysis.access.distance import metres
from pipeline.analysis.access.pairs import Pairs, from_table, within_walk
from pipeline.clean.geo.distance import metres as metres_in_polars
from pipeline.errors import PipelineError
from tests.unit.analysis.access.small_worlds import few

JIANWAI = (116.460, 39.9087)


def as_rows(pairs: Pairs) -> list[tuple[int, int]]:
    return list(zip(pairs.place.tolist(), pairs.station.tolist(), strict=True))


def all_against_all(points: list[np.ndarray], reach: float, detour: float) -> list[tuple[int, int]]:
    walk = detour * metres(points[0][:, None], points[1][:, None], points[2], points[3])
    return [tuple(pair) for pair in np.argwhere(walk <= reach).tolist()]


def scattered(rng: np.random.Generator, n: int, m: int, *, lon: float, lat: float, km: float) -> list[np.ndarray]:
    """Places, then stations, in a square."""
    middle = (lon, lat, lon, lat)
    return [at + rng.uniform(-km / 111, km / 111, size) for at, size in zip(middle, (n, n, m, m), strict=True)]


def test_metres_are_those_of_the_cleaners():
    rng = np.random.default_rng(1)
    lon, lat, to_lon, to_lat = scattered(rng, 50, 50, lon=116.46, lat=39.91, km=3)
    theirs = metres_in_polars(*(pl.Series(one) for one in (lon, lat, to_lon, to_lat)))
    np.testing.assert_allclose(metres(lon, lat, to_lon, to_lat), theirs.to_numpy(), rtol=1e-12)


@pytest.mark.parametrize(
    ("to_lon", "to_lat", "geodesic"),  # from 116.46, 39.91, by pyproj 3.7.2: Geod(ellps="GRS80").inv
    [(116.47, 39.91, 855.0586144346014), (116.46, 39.92, 1110.329995572818)],
)
def test_metres_at_jianwai_are_those_of_the_geodesic(to_lon, to_lat, geodesic):
    assert float(metres(116.46, 39.91, to_lon, to_lat)) == pytest.approx(geodesic, rel=1e-8)


@few
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 18.2, 39.9, 53.5, -33.0, 80.0]),
    st.floats(50, 2000),
    st.floats(1, 1.6),
    st.floats(0.1, 5),
)
def test_they_are_exactly_those_of_all_against_all(seed, lat, reach, detour, km):
    points = scattered(np.random.default_rng(seed), 30, 20, lon=116.4, lat=lat, km=km)
    assert as_rows(within_walk(*points, reach, detour=detour)) == all_against_all(points, reach, detour)


@pytest.mark.parametrize("reach", [0.5, 300.0, 300_000.0])
def test_a_reach_of_half_a_metre_or_of_a_province_loses_none(reach):
    points = scattered(np.random.default_rng(3), 40, 40, lon=116.4, lat=39.9, km=reach / 500)
    found = as_rows(within_walk(*points, reach, detour=1.0))
    assert found == all_against_all(points, reach, 1.0) and found


def test_a_station_exactly_at_reach_is_within_it():
    walk = 1.3 * float(metres(*JIANWAI, 116.463, 39.9097))
    near, out = (within_walk([116.46], [39.9087], [116.463], [39.9097], reach) for reach in (walk, walk - 1e-6))
    assert (len(near), len(out)) == (1, 0)
    assert near.metres.tolist() == [walk]


@few
@given(st.integers(0, 2**32 - 1), st.integers(-40_000, 15_000))
def test_moving_every_point_east_by_the_same_degrees_changes_nothing(seed, steps):
    """Exactly: coordinates and shift are multiples of 2⁻¹⁰ and 2⁻²⁰ degrees, so that sums of them are not rounded."""
    points = scattered(np.random.default_rng(seed), 20, 15, lon=116.4, lat=39.9, km=1.0)
    points = [np.round(one * 2**20) / 2**20 for one in points]
    moved = [one + steps / 2**10 if axis % 2 == 0 else one for axis, one in enumerate(points)]
    before, after = within_walk(*points, 500), within_walk(*moved, 500)
    assert as_rows(before) == as_rows(after)
    assert before.metres.tolist() == after.metres.tolist()


def test_points_at_one_spot_are_all_neighbours():
    same = within_walk([116.46] * 3, [39.91] * 3, [116.46] * 2, [39.91] * 2, 300)
    assert as_rows(same) == [(i, j) for i in range(3) for j in range(2)] and same.metres.max() == 0


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 2), (2, 0)])
def test_nobody_or_no_station_is_no_pair(n, m):
    pairs = within_walk([116.46] * n, [39.91] * n, [116.46] * m, [39.91] * m, 300)
    assert (len(pairs), pairs.n_places, pairs.n_stations) == (0, n, m)
    assert pairs.matrix([]).shape == (n, m)


def test_a_table_may_be_one_way_and_needs_no_map():
    there = from_table([0, 1], [1, 0], [200, 900], n_places=2, n_stations=2, reach_m=1000)
    assert as_rows(there) == [(0, 1), (1, 0)]
    assert as_rows(there.within(200)) == [(0, 1)]
    assert there.matrix(there.metres).toarray().tolist() == [[0, 200], [900, 0]]


def test_blocks_of_places_put_together_are_the_whole():
    pairs = within_walk(*scattered(np.random.default_rng(5), 40, 20, lon=116.4, lat=39.9, km=1), 400)
    whole = np.zeros((40, 20))
    for block in blocks(pairs, 7):
        whole[np.ix_(block.start + block.near, block.stations)] += block.matrix(pairs.metres + 1).toarray()
    assert whole.tolist() == pairs.matrix(pairs.metres + 1).toarray().tolist()


def told(error: pytest.ExceptionInfo[PipelineError]) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in error.value.problems]


def test_points_that_are_none_are_all_told_at_once_by_their_rows():
    with pytest.raises(PipelineError) as error:
        within_walk([116.46, np.nan, 39.91], [39.91, 39.91, 116.46], [190.0], [39.91], 0, detour=0.9)
    assert told(error) == [
        ("bad_points", "places: 行 · rows 1"),
        ("bad_points", "places: 行 · rows 2"),
        ("bad_points", "stations: 行 · rows 0"),
        ("bad_points", "reach_m"),
        ("bad_points", "detour"),
    ]
    assert "先经度后纬度" in error.value.problems[1].expected
    assert all(
        "116" not in problem.text("zh") for problem in error.value.problems
    )  # where somebody is, is not repeated


@pytest.mark.parametrize("reach", [-1.0, 0.0, np.nan, np.inf])
@pytest.mark.parametrize("call", ["points", "table"])
def test_a_reach_must_be_some_metres(reach, call):
    with pytest.raises(PipelineError) as error:
        if call == "points":
            within_walk([116.46], [39.91], [116.46], [39.91], reach)
        else:
            from_table([0], [0], [1], 1, 1, reach)
    assert [where for _, where in told(error)] == ["reach_m"]


def test_rows_of_a_table_that_cannot_be_are_all_told_at_once():
    with pytest.raises(PipelineError) as error:
        from_table([0, 0, 0, 9, 0], [0, 0, 1, 0, -1], [5, 6, -1, np.nan, 2], n_places=2, n_stations=2, reach_m=300)
    assert told(error) == [
        ("bad_pairs", "行 · rows 3"),  # no such place
        ("bad_pairs", "行 · rows 4"),  # no such station
        ("bad_pairs", "行 · rows 2, 3"),  # metres
        ("bad_pairs", "行 · rows 1"),  # the pair of row 0 again
    ]


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(PipelineError, match="equally many"):
        from_table([0, 1], [0], [5], 2, 1, 300)
    with pytest.raises(PipelineError, match="as many lon as lat"):
        within_walk([116.46, 116.47], [39.91], [116.46], [39.91], 300)
