"""Distances agree with the geodesic to a millionth."""

from __future__ import annotations

from math import atan, atan2, cos, hypot, radians, sin, sqrt, tan

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean.geo.distance import metres

# Flinders Peak to Buninyon: the worked example of Vincenty's inverse in the GDA94 Technical Manual (ICSM), on GRS 80.
FLINDERS = (144 + 25 / 60 + 29.52440 / 3600, -(37 + 57 / 60 + 3.72030 / 3600))
BUNINYON = (143 + 55 / 60 + 35.38390 / 3600, -(37 + 39 / 60 + 10.15610 / 3600))
PUBLISHED_M = 54_972.271


def vincenty(here: tuple[float, float], there: tuple[float, float]) -> float:
    """The geodesic on GRS 80 (Vincenty 1975), an independent way to the same number."""
    a, f = 6378137.0, 1 / 298.257222101
    b = a * (1 - f)
    u1, u2 = (atan((1 - f) * tan(radians(lat))) for _, lat in (here, there))
    apart = lam = radians(there[0] - here[0])
    for _ in range(50):
        east, north = cos(u2) * sin(lam), cos(u1) * sin(u2) - sin(u1) * cos(u2) * cos(lam)
        sin_s, cos_s = hypot(east, north), sin(u1) * sin(u2) + cos(u1) * cos(u2) * cos(lam)
        sigma = atan2(sin_s, cos_s)
        sin_a = cos(u1) * cos(u2) * sin(lam) / sin_s
        cos_a2 = 1 - sin_a**2
        cos_2m = cos_s - 2 * sin(u1) * sin(u2) / cos_a2
        c = f / 16 * cos_a2 * (4 + f * (4 - 3 * cos_a2))
        lam = apart + (1 - c) * f * sin_a * (sigma + c * sin_s * (cos_2m + c * cos_s * (2 * cos_2m**2 - 1)))
    k = sqrt(1 + cos_a2 * (a**2 - b**2) / b**2)
    k = (k - 1) / (k + 1)
    big_a, big_b = (1 + k**2 / 4) / (1 - k), k * (1 - 3 * k**2 / 8)
    turn = cos_s * (2 * cos_2m**2 - 1) - big_b / 6 * cos_2m * (4 * sin_s**2 - 3) * (4 * cos_2m**2 - 3)
    return b * big_a * (sigma - big_b * sin_s * (cos_2m + big_b / 4 * turn))


def ours(here: tuple[float, float], there: tuple[float, float]) -> float:
    frame = pl.DataFrame([(*here, *there)], schema=["a", "b", "c", "d"], orient="row")
    return frame.select(metres(*(pl.col(name) for name in "abcd"))).item()


def test_the_published_line_is_met():
    assert vincenty(FLINDERS, BUNINYON) == pytest.approx(PUBLISHED_M, abs=0.001)
    assert ours(FLINDERS, BUNINYON) == pytest.approx(PUBLISHED_M, rel=1e-5)  # 55 km: far beyond what it is made for


@settings(max_examples=100, deadline=None)
@given(
    st.floats(73.5, 135.5), st.floats(17.0, 53.5), st.floats(50, 1000), st.floats(0, 6.283)
)  # fmt: skip
def test_a_walk_anywhere_in_china_is_right_to_a_millionth(lon, lat, length, direction):
    there = (
        lon + length * sin(direction) / (111_320 * cos(radians(lat))),
        lat + length * cos(direction) / 111_000,
    )
    assert ours((lon, lat), there) == pytest.approx(vincenty((lon, lat), there), rel=1e-6, abs=1e-5)
    assert ours((lon, lat), there) == pytest.approx(ours(there, (lon, lat)), rel=1e-12)


def test_no_point_has_no_distance():
    nowhere = pl.Series([None], dtype=pl.Float64)
    assert metres(nowhere, nowhere, pl.Series([116.46]), pl.Series([39.91])).to_list() == [None]
