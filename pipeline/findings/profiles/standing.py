"""The seven standards and the maps a station can be found on, by the last check of each."""

from __future__ import annotations

import duckdb
import polars as pl

from pipeline.disclose import Disclosure
from pipeline.findings.finding import Context

STANDARDS = Disclosure(keys=("area_code", "station_id", "standard_code"), open=("status_code", "checked_on"))
LISTINGS = Disclosure(keys=("area_code", "station_id", "map_code"), open=("is_listed", "checked_on"))

STANDARD_ROWS = """
select s.area_code, s.station_id, c.code as standard_code, coalesce(k.status_code, 'not_checked') as status_code, k.checked_on
from mart.station_profiles as s
cross join (select code, sort_order from ref.codes where list_code = 'standards') as c
left join (
  select station_id, standard_code, arg_max(status_code, checked_on) as status_code, max(checked_on) as checked_on
  from clean.standard_checks join mart.periods as p using (area_code)
  where p.period_code = $period and checked_on <= p.last_on
  group by 1, 2
) as k on k.station_id = s.station_id and k.standard_code = c.code
where s.period_code = $period and list_contains($areas, s.area_code)
order by 1, 2, c.sort_order
"""
LISTING_ROWS = """
select area_code, station_id, map_code, arg_max(is_listed, checked_on) as is_listed, max(checked_on) as checked_on
from clean.map_listings join mart.periods as p using (area_code)
where p.period_code = $period and checked_on <= p.last_on and is_listed is not null and list_contains($areas, area_code)
group by 1, 2, 3
order by 1, 2, 3
"""


def standard_rows(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """Every standard at every station: status and day of the last check so far, `not_checked` where there was none."""
    return con.sql(STANDARD_ROWS, params={"period": context.period, "areas": list(context.areas)}).pl()


def listing_rows(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """Whether a station was found on each map that somebody looked at."""
    return con.sql(LISTING_ROWS, params={"period": context.period, "areas": list(context.areas)}).pl()
