"""One questionnaire with every question type, and random answers to it: what every platform's writer starts from.

A sheet maps the code of a question to what was answered: a `Pick` (single, scale), a tuple of picks (multiple, ranking: in
the order ranked), a dict of item → option code (matrix) or option → amount (allocation), a text (text, date, place), a
number; or to BLANK (seen, left empty) or NOT_SHOWN (skipped by logic: `shown_if`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from pipeline.contracts import Item, Option, Question

BLANK, NOT_SHOWN = "blank", "not_shown"
STATES = (BLANK, NOT_SHOWN)

GROUPS = (
    Option("courier", "快递员", 1, value="courier"),
    Option("rider", "外卖骑手（专送、众包）", 2, value="rider"),
    Option("other", "其他【请注明】", 3, value="other_outdoor", fill_in=True),
)
SERVICES = (
    Option("charging", "手机充电、换电", 1, value="charging"),
    Option("water", "饮水, 热水(含冷水(夏季))", 2, value="water"),
    Option("meal_heating", "热饭/热菜", 3, value="meal_heating"),
    Option("other", "其他（请注明）", 4, fill_in=True),
    Option("none", "以上都没有", 5),
)
AGREE = tuple(Option(str(n), text, n) for n, text in enumerate(("不同意", "一般", "同意"), start=1))
ROWS = (Item("comfort", "环境舒适"), Item("works", "设备好用"), Item("far", "离我太远", reversed=True))
THREE = (Option("a", "充电", 1), Option("b", "饮水", 2), Option("c", "热饭", 3))
RIDERS = {"group": ("rider",)}
QUESTIONS = (
    Question("group", 1, "single", "您的职业是？", variable="user_group", options=GROUPS),
    Question("need", 3, "multiple", "您需要哪些服务（可多选，最多三项（含其他））", variable="need", options=SERVICES, missing_none="none"),
    Question("station_view", 4, "matrix", "您对驿站的看法", items=ROWS, options=AGREE),
    Question("depot_view", 6, "matrix", "您对网点的看法", items=ROWS, options=AGREE),
    Question("order", 7, "ranking", "请按重要程度排序😀", options=THREE),
    Question("happy", 9, "scale", "总体满意度", variable="satisfaction", options=tuple(Option(str(n), str(n), n) for n in range(1, 6))),
    Question("hours", 10, "number", "每天工作几小时", variable="hours_per_day", min=0, max=24),
    Question("remark", 12, "text", "还有什么建议"),
    Question("first_day", 13, "date", "第一次来驿站的日期"),
    Question("home", 15, "place", "您住在哪个区"),
    Question("uses", 16, "allocation", "每周各用几次", options=THREE),
    Question("vehicle", 17, "single", "您骑什么车", shown_if=RIDERS, options=(Option("own", "自己的", 1), Option("rented", "租的", 2))),
    Question("swaps", 20, "multiple", "您在哪里换电", shown_if=RIDERS, options=(Option("street", "路边", 1), Option("shop", "门店", 2))),
    Question("panel", 21, "text", "手机号后四位和生日", variable="panel", personal=True),
)  # fmt: skip
BY_CODE = {question.code: question for question in QUESTIONS}
REMARKS = (
    "多放几个充电口",
    "夏天太热，晚上早关门",
    "挺好的!",
    "希望有座位(靠窗)",
    "A座找不到；写清楚点",
    "3楼没有电梯",
    "谢谢 😀",
)
FILLED = ("修车", "雨衣、雨鞋", "打印, 复印", "寄存")
PLACES = ("北京-北京-朝阳区", "江苏-南京-鼓楼区", "河北-廊坊-三河市")


@dataclass(frozen=True)
class Pick:
    """One option, and what was written beside it."""

    option: str
    text: str | None = None


@dataclass(frozen=True)
class Person:
    """Who answered, as platforms note it; invented. `extra` are columns that nobody asked for, heading → value."""

    ip: str = "203.0.113.7"
    nickname: str = "小甲昵称"
    email: str = "jia@example.com"
    openid: str = "oDEMO00000001"
    device: str = "ee.example:dev00000001"
    first_name: str = "明演"
    last_name: str = "示"
    phone: str = "19000000001"
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """One respondent: number, times, person, answers by question code."""

    number: int
    began: datetime
    seconds: int
    person: Person
    answers: Mapping[str, Any]

    @property
    def ended(self) -> datetime:
        """When the sheet was handed in."""
        return self.began + timedelta(seconds=self.seconds)


Answers = tuple[Sheet, ...]


def draw_answers(n: int, seed: int = 1, *, persons: Mapping[int, Person] | None = None) -> Answers:
    """`n` random sheets; `persons` by number, where they matter."""
    rng = random.Random(seed)
    start = datetime(2023, 5, 8, 9, 5, 7)
    return tuple(
        Sheet(
            number=number,
            began=start + timedelta(minutes=7 * number),
            seconds=rng.randint(70, 900),
            person=(persons or {}).get(number, Person()),
            answers=draw_sheet(rng),
        )
        for number in range(1, n + 1)
    )


def draw_sheet(rng: random.Random) -> dict[str, Any]:
    """Random answers of one respondent, skip logic kept."""
    sheet: dict[str, Any] = {}
    for question in QUESTIONS:
        if not all(_picked(sheet.get(other)) & set(wanted) for other, wanted in question.shown_if.items()):
            sheet[question.code] = NOT_SHOWN
        elif rng.random() < 0.15:
            sheet[question.code] = BLANK
        else:
            sheet[question.code] = draw_answer(question, rng)
    return sheet


def _picked(answer: Any) -> set[str]:
    return {answer.option} if isinstance(answer, Pick) else set()


def draw_answer(question: Question, rng: random.Random) -> Any:
    """A random answer of the type the question has."""
    codes = [option.code for option in question.options]
    match question.type:
        case "single" | "scale":
            return _pick(question, rng.choice(codes), rng)
        case "multiple":
            if question.missing_none and rng.random() < 0.15:
                return (Pick(question.missing_none),)
            some = [code for code in codes if code != question.missing_none]
            ticked = set(rng.sample(some, rng.randint(1, len(some))))
            return tuple(_pick(question, code, rng) for code in some if code in ticked)
        case "matrix":
            return {item.code: rng.choice(codes) for item in question.items}
        case "ranking":
            return tuple(Pick(code) for code in rng.sample(codes, rng.randint(1, len(codes))))
        case "allocation":
            return {code: rng.randint(0, 9) for code in codes[:-1]} | {codes[-1]: rng.randint(1, 9)}
        case "number":
            return rng.choice([8, 10, 9.5, 0, 12])
        case "date":
            return (date(2023, 1, 1) + timedelta(days=rng.randint(0, 120))).isoformat()
        case "place":
            return rng.choice(PLACES)
    return "0001/1990-01-05" if question.personal else rng.choice(REMARKS)


def _pick(question: Question, code: str, rng: random.Random) -> Pick:
    option = option_of(question, code)
    return Pick(code, rng.choice(FILLED) if option.fill_in and rng.random() < 0.7 else None)


def option_of(question: Question, code: str) -> Option:
    """An option of a question by its code."""
    return next(option for option in question.options if option.code == code)


def is_missing(answer: Any) -> bool:
    """Whether nothing was answered: BLANK or NOT_SHOWN."""
    return isinstance(answer, str) and answer in STATES


def always_filled(answers: Answers) -> Answers:
    """The same sheets with something written beside every fill-in option that was picked."""
    return tuple(replace(sheet, answers={code: _filled(code, answer) for code, answer in sheet.answers.items()}) for sheet in answers)  # fmt: skip


def _filled(code: str, answer: Any) -> Any:
    if isinstance(answer, tuple):
        return tuple(_filled(code, pick) for pick in answer)
    if isinstance(answer, Pick) and answer.text is None and option_of(BY_CODE[code], answer.option).fill_in:
        return replace(answer, text="别的")
    return answer


def truth(questions: tuple[Question, ...], sheet: Sheet) -> Iterator[tuple[Any, ...]]:
    """What clean.answers must hold of one sheet: question, item, option, state, value_text, value_number."""
    for question in questions:
        yield from truth_of(question, sheet.answers[question.code])


def truth_of(question: Question, answer: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of one answer. A number beside a text, or beside a code of a scale, is its point."""
    codes = [option.code for option in question.options]
    kind, code = question.type, question.code
    if is_missing(answer):
        if kind in ("multiple", "ranking", "allocation"):
            yield from ((code, "", option, answer, None, None) for option in codes)
        else:
            yield from ((code, item, "", answer, None, None) for item in [item.code for item in question.items] or [""])
    elif question.personal:
        yield (code, "", "", "answered", None, None)
    elif kind in ("single", "scale"):
        point = float(option_of(question, answer.option).number) if kind == "scale" else None
        yield (code, "", "", "answered", answer.option, point)
        if answer.text is not None:
            yield (code, "", answer.option, "answered", answer.text, None)
    elif kind == "multiple":
        ticked = {pick.option: pick.text for pick in answer}
        yield from ((code, "", option, "answered", ticked.get(option), float(option in ticked)) for option in codes)
    elif kind == "ranking":
        rank = {pick.option: float(place) for place, pick in enumerate(answer, start=1)}
        yield from ((code, "", option, "answered", None, rank.get(option)) for option in codes)
    elif kind == "matrix":
        points = {option.code: float(option.number) for option in question.options}
        yield from ((code, item, "", "answered", option, points[option]) for item, option in answer.items())
    elif kind == "allocation":
        yield from ((code, "", option, "answered", None, float(amount)) for option, amount in answer.items())
    elif kind == "number":
        yield (code, "", "", "answered", None, float(answer))
    else:
        yield (code, "", "", "answered", answer, None)
