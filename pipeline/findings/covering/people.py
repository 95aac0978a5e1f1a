"""Coverage as people meet it: of the hours somebody works, where they work, for the services they need."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.access.coverage import covered_by_place_and_hour
from pipeline.findings.district import District
from pipeline.findings.district.rules import shift_hours
from pipeline.findings.estimating.sample import Sample


def person_rows(con: duckdb.DuckDBPyConnection, sample: Sample, district: District) -> pl.DataFrame:
    """One row per respondent of the sample, in its order: person, `covered`, `unmet`.

    `covered`: of the hours of their shift, the share with an open station within the radius of where couriers are in their grid
    cell that declares a service they need; mean over the services in season they need. `unmet`: of those services, the share they say
    they do not get where they work. Null for who named no cell, no shift or no need, or did not say whether it is met.
    """
    needs = con.sql(
        "select respondent_id as person, service_code, is_met_at_work from clean.service_needs where wave_code = ? and area_code = ? "
        "and is_needed and list_contains(?, service_code)",
        params=[sample.wave, sample.area, list(district.services)],
    ).pl()
    people = sample.frame.select("person", "grid_id", "shift_code")
    met = people.join(needs, on="person").join(
        shift_coverage(district), on=["grid_id", "shift_code", "service_code"], how="left"
    )
    told = met.group_by("person").agg(
        pl.col("covered").mean(), pl.col("is_met_at_work").not_().cast(pl.Float64).mean().alias("unmet")
    )
    return people.select("person").join(told, on="person", how="left", maintain_order="left")


def shift_coverage(district: District) -> pl.DataFrame:
    """grid_id, shift_code, service_code, `covered`: share of the shift's hours that are covered, all hours of a shift counting alike."""
    shifts = shift_hours()
    cells = cell_coverage(district)
    rows = [
        (grid, shift, service, float(hours[k, at].mean()))
        for grid, hours in cells.items()
        for shift, at in shifts.items()
        for k, service in enumerate(district.services)
    ]
    names = ("grid_id", "shift_code", "service_code")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String) | {"covered": pl.Float64}, orient="row")


def cell_coverage(district: District) -> dict[str, np.ndarray]:
    """Of each grid cell with buildings: services × hours of the week, share of couriers there then that are covered.

    Buildings weigh by the couriers expected there in that hour; in an hour that has none, by those of the whole week; where the week
    has none, alike.
    """
    grids = district.places["grid_id"].fill_null("").to_numpy()
    cells = sorted(set(grids) - {""})
    inside = np.array([grids == cell for cell in cells], dtype=float).reshape(len(cells), len(grids))
    weights = _weights(district.presence, inside)
    whole = inside @ weights
    found = np.empty((len(cells), len(district.services), whole.shape[1]))
    for k in range(len(district.services)):
        covered = covered_by_place_and_hour(district.near, district.week, district.offers[:, [k]])[:, 0]
        found[:, k] = inside @ (weights * covered) / whole
    return dict(zip(cells, found, strict=True))


def _weights(presence: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Places × hours: couriers; where a cell has none in an hour, those of the week; where it has none in the week, 1."""
    weights = presence
    for other in (presence.sum(axis=1, keepdims=True), np.ones((len(presence), 1))):
        empty = inside.T @ (inside @ weights == 0)
        weights = np.where(empty > 0, other, weights)
    return weights
