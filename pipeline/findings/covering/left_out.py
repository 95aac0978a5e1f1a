"""Who is left out, as one table: people by group, places and hours, and who the recorded visitors are."""

from __future__ import annotations

import duckdb
import polars as pl

from pipeline.findings.counts import distinct_users
from pipeline.findings.covering.basis import with_basis
from pipeline.findings.covering.equity import place_rows
from pipeline.findings.covering.groups import group_means
from pipeline.findings.covering.people import person_rows
from pipeline.findings.district import District
from pipeline.findings.estimating.sample import Sample
from pipeline.findings.finding import Context

PEOPLE, PLACES, VISITS = "people", "places", "visits"  # what a row is about
VISITORS, UNKNOWN = "user_groups", "unknown_user"
COVERED = {
    "est": "covered_share", "se": "covered_se", "lci": "covered_lci", "uci": "covered_uci",
    **{name: f"covered_{name}" for name in ("difference", "difference_lci", "difference_uci")},
}  # fmt: skip
UNMET = {"n": "n_judged", **{name: f"{name}_unmet" for name in ("est", "lci", "uci", "withheld_code")}}


def people_rows(con: duckdb.DuckDBPyConnection, sample: Sample, district: District) -> pl.DataFrame:
    """Everybody and each group: `covered_share`, the mean share of their hours in which what they need is covered, with its error,
    interval and the difference from the others; beside it `est_unmet`, the mean share of what they need that they say they do not get."""
    people = person_rows(con, sample, district)
    covered, unmet = (
        group_means(sample, people[name].fill_null(float("nan")).to_numpy()) for name in ("covered", "unmet")
    )
    on = ["variable_code", "value_code"]
    rows = covered.rename(COVERED).join(
        unmet.rename(UNMET).select(*on, *UNMET.values()), on=on, how="full", coalesce=True
    )
    rows = rows.sort(pl.col("variable_code") != "all", maintain_order=True)
    rows = rows.with_columns(
        wave_code=pl.lit(sample.wave), speaks_for_code=pl.lit(sample.speaks_for), section_code=pl.lit(PEOPLE)
    )
    return with_basis(rows, district)


def left_out_rows(con: duckdb.DuckDBPyConnection, district: District, samples: list[Sample]) -> pl.DataFrame:
    """People (where a survey of the area is there) and places of one area."""
    parts = [people_rows(con, sample, district) for sample in samples if sample.area == district.area]
    return pl.concat([*parts, place_rows(district).with_columns(section_code=pl.lit(PLACES))], how="diagonal_relaxed")


def visitor_rows(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """Recorded uses of services by user group: `n_visits`, `visit_share` of all, `n_keys` distinct users of the largest month."""
    rows = con.sql(
        "select area_code, user_group_code, cast(sum(n_visits) as bigint) as n_visits from mart.service_use_months "
        "where period_code = ? and coalesce(service_code, '') <> '' and list_contains(?, area_code) group by 1, 2",
        params=[context.period, list(context.areas)],
    ).pl()
    cell = {"area_code": "area_code", "user_group_code": "user_group_code"}
    keys = distinct_users(con, context, cell, "service_code is not null", couriers_only=False)
    share = pl.col("n_visits") / pl.col("n_visits").sum().over("area_code")
    told = pl.when(pl.col("user_group_code") == "unknown").then(pl.lit(UNKNOWN)).otherwise("user_group_code")
    return rows.join(keys, on=list(cell), how="left").select(
        "area_code", told.alias("value_code"), "n_visits", pl.col("n_keys").fill_null(0), share.alias("visit_share"),
        section_code=pl.lit(VISITS), variable_code=pl.lit(VISITORS),
    ).sort("area_code", "n_visits", "value_code", descending=[False, True, False])  # fmt: skip
