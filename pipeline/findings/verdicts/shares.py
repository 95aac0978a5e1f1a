"""Shares in need, and in unmet need, of stations, grid cells and areas: as surveyed, and drawn to the wider place."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.survey.estimates import Estimates
from pipeline.analysis.verdicts.needed import common_strength, drawn_to
from pipeline.findings.estimating.needs import Needs, need_estimates
from pipeline.findings.estimating.sample import Sample, main_samples
from pipeline.findings.finding import Context


@dataclass(frozen=True)
class Shares:
    """`stations`, `cells`, `areas`: one row per place and service with n, n_need, n_met, n_unmet and, for need and unmet need, mean and
    variance of the share; `alike`, `alike_cells`: per area, how alike stations of one cell are, and cells (strength of a beta distribution)."""

    stations: pl.DataFrame
    cells: pl.DataFrame
    areas: pl.DataFrame
    alike: dict[str, float]
    alike_cells: dict[str, float]


def need_shares(con: duckdb.DuckDBPyConnection, context: Context) -> Shares | None:
    """The shares of the wave that speaks for the quarter in each area; None where there is none."""
    made = [_of_sample(con, sample) for sample in main_samples(con, context.period, context.areas)]
    made = [one for one in made if one.areas.height]
    if not made:
        return None
    frames = [pl.concat([getattr(one, name) for one in made]) for name in ("stations", "cells", "areas")]
    alike = ({k: v for one in made for k, v in getattr(one, name).items()} for name in ("alike", "alike_cells"))
    return Shares(*frames, *alike)


def _of_sample(con: duckdb.DuckDBPyConnection, sample: Sample) -> Shares:
    areas = _direct(need_estimates(con, sample)).drop("need_x", "unmet_x")
    frame = sample.frame.select("person", "grid_id", "station_id")
    cells = _direct(need_estimates(con, sample, frame.select("person", by_code="grid_id").drop_nulls()))
    stations = _direct(need_estimates(con, sample, frame.select("person", by_code="station_id").drop_nulls()))
    cells, alike_cells = _drawn(cells, areas, ["service_code"])
    homes = con.sql("select station_id as by_code, grid_id as _cell from clean.stations").pl()
    stations = stations.join(homes, on="by_code", how="left", maintain_order="left")
    wider = cells.select(
        pl.col("by_code").alias("_cell"), "service_code", "need_mean", "need_variance", "unmet_mean", "unmet_variance"
    )
    wider = pl.concat([wider, areas.select(pl.lit(None, pl.String).alias("_cell"), *wider.columns[1:])])
    known = stations.with_columns(
        pl.when(pl.col("_cell").is_in(cells["by_code"].unique().to_list())).then("_cell").alias("_cell")
    )
    stations, alike = _drawn(known, wider, ["_cell", "service_code"])
    area = pl.lit(sample.area).alias("area_code")
    return Shares(
        stations.rename({"by_code": "station_id"}).drop("_cell").with_columns(area),
        cells.rename({"by_code": "grid_id"}).with_columns(area),
        areas.with_columns(area),
        {sample.area: alike},
        {sample.area: alike_cells},
    )


def _direct(needs: Needs) -> pl.DataFrame:
    """Counts, and mean, variance and answers in effect of both shares, of every row."""
    columns = []
    for name, of in (("need", needs.need), ("unmet", needs.unmet)):
        n = _in_effect(of)
        est = np.where(n > 0, of.est, np.nan)
        known = np.nan_to_num(est)
        columns += [
            pl.Series(f"{name}_mean", est), pl.Series(f"{name}_variance", known * (1 - known) / (n + 1)),
            pl.Series(f"{name}_n", n), pl.Series(f"{name}_x", known * n),
        ]  # fmt: skip
    return needs.counts.with_columns(columns)


def _in_effect(of: Estimates) -> np.ndarray:
    """Answers in effect by weights alone, never more than were given; 0 where nobody told."""
    return np.nan_to_num(np.where(np.isfinite(of.est), np.minimum(of.kish, of.n), 0.0))


def _drawn(places: pl.DataFrame, wider: pl.DataFrame, by: list[str]) -> tuple[pl.DataFrame, float]:
    """The shares of places drawn to those of the wider place they lie in (joined by these columns), and how alike places are in need."""
    names = ["need_mean", "need_variance", "unmet_mean", "unmet_variance"]
    wide = wider.select(*by, *[pl.col(name).alias(f"_{name}") for name in names])
    rows = places.join(wide, on=by, how="left", maintain_order="left", nulls_equal=True)
    alike, columns = {}, []
    for name in ("need", "unmet"):
        x, n, mean, variance = (
            rows[c].fill_null(float("nan")).to_numpy()
            for c in (f"{name}_x", f"{name}_n", f"_{name}_mean", f"_{name}_variance")
        )
        alike[name] = common_strength(x, n, np.nan_to_num(mean))
        found = drawn_to(x, n, mean, variance, alike[name])
        columns += [pl.Series(f"{name}_{part}", value) for part, value in zip(("mean", "variance"), found, strict=True)]
    return rows.with_columns(columns).drop("need_x", "unmet_x", *[f"_{name}" for name in names]), alike["need"]
