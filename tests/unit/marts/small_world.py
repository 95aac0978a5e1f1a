"""A warehouse small enough to count on paper: one area, three stations, ten days of log, one wave of six answers.

station   hours (from Monday 2023-04-03)      logs
QC-S1     every day 08:00-12:00, 13:00-18:00  a door log and a use log
QC-S2     every day 09:00-17:00               a use log
QC-S3     not known                           none
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import duckdb
import polars as pl

from pipeline.warehouse.load import load
from tests.unit.warehouse.empty import build_marts, empty_warehouse

ORIGIN = {"source_file_id": "f", "source_sheet": "", "source_row": 1}
FIRST, LAST = date(2023, 4, 3), date(2023, 4, 12)
SERVICES = ("water", "charging", "rest")
BUILT: dict[str, duckdb.DuckDBPyConnection] = {}  # by what was told of them: many tests ask about the same one


def world(**more: list[dict]) -> duckdb.DuckDBPyConnection:
    """The small world with its marts, to read only; `more` adds rows to tables (`clean_closures=[…]`)."""
    told = repr(more)
    if told not in BUILT:
        BUILT[told] = build_world(more)
    return BUILT[told]


def build_world(more: dict[str, list[dict]]) -> duckdb.DuckDBPyConnection:
    """A new world with these rows."""
    tables = {
        "ref.areas": [{"area_code": "QC", "label_zh": "晴川", "label_en": "Qingchuan", "tz": "Asia/Shanghai"}],
        "ref.codes": [code("services", c, i) for i, c in enumerate(SERVICES)] + [code("standards", "signage", 0)],
        "clean.stations": [station("S1", "fixed", "G1"), station("S2", "social", "G1"), station("S3", "social", None)],
        "clean.grids": [
            {"grid_id": "QC-G1", "area_code": "QC", "label_zh": "一", "outline_wkt": "POLYGON ((0 0))", **ORIGIN}
        ],
        "clean.station_hours": [*hours("S1", 480, 720), *hours("S1", 780, 1080), *hours("S2", 540, 1020)],
    }
    for name, rows in more.items():
        schema, _, table = name.partition("_")
        tables.setdefault(f"{schema}.{table}", []).extend(rows)
    con = empty_warehouse()
    frames = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in tables.items() if rows}
    load(con, frames)
    build_marts(con)
    return con


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:
    return con.execute(sql).fetchall()


def code(book: str, name: str, order: int) -> dict:
    return {"list_code": book, "code": name, "label_zh": name, "label_en": name, "sort_order": order}


def station(local: str, kind: str, grid: str | None, **more: object) -> dict:
    return {
        "station_id": f"QC-{local}", "area_code": "QC", "local_code": local, "name": local, "class_code": kind,
        "grid_id": f"QC-{grid}" if grid else None, "as_of": FIRST, **ORIGIN, **more,
    }  # fmt: skip


def hours(local: str, opens: int, closes: int) -> list[dict]:
    return [
        {"station_id": f"QC-{local}", "area_code": "QC", "weekday": day, "opens_minute": opens, "closes_minute": closes,
         "access_mode_code": "staffed", "valid_from": FIRST, **ORIGIN}
        for day in range(1, 8)
    ]  # fmt: skip


def event(local: str, service: str | None, day: int, hour: int = 10, **more: object) -> dict:
    """One event on 2023-04-`day`; a door scan when it names no service."""
    return {
        "event_kind_code": "use" if service else "entry", "station_id": f"QC-{local}", "area_code": "QC",
        "service_code": service, "used_at": datetime(2023, 4, day, hour, 15), "user_group_code": "rider",
        "courier_key": "k1", "n_visits": 1, "outcome_code": "served", **ORIGIN, **more,
    }  # fmt: skip


def events() -> list[dict]:
    """3 April to 12 April. Door of S1: 4 scans by 2 riders. Uses at S1: water 3 (one out of stock), charging 1 by office
    staff. Uses at S2: rest 2 by one courier."""
    return [
        event("S1", None, 3), event("S1", None, 3, courier_key="k2"), event("S1", None, 4), event("S1", None, 12),
        event("S1", "water", 3), event("S1", "water", 3, courier_key="k2"),
        event("S1", "water", 4, outcome_code="stocked_out"),
        event("S1", "charging", 5, user_group_code="office_staff", courier_key="k9"),
        event("S2", "rest", 4, user_group_code="courier", courier_key="k3"),
        event("S2", "rest", 8, hour=22, user_group_code="courier", courier_key="k3", n_visits=2),
    ]  # fmt: skip


def interval(local: str, start: datetime, minutes: int | None, **more: object) -> dict:
    ended = start + timedelta(minutes=minutes) if minutes is not None else None
    return {"station_id": f"QC-{local}", "area_code": "QC", "started_at": start, "ended_at": ended, **ORIGIN, **more}


def wave(name: str = "w", population: str = "attached", closed: date = date(2023, 4, 10)) -> dict[str, list[dict]]:
    """A wave whose question q1 asks what is needed and q2 what one gets at work: water and charging."""
    questions = [("q1", "need"), ("q2", "met")]
    return {
        "ref_waves": [{
            "wave_code": name, "area_code": "QC", "label_zh": "波", "label_en": "wave", "platform_family": "wenjuanxing",
            "population_code": population, "mode_code": "qr", "opened_on": date(2023, 4, 3), "closed_on": closed,
            "period_code": "2023Q2", "consent_version": "1", "purpose": "p", "legal_basis": "test", "retain_until": None, "is_simulated": True,
        }],
        "ref_questions": [
            {"wave_code": name, "question_code": q, "sort_order": i, "type_code": "multiple", "variable_code": v, "text_zh": v}
            for i, (q, v) in enumerate(questions)
        ],
        "ref_options": [
            {"wave_code": name, "question_code": q, "item_code": "", "option_code": o, "text_zh": o, "value_code": o}
            for q, _ in questions for o in ("water", "charging", "none")
        ],
    }  # fmt: skip


def respondent(number: int, needs: str | None, gets: str | None, **more: object) -> tuple[dict, list[dict]]:
    """One respondent and the answers: `needs` and `gets` list ticked options, '' none of them, None left blank."""
    name = str(more.pop("wave_code", "w"))
    person = {
        "wave_code": name, "respondent_id": str(number), "area_code": "QC", "mode_code": "qr",
        "submitted_at": datetime(2023, 4, 9, 12), "duration_seconds": 120, "user_group_code": "rider",
        "station_id": None, "grid_id": None, "panel_key": None, "is_speeder": False, "is_straightliner": False,
        "is_attention_failed": False, "is_duplicate": False, "is_valid": True, "visits_per_week": None, **ORIGIN, **more,
    }  # fmt: skip
    answers = []
    for question, ticked in (("q1", needs), ("q2", gets)):
        for option in ("water", "charging", "none"):
            value = None if ticked is None else float(option in ticked.split())
            state = "blank" if ticked is None else "answered"
            answers.append({
                "wave_code": name, "respondent_id": str(number), "area_code": "QC", "question_code": question,
                "item_code": "", "option_code": option, "state": state, "value_number": value, **ORIGIN,
            })  # fmt: skip
    return person, answers


def survey(people: list[tuple[dict, list[dict]]], **weights: float) -> dict[str, list[dict]]:
    """Respondents and answers as tables; `weights` (r1=2.0 …) become the post-stratified weights of wave w."""
    return {
        "clean_respondents": [person for person, _ in people],
        "clean_answers": [answer for _, answers in people for answer in answers],
        "clean_respondent_weights": [
            {"wave_code": "w", "respondent_id": name[1:], "area_code": "QC", "weight_set_code": kind, "weight": weight, **ORIGIN}
            for name, value in weights.items()
            for kind, weight in (("equal", 1.0), ("poststratified", value))
        ],
    }  # fmt: skip
