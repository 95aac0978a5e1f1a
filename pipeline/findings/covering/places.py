"""Coverage building by building, and of grid cells, for every service in season."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.analysis.access.coverage import coverage
from pipeline.findings.covering.basis import filled, ratio, with_basis
from pipeline.findings.covering.reach import DESERT, NO_COURIERS
from pipeline.findings.district import District

OF = {"place": ("building_id", "name", "grid_id"), "grid": ("grid_id",)}


def covered_rows(district: District, by: str = "place") -> pl.DataFrame:
    """One row per building (`place`) or grid cell with buildings (`grid`), and service in season.

    Columns: those of OF, service_code, `courier_hours`, `covered_hours`, `covered_share`, `open_hours` of the week in which some station in
    reach is open and offers it (of a cell: the mean over its buildings), `reason_code` (`no_couriers`, or `desert`: no hour at all), the basis.
    """
    found = coverage(district.near, district.week, district.offers, district.presence)
    services, places = len(district.services), district.places.height
    rows = district.places.select(OF["place"]).with_columns(
        pl.Series("service_code", [list(district.services)] * places, dtype=pl.List(pl.String)),
        filled("courier_hours", found.place_hours),
    )
    rows = rows.explode("service_code").with_columns(
        filled("covered_hours", found.place_covered.ravel()),
        filled("open_hours", (len(found.courier_hours) - found.desert_hours).ravel()),
    )
    if by == "grid":
        sums = [pl.col("courier_hours").sum(), pl.col("covered_hours").sum(), pl.col("open_hours").mean()]
        rows = rows.drop_nulls("grid_id").group_by("grid_id", "service_code").agg(sums).sort("grid_id", "service_code")
    elif not services:
        rows = rows.clear()
    share = ratio(rows["covered_hours"].to_numpy(), rows["courier_hours"].to_numpy())
    reason = np.select(
        [rows["courier_hours"].to_numpy() <= 0, rows["open_hours"].to_numpy() < 1e-9], [NO_COURIERS, DESERT], ""
    )
    return with_basis(rows.with_columns(filled("covered_share", share), pl.Series("reason_code", reason)), district)
