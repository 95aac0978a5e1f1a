"""One row of facts per station: what it is, where, when it is open, how much it is used, what was suggested."""

from __future__ import annotations

import duckdb
import polars as pl

from pipeline.disclose import Disclosure, Protect
from pipeline.findings.evidence_by_station import PUBLIC_CLASSES
from pipeline.findings.finding import Context
from pipeline.findings.ground import DATUM
from pipeline.findings.profiles.opening import opening_words

OPEN = (
    "station_name", "class_code", "host_type_code", "grid_id", "address", "seats", "area_m2", "opened_on", "as_of", "last_on",
    "lon", "lat", "datum", "hours_zh", "hours_en", "open_hours_per_week", "n_services_offered", "n_standards_met",
    "n_suggestions_open", "n_suggestions_closed",
)  # fmt: skip
PROTECT = (
    Protect(n=("n_keys",), values=("n_visits",), basis="couriers", zeros_open="n_visits", flag="suppressed_use"),
    Protect(n=("n",), values=(), basis="respondents", flag="suppressed_survey"),
)
SETTLED = ("adopted", "declined")  # a suggestion decided on, or carried out: closed

FACTS = """
select p.area_code, p.station_id, s.name as station_name, s.class_code, s.host_type_code, s.host_unit, s.grid_id, s.address,
       s.seats, s.area_m2, s.opened_on, s.as_of, q.last_on, s.lon, s.lat, p.n_services_offered, p.n_standards_met,
       round(p.open_minutes_per_week / 60, 1) as open_hours_per_week, p.n_visits, p.n_keys, p.n_respondents as n
from mart.station_profiles as p
join clean.stations as s using (station_id)
join mart.periods as q on q.area_code = p.area_code and q.period_code = p.period_code
where p.period_code = $period and list_contains($areas, p.area_code)
order by 1, 2
"""
SUGGESTED = """
select s.station_id, count(*) filter (where not is_closed) as n_suggestions_open,
       count(*) filter (where is_closed) as n_suggestions_closed
from (select station_id, area_code, month_on, list_contains($settled, status_code) or coalesce(closed_on <= q.last_on, false) as is_closed
      from clean.suggestions join mart.periods as q using (area_code)
      where q.period_code = $period and month_on <= q.last_on and station_id is not null) as s
group by 1
"""


def fact_disclosure(context: Context) -> Disclosure:
    """What the facts may show; the unit that runs a station is for the office only."""
    unit = () if context.audience == "public" else ("host_unit",)
    return Disclosure(keys=("area_code", "station_id"), open=(*OPEN, *unit), protect=PROTECT)


def fact_rows(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """The facts of every station open by the quarter's last day with evidence."""
    asked = {"period": context.period, "areas": list(context.areas)}
    rows = con.sql(FACTS, params=asked).pl()
    if context.audience == "public":
        rows = rows.filter(pl.col("class_code").is_in(PUBLIC_CLASSES)).drop("host_unit")
    suggested = con.sql(SUGGESTED, params={"period": context.period, "settled": list(SETTLED)}).pl()
    rows = rows.join(suggested, on="station_id", how="left", maintain_order="left")
    rows = rows.join(opening_words(con, context), on="station_id", how="left", maintain_order="left")
    return rows.with_columns(
        pl.col("n_suggestions_open", "n_suggestions_closed").fill_null(0),
        pl.col("n_visits", "n_keys", "n").cast(pl.Int64),
        pl.col("lon", "lat").round(6),
        pl.when(pl.col("lon").is_not_null() & pl.col("lat").is_not_null()).then(pl.lit(DATUM)).alias("datum"),
    ).select([name for name in fact_disclosure(context).columns() if not name.startswith("suppressed")])
