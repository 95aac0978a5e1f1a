"""What the second wave asks besides: satisfaction with each service used, and Kano pairs for four services."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.contracts.wave import Item, Option, Question
from pipeline.simulate.labels import label
from pipeline.simulate.opinions import CATEGORIES, KANO_ANSWERS, KANO_SERVICES, kano_pair
from pipeline.simulate.questionnaire import ASKED, NOT_SHOWN, WORDING, questions, scale
from pipeline.simulate.world import World

UNUSED = "unused"
UNUSED_TEXT, UNUSED_NUMBER = "没用过", 6
MATRICES = ("service_satisfaction", "kano_functional", "kano_dysfunctional")
FEEL = ("很喜欢", "理应如此", "无所谓", "可以忍受", "不喜欢")
WITH = {"charging": "站里能充电", "meal_heating": "站里能热饭", "cool": "夏天站里有空调", "water": "站里有水喝"}
WITHOUT = {"charging": "站里不能充电", "meal_heating": "站里不能热饭", "cool": "夏天站里没空调", "water": "站里没水喝"}


def questions_of(world: World, number: int) -> tuple[Question, ...]:
    """All questions of a wave (0 the first, 1 the second), the further ones at the end."""
    asked = questions(world)
    if number == 0:
        return asked
    last = len(asked)
    feel = tuple(
        Option(code=code, number=i, text=text, value=code)
        for i, (code, text) in enumerate(zip(KANO_ANSWERS, FEEL, strict=True), start=1)
    )
    points = tuple(
        Option(code=c, number=i, text=t, value=v) for i, (c, t, v) in enumerate(scale("很不满意", "很满意"), 1)
    )
    parts = (
        ("您用过的服务，满意吗？（没用过的选“没用过”）", "How satisfied are you with each service you have used?", WORDING, ASKED, points),
        ("如果是下面这样，您觉得怎么样？", "How would you feel if it were there?", WITH, KANO_SERVICES, feel),
        ("如果反过来是下面这样，您觉得怎么样？", "How would you feel if it were not?", WITHOUT, KANO_SERVICES, feel),
    )  # fmt: skip
    unused = {UNUSED_TEXT: NOT_SHOWN, str(UNUSED_NUMBER): NOT_SHOWN}
    return asked + tuple(
        Question(
            code=f"q{last + i}", number=last + i, type="matrix", variable=MATRICES[i - 1], text_zh=zh, text_en=en, options=options,
            items=tuple(Item(code=code, text=words[code], text_en=label("services", code, "en")) for code in codes),
            missing=unused if i == 1 else {},
        )
        for i, (zh, en, words, codes, options) in enumerate(parts, start=1)
    )  # fmt: skip


def add_opinions(rows: list[dict[str, Any]], world: World, rng: np.random.Generator) -> None:
    """Honest answers to the further questions, in place; services are not asked of those who never come."""
    opinions, codes = world.opinions, world.supply.codes
    for row in rows:
        person = row["_person"]
        row["service_satisfaction"] = [
            str(opinions.satisfaction[person, codes.index(code)])
            if opinions.used[person, codes.index(code)]
            else UNUSED
            for code in ASKED
        ]
        if row["visits_per_week"] == "0":
            row["service_satisfaction"] = NOT_SHOWN
        pairs = [kano_pair(CATEGORIES[category], rng) for category in opinions.kano[person]]
        row["kano_functional"], row["kano_dysfunctional"] = ([pair[side] for pair in pairs] for side in (0, 1))
        for name in MATRICES:
            if rng.random() < world.assumptions["survey"]["skip_item"] and row[name] != NOT_SHOWN:
                row.pop(name)


def spoil_opinions(rows: list[dict[str, Any]], rng: np.random.Generator) -> None:
    """How those who answer badly fill in the further questions: one mark all the way down, or by lot."""
    for row in rows:
        if row["_cheat"] == "straightliner":
            row |= _filled(row, [row["satisfaction"]], KANO_ANSWERS[:1], rng)
        elif row["_cheat"] == "attention_failed":
            row |= _filled(row, [str(mark) for mark in range(1, 6)], KANO_ANSWERS, rng)


def _filled(
    row: dict[str, Any], marks: list[str], feelings: tuple[str, ...], rng: np.random.Generator
) -> dict[str, Any]:
    filled: dict[str, Any] = {
        name: [str(feeling) for feeling in rng.choice(feelings, len(KANO_SERVICES))] for name in MATRICES[1:]
    }
    if row["visits_per_week"] != "0":
        filled[MATRICES[0]] = [str(mark) for mark in rng.choice(marks, len(ASKED))]
    return filled
