"""金数据: a workbook with one header row.

Nothing of it is confirmed by a public file. Assumed from its help pages and from forms it makes: 序号 first, one column per field headed by
the bare title without a number, ticked options joined by a comma `，`-free `, `, a matrix (多级/矩阵) with `题干-行`, what was filled in as
`其他：文字`, and behind the answers 提交人, 提交时间, 修改时间, 填写时长, 填写者IP, 微信昵称, 微信OpenID. Options may hold commas themselves. Left out: ranking and
allocation (there is no such field).
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
    "提交人", "提交时间", "修改时间", "填写时长", "填写者IP", "填写设备", "微信昵称", "微信OpenID", "微信性别", "扩展属性",
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
    return [
        person.last_name + person.first_name, at, at, f"{sheet.seconds // 60}分{sheet.seconds % 60}秒", person.ip,
        person.device, person.nickname, person.openid, "未知", person.phone,
    ]  # fmt: skip


def _cells(question: Question, answer: Any) -> list[object]:
    if is_missing(answer):
        return [""] * (len(question.items) or 1)
    match question.type:
        case "single" | "scale":
            return [_words(question, answer)]
        case "multiple":
            return [", ".join(_words(question, pick) for pick in answer)]
        case "matrix":
            return [option_of(question, option).text for option in answer.values()]
    return [answer]


def _words(question: Question, pick: Pick) -> str:
    text = option_of(question, pick.option).text
    return text if pick.text is None else f"{text}：{pick.text}"
