"""Cheats of a third set of unseen kinds: written after the second was mended."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from pipeline.simulate.cheats import by_lot, drawn_sheet, skipped
from pipeline.simulate.questionnaire import ASKED, ITEMS
from pipeline.simulate.scored_wave import Field, Kind, Sheet
from pipeline.simulate.unseen_cheats import by_margins, inside

OPINIONS = (
    "need",
    "met",
    "aware",
    "found",
    "open",
    "entered",
    "served",
    "returned",
    "felt_welcome",
    "satisfaction",
    "experience",
)


def pasted_batches(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """One made-up sheet sent six times over some days, each time under another key."""
    sheets: list[Sheet] = []
    while len(sheets) < n:
        made = by_margins(field, rng)
        for again in range(6):
            times = {"_at": field.moment(rng), "_seconds": int(rng.lognormal(5.35, 0.38))}
            sheets.append(made | times | {"panel": f"WW{len(sheets) * 7 + again:06d}"})
    return sheets[:n]


def one_time_taken(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """A program that waits three minutes, give or take a second, and fills in what people answer."""
    return [by_margins(field, rng) | {"_seconds": 180 + int(rng.integers(0, 2))} for _ in range(n)]


def tick_everything(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """Nearly every box and the top of every scale, the reversed rows included."""
    sheets = []
    for _ in range(n):
        boxes = {name: ([code for code in ASKED if rng.random() < 0.92] or ["none"], None) for name in ("need", "met")}
        sheets.append(
            inside(by_margins(field, rng), "5") | boxes | {"experience": [str(rng.integers(4, 6)) for _ in ITEMS]}
        )
    return sheets


def give_up_halfway(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """Honest facts; then the rest by lot, in a little over half of the time."""
    sheets = []
    for _ in range(n):
        sheet = field.sheet(rng)
        guessed = {q.variable: by_lot(q, rng) for q in field.asked if q.variable in OPINIONS}
        sheets.append(skipped(sheet | guessed | {"_seconds": round(sheet["_seconds"] * 0.6)}))
    return sheets


def guess_and_run(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """Everything by lot, in somewhat under half of the usual time, the attention check passed."""
    return [drawn_sheet(field, rng) | {"_seconds": int(rng.integers(60, 110))} for _ in range(n)]


def invented_colleagues(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """One person answers honestly, then for three made-up colleagues within the half-hour: other facts, the same needs and
    opinions."""
    sheets: list[Sheet] = []
    while len(sheets) < n:
        first = field.sheet(rng)
        field.honest.append(first)
        for again in range(1, 4):
            kept = {name: first[name] for name in (*OPINIONS, "visits_per_week", "station") if name in first}
            facts = {name: value for name, value in by_margins(field, rng).items() if name not in OPINIONS}
            made = facts | kept | {"panel": f"VV{len(sheets):06d}", "_at": first["_at"] + timedelta(minutes=8 * again)}
            sheets.append(made)
    return sheets[:n]


LAST_UNSEEN: dict[str, Kind] = {
    "pasted_batches": pasted_batches,
    "one_time_taken": one_time_taken,
    "tick_everything": tick_everything,
    "give_up_halfway": give_up_halfway,
    "guess_and_run": guess_and_run,
    "invented_colleagues": invented_colleagues,
}
