"""Shares in need, and in unmet need, of stations, grid cells and areas: as surveyed, and drawn to the wider place."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.verdicts.needed import common_strength, drawn_to
from pipeline.findings.estimating.needs import Needs, need_estimates
from pipeline.findings.estimating.sample import Sample, main_samples
from pipeline.findings.finding import Context

DRAWN = ("service_code", "need_mean", "need_variance", "unmet_mean", "unmet_variance")


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
    areas = _weighed(need_estimates(con, sample))
    cells, alike_cells = _drawn(_counted(_of_groups(con, sample, "grid_id"), areas), areas, ["service_code"])
    homes = con.sql("select station_id as by_code, grid_id as _cell from clean.stations").pl()
    asked = cells.select(pl.col("by_code").alias("_cell")).unique()
    homes = homes.join(asked, on="_cell", how="semi")  # a station whose cell nobody works in lies in the area only
    stations = _counted(_of_groups(con, sample, "station_id"), areas)
    stations = stations.join(homes, on="by_code", how="left", maintain_order="left")
    wider = [
        cells.select(pl.col("by_code").alias("_cell"), *DRAWN),
        areas.select(pl.lit(None, pl.String).alias("_cell"), *DRAWN),
    ]
    stations, alike = _drawn(stations, pl.concat(wider), ["_cell", "service_code"])
    area = pl.lit(sample.area).alias("area_code")
    return Shares(
        stations.rename({"by_code": "station_id"}).drop("_cell").with_columns(area),
        cells.rename({"by_code": "grid_id"}).with_columns(area),
        areas.with_columns(area),
        {sample.area: alike},
        {sample.area: alike_cells},
    )


def _of_groups(con: duckdb.DuckDBPyConnection, sample: Sample, column: str) -> pl.DataFrame:
    """Counts of the groups of a column of the respondents, those without one left out."""
    return need_estimates(con, sample, sample.frame.select("person", by_code=column).drop_nulls()).counts


def _weighed(needs: Needs) -> pl.DataFrame:
    """Mean and variance of both shares of the area, with its weights."""
    columns = []
    for name, of in (("need", needs.need), ("unmet", needs.unmet)):
        n = np.nan_to_num(np.where(np.isfinite(of.est), np.minimum(of.kish, of.n), 0.0))
        mean = np.where(n > 0, of.est, np.nan)
        variance = np.where(n > 0, mean * (1 - mean) / (n + 1), np.nan)
        columns += [pl.Series(f"{name}_mean", mean), pl.Series(f"{name}_variance", variance)]
    return needs.counts.with_columns(columns)


def _counted(counts: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Answers (`_n`) of each group, and those in need and in unmet need (`_x`), as counted times what weights make of the area's share.

    Weights put right who answers, once for the whole area: between its places they would add more noise than they take away. (In six
    simulated districts weighted counts of places made macro-F1 of the verdicts .787, these .793.)
    """
    told = (
        pl.col("n") - pl.col("n_need") + pl.col("n_met") + pl.col("n_unmet")
    )  # who needs it and did not judge tells no gap
    base = {"need": ("n_need", pl.col("n")), "unmet": ("n_unmet", told)}
    made = [(pl.col(f"{k}_mean").fill_nan(None) * of / pl.col(x)).alias(f"_{k}") for k, (x, of) in base.items()]
    factors = areas.select("service_code", *made).with_columns(pl.col("_need", "_unmet").fill_nan(None).fill_null(1.0))
    rows = counts.join(factors, on="service_code", how="left", maintain_order="left")
    rows = rows.with_columns(of.cast(pl.Float64).alias(f"{k}_n") for k, (_, of) in base.items())
    parts = [
        (pl.col(x) * pl.col(f"_{k}")).clip(upper_bound=pl.col(f"{k}_n")).alias(f"{k}_x") for k, (x, _) in base.items()
    ]
    return rows.with_columns(parts).drop("_need", "_unmet")


def _drawn(places: pl.DataFrame, wider: pl.DataFrame, by: list[str]) -> tuple[pl.DataFrame, float]:
    """The shares of places drawn to those of the wider place they lie in (joined by these columns), and how alike places are in need."""
    names = DRAWN[1:]
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
