"""Access by grid cell and service: visits to be had per visit wanted, what falls short, deserts and idle supply."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.findings.covering.basis import filled, ratio, with_basis
from pipeline.findings.covering.reach import DESERT, NO_COURIERS, NO_DEMAND, NOT_ASKED, Reach, reaches
from pipeline.findings.district import District


def grid_rows(district: District) -> pl.DataFrame:
    """One row per grid cell with buildings or stations on the map, and service in season.

    Columns: `visits_wanted` a week (couriers there × share in need × uses an hour, assumed); `visits_reached` of what stations within the
    catchment can serve; `access`, visits to be had per visit wanted (mean over all wanted); `shortfall`, visits a week for which less than one
    is to be had; `n` respondents behind the share in need; `reason_code`: `desert` where no station within the catchment offers the service
    at any hour anybody is out (access is 0), or why there is no ratio (`no_couriers`, `not_asked`, `no_demand`). Of the cell's
    courier-hours: `covered_share` within the radius, `desert_share` without any open station that offers it within the catchment. Of its
    stations: `n_stations`, `n_stations_offering`, `n_stations_idle` (nobody in reach wants it), `assumed_share` of the capacity offered
    that no source states. The basis and `catchment_m`.
    """
    parts = [_of_service(district, one, k) for k, one in enumerate(reaches(district))]
    answers = district.cells.select("grid_id", "service_code", pl.col("n").cast(pl.Int64))
    rows = pl.concat(parts).join(answers, on=["grid_id", "service_code"], how="left", maintain_order="left")
    rows = rows.sort("grid_id", "service_code").with_columns(catchment_m=pl.lit(float(district.walking.catchment_m)))
    return with_basis(rows, district)


def _of_service(district: District, reach: Reach, k: int) -> pl.DataFrame:
    """Every cell of one service."""
    here, there = (frame["grid_id"].fill_null("").to_numpy() for frame in (district.places, district.stations))
    cells = sorted({*here, *there} - {""})
    inside = np.array([here == cell for cell in cells]).reshape(len(cells), len(here))
    within = np.array([there == cell for cell in cells]).reshape(len(cells), len(there))
    hours, covered, in_reach, wanted, reached, short = (
        inside @ values
        for values in (
            district.presence.sum(axis=1), reach.covered, reach.in_reach, *map(np.nan_to_num, (reach.wanted, reach.reached, reach.shortfall))
        )
    )  # fmt: skip
    offers = district.offers[:, k]
    capacity, unsaid = district.capacity[:, k] * offers, district.capacity_basis[:, k] != "declared"
    told = reach.is_asked & (wanted > 0)
    reason = np.select(
        [hours <= 0, in_reach <= 0, np.full(len(cells), not reach.is_asked), wanted <= 0],
        [NO_COURIERS, DESERT, NOT_ASKED, NO_DEMAND],
        "",
    )
    return pl.DataFrame({"grid_id": cells}, schema={"grid_id": pl.String}).with_columns(
        pl.lit(reach.service).alias("service_code"),
        filled("courier_hours", hours),
        filled("covered_hours", covered),
        filled("covered_share", ratio(covered, hours)),
        filled("desert_share", 1 - ratio(in_reach, hours)),
        filled("visits_wanted", np.where(reach.is_asked, wanted, np.nan)),
        filled("visits_reached", np.where(reach.is_asked, reached, np.nan)),
        filled("access", np.where(told, ratio(reached, wanted), np.nan)),
        filled("shortfall", np.where(reach.is_asked, short, np.nan)),
        *(pl.Series(name, (within @ values.astype(np.int64)), dtype=pl.Int64) for name, values in (
            ("n_stations", np.ones(len(there))), ("n_stations_offering", offers), ("n_stations_idle", reach.is_idle))),
        filled("assumed_share", ratio(within @ (capacity * unsaid), within @ capacity)),
        pl.Series("reason_code", reason),
    )  # fmt: skip
