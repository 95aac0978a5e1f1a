"""Verdicts of grid cells × services: need and unmet need of those who work there, and what the stations standing there make of it."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.verdicts.cells import Supply, cell_chances, supply
from pipeline.analysis.verdicts.needed import p_at_least, scattered
from pipeline.analysis.verdicts.reasons import cell_reasons
from pipeline.analysis.verdicts.rules import Rules
from pipeline.analysis.verdicts.tree import verdicts
from pipeline.disclose import threshold
from pipeline.findings.context import not_evaluable
from pipeline.findings.estimating.areas import area_rows
from pipeline.findings.estimating.sample import main_samples
from pipeline.findings.finding import Context
from pipeline.findings.verdicts.settings import verdict_rules
from pipeline.findings.verdicts.shares import Shares

KEYS = ("area_code", "grid_id", "service_code")
FIGURES = ("need_mean", "need_variance", "unmet_mean", "unmet_variance")


def cell_rows(
    con: duckdb.DuckDBPyConnection, context: Context, shares: Shares | None, stations: pl.DataFrame
) -> pl.DataFrame:
    """One row per area, grid cell and service: shares, stations there, the chance of every step, the verdict. `stations`: `station_rows`."""
    rules = verdict_rules()
    rows = con.sql(
        "select area_code, grid_id, service_code, n_stations, n_stations_offering, n_stations_working from mart.service_gap_by_grid "
        "where period_code = ? and list_contains(?, area_code) and grid_id is not null order by 1, 2, 3",
        params=[context.period, list(context.areas)],
    ).pl()
    if rows.is_empty() or stations.is_empty():
        return rows.clear()
    rows = _with_need(rows, shares, stations, rules)
    rows = rows.join(_gaps(con, context), on=KEYS, how="left", maintain_order="left")
    rows = rows.with_columns(is_evaluable=~pl.col("service_code").is_in(not_evaluable(context)))
    return _with_verdict(_with_supply(rows, stations), rules)


def _with_need(rows: pl.DataFrame, shares: Shares | None, stations: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """n, need_share, unmet_share, need_basis_code, p_needed and p_gap: from the cell, else from the area; need else from use."""
    if shares is None:
        empty = {"n": pl.Int64, "n_unmet": pl.Int64, "need_basis_code": pl.String}
        empty |= dict.fromkeys(("need_share", "unmet_share", "p_needed", "p_gap"), pl.Float64)
        return _by_use(rows.with_columns(pl.lit(None, kind).alias(name) for name, kind in empty.items()), stations)
    cells = shares.cells.select(*KEYS, "n", "n_unmet", *FIGURES)
    areas = shares.areas.select("area_code", "service_code", *[pl.col(name).alias(f"_{name}") for name in FIGURES])
    rows = rows.join(cells, on=KEYS, how="left", maintain_order="left")
    rows = rows.join(areas, on=["area_code", "service_code"], how="left", maintain_order="left")
    own = (pl.col("n") >= rules.need.cell_from).fill_null(False)
    rows = rows.with_columns(
        *[pl.when(own).then(name).otherwise(f"_{name}").fill_nan(None).alias(name) for name in FIGURES],
        need_basis_code=pl.when(own).then(pl.lit("cell")).when(pl.col("_need_mean").is_not_nan()).then(pl.lit("area")),
    )
    alike = rows["area_code"].replace_strict(shares.alike_cells, default=None, return_dtype=pl.Float64).to_numpy()
    borrowed = (rows["need_basis_code"] == "area").fill_null(False).to_numpy()
    found = {}
    for name, limit in (("need", rules.need.low_need_below), ("unmet", rules.cell.practical)):
        mean, variance = (rows[f"{name}_{part}"].fill_null(float("nan")).to_numpy() for part in ("mean", "variance"))
        variance = np.where(borrowed, scattered(mean, variance, alike + 1), variance)
        found[name] = p_at_least(mean, scattered(mean, variance, rules.cell.persons), limit)
    rows = rows.rename({"need_mean": "need_share", "unmet_mean": "unmet_share"}).with_columns(
        p_needed=pl.Series(found["need"]).fill_nan(None), p_gap=pl.Series(found["unmet"]).fill_nan(None)
    )
    return _by_use(rows.drop("need_variance", "unmet_variance", *[f"_{name}" for name in FIGURES]), stations)


def _by_use(rows: pl.DataFrame, stations: pl.DataFrame) -> pl.DataFrame:
    """Need of services nobody was asked about, as it was judged by use for the stations of the area."""
    used = stations.filter(pl.col("need_basis_code") == "use")
    used = used.group_by("area_code", "service_code").agg(
        pl.col("need_share").first().alias("_share"), pl.col("p_needed").first().alias("_p")
    )
    rows = rows.join(used, on=["area_code", "service_code"], how="left", maintain_order="left")
    return rows.with_columns(
        need_share=pl.coalesce("need_share", "_share"),
        need_basis_code=pl.coalesce("need_basis_code", pl.when(pl.col("_p").is_not_null()).then(pl.lit("use"))),
        p_needed=pl.coalesce("p_needed", "_p"),
    ).drop("_share", "_p")  # fmt: skip


def _gaps(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """is_gap of the list of gaps of grid cells."""
    out = tuple(not_evaluable(context))
    parts = [area_rows(con, sample, "grid_id", out) for sample in main_samples(con, context.period, context.areas)]
    if not parts:
        return pl.DataFrame(schema={**dict.fromkeys(KEYS, pl.String), "is_gap": pl.Boolean})
    return pl.concat(parts, how="diagonal_relaxed").select(
        "area_code", pl.col("by_code").alias("grid_id"), "service_code", "is_gap"
    )


def _with_supply(rows: pl.DataFrame, stations: pl.DataFrame) -> pl.DataFrame:
    """p_bare, p_hidden, p_fails and p_unheard of each cell from the steps of its stations."""
    keyed = rows.select(KEYS).with_row_index("_cell")
    here = stations.join(keyed, on=KEYS, how="inner")
    steps = tuple(here[f"p_{name}"].to_numpy() for name in ("declared", "given", "works", "known"))
    made = supply(here["_cell"].to_numpy().astype(int), rows.height, steps)
    columns = {"p_bare": made.bare, "p_hidden": made.hidden, "p_fails": made.fails, "p_unheard": made.unheard}
    return rows.with_columns(pl.Series(name, values) for name, values in columns.items())


def _with_verdict(rows: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """verdict_code, probability and reasons."""
    needed, gap = (rows[name].fill_null(float("nan")).to_numpy() for name in ("p_needed", "p_gap"))
    around = Supply(*(rows[f"p_{name}"].to_numpy() for name in ("bare", "hidden", "fails", "unheard")))
    missing = (
        ~pl.col("is_evaluable")
        | pl.col("p_needed").is_null()
        | ((pl.col("p_needed") >= 0.5) & pl.col("p_gap").is_null())
    )
    codes, probability = verdicts(cell_chances(needed, gap, around), rows.select(missing).to_series().to_numpy())
    rows = rows.with_columns(
        pl.Series("verdict_code", codes, pl.String), pl.Series("probability", probability).fill_nan(None)
    )
    return rows.with_columns(cell_reasons(rows, few=threshold()))
