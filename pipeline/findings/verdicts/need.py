"""How sure it is that a service is needed around a station, and on whose answers that rests."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.special import expit

from pipeline.analysis.verdicts.known import Rates, Use
from pipeline.analysis.verdicts.needed import need_from_use, p_at_least, p_logit_at_least, put_together, scattered
from pipeline.analysis.verdicts.rules import NeedRules
from pipeline.findings.verdicts.shares import Shares

BASES = ("station", "cell", "area")
ADDED = {"n": pl.Int64, "n_judged": pl.Int64, "n_met": pl.Int64, "need_share": pl.Float64, "need_basis_code": pl.String,
         "p_needed": pl.Float64}  # fmt: skip


def with_need(rows: pl.DataFrame, shares: Shares | None, rules: NeedRules) -> pl.DataFrame:
    """Adds n, n_judged, n_met (respondents who name the station), need_share, need_basis_code and p_needed to stations × services.

    The share is the station's own, drawn to its cell, from `station_from` respondents; else that of the cell, from `cell_from`; else that of
    the area. Null for services nobody was asked about.
    """
    if shares is None:
        return rows.with_columns(pl.lit(None, kind).alias(name) for name, kind in ADDED.items())
    own = shares.stations.select(
        "area_code",
        "station_id",
        "service_code",
        "n",
        "n_met",
        (pl.col("n_met") + pl.col("n_unmet")).alias("n_judged"),
        *_figures("station", pl.col("n") >= rules.station_from),
    )
    cell = shares.cells.select("grid_id", "service_code", *_figures("cell", pl.col("n") >= rules.cell_from))
    area = shares.areas.select("area_code", "service_code", *_figures("area", pl.col("n") > 0))
    rows = rows.join(own, on=["area_code", "station_id", "service_code"], how="left", maintain_order="left")
    rows = rows.join(cell, on=["grid_id", "service_code"], how="left", maintain_order="left")
    rows = rows.join(area, on=["area_code", "service_code"], how="left", maintain_order="left")
    first = lambda part: pl.coalesce(pl.col(f"_{basis}_{part}") for basis in BASES)  # noqa: E731
    basis = pl.coalesce(pl.when(pl.col(f"_{name}_mean").is_not_null()).then(pl.lit(name)) for name in BASES)
    rows = rows.with_columns(need_share=first("mean"), need_basis_code=basis, _variance=first("variance"))
    return rows.with_columns(_p_needed(rows, shares, rules)).drop(
        "_variance", *[f"_{basis}_{part}" for basis in BASES for part in ("mean", "variance")]
    )


def _figures(name: str, enough: pl.Expr) -> list[pl.Expr]:
    """Mean and variance of the share of need, where enough people were asked."""
    return [
        pl.when(enough).then(pl.col(f"need_{part}").fill_nan(None)).alias(f"_{name}_{part}")
        for part in ("mean", "variance")
    ]


def _p_needed(rows: pl.DataFrame, shares: Shares, rules: NeedRules) -> pl.Series:
    """What is borrowed from a wider place is the less certain, the less alike stations are; and few people live around each."""
    mean, variance = (rows[name].fill_null(float("nan")).to_numpy() for name in ("need_share", "_variance"))
    alike = rows["area_code"].replace_strict(shares.alike, default=None, return_dtype=pl.Float64).to_numpy()
    borrowed = (rows["need_basis_code"] != "station").fill_null(False).to_numpy()
    variance = np.where(borrowed, scattered(mean, variance, alike + 1), variance)
    found = p_at_least(mean, scattered(mean, variance, rules.around), rules.low_need_below)
    return pl.Series("p_needed", found).fill_nan(None)


def judged_by_use(rows: pl.DataFrame, use: Use, shares: Shares | None, rules: NeedRules) -> pl.DataFrame:
    """Fills need_share and p_needed of services nobody was asked about: from how much they are used where they are there, and how
    often they are asked for where they are not. Stations × services of one area."""
    services = rows.select("service_code").unique().sort("service_code")
    asked = services.with_columns(need_mean=pl.lit(None, pl.Float64))
    if shares is not None:
        asked = shares.areas.filter(pl.col("area_code") == rows["area_code"][0]).select("service_code", "need_mean")
        asked = services.join(asked, on="service_code", how="left", maintain_order="left")
    share = asked["need_mean"].fill_nan(None).fill_null(float("nan")).to_numpy()
    sources = (use.rates, _asked_for(rows, use))
    found = put_together(*(need_from_use(one.log, one.error, share, rules.use_from) for one in sources))
    services = services.with_columns(
        _share=pl.Series(expit(found.mean)).fill_nan(None),
        _p=pl.Series(p_logit_at_least(found, rules.low_need_below)).fill_nan(None),
    )
    by_use = pl.col("p_needed").is_null() & pl.col("_p").is_not_null()
    return rows.join(services, on="service_code", how="left", maintain_order="left").with_columns(
        need_share=pl.coalesce("need_share", "_share"),
        need_basis_code=pl.when(by_use).then(pl.lit("use")).otherwise("need_basis_code"),
        p_needed=pl.coalesce("p_needed", "_p"),
    ).drop("_share", "_p")  # fmt: skip


def _asked_for(rows: pl.DataFrame, use: Use) -> Rates:
    """Requests for what a station does not declare and did not serve."""
    codes = [(rows[name].rank("dense").cast(pl.Int64) - 1).to_numpy() for name in ("station_id", "service_code")]
    absent = ~pl.col("is_offered").fill_null(True) & (pl.col("served") == 0)
    requests = rows.select(pl.when(absent).then(pl.col("unserved")).fill_null(float("nan"))).to_series().to_numpy()
    return use.asked_for(requests, *codes)
