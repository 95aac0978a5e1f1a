"""Three ledgers of four stations, counted by hand, with every kind of change.

ledger       S1                          S2                   S3         S4
2022-12-31   read                        read                 -          read
2023-03-31   charging from no to yes     -                    read: new  read
2023-05-31   hours, seats, moved, …      read, another name   refused    -
"""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.warehouse import marts
from pipeline.warehouse.load import load
from tests.unit.warehouse.empty import empty_warehouse

WINTER, SPRING, SUMMER = LEDGERS = (date(2022, 12, 31), date(2023, 3, 31), date(2023, 5, 31))
ORIGIN = {"source_file_id": "f", "source_sheet": "", "source_row": 1}
MARTS = ("station_ledgers", "station_weeks", "ledger_changes")
SQL = {name: path.read_text(encoding="utf-8") for name, path in marts.files().items() if name in MARTS}


def version(local: str, as_of: date, area: str = "QC", source: str = "station_ledger", **more: object) -> dict:
    return {
        "station_id": f"{area}-{local}", "area_code": area, "source_code": source, "as_of": as_of, "valid_from": as_of,
        "local_code": local, "name": local, "class_code": "fixed", **ORIGIN, **more,
    }  # fmt: skip


def refused(local: str | None, as_of: date, row: int = 1, area: str = "QC") -> dict:
    place = f"{area}-{local}" if local else None
    return {"kind_code": "station", "area_code": area, "source_code": "station_ledger", "as_of": as_of, "place_id": place,
            "source_file_id": "f", "source_sheet": str(as_of), "source_row": row}  # fmt: skip


def service(local: str, as_of: date, code: str, offered: bool | None) -> dict:
    return {"station_id": f"QC-{local}", "area_code": "QC", "service_code": code, "is_offered": offered,
            "valid_from": as_of, **ORIGIN}  # fmt: skip


def hours(local: str, as_of: date, days: str, *intervals: tuple) -> list[dict]:
    """Rows of weekdays (`"12345"`) × (opens, closes, mode) in hours."""
    return [
        {"station_id": f"QC-{local}", "area_code": "QC", "weekday": int(day), "opens_minute": int(opens * 60),
         "closes_minute": int(closes * 60), "access_mode_code": mode, "valid_from": as_of, **ORIGIN}
        for day in days for opens, closes, mode in intervals
    ]  # fmt: skip


def changes(
    versions: list[dict], refusals: list[dict] = (), services: list[dict] = (), times: list[dict] = ()
) -> duckdb.DuckDBPyConnection:
    """A warehouse with these ledgers and the marts of this file."""
    con = empty_warehouse()
    told = {"clean.station_versions": versions, "audit.refused_places": refusals, "clean.station_services": services,
            "clean.station_hours": times}  # fmt: skip
    load(con, {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in told.items() if rows})
    for name in MARTS:
        con.execute(f"create table mart.{name} as select * from ({SQL[name]}) order by all")
    return con


def told(con: duckdb.DuckDBPyConnection, columns: str, where: str = "true") -> list[tuple]:
    return con.execute(f"select {columns} from mart.ledger_changes where {where} order by all").fetchall()


PLAIN = {"seats": 10, "lon": 116.46, "lat": 39.91, "host_unit": "甲公司"}
MOVED = {
    "seats": 12,
    "lon": 116.461,
    "lat": 39.91,
    "host_unit": "乙公司",
}  # 0.001° east: 111.195 m × cos 39.91° = 85.3 m


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    day, late = (8, 20, "staffed"), (20, 22, "scan_in")
    return changes(
        [
            version("S1", WINTER, **PLAIN), version("S1", SPRING, **PLAIN), version("S1", SUMMER, **MOVED),
            version("S2", WINTER, name="南门驿站"), version("S2", SUMMER, name="南门新驿站"),
            version("S3", SPRING), version("S4", WINTER), version("S4", SPRING),
        ],
        [refused("S3", SUMMER), refused(None, SUMMER, row=2)],
        [service("S1", WINTER, "charging", False), service("S1", SPRING, "charging", True),
         service("S1", SUMMER, "charging", None), *(service("S1", day, "water", True) for day in LEDGERS)],
        [*hours("S1", WINTER, "1234567", day), *hours("S1", SPRING, "1234567", day),
         *hours("S1", SUMMER, "12345", day, late), *hours("S1", SUMMER, "67", day)],
    )  # fmt: skip


