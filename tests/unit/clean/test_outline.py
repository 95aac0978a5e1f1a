"""Outlines: what is read, what is refused, and how far outside a point lies."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean.geo.distance import metres
from pipeline.clean.geo.outline import metres_outside, read_outline, read_outlines
from pipeline.errors import PipelineError

BOX = "POLYGON((116.0 39.0, 116.1 39.0, 116.1 39.1, 116.0 39.1, 116.0 39.0))"
# a U open to the north: two legs, a hollow between them
HOLLOW = "POLYGON((116 39, 116.3 39, 116.3 39.3, 116.2 39.3, 116.2 39.1, 116.1 39.1, 116.1 39.3, 116 39.3, 116 39))"
RING = "POLYGON((116 39, 116.3 39, 116.3 39.3, 116 39.3, 116 39), (116.1 39.1, 116.2 39.1, 116.2 39.2, 116.1 39.2, 116.1 39.1))"
TWO = "MultiPolygon (((116 39, 116.1 39, 116.1 39.1, 116 39)), ((117 39, 117.1 39, 117.1 39.1, 117 39)))"


def outside(wkt, *points):
    """Metres outside, of points (lon, lat)."""
    lon, lat = (pl.Series([p[i] for p in points], dtype=pl.Float64) for i in (0, 1))
    return metres_outside(lon, lat, read_outline(wkt)).to_list()


def is_inside(wkt, *points):
    return [distance < 0 for distance in outside(wkt, *points)]


def test_inside_is_negative_outside_positive_nowhere_null():
    inside, beyond, nowhere = outside(BOX, (116.05, 39.05), (116.05, 39.2), (None, None))
    assert inside < 0 < beyond and nowhere is None


@settings(max_examples=50, deadline=None)
@given(st.floats(116.02, 116.08), st.floats(0.00001, 0.01))
def test_north_of_the_north_edge_the_way_is_straight_down(lon, far):
    foot = metres(pl.Series([lon]), pl.Series([39.1 + far]), pl.Series([lon]), pl.Series([39.1])).item()
    assert outside(BOX, (lon, 39.1 + far), (lon, 39.1 - far)) == pytest.approx([foot, -foot], rel=1e-4, abs=1e-6)


def test_beyond_a_corner_the_corner_is_nearest():
    corner = metres(pl.Series([116.101]), pl.Series([39.101]), pl.Series([116.1]), pl.Series([39.1])).item()
    assert outside(BOX, (116.101, 39.101)) == pytest.approx([corner], rel=1e-4)


def test_a_hollow_a_hole_and_the_gap_between_two_parts_are_outside():
    assert is_inside(HOLLOW, (116.05, 39.2), (116.15, 39.2), (116.25, 39.2), (116.15, 39.05)) == [
        True, False, True, True,
    ]  # fmt: skip
    assert is_inside(RING, (116.05, 39.15), (116.15, 39.15), (116.25, 39.15)) == [True, False, True]
    assert is_inside(TWO, (116.08, 39.03), (116.5, 39.03), (117.08, 39.03)) == [True, False, True]


def test_a_ray_through_a_corner_counts_it_once():
    diamond = "POLYGON((116.0 39.1, 116.1 39.0, 116.2 39.1, 116.1 39.2, 116.0 39.1))"
    assert is_inside(diamond, (116.1, 39.1), (115.9, 39.1), (116.3, 39.1)) == [True, False, False]
    assert is_inside(HOLLOW, (116.05, 39.1), (116.15, 39.3), (115.9, 39.1)) == [True, False, False]


@pytest.mark.parametrize(
    ("wkt", "said"),
    [
        ("POINT(116 39)", "POLYGON"),
        ("", "POLYGON"),
        ("POLYGON((116 39, 117 39, 117 40, 116 39)", "POLYGON"),
        ("POLYGON((116 39, 117 39, 117 40, 116 40))", "首尾"),
        ("POLYGON((116 39, 117 39, 116 39))", "首尾"),
        ("POLYGON((116 39 0, 117 39 0, 117 40 0, 116 39 0))", "经度 纬度"),
        ("POLYGON((116 39, 117, 117 40, 116 39))", "数字"),
        ("POLYGON((a b, 117 39, 117 40, a b))", "数字"),
        ("POLYGON((nan 39, 117 39, 117 40, nan 39))", "首尾"),
        ("POLYGON((39 116, 39 117, 40 117, 39 116))", "先写经度"),
    ],
)
def test_what_is_no_outline_is_refused_with_words(wkt, said):
    with pytest.raises(ValueError, match=said):
        read_outline(wkt)


def test_every_broken_outline_of_a_study_is_said_at_once():
    boundaries = pl.DataFrame({"area_code": ["AA", "BB", "CC"], "outline_wkt": [BOX, "POINT(1 2)", "x"]})
    with pytest.raises(PipelineError) as caught:
        read_outlines(boundaries)
    assert caught.value.exit_code == 11
    assert [problem.code for problem in caught.value.problems] == ["outline_broken"] * 2
    assert list(read_outlines(boundaries.head(1))) == ["AA"]
