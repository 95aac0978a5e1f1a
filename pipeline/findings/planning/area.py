"""The plan of every area of a context, or why an area has none."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.siting.plan import NOTHING_AFFORDABLE, NOTHING_TO_GAIN
from pipeline.findings.district import District, districts
from pipeline.findings.finding import Context
from pipeline.findings.planning.lines import SCHEMA, lines, nothing
from pipeline.findings.planning.now import as_it_stands
from pipeline.findings.planning.plan import propose
from pipeline.findings.planning.prices import Prices, prices_of
from pipeline.findings.planning.settings import rules

NO_SURVEY, NO_PRESENCE, NO_COORDINATES, NO_STATION, NO_PRICES = (
    "no_survey",
    "no_presence",
    "no_coordinates",
    "no_station",
    "no_prices",
)


def plan_rows(
    con: duckdb.DuckDBPyConnection, context: Context, *, draws: int | None = None, floor_share: float | None = None
) -> pl.DataFrame:
    """The list of each area for the budget of the context (one budget an area); one row with a reason where there is no plan."""
    budget = float(rules()["plan"]["budget_yuan"] if context.budget is None else context.budget)
    prices = prices_of(con)
    draws = rules()["plan"]["draws"] if draws is None else draws
    made = {
        district.area: _of_district(
            district, prices, context, _housed(con, district.area), budget=budget, draws=draws, floor_share=floor_share
        )
        for district in districts(con, context)
    }
    parts = [made[area] if area in made else nothing(area, budget, lacking(con, area)) for area in context.areas]
    rows = pl.concat(parts) if parts else pl.DataFrame(schema=SCHEMA)
    yuan = [name for name in rows.columns if name.endswith("_yuan") or name in ("cost_low", "cost_high")]
    hours = ("gain", "gain_low", "gain_high", "gain_per_10k", "closable", "bound", "last_10k", "fairness_cost")
    return rows.with_columns(
        pl.col(yuan).round(0), pl.col(hours).round(1), pl.col("chosen_share").round(3), pl.col("gap_share").round(5)
    )


def lacking(con: duckdb.DuckDBPyConnection, area: str) -> str:
    """What an area without a plan has not got: places on the map, couriers, a station with hours, or a survey."""
    has = lambda query: con.execute(query, [area]).fetchall()[0][0]  # noqa: E731
    if not has("select count(*) from clean.courier_presence where area_code = ? and n_couriers > 0"):
        return NO_PRESENCE
    if not has("select count(*) from clean.buildings join (select distinct building_id from clean.courier_presence where n_couriers > 0) "
               "using (building_id) where area_code = ? and lon is not null and lat is not null"):  # fmt: skip
        return NO_COORDINATES
    if not has("select count(*) from clean.stations as s join (select distinct station_id from clean.station_hours) using (station_id) "
               "where s.area_code = ? and s.lon is not null and s.lat is not null"):  # fmt: skip
        return NO_STATION
    return NO_SURVEY


def _housed(con: duckdb.DuckDBPyConnection, area: str) -> list[str]:
    """Buildings with a station, also one that is not on the map."""
    rows = con.execute("select building_id from clean.stations where area_code = ? and building_id is not null", [area])
    return [row[0] for row in rows.fetchall()]


def _of_district(
    district: District,
    prices: Prices,
    context: Context,
    housed: list[str],
    *,
    budget: float,
    draws: int,
    floor_share: float | None,
) -> pl.DataFrame:
    if not np.nan_to_num(district.need).any():
        return nothing(district.area, budget, NO_SURVEY)
    if not prices.once:
        return nothing(district.area, budget, NO_PRICES)
    proposal = propose(as_it_stands(district, housed), prices, budget, draws=draws, floor_share=floor_share)
    if not len(proposal.order):
        code = proposal.plan.status_code
        return nothing(
            district.area, budget, code if code in (NOTHING_AFFORDABLE, NOTHING_TO_GAIN) else NOTHING_TO_GAIN
        )
    return lines(proposal, prices, context, respondents(district))


def respondents(district: District) -> int | None:
    """Respondents whose answers the need of a district rests on: of each grid cell those who were asked most."""
    most = district.cells.group_by("grid_id").agg(pl.col("n").max())["n"].sum()
    return int(most) if most else None
