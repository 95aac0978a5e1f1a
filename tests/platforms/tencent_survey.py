"""腾讯问卷: a CSV in two layouts — one column per question with the ticked options joined, or a column per option.

Confirmed from public code: the bookkeeping columns. Assumed: headings `3.题干` and `3.题干:选项`, ┋ between answers, what was
filled in behind a colon or in 〖〗, UTF-8 with a byte order mark or GB18030, a matrix with `题干:行`. Nothing marks what was skipped:
an empty cell is blank unless the wave's `shown_if` says it was not asked. Every type is written; a ranking as `A→B`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.contracts import Question, Wave
from tests.platforms.answers import QUESTIONS, Answers, Sheet
from tests.platforms.files import make_wave, with_extra, write_csv
from tests.platforms.wenjuanxing import number_cells, text_cells

LAYOUTS = ("joined", "expanded")
WITHOUT_FILLED = ()
META = (
    "编号", "开始答题时间", "结束答题时间", "答题时长", "地理位置国家和地区", "地理位置省", "地理位置市", "用户类型", "用户标识",
    "昵称", "自定义字段", "IP", "UA", "Referrer",
)  # fmt: skip
MARKS = ("(空)", "(跳过)", -2, -3)


def questions(layout: str = "joined") -> tuple[Question, ...]:
    """The questionnaire."""
    return QUESTIONS


def wave(layout: str = "joined") -> Wave:
    """The wave that fits."""
    return make_wave("tencent_survey", QUESTIONS, {"text": "**/腾讯问卷*.csv"})


def write(folder: Path, answers: Answers, layout: str = "joined") -> dict[str, Path]:
    """The one file."""
    expanded = layout == "expanded"
    rows: list[list[object]] = [[*META, *(head for question in QUESTIONS for head in _headings(question, expanded))]]
    for sheet in answers:
        cells = [cell for each in QUESTIONS for cell in _cells(each, sheet.answers[each.code], expanded)]
        rows.append([*_meta(sheet), *("" if cell in MARKS else cell for cell in cells)])
    rows = with_extra(rows, answers)
    encoding = "gb18030" if expanded else "utf-8-sig"
    return {"text": write_csv(folder / "腾讯问卷_小哥调查_全部数据.csv", rows, encoding)}


def _meta(sheet: Sheet) -> list[object]:
    person = sheet.person
    took = f"{sheet.seconds // 60}分{sheet.seconds % 60}秒"
    times = [f"{at:%Y-%m-%d %H:%M:%S}" for at in (sheet.began, sheet.ended)]
    who = [person.openid, person.nickname, person.phone, person.ip, "ExampleBrowser/1.0", "https://example.com/"]
    return [sheet.number, *times, took, "中国", "北京市", "北京市", "微信用户", *who]


def _headings(question: Question, expanded: bool) -> list[str]:
    stem = f"{question.number}.{question.text_zh}"
    if question.items:
        return [f"{stem}:{item.text}" for item in question.items]
    if expanded and question.type in ("multiple", "allocation"):
        return [f"{stem}:{option.text}" for option in question.options]
    return [stem]


def _cells(question: Question, answer: Any, expanded: bool) -> list[object]:
    if expanded and question.type == "allocation":
        return number_cells(question, answer)
    if expanded and question.type == "multiple" and not isinstance(answer, str):
        picks = {pick.option: pick for pick in answer}
        return [
            text_cells(question, (picks[option.code],))[0] if option.code in picks else ""
            for option in question.options
        ]
    if expanded and question.type == "multiple":
        return [""] * len(question.options)
    return text_cells(question, answer)
