"""stations.geojson: where the stations are and what they declare, for map tools; open columns only."""

from __future__ import annotations

import json
from typing import Any

import duckdb

from pipeline import disclose
from pipeline.findings.finding import Context

DATUM = "WGS-84"
FIELDS = ("station_id", "name", "class_code", "grid_id", "address")


def geojson(con: duckdb.DuckDBPyConnection, context: Context) -> str:
    """A FeatureCollection (RFC 7946, WGS-84) of the stations of the context's areas.

    Chinese map applications use GCJ-02 or BD-09: convert before laying points on their maps (no conversion here).
    """
    services = dict(
        con.sql(
            "select station_id, list(service_code order by service_code) from (select station_id, service_code, is_offered "
            "from clean.station_services where valid_from <= $end qualify row_number() over (partition by station_id, service_code "
            "order by valid_from desc) = 1) where is_offered group by 1",
            params={"end": context.ends_on},
        ).fetchall()
    )
    rows = con.sql(
        f"select area_code, lon, lat, {', '.join(FIELDS)} from clean.stations where list_contains($areas, area_code) "
        "and lon is not null and lat is not null order by station_id",
        params={"areas": list(context.areas)},
    ).fetchall()
    features = [_feature(row, services, context) for row in rows]
    facts: dict[str, Any] = {
        "type": "FeatureCollection",
        "坐标系": DATUM,
        "datum": DATUM,
        "is_simulated": context.is_simulated,
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
