"""Three buildings, five stations and a week, small enough to count on paper. Every day is like the other.

building  couriers            stations within a walk of 300 m
B1 (G1)   2 from 8 to 20      S1 at the door; S2 200 m off, a walk of 260 m
B2 (G2)   1 from 20 to 24     S3 100 m off, a walk of 130 m
B3 (G2)   1 from 10 to 11     not on the map: in no figure

station   open            water      charging
S1 (G1)   8:30 to 18:00   yes        no
S2 (G1)   16:00 to 20:00  yes        the ledger is silent
S3 (G2)   day and night   no         yes, 2 an hour
S4 (G2)   not known       yes        yes: in no figure
S5 (G2)   day and night   yes        no; kilometres from everybody

Courier-hours a week: B1 2 × 12 × 7 = 168, B2 1 × 4 × 7 = 28, together 196; B3 7.
Water: B1 is covered from 8:30 to 20:00, 2 × 11.5 × 7 = 161; B2 never. Charging: B1 never; B2 always, 28.
In need: G1 water ½, charging ¼ (20 answers); G2 water 1, charging ½ (10 answers).
"""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl

from pipeline.findings.district import District, load_district
from pipeline.findings.district.rules import Walking
from pipeline.findings.finding import Context
from pipeline.warehouse.load import load
from tests.unit.marts.small_world import ORIGIN, code, hours, respondent, station, wave
from tests.unit.warehouse.empty import build_marts, empty_warehouse

DAY = date(2023, 4, 12)
NEAR = Walking(radius_m=300, catchment_m=500, detour=1.3, kernel="binary")
SERVICES = ("charging", "water")
TOTAL, B1, B2 = 196.0, 168.0, 28.0
METRE = 1 / 111_034  # degrees of latitude at 39.9 north
LON, LAT = 116.45, 39.9
OFFERS = {  # station: water, charging, chances that water works (a, b)
    "S1": (True, False, (3.0, 1.0)),
    "S2": (True, None, (1.0, 1.0)),
    "S3": (False, True, (1.0, 0.0)),
    "S4": (True, True, (1.0, 0.0)),
    "S5": (True, False, (1.0, 0.0)),
}
NEED = {"QC-G1": {"water": 0.5, "charging": 0.25}, "QC-G2": {"water": 1.0, "charging": 0.5}}


def town(*, marts: bool = False, **more: list[dict]) -> duckdb.DuckDBPyConnection:
    """The warehouse, with its marts if asked for; `more` adds rows to tables (`clean_closures=[…]`)."""
    tables = {
        "ref.areas": [{"area_code": "QC", "label_zh": "晴川", "label_en": "Qingchuan", "tz": "Asia/Shanghai"}],
        "ref.codes": [code("services", one, i) for i, one in enumerate(SERVICES)] + [code("standards", "signage", 0)],
        "clean.grids": [_grid("G1"), _grid("G2")],
        "clean.stations": [
            station("S1", "fixed", "G1", **_at(0)),
            station("S2", "social", "G1", **_at(200)),
            station("S3", "fixed", "G2", **_at(3100)),
            station("S4", "fixed", "G2", **_at(3000)),
            station("S5", "fixed", "G2", **_at(9000)),
        ],
        "clean.buildings": [_building("B1", "G1", **_at(0)), _building("B2", "G2", **_at(3000)), _building("B3", "G2")],
        "clean.courier_presence": [
            *_presence("B1", range(8, 20), 2.0), *_presence("B2", range(20, 24), 1.0), *_presence("B3", range(10, 11), 1.0),
        ],
        "clean.station_hours": [
            *hours("S1", 510, 1080), *hours("S2", 960, 1200), *hours("S3", 0, 1440), *hours("S5", 0, 1440)
        ],
        "clean.station_services": [
            {"station_id": f"QC-{name}", "area_code": "QC", "service_code": service, "is_offered": tick, "is_working": None,
             "capacity_per_hour": 2.0 if (name, service) == ("S3", "charging") else None, "valid_from": date(2023, 4, 3), **ORIGIN}
            for name, (water, charging, _) in OFFERS.items() for service, tick in (("water", water), ("charging", charging))
        ],
    }  # fmt: skip
    for name, rows in more.items():
        schema, _, table = name.partition("_")
        tables.setdefault(f"{schema}.{table}", []).extend(rows)
    con = empty_warehouse()
    load(con, {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in tables.items()})
    if marts:
        build_marts(con)
    return con


