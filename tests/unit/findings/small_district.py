"""A warehouse small enough to know by heart: one area, two grid cells, four stations, 60 answers, one month of uses."""

from __future__ import annotations

import tomllib
from datetime import date, datetime

import duckdb
import polars as pl

from pipeline.contracts.open_answers import load_open_answers
from pipeline.paths import METADATA, PACKAGE

TOPICS = {"hours": 24, "water": 15, "queue": 11, "price": 4, "thanks": 12, "uncoded": 10}  # of 45 who wrote something
LISTS = (
    "services",
    "standards",
    "station_classes",
    "user_groups",
    "platforms",
    "populations",
    "verdicts",
    "verdict_reasons",
)
NEEDS = {
    "charging": (50, 10),
    "water": (40, 22),
    "meal_heating": (35, 20),
    "rest": (30, 12),
    "legal_advice": (4, 3),
    "warm": (20, 15),
}
LABELS = {"charging": "手机充电", "legal_advice": "法律咨询"}
ORIGIN = {"source_file_id": "f", "source_sheet": "", "source_row": 1}


def district() -> duckdb.DuckDBPyConnection:
    """The warehouse, in memory."""
    con = duckdb.connect()
    con.execute((PACKAGE / "warehouse" / "tables.sql").read_text(encoding="utf-8"))
    for name in LISTS:
        codes = tomllib.loads((METADATA / "codebooks" / f"{name}.toml").read_text(encoding="utf-8"))["code"]
        words = ("code", "label_zh", "label_en")
        _insert(con, "ref.codes", [
            {"list_code": name, **{word: code[word] for word in words}, "family": code.get("family"), "sort_order": place}
            for place, code in enumerate(codes)])  # fmt: skip
    topics = [*load_open_answers().code_list().codes]
    _insert(con, "ref.codes", [
        {"list_code": "answer_topics", "code": code.code, "label_zh": code.label_zh, "label_en": code.label_en, "sort_order": place}
        for place, code in enumerate(topics)])  # fmt: skip
    _insert(con, "ref.areas", [{"area_code": "QC", "label_zh": "晴川街道（模拟）", "label_en": "Qingchuan (simulated)",
                                "tz": "Asia/Shanghai"}])  # fmt: skip
    _insert(con, "clean.grids", [{**ORIGIN, "grid_id": f"QC-G{n}", "area_code": "QC", "label_zh": f"第{n}网格", "outline_wkt": ""}
                                 for n in (1, 2)])  # fmt: skip
    _stations(con)
    _wave(con)
    _respondents(con)
    _events(con)
    _marts(con)
    return con


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, object]]) -> None:
    """Rows by column name, so that a table may grow a column."""
    con.register("frame", pl.DataFrame(rows, infer_schema_length=None))
    con.execute(f"insert into {table} by name select * from frame")
    con.unregister("frame")


def _stations(con: duckdb.DuckDBPyConnection) -> None:
    _insert(con, "clean.stations", [
        {**ORIGIN, "station_id": f"QC-S{n}", "area_code": "QC", "local_code": f"S{n}", "name": f"第{n}驿站", "class_code": kind,
         "host_unit": "某单位", "grid_id": "QC-G1" if n < 3 else "QC-G2", "lon": 116.4 + n / 1000, "lat": 39.9,
         "as_of": date(2023, 5, 31)}
        for n, kind in enumerate(("fixed", "integrated", "social", "social"), start=1)])  # fmt: skip


