"""Cheats of a second set of unseen kinds: written after what the first set showed was mended."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from pipeline.simulate.cheats.first_unseen import by_margins, inside
from pipeline.simulate.cheats.tuned import FREE, drawn_sheet, skipped
from pipeline.simulate.questionnaire import ITEMS
from pipeline.simulate.scored_wave import Field, Kind, Sheet, within


def sawtooth(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """Down the page in steps of one or two options, from the first again at the end of a row: 1 3 5 2 4 1 …"""
    sheets = []
    for _ in range(n):
        sheet, place, step = by_margins(field, rng), int(rng.integers(5)), int(rng.integers(1, 3))
        for question in field.asked:
            if question.type == "single" and question.variable not in (*FREE, "aware"):
                sheet[question.variable] = question.options[place % min(5, len(question.options))].code
                place += step
        marks = [str((place + step * row) % 5 + 1) for row in range(len(ITEMS))]
        sheets.append(inside(sheet) | {"experience": marks})
    return sheets


def slow_guessers(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """Tick anything, in the usual time, and pass the attention check."""
    return [drawn_sheet(field, rng) for _ in range(n)]


def first_option(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """The first or the second option of everything, the grid included."""
    sheets = []
    for _ in range(n):
        sheet = by_margins(field, rng)
        for question in field.asked:
            if question.type == "single" and question.variable not in FREE:
                sheet[question.variable] = question.options[int(rng.random() < 0.15)].code
        sheets.append(skipped(sheet | {"experience": ["1"] * len(ITEMS)}))
    return sheets


def stitched(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """Half of one honest sheet and half of another: no whole is copied."""
    sheets = []
    for _ in range(n):
        one, other = (field.honest[place] for place in rng.integers(0, len(field.honest), 2))
        names = [question.variable for question in field.asked if question.variable not in FREE]
        sheet = {name: (one if rng.random() < 0.5 else other).get(name, one.get(name)) for name in names}
        whole = {name: value for name, value in sheet.items() if value is not None}
        usual = {
            "mode": "qr",
            "attention": "4",
            "_person": int(rng.integers(9000)),
            "_seconds": int(rng.lognormal(5.35, 0.38)),
        }
        for name in (
            "visits_per_week",
            "entered",
            "aware",
            "found",
            "open",
            "felt_welcome",
            "satisfaction",
            "experience",
        ):
            whole[name] = one.get(name, other.get(name, "1"))
        sheets.append(skipped(whole | usual | {"_at": field.moment(rng)}))
    return sheets


def on_the_minute(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """A scheduled program: a sheet at the full minute, at about every third minute of an hour or two."""
    start = field.moment(rng).replace(second=0)
    minutes = np.cumsum(rng.integers(1, 6, n))
    return [by_margins(field, rng) | {"_at": start + timedelta(minutes=int(minute))} for minute in minutes]


def click_farm(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """Hired hands in a room: a dozen or more within ten minutes, by guess, in about half of the usual time."""
    sheets: list[Sheet] = []
    while len(sheets) < n:
        crew = [by_margins(field, rng) | {"_seconds": int(rng.integers(70, 140))} for _ in range(max(12, min(20, n)))]
        sheets += [
            one | {"_at": at} for one, at in zip(crew, within(field.moment(rng), 10, len(crew), rng), strict=True)
        ]
    return sheets[:n]


MORE_UNSEEN: dict[str, Kind] = {
    "sawtooth": sawtooth,
    "slow_guessers": slow_guessers,
    "first_option": first_option,
    "stitched": stitched,
    "on_the_minute": on_the_minute,
    "click_farm": click_farm,
}