def test_ledgers_follow_each_other(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "select as_of, previous_as_of, n_stations, n_stations_refused from mart.station_ledgers order by 1"
    ).fetchall()
    assert rows == [(WINTER, None, 3, 0), (SPRING, WINTER, 3, 0), (SUMMER, SPRING, 2, 1)]


def test_stations_come_go_return_and_may_be_unreadable(con: duckdb.DuckDBPyConnection) -> None:
    columns = "as_of, station_id, change_code, value_before, value_after, last_read_as_of, previous_as_of"
    assert told(con, columns, "item_code = 'presence'") == [
        (SPRING, "QC-S2", "not_seen", "read", "absent", WINTER, WINTER),
        (SPRING, "QC-S3", "first_seen", "absent", "read", None, WINTER),
        (SUMMER, "QC-S2", "seen_again", "absent", "read", WINTER, SPRING),
        (SUMMER, "QC-S3", "not_readable", "read", "refused", SPRING, SPRING),
        (SUMMER, "QC-S4", "not_seen", "read", "absent", SPRING, SPRING),
    ]


def test_what_a_station_says_is_compared_with_its_last_row_that_was_read(con: duckdb.DuckDBPyConnection) -> None:
    columns = "as_of, station_id, item_code, value_before, value_after, last_read_as_of"
    assert told(con, columns, "change_code = 'changed' and item_code not in ('hours', 'location')") == [
        (SPRING, "QC-S1", "service:charging", "no", "yes", WINTER),
        (SUMMER, "QC-S1", "access_mode_code", "staffed", "scan_in, staffed", SPRING),
        (SUMMER, "QC-S1", "host_unit", "甲公司", "乙公司", SPRING),
        (SUMMER, "QC-S1", "seats", "10", "12", SPRING),
        (SUMMER, "QC-S1", "service:charging", "yes", "unknown", SPRING),
        (SUMMER, "QC-S2", "name", "南门驿站", "南门新驿站", WINTER),
    ]


def test_hours_are_said_as_a_person_would(con: duckdb.DuckDBPyConnection) -> None:
    assert told(con, "value_before, value_after", "item_code = 'hours'") == [
        ("每天 8:00-20:00", "一二三四五 8:00-20:00 staffed, 20:00-22:00 scan_in; 六日 8:00-20:00 staffed")
    ]


def test_a_station_moves_by_metres(con: duckdb.DuckDBPyConnection) -> None:
    assert told(con, "value_before, value_after, moved_m", "item_code = 'location'") == [
        ("116.46, 39.91", "116.461, 39.91", 85.3)
    ]


def test_nothing_else_changed(con: duckdb.DuckDBPyConnection) -> None:
    assert con.execute("select count(*) from mart.ledger_changes").fetchone() == (13,)  # 5 + 6 + 1 + 1


