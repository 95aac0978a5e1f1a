"""Coverage of places beside its mean: the worst tenth, the night, and each grid cell, over the services that are needed."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.analysis.access.coverage import coverage
from pipeline.analysis.access.equity import worst_decile
from pipeline.findings.covering.basis import ratio, with_basis
from pipeline.findings.district import District
from pipeline.findings.district.rules import night_hours, rules

PARTS, GRIDS = "place_part", "grids"  # of what a row is: a part of all courier-hours, or a grid cell


def place_rows(district: District) -> pl.DataFrame:
    """variable_code, value_code, courier_hours, covered_hours, covered_share, and the basis: all hours, night, day, the worst-covered tenth, each cell.

    A courier-hour counts as covered by as much of what couriers need as is covered: services weigh by their share in need in the area (alike
    where nobody was asked). The worst tenth is of courier-hours, by the coverage of their place.
    """
    found = coverage(district.near, district.week, district.offers, district.presence)
    weights = service_weights(district)
    hourly, covered = found.courier_hours, weights @ found.covered
    of_place = found.place_covered @ weights
    night = night_hours()
    rows = [
        (PARTS, "all", hourly.sum(), covered.sum()),
        (PARTS, "day", hourly[~night].sum(), covered[~night].sum()),
        (PARTS, "night", hourly[night].sum(), covered[night].sum()),
        (PARTS, "worst", *_worst(found.place_hours, of_place)),
    ]
    grids = district.places["grid_id"].fill_null("").to_numpy()
    for cell in sorted(set(grids) - {""}):
        rows.append((GRIDS, cell, found.place_hours[grids == cell].sum(), of_place[grids == cell].sum()))
    names = ("variable_code", "value_code")
    kinds = dict.fromkeys(names, pl.String) | dict.fromkeys(("courier_hours", "covered_hours"), pl.Float64)
    table = pl.DataFrame(rows, schema=kinds, orient="row").with_columns(
        pl.when(pl.col("courier_hours") > 0).then(pl.col("covered_hours") / pl.col("courier_hours")).alias("covered_share")
    )  # fmt: skip
    return with_basis(table, district)


def service_weights(district: District) -> np.ndarray:
    """How much each service in season counts, summing to 1: its share in need, over couriers' hours; alike where none is known."""
    need = np.nan_to_num(ratio(district.presence.sum(axis=1) @ np.nan_to_num(district.need), district.presence.sum()))
    need = np.where(np.isfinite(district.need).all(axis=0), need, 0.0)
    return need / need.sum() if need.sum() > 0 else np.full(len(need), 1 / max(len(need), 1))


def _worst(hours: np.ndarray, covered: np.ndarray) -> tuple[float, float]:
    """Courier-hours in the worst-covered part, and those of them covered."""
    part = rules()["worst"]["part"]
    share = worst_decile(np.clip(np.nan_to_num(ratio(covered, hours)), 0, 1), hours, part)
    return part * hours.sum(), part * hours.sum() * share
