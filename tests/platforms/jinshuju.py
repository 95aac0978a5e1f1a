"""金数据: a workbook with one header row.

Confirmed in public code: 序号, 提交人, 提交时间, 修改时间, 填写时长, 填写设备, 操作系统, 浏览器, 填写地区, IP, 微信昵称, 微信头像, 微信OpenID, 微信性别,
扩展属性. Assumed: headings are the bare titles, ticked options joined by `，` (options may hold commas themselves), `题干-行` for rows of a
matrix, what was filled in as `其他：文字`. Left out: ranking and allocation (no such field is known).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.contracts import Question, Wave
from tests.platforms.answers import QUESTIONS, Answers, Pick, Sheet, is_missing, option_of
from tests.platforms.files import make_wave, with_extra, write_xlsx
from tests.platforms.naming import with_columns

LAYOUTS = ("xlsx",)
WITHOUT_FILLED = ()
LEFT_OUT = ("ranking", "allocation")
META = (
    "提交人", "提交时间", "修改时间", "填写时长", "填写设备", "操作系统", "浏览器", "填写地区", "IP", "微信昵称", "微信头像", "微信OpenID",
    "微信性别", "扩展属性",
)  # fmt: skip


def questions(layout: str = "xlsx") -> tuple[Question, ...]:
    """The questionnaire, columns by their titles."""
    asked = [question for question in QUESTIONS if question.type not in LEFT_OUT]
    return tuple(
        with_columns(
            question,
            question.text_zh,
            items={item.code: f"{question.text_zh}-{item.text}" for item in question.items},
        )
        for question in asked
    )


def wave(layout: str = "xlsx") -> Wave:
    """The wave that fits."""
    return make_wave("jinshuju", questions(layout), {"text": "**/小哥调查_*.xlsx"})


def write(folder: Path, answers: Answers, layout: str = "xlsx") -> dict[str, Path]:
    """The one file."""
    asked = questions(layout)
    heads = [column for question in asked for column in ([item.column for item in question.items] or [question.column])]
    rows: list[list[object]] = [["序号", *heads, *META]]
    for sheet in answers:
        cells = [cell for each in asked for cell in _cells(each, sheet.answers[each.code])]
        rows.append([sheet.number, *cells, *_meta(sheet)])
    return {"text": write_xlsx(folder / f"小哥调查_{len(answers)}.xlsx", {"小哥调查": with_extra(rows, answers)})}


def _meta(sheet: Sheet) -> list[object]:
    person, at = sheet.person, f"{sheet.ended:%Y-%m-%d %H:%M:%S}"
    took = f"{sheet.seconds // 60}分{sheet.seconds % 60}秒"
    picture = f"https://example.com/{person.openid}.png"
    who = [person.ip, person.nickname, picture, person.openid, "未知", person.phone]
    return [
        person.last_name + person.first_name,
        at,
        at,
        took,
        person.device,
        "DemoOS",
        "DemoBrowser",
        "北京北京市",
        *who,
    ]


def _cells(question: Question, answer: Any) -> list[object]:
    if is_missing(answer):
        return [""] * (len(question.items) or 1)
    match question.type:
        case "single" | "scale":
            return [_words(question, answer)]
        case "multiple":
            return ["，".join(_words(question, pick) for pick in answer)]
        case "matrix":
            return [option_of(question, option).text for option in answer.values()]
    return [answer]


def _words(question: Question, pick: Pick) -> str:
    text = option_of(question, pick.option).text
    return text if pick.text is None else f"{text}：{pick.text}"
