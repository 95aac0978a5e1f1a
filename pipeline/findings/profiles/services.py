"""Each service at each station: declared, verified, used, and the verdict with its reasons."""

from __future__ import annotations

import duckdb
import polars as pl

from pipeline.disclose import Disclosure, Protect
from pipeline.findings.finding import Context
from pipeline.findings.verdicts import station_verdicts

VERDICT = ("verdict_code", "probability", "reasons", "n_facilities", "n_facilities_working", "is_evaluable")
SERVICES = Disclosure(
    keys=("area_code", "station_id", "service_code"),
    open=("is_promised", "is_offered", "is_working", "status_code", "checked_on", "n_months", *VERDICT),
    protect=(
        Protect(  # the same cells are hidden as in the finding on evidence: the two tables together tell no more
            n=("n_keys",),
            values=("n_visits", "visits_per_month"),
            basis="couriers",
            within=("area_code", "station_id"),
            zeros_open="n_visits",
            flag="suppressed_use",
        ),
    ),
)

SERVICE_ROWS = """
select g.area_code, g.station_id, g.service_code, g.is_promised, g.is_offered, g.is_working, k.status_code, k.checked_on,
       m.n_months, cast(g.n_visits as bigint) as n_visits, round(g.n_visits / m.n_months, 1) as visits_per_month,
       cast(g.n_keys as bigint) as n_keys
from mart.service_gap as g
left join ref.codes as c on c.list_code = 'services' and c.code = g.service_code
left join (
  select station_id, service_code, arg_max(status_code, checked_on) as status_code, max(checked_on) as checked_on
  from clean.service_checks join mart.periods as p using (area_code)
  where p.period_code = $period and checked_on <= p.last_on
  group by 1, 2
) as k on k.station_id = g.station_id and k.service_code = g.service_code
left join (
  select station_id, count(distinct month_on) as n_months from mart.visit_grains
  where is_service_logged and year(month_on) || 'Q' || quarter(month_on) = $period group by 1
) as m on m.station_id = g.station_id
where g.period_code = $period and list_contains($areas, g.area_code)
order by 1, 2, c.sort_order, 3
"""


def service_rows(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """One row per station and service of the codebook; uses are empty where no log of the station names services."""
    rows = con.sql(SERVICE_ROWS, params={"period": context.period, "areas": list(context.areas)}).pl()
    keys = list(SERVICES.keys)
    judged = station_verdicts(con, context).select(*keys, *VERDICT)
    rows = rows.join(judged, on=keys, how="left", maintain_order="left")
    return rows.select([name for name in SERVICES.columns() if not name.startswith("suppressed")])
