"""Cheats of kinds that the limits of the quality signs were not tuned on: written after the limits stood."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from pipeline.simulate.cheats.tuned import FREE, skipped
from pipeline.simulate.questionnaire import ASKED, FUNNEL, ITEMS
from pipeline.simulate.scored_wave import Field, Kind, Sheet
from pipeline.simulate.survey import NOT_SHOWN

ZIGZAG = ("1", "2", "3", "4", "5", "4", "3", "2")
CHANGEABLE = ("shift", "age_band", "hours_per_day", "felt_welcome", "satisfaction", "visits_per_week")


def by_margins(field: Field, rng: np.random.Generator) -> Sheet:
    """A sheet filled in question by question with the answers that people give, each from another sheet; every tick and
    every row of the grid is drawn apart, too."""

    def given(name: str) -> object:
        while (value := field.honest[rng.integers(len(field.honest))].get(name, NOT_SHOWN)) == NOT_SHOWN:
            pass
        return value

    sheet: Sheet = {
        question.variable: given(question.variable) for question in field.asked if question.variable not in FREE
    }
    for name in ("need", "met"):
        ticked = [code for code in ASKED if code in given(name)[0]]  # type: ignore[index]
        sheet[name] = (ticked or ["none"], None)
    sheet["experience"] = [given("experience")[row] for row in range(len(ITEMS))]  # type: ignore[index]
    usual = {
        "mode": "qr",
        "attention": "4",
        "_person": int(rng.integers(9000)),
        "_seconds": int(rng.lognormal(5.35, 0.38)),
    }
    return skipped(sheet | usual | {"_at": field.moment(rng)})


def inside(sheet: Sheet, mark: str = "4") -> Sheet:
    """The sheet of somebody who has been inside, so that the grid is shown."""
    shown = {name: "1" for name, _, _ in FUNNEL}
    return sheet | shown | {"felt_welcome": mark, "satisfaction": mark}


def zigzag(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """Up and down the columns — 1 2 3 4 5 4 … — in the grid and wherever options stand in a row; the usual time."""
    sheets = []
    for _ in range(n):
        sheet, at = by_margins(field, rng), int(rng.integers(len(ZIGZAG)))
        for place, question in enumerate(
            q for q in field.asked if q.type == "single" and q.variable not in (*FREE, "aware")
        ):
            step = int(ZIGZAG[(at + place) % len(ZIGZAG)]) - 1
            sheet[question.variable] = question.options[step % len(question.options)].code
        marks = [ZIGZAG[(at + row) % len(ZIGZAG)] for row in range(len(ITEMS))]
        sheets.append(inside(sheet) | {"experience": marks})
    return sheets


def near_copies(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """An honest sheet again within two days, one or two answers changed, under another key, in another time."""
    sheets = []
    for place in rng.choice(len(field.honest), n, replace=False):
        copy = dict(field.honest[place])
        shown = [name for name in CHANGEABLE if copy.get(name, NOT_SHOWN) != NOT_SHOWN]
        for name in rng.choice(shown, int(rng.integers(1, 3)), replace=False):
            others = [sheet[name] for sheet in field.honest[:200] if sheet.get(name, NOT_SHOWN) != NOT_SHOWN]
            copy[str(name)] = others[rng.integers(len(others))]
        later = copy["_at"] + timedelta(seconds=int(rng.integers(60, 172_800)))
        sheets.append(copy | {"_at": later, "panel": f"YY{place:06d}", "_seconds": int(rng.lognormal(5.35, 0.38))})
    return sheets


def clockwork(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """A program that fills in what people answer, takes as long as people take, and sends a sheet every 97 seconds."""
    start = field.moment(rng)
    return [by_margins(field, rng) | {"_at": start + timedelta(seconds=97 * step)} for step in range(n)]


def bots_by_margins(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """A program that fills in what people answer, question by question, at any time and in the usual time."""
    return [by_margins(field, rng) for _ in range(n)]


def edge_speeders(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """Hurry through by guess: between a fifth and half of the usual time."""
    return [by_margins(field, rng) | {"_seconds": int(rng.integers(45, 100))} for _ in range(n)]


def thrice(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """One person who answers three times within the hour, each time under another key: the second and third sheet. Facts
    stay as they are; a few opinions come out differently."""
    sheets: list[Sheet] = []
    while len(sheets) < n:
        first = field.sheet(rng)
        field.honest.append(first)
        for again in (1, 2):
            sheet = dict(first) | {"panel": f"XX{len(sheets):06d}", "_seconds": int(rng.lognormal(5.1, 0.3))}
            if sheet["experience"] != NOT_SHOWN:
                moved = [
                    str(int(np.clip(int(mark) + rng.choice([-1, 0, 0, 0, 1]), 1, 5))) for mark in sheet["experience"]
                ]
                sheet["experience"] = moved
            ticked = (
                [code for code in ASKED if (code in sheet["need"][0]) != (rng.random() < 0.05)]
                if "need" in sheet
                else []
            )
            sheet["need"] = (ticked or ["none"], None)
            sheets.append(
                sheet | {"_at": first["_at"] + timedelta(minutes=15 * again, seconds=int(rng.integers(0, 300)))}
            )
    return sheets[:n]


def attentive_straight_lines(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """One mark down the grid and on every scale, slowly, with the attention check passed; the rest by guess."""
    sheets = []
    for _ in range(n):
        mark = str(rng.integers(3, 6))
        sheet = inside(by_margins(field, rng), mark)
        sheets.append(sheet | {"experience": [mark] * len(ITEMS), "_seconds": int(rng.lognormal(5.5, 0.3))})
    return sheets


UNSEEN: dict[str, Kind] = {
    "zigzag": zigzag,
    "near_copies": near_copies,
    "clockwork": clockwork,
    "bots_by_margins": bots_by_margins,
    "edge_speeders": edge_speeders,
    "thrice": thrice,
    "attentive_straight_lines": attentive_straight_lines,
}
