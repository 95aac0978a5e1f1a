"""The plan of every area of a context, or why an area has none."""

from __future__ import annotations

from dataclasses import dataclass, replace

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


@dataclass(frozen=True)
class Terms:
    """What a plan is asked for: `budget` yuan for each area, `draws`, and the fairness floor (None: the rule's)."""

    budget: float
    draws: int
    floor_share: float | None = None


def plan_rows(
    con: duckdb.DuckDBPyConnection, context: Context, *, draws: int | None = None, floor_share: float | None = None
) -> pl.DataFrame:
    """The list of each area for the budget of the context (one budget an area); one row with a reason where there is no plan, none
    where the period knows nothing of the area."""
    rule = rules()["plan"]
    budget = float(rule["budget_yuan"] if context.budget is None else context.budget)
    terms, prices = Terms(budget, rule["draws"] if draws is None else draws, floor_share), prices_of(con)
    context = replace(context, areas=tuple(area for area in context.areas if _is_known(con, context, area)))
    made = {}
    for district in districts(con, context) if context.areas else ():
        made[district.area] = _of_district(district, prices, context, _housed(con, district.area), terms)
    parts = [made[area] if area in made else nothing(area, budget, lacking(con, area)) for area in context.areas]
    rows = pl.concat(parts) if parts else pl.DataFrame(schema=SCHEMA)
    yuan = [name for name in rows.columns if name.endswith("_yuan") or name in ("cost_low", "cost_high")]
    hours = ("gain", "gain_low", "gain_high", "gain_per_10k", "closable", "bound", "last_10k", "fairness_cost")
    return rows.with_columns(
        pl.col(yuan).round(0), pl.col(hours).round(1), pl.col("chosen_share").round(3), pl.col("gap_share").round(5)
    )


def _is_known(con: duckdb.DuckDBPyConnection, context: Context, area: str) -> bool:
    """Whether the period has any event or answer of an area, or a ledger of it by its end."""
    rows = con.execute(
        "select exists(select 1 from mart.periods where period_code = ? and area_code = ? and last_on is not null) "
        "or exists(select 1 from clean.stations where area_code = ? and as_of <= ?)",
        [context.period, area, area, context.ends_on],
    )
    return bool(rows.fetchall()[0][0])


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


def _of_district(district: District, prices: Prices, context: Context, housed: list[str], terms: Terms) -> pl.DataFrame:
    budget = terms.budget
    if not np.nan_to_num(district.need).any():
        return nothing(district.area, budget, NO_SURVEY)
    if not prices.once:
        return nothing(district.area, budget, NO_PRICES)
    proposal = propose(as_it_stands(district, housed), prices, budget, draws=terms.draws, floor_share=terms.floor_share)
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