def _wave(con: duckdb.DuckDBPyConnection) -> None:
    _insert(con, "ref.waves", [{
        "wave_code": "w1", "area_code": "QC", "label_zh": "五月问卷", "label_en": "May survey", "platform_family": "wenjuanxing",
        "population_code": "attached", "mode_code": "qr", "opened_on": date(2023, 5, 1), "closed_on": date(2023, 5, 20),
        "period_code": "2023Q2", "frame_total": 1100, "consent_version": "v1", "purpose": "test", "legal_basis": "test", "retain_until": None, "is_simulated": True}])  # fmt: skip
    _insert(con, "ref.questions", [{"wave_code": "w1", "question_code": "q24", "sort_order": 24, "type_code": "text",
                                    "text_zh": "您还有什么话想说？", "text_en": "Anything else?"}])  # fmt: skip
    for place, (code, variable, zh, en) in enumerate(
        (("q5", "need", "需要什么", "What do you need"), ("q6", "met", "哪些得得到", "What do you get")), start=5
    ):
        _insert(con, "ref.questions", [{"wave_code": "w1", "question_code": code, "sort_order": place, "type_code": "multiple",
                                        "variable_code": variable, "text_zh": zh, "text_en": en}])  # fmt: skip
        _insert(con, "ref.options", [
            {"wave_code": "w1", "question_code": code, "item_code": "", "option_code": service, "number": number,
             "text_zh": LABELS.get(service, service), "text_en": service, "value_code": service}
            for number, service in enumerate(NEEDS, start=1)])  # fmt: skip


def _respondents(con: duckdb.DuckDBPyConnection) -> None:
    """60 valid answers, 40 couriers with weight 10, 20 riders with weight 20, 800 persons in all; 52 in grid cell 1, 8 in cell 2.

    The first of them need a service, and the first of these do not get it: by NEEDS.
    """
    one = {**ORIGIN, "wave_code": "w1", "area_code": "QC"}
    flags = dict.fromkeys(("is_straightliner", "is_attention_failed", "is_duplicate"), False)
    _insert(con, "clean.respondents", [
        {**one, **flags, "respondent_id": f"person{i:03d}", "mode_code": "qr", "grid_id": "QC-G1" if i < 52 else "QC-G2",
         "station_id": "QC-S1", "user_group_code": "courier" if i < 40 else "rider", "is_speeder": i < 2, "is_valid": True}
        for i in range(60)])  # fmt: skip
    _insert(con, "clean.respondent_weights", [
        {**one, "respondent_id": f"person{i:03d}", "weight_set_code": "poststratified", "weight": 10.0 if i < 40 else 20.0}
        for i in range(60)])  # fmt: skip
    _insert(con, "clean.answers", [
        {**one, "respondent_id": f"person{i:03d}", "question_code": question, "item_code": "", "option_code": service,
         "state": "answered", "value_number": float(chosen)}
        for i in range(60) for service, (need, unmet) in NEEDS.items()
        for question, chosen in (("q5", i < need), ("q6", unmet <= i < need))])  # fmt: skip


def _events(con: duckdb.DuckDBPyConnection) -> None:
    """May: 12 couriers charge at station 1 at ten o'clock; 3 couriers drink at station 2; a register without keys."""
    rows = [
        *[("QC-S1", "charging", f"key{i:02d}", 10) for i in range(12)] * 2,
        *[("QC-S1", "rest", f"key{i:02d}", 11) for i in range(11)],
        *[("QC-S2", "water", f"key{i:02d}", 14) for i in range(3)],
        *[("QC-S3", "water", None, 15)] * 30,
    ]
    _insert(con, "audit.source_files", [{"source_file_id": "f", "path": "小程序.csv", "sha256": "0", "bytes": 1, "family": "csv",
                                         "source_code": "log_mini_program", "is_simulated": True}])  # fmt: skip
    _insert(con, "clean.service_events", [
        {**ORIGIN, "event_id": f"e{i}", "event_kind_code": "use", "station_id": station, "area_code": "QC", "service_code": service,
         "used_at": datetime(2023, 5, 8 + i % 5, hour), "user_group_code": "courier" if key else "unknown", "courier_key": key,
         "n_visits": 1, "duration_minutes": 5.0, "outcome_code": "stocked_out" if i % 7 == 0 else "served", "source_row": i}
        for i, (station, service, key, hour) in enumerate(rows)])  # fmt: skip


def _table(con: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, object]]) -> None:
    frame = pl.DataFrame(rows, infer_schema_length=None)
    con.register("frame", frame)
    con.execute(f"create table mart.{name} as select * from frame")
    con.unregister("frame")


