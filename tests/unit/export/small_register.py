"""A register small enough to know by heart: two areas, four stations, a depot that is none of them.

AA-S1 has everything; AA-S2 runs through the night and has no place; AA-S3 says nothing but its name, and its last ledger
left the hours out; BB-S1 never shuts, and both ways of entering overlap.
"""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl

from pipeline.contracts import load_codebooks
from pipeline.warehouse.load import load
from tests.unit.warehouse.empty import empty_warehouse

ORIGIN = {"source_file_id": "feedfeedfeedfeed", "source_sheet": "驿站台账", "source_row": 5}
MARCH, MAY = date(2023, 3, 31), date(2023, 5, 31)
LISTS = ("services", "station_classes", "host_types", "access_modes")


def register_warehouse(con: duckdb.DuckDBPyConnection | None = None, *, is_simulated: bool = False):
    """The warehouse, in memory unless a connection to a new one is given."""
    con = con or empty_warehouse()
    load(con, {
        "ref.areas": _frame([
            {"area_code": "AA", "label_zh": "东里街道", "label_en": "Dongli", "tz": "Asia/Shanghai"},
            {"area_code": "BB", "label_zh": "西里街道", "label_en": "Xili", "tz": "Asia/Shanghai"},
            {"area_code": "CC", "label_zh": "空街道", "label_en": "Empty", "tz": "Asia/Shanghai"}]),
        "ref.codes": _frame(_codes()),
        "audit.source_files": _frame([{
            "source_file_id": "feedfeedfeedfeed", "path": "台账.xlsx", "sha256": "0" * 64, "bytes": 1, "family": "ledger",
            "is_simulated": is_simulated}]),
        "clean.stations": _frame(_stations()),
        "clean.station_services": _frame(_services()),
        "clean.station_hours": _frame(_hours()),
        "clean.depots": _frame([{
            **ORIGIN, "depot_id": "AA-D1", "area_code": "AA", "name": "快递公司甲营业部", "platform_code": "express_a", "as_of": MAY}]),
    })  # fmt: skip
    return con


def _frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, infer_schema_length=None)


def _codes() -> list[dict[str, object]]:
    books = load_codebooks()
    return [
        {
            "list_code": name,
            "code": code.code,
            "label_zh": code.label_zh,
            "label_en": code.label_en,
            "sort_order": place,
        }
        for name in LISTS
        for place, code in enumerate(books[name].codes)
    ]


def _stations() -> list[dict[str, object]]:
    def one(area: str, number: int, name: str, **more: object) -> dict[str, object]:
        code = f"S{number}"
        told = {"station_id": f"{area}-{code}", "area_code": area, "local_code": code, "name": name, "class_code": "social",
                "host_unit": "不外传责任单位", "reporting_unit": "不外传填报单位", "as_of": MAY}  # fmt: skip
        return {**ORIGIN, **told, **more}

    return [
        one("BB", 1, "西门驿站", class_code="fixed", as_of=MARCH),
        one("AA", 1, "东门驿站", class_code="integrated", host_type_code="union_centre", building_id="AA-B1", grid_id="AA-G1",
            address="东里一街1号\n二层，“左”门", lon=116.41620000000002, lat=39.91140000000001, lon_raw=116.42244912345678,
            lat_raw=39.91281, datum="gcj02", seats=0, area_m2=12.5, opened_on=date(2022, 12, 1)),
        one("AA", 2, "=南门驿站"),
        one("AA", 3, "'-北门驿站", address="－1号"),
    ]  # fmt: skip


def _services() -> list[dict[str, object]]:
    said = [
        ("AA", "S1", "water", True, MARCH, date(2023, 5, 30), {}),
        ("AA", "S1", "charging", False, MARCH, date(2023, 5, 30), {}),
        ("AA", "S1", "water", True, MAY, None, {"is_working": True, "capacity_per_hour": 0.1 + 0.2}),
        ("AA", "S1", "charging", True, MAY, None, {"is_working": False}),
        ("AA", "S1", "rest", None, MAY, None, {}),
        ("AA", "S2", "water", False, MAY, None, {}),
        ("AA", "S2", "rest", False, date(2023, 5, 1), None, {"capacity_per_hour": 3.0}),
        ("BB", "S1", "water", True, MARCH, None, {}),
        ("BB", "S1", "clinic", True, date(2023, 1, 1), date(2023, 12, 31), {}),
    ]
    return [
        {**ORIGIN, "station_id": f"{area}-{code}", "area_code": area, "service_code": service, "is_offered": offered,
         "valid_from": start, "valid_to": end, **{"is_working": None, "capacity_per_hour": None}, **more}
        for area, code, service, offered, start, end, more in said
    ]  # fmt: skip


def _hours() -> list[dict[str, object]]:
    said = [
        *[("AA", "S1", day, 480, 720, "staffed", MAY, None) for day in range(1, 6)],
        *[("AA", "S1", day, 780, 1439, "staffed", MAY, None) for day in (1, 3)],
        ("AA", "S2", 6, 1320, 1440, "scan_in", MAY, None),
        ("AA", "S2", 7, 0, 120, "scan_in", MAY, None),
        ("AA", "S3", 1, 480, 720, "staffed", MARCH, date(2023, 5, 30)),
        *[("BB", "S1", day, 0, 1440, "scan_in", MARCH, None) for day in range(1, 8)],
        *[("BB", "S1", day, 540, 1080, "staffed", MARCH, date(2023, 12, 31)) for day in (2, 4)],
    ]
    return [
        {**ORIGIN, "station_id": f"{area}-{code}", "area_code": area, "weekday": day, "opens_minute": opens,
         "closes_minute": closes, "access_mode_code": mode, "valid_from": start, "valid_to": end}
        for area, code, day, opens, closes, mode, start, end in said
    ]  # fmt: skip
