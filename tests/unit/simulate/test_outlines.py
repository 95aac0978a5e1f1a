"""The made-up outlines: around their point, apart from each other, the same every time."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from pipeline.charts.plane import Plane
from pipeline.simulate.outlines import building_outlines


def corners(world):
    buildings = world.geography.buildings
    plane = Plane(buildings["lon"].mean(), buildings["lat"].mean())
    degrees = building_outlines(buildings)
    return plane.metres(degrees[..., 0], degrees[..., 1])


def test_outlines_are_closed_rectangles_around_their_point(world):
    flat = corners(world)
    sides = np.diff(flat, axis=1)
    assert (flat[:, 0] == flat[:, 4]).all()
    assert np.abs((sides[:, 0] * sides[:, 1]).sum(axis=1)).max() < 2  # right angles, to the plane's own error
    buildings = world.geography.buildings
    middle = building_outlines(buildings)[:, :4].mean(axis=1)
    assert np.abs(middle - buildings.select("lon", "lat").to_numpy()).max() < 1e-9


def test_no_two_overlap(world):
    flat = corners(world)
    middle, reach = flat[:, :4].mean(axis=1), np.linalg.norm(flat[:, 0] - flat[:, 2], axis=1) / 2
    near = [
        (i, j)
        for i, j in combinations(range(len(flat)), 2)
        if np.linalg.norm(middle[i] - middle[j]) < reach[i] + reach[j]
    ]
    assert near == []


def test_more_people_stand_on_more_ground(world):
    buildings = world.geography.buildings.with_columns(n_workers=world.geography.buildings["n_workers"] * 4)
    grown = building_outlines(buildings)
    small = building_outlines(world.geography.buildings)
    assert (np.ptp(grown, axis=1) >= np.ptp(small, axis=1) - 1e-12).all() and (
        np.ptp(grown, axis=1) > np.ptp(small, axis=1)
    ).any()


def test_they_are_no_draw_of_chance(world):
    assert (building_outlines(world.geography.buildings) == building_outlines(world.geography.buildings)).all()
