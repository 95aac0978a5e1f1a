"""A wave whose every sheet is known to be honest or not: what the quality signs are scored on. No part of the sample study."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from pipeline.contracts import Question, Wave
from pipeline.simulate.names import machine_addresses
from pipeline.simulate.questionnaire import questions
from pipeline.simulate.survey import PLANS, Answers, WavePlan, answer_sheet, field_moment
from pipeline.simulate.who_answers import weekly_visits
from pipeline.simulate.world import World

Sheet = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """What cheats and oddities draw on: the world, the plan of the wave, honest sheets already made, the questionnaire, the
    station visits a week of every person, and those who have not answered yet."""

    world: World
    plan: WavePlan
    honest: list[Sheet]
    asked: tuple[Question, ...]
    weekly: np.ndarray
    waiting: list[int]

    def moment(self, rng: np.random.Generator) -> datetime:
        """A time at which somebody answers."""
        return field_moment(self.plan, (self.plan.closed_on - self.plan.opened_on).days * 86400, rng)

    def sheet(self, rng: np.random.Generator, person: int | None = None) -> Sheet:
        """An honest sheet, of somebody who has not answered yet unless a person is named."""
        who = self.waiting.pop() if person is None else person
        made = answer_sheet(self.world, self.plan, who, "qr", self.weekly[who], rng)
        return made | {"_at": self.moment(rng), "_odd": ""}


Kind = Callable[[Field, int, np.random.Generator], list[Sheet]]


def scored_wave(
    world: World,
    n_honest: int,
    cheats: Mapping[str, tuple[Kind, int]],
    odd: Mapping[str, tuple[Kind, int]],
    rng: np.random.Generator,
) -> tuple[Wave, Answers]:
    """A wave of honest sheets, honest oddities and cheats, in order of submission. `_cheat` names the kind of a cheat, `_odd`
    that of an oddity; a kind gives about as many sheets as asked."""  # fmt: skip
    weekly, asked = weekly_visits(world), questions(world)
    plan = replace(PLANS[1], title=PLANS[1].title.format(area=world.area.name_zh))
    field = Field(world, plan, [], asked, weekly, [int(person) for person in rng.permutation(len(weekly))])
    field.honest.extend(field.sheet(rng) for _ in range(n_honest))
    rows: list[Sheet] = []
    for name, (kind, n) in odd.items():
        rows += [sheet | {"_odd": name, "_cheat": ""} for sheet in kind(field, n, rng)]
    for name, (kind, n) in cheats.items():
        rows += [sheet | {"_odd": "", "_cheat": name} for sheet in kind(field, n, rng)]
    rows += field.honest  # last: a kind may add the honest sheets that its own repeat
    rows.sort(key=lambda row: row["_at"])
    for address, row in zip(machine_addresses(rng, len(rows)), rows, strict=True):
        row["_address"] = address
    return _wave(plan, asked), Answers(plan, rows)


def _wave(plan: WavePlan, asked: tuple[Question, ...]) -> Wave:
    return Wave(
        code="scored", label_zh="打分用模拟波次", label_en="simulated wave for scoring", platform_family=plan.family,
        population_code="attached", mode_code="qr", opened_on=plan.opened_on, closed_on=plan.closed_on,
        consent_version="模拟", purpose="模拟", files={}, questions=asked,
    )  # fmt: skip


def within(start: datetime, minutes: float, n: int, rng: np.random.Generator) -> list[datetime]:
    """`n` times within some minutes of a start."""
    return [start + timedelta(seconds=int(second)) for second in np.sort(rng.integers(0, int(minutes * 60), n))]
