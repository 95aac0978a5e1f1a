"""Chicago: doctors and dentists of 1,930 tracts, as pysal access 1.1.10 rates them."""

from __future__ import annotations

import csv
import json
import re
from functools import cache

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.access.catchments import parted
from pipeline.analysis.access.floating_catchment import access
from pipeline.analysis.access.kernels import binary, truncated_gaussian
from pipeline.analysis.access.pairs import Pairs, from_table
from tests.reference.spatial.spatial_cases import FOLDER, needs

TRACTS, RATED, PUBLISHED = "chicago_1930.csv", "chicago_access_1.1.10.csv", "chicago_published.json"
pytestmark = needs(TRACTS, RATED, PUBLISHED)


def runs() -> dict[str, tuple[float | None, float]]:
    """How each column was made: width of the Gaussian, if any, and the farthest metres."""
    path = FOLDER / PUBLISHED
    said = json.loads(path.read_text(encoding="utf-8"))["reference_runs"] if path.is_file() else ""
    found = re.findall(r"(\w+) (?:gaussian\(([\d.]+)\) )?max(?:_cost=| )([\d.]+)", said)
    return {name: (float(sigma) if sigma else None, float(reach)) for name, sigma, reach in found}


def rated_columns() -> list[str]:
    path = FOLDER / RATED
    return path.open(encoding="utf-8").readline().strip().split(",")[1:] if path.is_file() else []


@cache
def all_pairs() -> Pairs:
    """Every tract with every other."""
    points = pl.read_csv(FOLDER / TRACTS).select("x", "y").to_numpy()
    n = len(points)
    metres = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1)).ravel()
    return from_table(np.repeat(np.arange(n), n), np.tile(np.arange(n), n), metres, n, n, 1e9)


def rounding(reach: float, sigma: float | None) -> float:
    """How far a rating may be off because the file's points are rounded: nothing where a pair simply counts or not."""
    if sigma is None:
        return 1e-12
    with (FOLDER / TRACTS).open(encoding="utf-8") as file:
        decimals = max(len(row[axis].partition(".")[2]) for row in csv.DictReader(file) for axis in ("x", "y"))
    apart = 2 * np.sqrt(2) * 0.5 * 10.0**-decimals  # both ends of a distance
    return 4 * reach * apart / sigma**2  # of exp(−d²/2σ²), as numerator and as denominator, in both steps


@pytest.mark.parametrize("column", rated_columns())
def test_each_tract_is_rated_as_pysal_access_rates_it(column):
    method, _, supplied = column.rpartition("_")
    if method not in runs():
        pytest.skip(f"{method} is not a floating catchment; it is not built here")
    sigma, reach = runs()[method]
    near = all_pairs().within(reach)
    weights = binary(near.metres, reach) if sigma is None else truncated_gaussian(near.metres, sigma, reach)
    if method.startswith("3"):  # it shares out among all tracts, those beyond reach too
        everywhere = truncated_gaussian(all_pairs().metres, sigma, np.inf)
        weights = weights * parted(all_pairs(), everywhere, "place")[all_pairs().metres <= reach]
    tracts, rated = pl.read_csv(FOLDER / TRACTS), pl.read_csv(FOLDER / RATED)
    found = access(near, weights, tracts[supplied].to_numpy()[:, None, None], tracts["pop"].to_numpy()[:, None])
    ours = tracts.select("geoid", ours=found.values[:, 0, 0]).join(rated, on="geoid").drop_nulls(column)
    assert ours.height
    np.testing.assert_allclose(ours["ours"], ours[column], rtol=rounding(reach, sigma))
