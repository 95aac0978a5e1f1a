"""Who answers a wave and what they say: a poster sample that sees frequent visitors more, an off-station intercept
sample, and a few who answer badly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from pipeline.simulate.names import machine_addresses
from pipeline.simulate.questionnaire import ASKED, FUNNEL, ITEMS, NONE, NOT_SHOWN, OTHER
from pipeline.simulate.second_wave import add_opinions, spoil_opinions
from pipeline.simulate.who_answers import draw_respondents, wanted_sample, weekly_band, weekly_visits
from pipeline.simulate.world import World

REMARKS = (
    "希望晚上也开门",
    "多放几个插座",
    "热水经常没有",
    "微波炉要排队",
    "挺好的",
    "希望能停电动车",
    "找了半天没找到门",
    "谢谢",
)
OTHERS = ("修车工具", "打气筒", "雨衣", "换电池", "停车的地方")


@dataclass(frozen=True)
class WavePlan:
    """One wave: its need season, quarter, platform of export, field days and name."""

    number: int
    period: str
    family: str
    opened_on: date
    closed_on: date
    title: str


PLANS = (
    WavePlan(0, "2023Q1", "tencent_survey", date(2023, 3, 6), date(2023, 3, 19), "2023年3月{area}小哥服务需求调查"),
    WavePlan(1, "2023Q2", "wenjuanxing", date(2023, 5, 4), date(2023, 5, 18), "2023年5月{area}小哥服务需求调查"),
)


@dataclass(frozen=True)
class Answers:
    """`rows` one dict per respondent in order of submission: variable → answer. A missing key is a blank, NOT_SHOWN a
    question skipped by logic. Keys that start with `_` are metadata; `_cheat` is truth and goes to no raw file."""

    plan: WavePlan
    rows: list[dict[str, Any]]


def answer_waves(world: World, rng: np.random.Generator, further: np.random.Generator) -> list[Answers]:
    """Both waves; some of the first answer again in the second. `further`: luck of what only the second asks."""
    plans = [replace(plan, title=plan.title.format(area=world.area.name_zh)) for plan in PLANS]
    first = _wave(world, plans[0], np.ones(world.people.table.height), rng, further)
    answered = np.array(sorted({row["_person"] for row in first.rows}))
    again = rng.random(len(answered)) < world.assumptions["survey"]["panel_again"]
    urge = np.ones(world.people.table.height)  # who answered once either comes back for the sequel or has had enough
    urge[answered] = np.where(again, 3.0, 0.1)
    return [first, _wave(world, plans[1], urge, rng, further)]


def _wave(
    world: World, plan: WavePlan, urge: np.ndarray, rng: np.random.Generator, further: np.random.Generator
) -> Answers:
    figures = world.assumptions["survey"]
    attached = np.flatnonzero(world.people.table["is_attached"].to_numpy())
    weekly = weekly_visits(world)
    wanted = wanted_sample(world, plan.number)
    poster, intercept = draw_respondents(attached, weekly[attached], urge[attached], figures, wanted, rng)
    rows = [answer_sheet(world, plan, int(person), "qr", weekly[person], rng) for person in poster]
    rows += [answer_sheet(world, plan, int(person), "intercept", weekly[person], rng) for person in intercept]
    if plan.number:
        add_opinions(rows, world, further)
    _cheat(rows, figures, rng)
    if plan.number:
        spoil_opinions(rows, further)
    seconds = (plan.closed_on - plan.opened_on).days * 86400
    for row in rows:
        row.setdefault("_at", field_moment(plan, seconds, rng))
    rows.sort(key=lambda row: row["_at"])
    _mark_later_twins(rows)
    for address, row in zip(machine_addresses(rng, len(rows)), rows, strict=True):
        row["_address"] = address
    return Answers(plan, rows)


def field_moment(plan: WavePlan, seconds: int, rng: np.random.Generator) -> datetime:
    """A time of day at which couriers answer, on one of the field days."""
    day = int(rng.integers(0, seconds // 86400 + 1))
    hour = float(np.clip(rng.choice([10, 14.5, 20.5]) + rng.normal(0, 1.3), 7, 23))
    return datetime.combine(plan.opened_on, datetime.min.time()) + timedelta(days=day, seconds=int(hour * 3600))


def answer_sheet(
    world: World, plan: WavePlan, person: int, mode: str, weekly: float, rng: np.random.Generator
) -> dict[str, Any]:
    """The honest sheet of one person who comes to a station `weekly` times a week; without a time of submission."""
    known = world.people.table.row(person, named=True)
    visits = weekly_band(weekly)
    row: dict[str, Any] = {"_person": person, "_seconds": int(rng.lognormal(5.35, 0.38)), "mode": mode, "_cheat": ""}
    for name in ("user_group", "platform", "employment_type", "shift", "gender", "age_band"):
        row[name] = known[name]
    if known["platform"] == "other":
        row["platform_text"] = str(rng.choice(["同城跑腿丁", "生鲜配送戊", ""]))
    row["hours_per_day"] = _hours_text(known["hours_per_day"], rng)
    row["grid"] = f"G{known['cell'] + 1:02d}"
    row["visits_per_week"] = visits
    uses = visits != "0"
    row["station"] = world.stations.table["local_code"][known["main_station"]] if uses else NOT_SHOWN
    row["need"] = _ticked(world, world.people.need[plan.number, person], rng)
    row["met"] = _ticked(world, world.people.met[plan.number, person], rng, other=0.0)
    _funnel(row, world, known["main_station"], uses, rng)
    _opinions(row, world, known["main_station"], rng)
    row["attention"] = "4"
    if rng.random() < 0.16:
        row["suggestion"] = str(rng.choice(REMARKS)) + ("，电话10012345678" if rng.random() < 0.08 else "")
    if rng.random() < 0.72:
        code = known["panel_code"]
        row["panel"] = code.lower() if rng.random() < 0.15 else code
    for name in ("shift", "gender", "age_band", "hours_per_day", "grid", "need", "met", "satisfaction"):
        if rng.random() < world.assumptions["survey"]["skip_item"] and row.get(name) != NOT_SHOWN:
            row.pop(name)
    return row


def _hours_text(hours: float, rng: np.random.Generator) -> str:
    plain = f"{hours:g}"
    style = int(rng.integers(0, 12))
    full = plain.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
    return {0: f"{plain}小时", 1: full, 2: f"约{plain}"}.get(style, plain)


def _ticked(
    world: World, has: np.ndarray, rng: np.random.Generator, other: float = 0.05
) -> tuple[list[str], str | None]:
    """Ticked option codes, and what was filled in beside "other"."""
    codes = [code for code in ASKED if has[world.supply.codes.index(code)]]
    filled = None
    if rng.random() < other:
        codes.append(OTHER)
        filled = str(rng.choice(OTHERS)) if rng.random() < 0.85 else ""
    return (codes or [NONE], filled)


def _funnel(row: dict[str, Any], world: World, station: int, uses: bool, rng: np.random.Generator) -> None:
    """Each step is asked only of those who passed the one before."""
    works = float(world.supply.works[station].sum() / max(1, world.supply.exists[station].sum()))
    chances = dict(world.assumptions["funnel"])
    chances["served"] += 0.6 * works
    shown = True
    for name, _, _ in FUNNEL:
        if not shown:
            row[name] = NOT_SHOWN
            continue
        sure = uses and name in ("aware", "found", "entered")
        row[name] = "1" if sure or (rng.random() < chances[name]) else "2"
        if not uses and name == "entered":
            row[name] = "2" if rng.random() < 0.8 else "1"
        shown = row[name] == "1" or (uses and name == "open")


def _opinions(row: dict[str, Any], world: World, station: int, rng: np.random.Generator) -> None:
    if row["entered"] != "1":
        row.update({"felt_welcome": NOT_SHOWN, "satisfaction": NOT_SHOWN, "experience": NOT_SHOWN})
        return
    social = world.stations.table["class_code"][station] == "social"
    mood = rng.normal(3.9 - 0.5 * social, 0.7)
    row["felt_welcome"] = str(int(np.clip(round(mood + rng.normal(0, 0.4)), 1, 5)))
    row["satisfaction"] = str(int(np.clip(round(mood + rng.normal(0.1, 0.5)), 1, 5)))
    scale = [mood + rng.normal(0, 0.8) for _ in ITEMS]
    marks = [6 - x if item[2] else x for item, x in zip(ITEMS, scale, strict=True)]
    row["experience"] = [str(int(np.clip(round(mark), 1, 5))) for mark in marks]
    if len(set(row["experience"])) == 1:  # an honest answer to reversed rows is not all the same
        row["experience"][1] = str(6 - int(row["experience"][0])) if row["experience"][0] != "3" else "2"


def _cheat(rows: list[dict[str, Any]], figures: dict[str, float], rng: np.random.Generator) -> None:
    """Turn some answers bad, in place: too fast, all the same, inattentive, and sent twice."""
    order = rng.permutation(len(rows))
    shares = ("speeders", "straightliners", "inattentive", "duplicates")
    counts = [max(1, round(figures[name] * len(rows))) for name in shares]
    bounds = np.cumsum([0, *counts])
    fast, flat, careless, _ = (order[bounds[i] : bounds[i + 1]] for i in range(4))
    twice = [i for i in order[bounds[3] :] if rows[i]["mode"] == "qr"][: counts[3]]
    for i in fast:
        rows[i] |= {"_cheat": "speeder", "_seconds": int(rng.integers(18, 48))}
    for i in flat:
        mark = str(rng.integers(3, 6))
        rows[i] |= {
            "_cheat": "straightliner",
            "experience": [mark] * len(ITEMS),
            "entered": "1",
            "served": "1",
            "returned": "1",
        }
        rows[i] |= {"aware": "1", "found": "1", "open": "1", "felt_welcome": mark, "satisfaction": mark}
    for i in careless:
        rows[i] |= {"_cheat": "attention_failed", "attention": str(rng.integers(1, 4))}
    for i in twice:
        rows[i].setdefault("panel", f"ZZ{1000 + i}")
        copy = {name: value for name, value in rows[i].items() if name != "_at"}
        rows.append(copy | {"_cheat": "duplicate"})


def _mark_later_twins(rows: list[dict[str, Any]]) -> None:
    """Of two answers of one person the later one, in order of submission, is the duplicate."""
    twins = {row["_person"] for row in rows if row["_cheat"] == "duplicate"}
    seen = set()
    for row in rows:
        if row["_person"] in twins:
            row["_cheat"] = "duplicate" if row["_person"] in seen else ""
            seen.add(row["_person"])