def _marts(con: duckdb.DuckDBPyConnection) -> None:
    here = {"area_code": "QC", "period_code": "2023Q2"}
    con.execute(
        "create table mart.periods as select 'QC' as area_code, '2023Q2' as period_code, date '2023-04-01' as starts_on, "
        "date '2023-06-30' as ends_on, date '2023-05-20' as last_on, "
        "date '2023-05-08' as first_event_on, date '2023-05-12' as last_event_on, true as is_partial"
    )
    _table(con, "period_waves", [{**here, "wave_code": "w1", "population_code": "attached", "n_respondents": 60}])
    _table(
        con,
        "open_answer_topics",
        [
            {
                **here,
                "wave_code": "w1",
                "population_code": "attached",
                "question_code": "q24",
                "topic_code": topic,
                "n_respondents": n,
                "n_answered": 45,
                "quotes": "希望晚上也开门" if topic in ("hours", "price") else None,
            }
            for topic, n in TOPICS.items()
        ],
    )
    _table(
        con,
        "staff_priorities",
        [
            {**here, "service_code": code, "n_stations": 4, "n_first": 1, "mean_rank": 1.0, "rank_order": rank}
            for rank, code in enumerate(("water", "charging", "legal_advice"), start=1)
        ],
    )
    _table(
        con,
        "service_supply",
        [
            {
                **here,
                "station_id": f"QC-S{s}",
                "service_code": code,
                "is_promised": code in ("water", "rest", "warm"),
                "is_offered": s < 3,
                "is_working": s != 2,
                "share_checks_met": 1.0,
                "n_checks": 1,
            }
            for s in range(1, 5)
            for code in NEEDS
        ],
    )
    con.execute(
        "create table mart.service_use_months as select area_code, station_id, service_code, user_group_code, "
        "cast(date_trunc('month', used_at) as date) as month_on, '2023Q2' as period_code, event_kind_code, "
        "sum(n_visits) as n_visits, sum(n_visits) filter (outcome_code = 'served') as n_served, "
        "sum(n_visits) filter (outcome_code <> 'served') as n_unserved, count(distinct courier_key) as n_keys "
        "from clean.service_events group by all"
    )
    con.execute(
        "create table mart.use_by_hour as select area_code, '2023Q2' as period_code, date '2023-05-01' as month_on, "
        "event_kind_code, user_group_code, isodow(used_at) >= 6 as is_weekend, cast(hour(used_at) as integer) as hour, "
        "sum(n_visits) as n_visits, count(distinct courier_key) as n_keys, 5 as n_days "
        "from clean.service_events group by all"
    )
    con.execute(
        "create table mart.service_use as select *, cast(date_trunc('hour', used_at) as timestamp) as hour_at, "
        "'2023Q2' as period_code from clean.service_events"
    )
    con.execute(
        "create table mart.visit_grains as select distinct station_id, area_code, cast(date_trunc('month', used_at) as date) "
        "as month_on, 'use' as event_kind_code, true as is_service_logged from clean.service_events"
    )
    _gaps(con, here)
    _profiles(con, here)
    _table(con, "funnel_use", [
        {"area_code": "QC", "month_on": date(2023, 5, 1), "event_kind_code": "use", "host_type_code": kind, "n_keys": 12, "n_keys_returned": 0}
        for kind in ("all", "unknown")])  # fmt: skip
    _table(
        con,
        "standards_progress",
        [
            {
                **here,
                "standard_code": code,
                "class_code": "fixed",
                "n_stations": 4,
                "n_met": met,
                "n_partly": 0,
                "n_not_met": 4 - met,
                "n_unknown": 0,
                "n_not_checked": 0,
            }
            for code, met in (("signage", 4), ("map_listed", 1))
        ],
    )
    _table(
        con,
        "survey_quality",
        [
            {
                **here,
                "wave_code": "w1",
                "user_group_code": "courier",
                "n_respondents": 60,
                "n_valid": 60,
                "n_speeder": 2,
                "n_straightliner": 0,
                "n_attention_failed": 0,
                "n_duplicate": 0,
                "n_contradiction": 0,
                "n_machine_timed": 0,
                "n_burst": 0,
                "n_any_flag": 2,
                "n_panel": 12,
            }
        ],
    )
    _table(
        con,
        "respondent_profile",
        [
            {
                **here,
                "wave_code": "w1",
                "variable_code": variable,
                "value_code": value,
                "n": n,
                "w": w,
                "n_frame": frame,
            }
            for variable, value, n, w, frame in (
                ("user_group", "courier", 40, 40.0, 500.0),
                ("user_group", "rider", 20, 40.0, 500.0),
                ("gender", "male", 45, 60.0, None),
                ("gender", "female", 12, 16.0, None),
                ("gender", "other", 3, 4.0, None),
            )
        ],
    )
    _table(
        con,
        "total_reconciliation",
        [
            {
                "area_code": "QC",
                "measure_code": "stations",
                "published": 60.0,
                "qualifier": "eq",
                "counted": 4.0,
                "agrees": False,
                "difference": -56.0,
                "label_zh": "驿站",
                "label_en": "stations",
                "source": "x",
                "as_of": "2023-05-14",
            }
        ],
    )
    _table(
        con,
        "row_accounts",
        [
            {
                "source_code": "station_ledger",
                "area_code": "QC",
                "n_files": 1,
                "n_read": 10,
                "n_clean": 4,
                "n_duplicate": 1,
                "n_rejected": 3,
                "n_set_aside": 2,
            }
        ],
    )


