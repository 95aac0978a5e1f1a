"""Figures of small groups of respondents — grid cells, stations, platforms — direct, and borrowing from the other groups."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.small_areas.side_by_side import direct_and_shrunken
from pipeline.disclose import threshold
from pipeline.findings.estimating.figures import figures, rules
from pipeline.findings.estimating.lists import gap_columns
from pipeline.findings.estimating.needs import Needs, need_estimates
from pipeline.findings.estimating.sample import Sample

REST = ("n_unmet", "est", "by_weights")  # of those asked, and what speaks for the others
SHRUNKEN = ("shrunken_est", "shrunken_lci", "shrunken_uci", "shrinkage")


def area_rows(
    con: duckdb.DuckDBPyConnection, sample: Sample, column: str, out_of_season: tuple[str, ...] = ()
) -> pl.DataFrame:
    """`gaps_of` the groups of a column of the respondents (grid_id, station_id, platform_code), those without one left out."""
    groups = sample.frame.select("person", pl.col(column).alias("by_code")).drop_nulls()
    return gaps_of(con, sample, groups=groups, out_of_season=out_of_season)


def gaps_of(
    con: duckdb.DuckDBPyConnection,
    sample: Sample,
    *,
    groups: pl.DataFrame | None = None,
    persons: pl.DataFrame | None = None,
    out_of_season: tuple[str, ...] = (),
    practical: float | None = None,
) -> pl.DataFrame:
    """One row per service (and by_code): n, n_need, n_met, n_unmet, the figures of unmet need, need_share and met_share, p_adjusted
    and is_gap among all rows with enough answers; of groups also shrunken_est with its interval, and shrinkage.

    The shrunken share of a group lies between its own and that of everybody (beta-binomial; the group's persons not asked are
    predicted); `shrinkage` is the weight of its own answers. All of them add up to the direct figure of those who are in
    some group: who names no station is no part of any.
    """
    needs = need_estimates(con, sample, groups, persons)
    rows = needs.counts.hstack(figures(needs.unmet, sample))
    rows = rows.with_columns(
        need_share=pl.Series(needs.met.est + needs.unmet.est, dtype=pl.Float64).fill_nan(None),
        met_share=pl.Series(needs.met.est, dtype=pl.Float64).fill_nan(None),
    )
    if groups is not None:
        rows = rows.hstack(_shrunken(needs, need_estimates(con, sample, None, _in_a_group(groups, persons)), groups))
    judged = ~needs.labels["service_code"].is_in(list(out_of_season)).to_numpy()
    judged &= (needs.counts["n"] >= threshold()).to_numpy()
    listed = needs.labels.filter(pl.Series(judged, dtype=pl.Boolean)).hstack(
        gap_columns(needs.unmet.pick(judged), practical)
    )
    rows = rows.join(listed, on=needs.labels.columns, how="left", maintain_order="left")
    whose = {"area_code": sample.area, "wave_code": sample.wave, "speaks_for_code": sample.speaks_for}
    return rows.with_columns(pl.lit(value).alias(name) for name, value in whose.items())


def _in_a_group(groups: pl.DataFrame, persons: pl.DataFrame | None) -> pl.DataFrame:
    """Persons asked about who are in some group."""
    inside = groups.drop_nulls("by_code").select("person").unique()
    return inside if persons is None else inside.join(persons, on="person", how="semi")


def _shrunken(needs: Needs, whole: Needs, groups: pl.DataFrame) -> pl.DataFrame:
    """The shrunken figures of every row, service by service.

    Persons of a group: the sum of its weights, but no fewer than its respondents stand for on average. Few respondents who come
    often have small weights, and a group thought too small would seem to be known.
    """
    sample, of = needs.sample, needs.unmet
    table = (
        of.table()
        .select("service_code", "by_code", "est", "n_eff")
        .with_columns(needs.counts["n_unmet"], n=pl.Series(of.n), by_weights=pl.Series(of.kish))
    )
    persons = (
        sample.frame.join(groups, on="person")
        .group_by("by_code")
        .agg(pl.max_horizontal(pl.col("weight").sum(), pl.len() * sample.frame["weight"].mean()).alias("persons"))
    )
    counted = sample.population is not None and sample.weight_set != "equal"
    table = table.join(persons, on="by_code", how="left", maintain_order="left").with_columns(
        pl.when(counted).then(pl.max_horizontal("persons", "n")).alias("persons")
    )
    empty = [pl.lit(None, pl.Float64).alias(name) for name in SHRUNKEN]
    totals = dict(zip(whole.labels["service_code"], whole.unmet.est, strict=True))
    parts = []
    for service, part in table.with_row_index("_row").group_by("service_code", maintain_order=True):
        total = totals[service[0]]
        if not np.isfinite(total) or part["n"].sum() == 0:
            parts.append(part.with_columns(empty))
        else:
            parts.append(
                direct_and_shrunken(part, population="persons" if counted else None, total=float(total), rest=REST)
            )
    if not parts:
        return table.with_columns(empty).select(SHRUNKEN)
    found = pl.concat(parts, how="diagonal_relaxed").sort("_row").select(SHRUNKEN)
    wide = (pl.col("shrunken_uci") - pl.col("shrunken_lci") > rules()["show"]["max_width"]).fill_null(True)
    return found.with_columns(pl.col("shrinkage").round(2)).with_columns(
        pl.when(~wide).then(pl.col(name)).alias(name) for name in SHRUNKEN
    )