def test_every_column_of_the_register_is_watched() -> None:
    before = {"host_type_code": "shop", "building_id": "QC-B1", "grid_id": "QC-G1", "address": "一号", "area_m2": 20.0,
              "opened_on": WINTER, "access_mode_code": "staffed"}  # fmt: skip
    con = changes([version("S1", WINTER, **before), version("S1", SPRING, class_code="social")])
    assert told(con, "item_code, value_before, value_after") == [
        ("access_mode_code", "staffed", None), ("address", "一号", None), ("area_m2", "20.0", None),
        ("building_id", "QC-B1", None), ("class_code", "fixed", "social"), ("grid_id", "QC-G1", None),
        ("host_type_code", "shop", None), ("opened_on", "2022-12-31", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lon", "lat", "expected"),
    [(116.46, 39.910008, []), (116.46, 39.91002, [(2.2,)]), (None, None, [(None,)])],
    ids=["0.9 m is none", "2.2 m", "no longer told"],
)
def test_a_metre_is_no_move(lon: float | None, lat: float | None, expected: list[tuple]) -> None:
    con = changes([version("S1", WINTER, lon=116.46, lat=39.91), version("S1", SPRING, lon=lon, lat=lat)])
    assert told(con, "moved_m", "item_code = 'location'") == expected


def test_a_first_ledger_has_nothing_to_differ_from() -> None:
    con = changes([version("S1", WINTER), version("S1", SPRING, area="HY")], [refused("S9", WINTER)])
    assert told(con, "*") == []


def test_areas_and_sources_are_compared_with_their_own_ledger_before() -> None:
    con = changes([
        version("S1", WINTER), version("S1", SUMMER), version("S1", SPRING, area="HY"), version("S2", SUMMER, area="HY"),
        version("U1", SPRING, source="union_ledger"), version("U1", SUMMER, source="union_ledger"),
    ])  # fmt: skip
    assert told(con, "station_id, change_code, as_of, previous_as_of") == [
        ("HY-S1", "not_seen", SUMMER, SPRING), ("HY-S2", "first_seen", SUMMER, SPRING),
    ]  # fmt: skip


def test_a_row_refused_at_first_is_no_new_station_and_can_be_missed() -> None:
    versions = [version("S9", WINTER), version("S1", SPRING), version("S9", SPRING)]
    con = changes(versions, [refused("S1", WINTER), refused("S2", WINTER, row=2)])
    assert told(con, "station_id, change_code, value_before, value_after") == [
        ("QC-S1", "first_read", "refused", "read"),
        ("QC-S2", "not_seen", "refused", "absent"),
    ]


def test_a_rejected_repeat_does_not_hide_the_row_that_was_read() -> None:
    con = changes([version("S1", WINTER), version("S1", SPRING)], [refused("S1", SPRING)])
    assert told(con, "*") == []
    assert con.execute("select sum(n_stations_refused) from mart.station_ledgers").fetchone() == (0,)


STATES = st.lists(st.lists(st.sampled_from(["absent", "refused", "甲", "乙"]), min_size=4, max_size=4), max_size=3)


@pytest.fixture(scope="module")
def bare() -> duckdb.DuckDBPyConnection:
    return empty_warehouse()


@settings(max_examples=25, deadline=None)
@given(STATES)
def test_the_table_is_what_reading_ledger_by_ledger_gives(
    bare: duckdb.DuckDBPyConnection, states: list[list[str]]
) -> None:
    days = [date(2023, month, 1) for month in (1, 2, 3, 4)]
    bare.execute("delete from clean.station_versions; delete from audit.refused_places")
    cells = [(f"S{i}", day, state) for i, line in enumerate(states) for day, state in zip(days, line, strict=True)]
    read = [version(local, day, name=state) for local, day, state in cells if state in "甲乙"]
    bad = [refused(local, day, row=i) for i, (local, day, state) in enumerate(cells) if state == "refused"]
    load(bare, {"clean.station_versions": pl.DataFrame(read), "audit.refused_places": pl.DataFrame(bad)})
    for name in MARTS:
        bare.execute(f"create or replace table mart.{name} as {SQL[name]}")
    found = told(bare, "station_id, as_of, change_code, value_before, value_after")
    assert found == sorted(by_reading(states, days))


def by_reading(states: list[list[str]], days: list[date]) -> list[tuple]:
    """What somebody notes who turns the ledgers over one after the other. A day without any row is no ledger."""
    kept = [i for i in range(len(days)) if any(line[i] != "absent" for line in states)]
    noted = []
    for number, line in enumerate(states):
        last, before, stood = None, "absent", False
        for nth, i in enumerate(kept):
            said = line[i] if line[i] in "甲乙" else None
            state = "read" if said else line[i]
            code = (
                "not_readable" if state == "refused"
                else "not_seen" if state == "absent" and before != "absent"
                else "first_seen" if said and not stood
                else "first_read" if said and last is None
                else "seen_again" if said and before == "absent"
                else None
            )  # fmt: skip
            if nth and code:
                noted.append((f"QC-S{number}", days[i], code, before, state))
            if said and last not in (None, said):
                noted.append((f"QC-S{number}", days[i], "changed", last, said))
            last, before, stood = said or last, state, stood or state != "absent"
    return noted
