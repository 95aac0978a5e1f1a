"""Belo Horizonte: the 2SFCA and balanced FCA that the R package accessibility publishes in its own tests."""

from __future__ import annotations

import json
import re

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.access.catchments import balanced
from pipeline.analysis.access.floating_catchment import access
from pipeline.analysis.access.kernels import binary
from pipeline.analysis.access.pairs import Pairs, from_table
from tests.reference.spatial.spatial_cases import FOLDER, needs

PUBLISHED, MATRIX, LAND_USE = "bho_published.json", "bho_travel_matrix.parquet", "bho_land_use.parquet"
pytestmark = needs(PUBLISHED, MATRIX, LAND_USE)


def published() -> dict:
    path = FOLDER / PUBLISHED
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def cells(ids: list[str]) -> tuple[pl.DataFrame, Pairs, np.ndarray]:
    """The cells in the order of `ids`, the pairs of them within the published minutes, and the weights of these."""
    minutes = float(re.search(r"decay_binary\(([\d.]+)\)", published()["source"])[1])
    order = pl.DataFrame({"id": ids}).with_row_index("row")
    travel = (
        pl.read_parquet(FOLDER / MATRIX)
        .join(order.rename({"id": "from_id", "row": "place"}), on="from_id")
        .join(order.rename({"id": "to_id", "row": "station"}), on="to_id")
    )
    land = order.join(pl.read_parquet(FOLDER / LAND_USE), on="id", how="left", maintain_order="left")
    pairs = from_table(travel["place"], travel["station"], travel["travel_time"], len(ids), len(ids), minutes)
    return land, pairs, binary(pairs.metres, minutes)


@pytest.mark.parametrize("case", [name for name in published() if re.match(r"(2sfca|bfca)_", name)])
def test_the_published_four_decimals(case):
    method, column = case.split("_", 1)
    land, pairs, weights = cells(published()["ids"])
    supply = land[column].to_numpy()[:, None, None]
    first, second = balanced(pairs, weights) if method == "bfca" else (weights, None)
    found = access(pairs, first, supply, land["population"].to_numpy()[:, None], second=second)
    assert np.abs(found.values[:, 0, 0] - published()[case]).max() < 0.5e-4 + 1e-9
