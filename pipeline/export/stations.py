"""stations.geojson: where the stations are and what they declare, for map tools; open columns only."""

from __future__ import annotations

import json
from typing import Any

import duckdb

from pipeline import disclose
from pipeline.findings.finding import Context

DATUM = "WGS-84"
FIELDS = ("station_id", "name", "class_code", "grid_id", "address")

# Declared services on the last day of the period: what a later ledger no longer says has ended.
OFFERED = """
select station_id, list(service_code order by service_code)
from (
  select station_id, service_code, is_offered from clean.station_services
  where valid_from <= $end and coalesce(valid_to, $end) >= $end
  qualify row_number() over (partition by station_id, service_code order by valid_from desc) = 1
)
where is_offered group by 1
"""


def geojson(con: duckdb.DuckDBPyConnection, context: Context) -> str:
    """A FeatureCollection (RFC 7946, WGS-84) of the stations of the context's areas.

    A station whose place is not known is no point: it is named in `without_coordinates`, so that nobody takes it for gone.
    Chinese map applications use GCJ-02 or BD-09: convert before laying points on their maps (no conversion here).
    """
    services = dict(con.sql(OFFERED, params={"end": context.ends_on}).fetchall())
    rows = con.sql(
        f"select area_code, lon, lat, {', '.join(FIELDS)} from clean.stations where list_contains($areas, area_code) "
        "order by station_id",
        params={"areas": list(context.areas)},
    ).fetchall()
    located = [row for row in rows if row[1] is not None and row[2] is not None]
    features = [_feature(row, services, context) for row in located]
    facts: dict[str, Any] = {
        "type": "FeatureCollection",
        "坐标系": DATUM,
        "datum": DATUM,
        "is_simulated": context.is_simulated,
        "without_coordinates": [row[3] for row in rows if row not in located],
    }
    if context.is_simulated:
        facts["note"] = disclose.rules()["simulated"]["zh"]
    return json.dumps({**facts, "features": features}, ensure_ascii=False, indent=1) + "\n"


def _feature(row: tuple[Any, ...], services: dict[str, list[str]], context: Context) -> dict[str, Any]:
    facts = dict(zip(FIELDS, row[3:], strict=True))
    offered = services.get(facts["station_id"], [])
    return {
        "type": "Feature",
        "id": facts["station_id"],
        "geometry": {"type": "Point", "coordinates": [round(row[1], 6), round(row[2], 6)]},
        "properties": {
            **facts,
            "area_code": row[0],
            "class_label_zh": context.label("station_classes", facts["class_code"], "zh"),
            "services": offered,
            "services_zh": [context.label("services", c, "zh") for c in offered],
            "坐标系": DATUM,
        },
    }
