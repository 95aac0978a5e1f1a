"""Cheats of a fourth set of kinds, written last of all: neither rule nor limit was changed after they were scored."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from pipeline.simulate.questionnaire import ITEMS
from pipeline.simulate.scored_wave import Field, Kind, Sheet
from pipeline.simulate.survey import NOT_SHOWN
from pipeline.simulate.unseen_cheats import by_margins, inside


def mixed_copies(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """An honest sheet again on another day, under another key, the rows of its grid in another order."""
    sheets = []
    for place in rng.choice(len(field.honest), n, replace=False):
        copy = dict(field.honest[place])
        if copy["experience"] != NOT_SHOWN:
            copy["experience"] = [copy["experience"][row] for row in rng.permutation(len(ITEMS))]
        times = {"_at": field.moment(rng), "_seconds": int(rng.lognormal(5.35, 0.38))}
        sheets.append(copy | times | {"panel": f"UU{place:06d}"})
    return sheets


def left_and_right(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """The outer options by turns down the grid, whatever a row says; the rest by guess."""
    sheets = []
    for _ in range(n):
        first = int(rng.integers(2))
        marks = ["15"[(first + row) % 2] for row in range(len(ITEMS))]
        sheets.append(inside(by_margins(field, rng), "15"[first]) | {"experience": marks})
    return sheets


def about_every_minute(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """A program that sends what people answer every minute, some seconds sooner or later."""
    start = field.moment(rng)
    return [
        by_margins(field, rng) | {"_at": start + timedelta(seconds=60 * step + int(rng.integers(-8, 9)))}
        for step in range(n)
    ]


def hasty_truth(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """True answers, by and large, in half a minute: nothing can have been read."""
    return [field.sheet(rng) | {"_seconds": int(rng.integers(22, 42))} for _ in range(n)]


def middle_of_everything(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """The middle option of every scale and every row, in the usual time."""
    return [inside(field.sheet(rng), "3") | {"experience": ["3"] * len(ITEMS)} for _ in range(n)]


def same_key_otherwise(field: Field, n: int, rng: np.random.Generator) -> list[Sheet]:
    """The same person again under the same key, written another way; every opinion is another."""
    sheets = []
    for place in rng.choice(len(field.honest), n, replace=False):
        first = field.honest[place]
        key = str(first.setdefault("panel", f"TT{place:06d}"))
        again = field.sheet(rng, first["_person"]) | {"panel": f"{key[:2].lower()} {key[2:]}"}
        sheets.append(again | {"_at": first["_at"] + timedelta(hours=int(rng.integers(1, 60)))})
    return sheets


FINAL: dict[str, Kind] = {
    "mixed_copies": mixed_copies,
    "left_and_right": left_and_right,
    "about_every_minute": about_every_minute,
    "hasty_truth": hasty_truth,
    "middle_of_everything": middle_of_everything,
    "same_key_otherwise": same_key_otherwise,
}
