"""The small district with more questions: hours, a scale, groups, satisfaction and Kano's pair, each countable by hand."""

from __future__ import annotations

import duckdb
import polars as pl

from tests.unit.findings.small_district import ORIGIN, _insert, district

SERVICES = ("charging", "water", "rest")
STEPS = ("like", "expect", "neutral", "tolerate", "dislike")


def asked_more() -> duckdb.DuckDBPyConnection:
    """60 people; 0–39 couriers weighing 10, 40–59 riders weighing 20.

    hours_per_day: couriers 8 or 10, riders 10 or 12, in turn. colour: a or b; the first 30 couriers and first 10 riders say a. team: three
    of 20 in turn. ready: all of team 0, half of team 1, one of team 2. Satisfaction: charging 1 or 3 in turn by all, water 4 by the first
    30 and 5 by the others, rest by 9 people. Kano on charging: 35 one-dimensional, 15 attractive, 10 must-be.
    """
    con = district()
    _insert(con, "ref.variables", [
        {"variable_code": code, "label_zh": code, "label_en": code, "meaning_zh": "", "meaning_en": "", "unit": "points", "type_codes": "matrix",
         "min_value": low, "max_value": high, "is_comparable": True, "is_of_place": False, "sort_order": place}
        for place, (code, low, high) in enumerate((("hours_per_day", 0.0, 24.0), ("service_satisfaction", 1.0, 5.0),
                                                   ("kano_functional", None, None), ("kano_dysfunctional", None, None)))])  # fmt: skip
    _number(con)
    _one(con, "colour", ("a", "b"), lambda i: "a" if i < 30 or 40 <= i < 50 else "b")
    _one(con, "team", ("0", "1", "2"), lambda i: str(i % 3))
    _one(con, "ready", ("yes", "no"), lambda i: "yes" if i % 3 == 0 or (i % 3 == 1 and i % 2 == 0) or i == 2 else "no")
    _matrix(con, "service_satisfaction", SERVICES, ("1", "2", "3", "4", "5"), _points)
    _matrix(con, "kano_functional", ("charging",), STEPS, lambda i, _: "like" if i < 50 else "expect")
    _matrix(con, "kano_dysfunctional", ("charging",), STEPS, lambda i, _: "dislike" if i < 35 or i >= 50 else "neutral")
    return con


def _points(i: int, service: str) -> str | None:
    """Points of person i; None: never used it."""
    return {"charging": str(1 + 2 * (i % 2)), "water": "4" if i < 30 else "5", "rest": "3" if i < 9 else None}[service]


def _number(con: duckdb.DuckDBPyConnection) -> None:
    _question(con, "hours_per_day", "number", ())
    _answers(con, "hours_per_day", [(i, "", float((8 if i < 40 else 10) + 2 * (i % 2)), None) for i in range(60)])


def _one(con: duckdb.DuckDBPyConnection, code: str, options: tuple[str, ...], of) -> None:
    _question(con, code, "single", options, variable=None)
    _answers(con, code, [(i, "", None, of(i)) for i in range(60)])


def _matrix(con: duckdb.DuckDBPyConnection, code: str, items: tuple[str, ...], options: tuple[str, ...], of) -> None:
    _question(con, code, "matrix", options, items)
    told = [
        (i, item, float(options.index(of(i, item)) + 1) if of(i, item) else None, of(i, item))
        for i in range(60)
        for item in items
    ]
    _answers(con, code, told)


def _question(
    con, code: str, kind: str, options: tuple[str, ...], items: tuple[str, ...] = (), variable: str | None = ""
) -> None:
    _insert(con, "ref.questions", [{"wave_code": "w1", "question_code": code, "sort_order": 40, "type_code": kind,
                                    "variable_code": code if variable == "" else variable, "text_zh": f"{code}？", "text_en": code}])  # fmt: skip
    rows = [("", option, number) for number, option in enumerate(options, 1)] + [(item, "", 0) for item in items]
    if rows:
        _insert(con, "ref.options", [{"wave_code": "w1", "question_code": code, "item_code": item, "option_code": option, "number": number,
                                      "text_zh": item or option, "text_en": item or option, "value_code": option or None}
                                     for item, option, number in rows])  # fmt: skip


def _answers(con, code: str, told: list[tuple[int, str, float | None, str | None]]) -> None:
    rows = [
        {**ORIGIN, "wave_code": "w1", "area_code": "QC", "respondent_id": f"person{i:03d}", "question_code": code, "item_code": item,
         "option_code": "", "state": "answered" if number is not None or text else "not_shown", "value_number": number, "value_text": text}
        for i, item, number, text in told
    ]  # fmt: skip
    con.register("frame", pl.DataFrame(rows, infer_schema_length=None))
    con.execute("insert into clean.answers by name select * from frame")
    con.unregister("frame")