def verdicts() -> pl.DataFrame:
    """What the verdicts say of the stations, as far as a district asks."""
    rows = [
        {"area_code": "QC", "station_id": f"QC-{name}", "service_code": service, "is_offered": tick, "is_evaluable": True,
         "works_a": chance[0], "works_b": chance[1]}
        for name, (water, charging, chance) in OFFERS.items() for service, tick in (("water", water), ("charging", charging))
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"is_offered": pl.Boolean})


def cells(n: tuple[int, int] = (20, 10)) -> pl.DataFrame:
    """What the verdicts say of the grid cells, as far as a district asks."""
    rows = [
        {"area_code": "QC", "grid_id": grid, "service_code": service, "need_share": share, "n": answers}
        for (grid, shares), answers in zip(NEED.items(), n, strict=True) for service, share in shares.items()
    ]  # fmt: skip
    return pl.DataFrame(rows)


def context() -> Context:
    """The quarter of the town."""
    return Context("2023Q2", date(2023, 4, 1), date(2023, 6, 30), DAY, True, ("QC",))


def district(con: duckdb.DuckDBPyConnection | None = None, near: Walking = NEAR, **more: list[dict]) -> District:
    """The town as the arrays that coverage is worked out from."""
    return load_district(con or town(**more), context(), "QC", verdicts(), cells(), near=near)


def survey() -> dict[str, list[dict]]:
    """12 couriers in G1 by day need both and get water; 11 in G2 by night need charging and do not get it; one tells no shift."""
    told = {"user_group_code": "rider", "employment_type_code": "full_time", "platform_code": None, "gender_code": None}
    few = [{**told, "gender_code": "female" if i < 5 else "male"} for i in range(12)]  # 5 of 12
    people = [respondent(i, "water charging", "water", **few[i], grid_id="QC-G1", shift_code="day") for i in range(12)]
    people += [respondent(20 + i, "charging", "none", **told, grid_id="QC-G2", shift_code="night") for i in range(11)]
    people += [respondent(40, "water", "water", **told, grid_id="QC-G1", shift_code=None)]
    rows = wave(closed=date(2023, 4, 10))
    rows["clean_respondents"] = [person for person, _ in people]
    rows["clean_answers"] = [answer for _, answers in people for answer in answers]
    return rows


def walk(building: str, local: str, metres: float) -> dict:
    """A measured walk."""
    return {
        "building_id": f"QC-{building}",
        "area_code": "QC",
        "station_id": f"QC-{local}",
        "walking_m": metres,
        **ORIGIN,
    }


def _at(metres_north: float) -> dict[str, float]:
    return {"lon": LON, "lat": LAT + metres_north * METRE}


def _grid(local: str) -> dict:
    return {"grid_id": f"QC-{local}", "area_code": "QC", "label_zh": local, "outline_wkt": "POLYGON ((0 0))", **ORIGIN}


def _building(local: str, grid: str, lon: float | None = None, lat: float | None = None) -> dict:
    return {
        "building_id": f"QC-{local}",
        "area_code": "QC",
        "name": local,
        "grid_id": f"QC-{grid}",
        "lon": lon,
        "lat": lat,
        **ORIGIN,
    }


def _presence(local: str, of_day: range, couriers: float) -> list[dict]:
    return [
        {"building_id": f"QC-{local}", "area_code": "QC", "hour_of_week": 24 * day + hour, "n_couriers": couriers, **ORIGIN}
        for day in range(7) for hour in of_day
    ]  # fmt: skip
