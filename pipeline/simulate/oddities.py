"""Honest people who look like cheats: nobody of them may be flagged."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from pipeline.simulate.questionnaire import ITEMS
from pipeline.simulate.scored_wave import Field, Kind, Sheet, within
from pipeline.simulate.survey import NOT_SHOWN

KEPT = ("mode", "attention", "panel", "visits_per_week")


def quick_readers(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """Read fast, answer honestly: somewhat under half of the usual time."""
    return [field.sheet(rng) | {"_seconds": int(rng.integers(90, 125))} for _ in range(n)]


def content_people(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """Like everything: 5 in every plain row, 1 in every reversed one."""
    sheets = [field.sheet(rng) for _ in range(n)]
    for sheet in sheets:
        if sheet["entered"] == "1":
            marks = ["1" if item[2] else "5" for item in ITEMS]
            sheet |= {"experience": marks, "satisfaction": "5", "felt_welcome": "5"}
    return sheets


def leave_blanks(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """Leave out a third of the questions, in less time."""
    sheets = []
    for _ in range(n):
        sheet = field.sheet(rng)
        left = [key for key in sheet if not key.startswith("_") and key not in KEPT and sheet[key] != NOT_SHOWN]
        for key in left:
            if rng.random() < 0.33:
                del sheet[key]
        sheets.append(sheet | {"_seconds": round(sheet["_seconds"] * 0.75)})
    return sheets


def _like(field: Field, first: Sheet, rng: np.random.Generator) -> Sheet:
    """Somebody of the same occupation."""
    while (other := field.sheet(rng))["user_group"] != first["user_group"]:
        pass
    return other


def workmates(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """Crews of five with the same firm, shift, grid cell and station, who answer in the same break."""
    sheets: list[Sheet] = []
    while len(sheets) < n:
        while (first := field.sheet(rng))["station"] == NOT_SHOWN:
            pass
        shared = {key: first[key] for key in ("platform", "employment_type", "shift", "grid") if key in first}
        for at in within(field.moment(rng), 15, 5, rng):
            mate = _like(field, first, rng) | shared | {"_at": at}
            if mate["station"] != NOT_SHOWN:
                mate["station"] = first["station"]
            sheets.append(mate)
    return sheets[:n]


def one_phone(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """Couples who hand the same phone on: one after the other, same firm."""
    sheets: list[Sheet] = []
    while len(sheets) < n:
        first = field.sheet(rng)
        second = _like(field, first, rng)
        later = first["_at"] + timedelta(seconds=second["_seconds"] + int(rng.integers(10, 120)))
        sheets += [first, second | {"_at": later, "platform": first["platform"]}]
    return sheets[:n]


def activity_day(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """A crowd at an activity: twenty-five within ten minutes, on the Wi-Fi of one station."""
    sheets: list[Sheet] = []
    while len(sheets) < n:
        crowd = [field.sheet(rng) for _ in range(min(25, n))]
        sheets += [
            one | {"_at": at} for one, at in zip(crowd, within(field.moment(rng), 10, len(crowd), rng), strict=True)
        ]
    return sheets[:n]


def steady_interviews(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """An interviewer who asks one courier every twelve minutes or so, at an even pace."""
    at, sheets = field.moment(rng), []
    for _ in range(n):
        at += timedelta(seconds=int(rng.normal(720, 90)))
        sheets.append(field.sheet(rng) | {"mode": "intercept", "_at": at, "_seconds": int(rng.normal(300, 40))})
    return sheets


ODD: dict[str, Kind] = {
    "quick_readers": quick_readers,
    "content_people": content_people,
    "leave_blanks": leave_blanks,
    "workmates": workmates,
    "one_phone": one_phone,
    "activity_day": activity_day,
    "steady_interviews": steady_interviews,
}