def _gaps(con: duckdb.DuckDBPyConnection, here: dict[str, object]) -> None:
    uses = {
        ("QC-S1", "charging"): (24, 12, 20),
        ("QC-S1", "rest"): (11, 11, 10),
        ("QC-S2", "water"): (3, 3, 3),
        ("QC-S3", "water"): (30, 0, 25),
    }
    rows = []
    for s in range(1, 5):
        for code in NEEDS:
            visits, keys, served = uses.get((f"QC-S{s}", code), (0, 0, 0)) if s < 4 else (None, None, None)
            rows.append(
                {
                    **here,
                    "station_id": f"QC-S{s}",
                    "grid_id": "QC-G1" if s < 3 else "QC-G2",
                    "class_code": ("fixed", "integrated", "social", "social")[s - 1],
                    "service_code": code,
                    "is_promised": code in ("water", "rest", "warm"),
                    "is_offered": s < 4 and code != "water",
                    "is_working": s != 2,
                    "n_checks": 1,
                    "share_checks_met": 1.0 if s != 2 else 0.0,
                    "n_visits": visits,
                    "n_keys": keys,
                    "n_served": served,
                    "n_stocked_out": None if visits is None else visits - served,
                    "n_refused": None if visits is None else 0,
                    "open_hours": 120.0 if s < 4 else None,
                    "stock_out_hours": 0.0 if s < 4 else None,
                    "n_facilities": 2 if code == "water" else None,
                    "n_facilities_working": (2 if s != 2 else 0) if code == "water" else None,
                    "is_map_listed": s == 1,
                    "wave_code": "w1",
                }
            )
    _table(con, "service_gap", rows)
    _table(
        con,
        "service_gap_by_grid",
        [
            {
                **here,
                "grid_id": grid,
                "service_code": code,
                "n_stations": 2,
                "n_stations_offering": 0 if code == "water" else 1,
                "n_stations_working": 0 if code == "water" else 1,
                "n_visits": 5,
                "n_keys": 5,
                "wave_code": "w1",
            }
            for grid in ("QC-G1", "QC-G2")
            for code in NEEDS
        ],
    )


def _profiles(con: duckdb.DuckDBPyConnection, here: dict[str, object]) -> None:
    """Stations 1 to 3 open 40 hours a week, station 4 tells no hours; station 1 is met on two standards."""
    con.execute(
        "create table mart.station_profiles as select s.station_id, s.area_code, '2023Q2' as period_code, s.name, s.class_code, "
        "s.grid_id, s.lon, s.lat, cast(5 as bigint) as n_services_offered, cast(5 as bigint) as n_services_working, "
        "case when s.station_id <> 'QC-S4' then 2400 end as open_minutes_per_week, cast(n_visits as bigint) as n_visits, n_keys, "
        "case when s.station_id = 'QC-S1' then 2 end as n_standards_met, 'w1' as wave_code, 'attached' as population_code, "
        "cast(case when s.station_id = 'QC-S1' then 60 else 0 end as bigint) as n_respondents from clean.stations as s left join "
        "(values ('QC-S1', 35, 12), ('QC-S2', 3, 3), ('QC-S3', 30, 0)) as u(station_id, n_visits, n_keys) using (station_id)"
    )
