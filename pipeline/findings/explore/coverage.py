"""Coverage and access for whoever explores: on another day, with another radius or detour, by service, hour, building or grid cell."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date

import duckdb
import polars as pl

from pipeline.disclose import Disclosure, disclose
from pipeline.errors import USAGE, Problem, fail
from pipeline.findings import access_by_grid, coverage_by_hour, coverage_by_service
from pipeline.findings.covering.basis import BASIS, all_rows
from pipeline.findings.covering.grids import grid_rows
from pipeline.findings.covering.hours import hour_rows
from pipeline.findings.covering.places import OF, covered_rows
from pipeline.findings.covering.services import service_rows
from pipeline.findings.district import District, districts
from pipeline.findings.district.rule_checks import KERNELS
from pipeline.findings.district.rules import Walking, walking
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.words import labelled, with_area

FIGURES = ("courier_hours", "covered_hours", "covered_share", "open_hours", "reason_code", *BASIS)
BY: dict[str, tuple[Callable[[District], pl.DataFrame], Disclosure]] = {
    "service": (service_rows, coverage_by_service.DISCLOSURE),
    "hour": (hour_rows, coverage_by_hour.DISCLOSURE),
    "place": (covered_rows, Disclosure(keys=("area_code", *OF["place"], "service_code"), open=FIGURES)),
    "grid": (
        lambda district: covered_rows(district, "grid"),
        Disclosure(keys=("area_code", *OF["grid"], "service_code"), open=FIGURES),
    ),
}


def coverage(
    con: duckdb.DuckDBPyConnection,
    choices: Choices,
    *,
    by: str = "service",
    service: str | None = None,
    on: date | None = None,
    radius: float | None = None,
    detour: float | None = None,
) -> pl.DataFrame:
    """Share of courier-hours with an open station near that offers a service, `by` service, hour, place (building) or grid.

    `service`: only that one. `on`: the day whose opening hours count, by default the period's last day with evidence; what stations declare
    is the period's.
    `radius` (walking metres) and `detour` (times the straight line) other than the rule's. Columns: those of the finding of that name
    (`coverage_by_service`, `coverage_by_hour`), or `covering.places.covered_rows`; and `label`. No rows where couriers' presence,
    coordinates or hours are missing. Raises exit 2 for a value that cannot be.
    """
    _check(by, BY, radius=radius, detour=detour)
    rows, basis = BY[by]
    near = walking(radius_m=radius, detour=detour)
    return _shown(con, choices, rows, basis, f"coverage by {by}", service=service, on=on, near=near)


def access(
    con: duckdb.DuckDBPyConnection,
    choices: Choices,
    *,
    service: str | None = None,
    on: date | None = None,
    catchment: float | None = None,
    detour: float | None = None,
    kernel: str | None = None,
) -> pl.DataFrame:
    """Visits to be had per visit wanted, by grid cell and service: the finding `access_by_grid` with another `catchment` (walking metres),
    `detour` or `kernel` (gaussian, binary). Raises exit 2 for a value that cannot be."""
    _check(kernel or KERNELS[0], dict.fromkeys(KERNELS), name="kernel", catchment=catchment, detour=detour)
    near = walking(catchment_m=catchment, detour=detour, kernel=kernel)
    basis = access_by_grid.DISCLOSURE
    return _shown(con, choices, grid_rows, basis, "access by grid", service=service, on=on, near=near)


def _shown(
    con: duckdb.DuckDBPyConnection,
    choices: Choices,
    rows: Callable[[District], pl.DataFrame],
    basis: Disclosure,
    name: str,
    *,
    service: str | None,
    on: date | None,
    near: Walking,
) -> pl.DataFrame:
    """The rows of every area, through the gate, with labels."""
    columns = [one for one in basis.columns() if one != "suppressed"]
    found = [rows(district) for district in districts(con, choices.context, on=on, near=near)]
    table = all_rows(found, tuple(columns))
    known = table["service_code"].unique().sort()
    if service is not None and found and service not in known:
        fail(USAGE, _unknown("service", service, ", ".join(known)))
    table = table.filter(pl.col("service_code") == service) if service else table
    return with_area(_named(disclose(table, basis, name=name), choices, alone=service is not None), choices)


def _named(table: pl.DataFrame, choices: Choices, *, alone: bool) -> pl.DataFrame:
    """Adds `label`: the service; of places and grid cells their name, before that of the service unless there is only one."""
    table = labelled(table, "service_code", "services", choices)
    if "grid_id" not in table.columns:
        return table
    where = table if "name" in table.columns else labelled(table, "grid_id", "grids", choices, into="name")
    label = pl.col("name") if alone else pl.col("name") + "·" + pl.col("label")
    return table.with_columns(where.select(label.alias("label")))


def _check(value: str, known: dict, *, name: str = "by", **metres: float | None) -> None:
    """Refuse a word that is not known, and a length or a factor that cannot be; all at once."""
    problems = [] if value in known else [_unknown(name, value, ", ".join(known))]
    for what, number in metres.items():
        least = 1 if what == "detour" else 0
        fits = number is None or (
            isinstance(number, int | float) and math.isfinite(number) and (number > 0 and number >= least)
        )
        problems += [] if fits else [_unknown(what, str(number), f"≥ {least}" if least else "> 0")]
    if problems:
        fail(USAGE, *problems)


def _unknown(name: str, got: str, expected: str) -> Problem:
    return Problem("unknown_choice", name, "没有这个参数值", "no such value for this parameter", got=got, expected=expected,
                   do_zh="请改参数", do_en="change the parameter")  # fmt: skip
