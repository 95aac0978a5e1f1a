"""Cheats of the kinds that the limits of the quality signs were tuned on."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from pipeline.contracts import Question
from pipeline.simulate.questionnaire import FUNNEL, ITEMS, NONE
from pipeline.simulate.scored_wave import Field, Kind, Sheet
from pipeline.simulate.survey import NOT_SHOWN

FREE = ("suggestion", "panel", "attention", "mode")


def skipped(sheet: Sheet) -> Sheet:
    """The sheet as the platform's skip logic lets it through, whoever fills it in."""
    if sheet["visits_per_week"] == "0":
        sheet["station"] = NOT_SHOWN
    shown = True
    for name, _, _ in FUNNEL:
        if not shown:
            sheet[name] = NOT_SHOWN
        shown = shown and sheet[name] == "1"
    if sheet["entered"] != "1":
        sheet |= dict.fromkeys(("felt_welcome", "satisfaction", "experience"), NOT_SHOWN)
    return sheet


def by_lot(question: Question, rng: np.random.Generator) -> object:
    """An answer with every option as likely as any other."""
    codes = [option.code for option in question.options]
    if question.type == "matrix":
        return [str(code) for code in rng.choice(codes, len(question.items))]
    if question.type == "multiple":
        ticked = [code for code in codes if code != NONE and code != "other" and rng.random() < 0.4]
        return (ticked or [NONE], None)
    if question.type == "number":
        return str(rng.integers(4, 15))
    return str(rng.choice(codes))


def drawn_sheet(field: Field, rng: np.random.Generator) -> Sheet:
    """A sheet filled in by lot, which passes the attention check."""
    sheet: Sheet = {
        question.variable: by_lot(question, rng) for question in field.asked if question.variable not in FREE
    }
    usual = {
        "mode": "qr",
        "attention": "4",
        "_person": int(rng.integers(9000)),
        "_seconds": int(rng.lognormal(5.35, 0.38)),
    }
    return skipped(sheet | usual | {"_at": field.moment(rng)})


def fast_clickers(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """Click at random in well under a minute; most miss the attention check."""
    sheets = [drawn_sheet(field, rng) for _ in range(n)]
    return [sheet | {"_seconds": int(rng.integers(12, 50)), "attention": str(rng.integers(1, 6))} for sheet in sheets]


def straight_down(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """An honest sheet up to the grid, then one mark all the way down, in the usual time."""
    sheets = []
    for _ in range(n):
        mark = str(rng.integers(2, 6))
        passed = {name: "1" for name, _, _ in FUNNEL}
        sheets.append(
            field.sheet(rng) | passed | {"experience": [mark] * len(ITEMS), "satisfaction": mark, "felt_welcome": mark}
        )
    return sheets


def exact_copies(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """An honest sheet sent again within the hour, without a key."""
    copies = []
    for place in rng.choice(len(field.honest), n, replace=False):
        copy = {key: value for key, value in field.honest[place].items() if key != "panel"}
        copies.append(copy | {"_at": copy["_at"] + timedelta(seconds=int(rng.integers(60, 3600)))})
    return copies


def repeated_keys(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """The same person again under the same key, on another day, with some answers changed."""
    sheets = []
    for place in rng.choice(len(field.honest), n, replace=False):
        first = field.honest[place]
        first.setdefault("panel", f"ZZ{1000 + place}")
        again = field.sheet(rng, first["_person"]) | {"panel": first["panel"]}
        later = first["_at"] + timedelta(seconds=int(rng.integers(600, 200000)))
        sheets.append(again | {"_at": later})
    return sheets


TUNED: dict[str, Kind] = {
    "fast_clickers": fast_clickers,
    "straight_down": straight_down,
    "exact_copies": exact_copies,
    "repeated_keys": repeated_keys,
}
