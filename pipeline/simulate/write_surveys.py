"""Survey exports: a Tencent-survey CSV in GB18030, and a Wenjuanxing pair by text and by number."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from pipeline.contracts.wave import Option, Question
from pipeline.simulate.defects import Record
from pipeline.simulate.second_wave import UNUSED, UNUSED_NUMBER, UNUSED_TEXT, questions_of
from pipeline.simulate.survey import NOT_SHOWN, Answers
from pipeline.simulate.workbook import Row, Sheet, write_workbook
from pipeline.simulate.world import World

SKIPPED_TEXT, BLANK_TEXT = "(跳过)", "(空)"
SKIPPED_NUMBER, BLANK_NUMBER = -3, -2
META = ("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP")


def write_surveys(world: World, waves: list[Answers], record: Record, rng: np.random.Generator) -> None:
    """The export files of both waves."""
    for answers in waves:
        asked = questions_of(world, answers.plan.number)
        if answers.plan.family == "wenjuanxing":
            _write_pair(answers, asked, record, rng)
        else:
            _write_tencent(answers, asked, record, rng)


def export_names(answers_plan: Any) -> dict[str, str]:
    """Globs of the export files of a wave, by form."""
    if answers_plan.family == "wenjuanxing":
        return {
            "text": f"调查/*_按文本_{answers_plan.title}_*.xlsx",
            "number": f"调查/*_按序号_{answers_plan.title}_*.xlsx",
        }
    return {"text": f"调查/*{answers_plan.title}*.csv"}


def _text(question: Question, row: dict[str, Any]) -> list[str]:
    """The cells of one question in an export by text (a matrix has one per row)."""
    value = row.get(question.variable)
    width = len(question.items) or 1
    if value is None or value == NOT_SHOWN:
        return [BLANK_TEXT if value is None else SKIPPED_TEXT] * width
    if question.type == "matrix":
        return [UNUSED_TEXT if mark == UNUSED else _option(question, mark).text for mark in value]
    if question.type == "multiple":
        codes, filled = value
        return ["┋".join(_filled(_option(question, code), filled) for code in codes)]
    if question.type == "single":
        return [_filled(_option(question, value), row.get(f"{question.variable}_text"))]
    return [str(value)]


def _numbers(question: Question, row: dict[str, Any]) -> list[Any]:
    """The cells of one question in an export by number (a multiple question has one 0/1 per option)."""
    value = row.get(question.variable)
    width = len(question.options) if question.type == "multiple" else len(question.items) or 1
    if value is None or value == NOT_SHOWN:
        missing = BLANK_NUMBER if value is None else SKIPPED_NUMBER
        return [missing] * width
    if question.type == "matrix":
        return [UNUSED_NUMBER if mark == UNUSED else _option(question, mark).number for mark in value]
    if question.type == "multiple":
        return [int(option.code in value[0]) for option in question.options]
    if question.type == "single":
        return [_option(question, value).number]
    return [str(value)]


def _option(question: Question, code: str) -> Option:
    return next(option for option in question.options if option.code == code)


def _filled(option: Option, text: str | None) -> str:
    return f"{option.text}〖{text}〗" if option.fill_in and text else option.text


def _text_headings(asked: tuple[Question, ...]) -> list[str]:
    heads = []
    for question in asked:
        stem = f"{question.number}、{question.text_zh}"
        if question.type == "matrix":
            heads += [f"{stem}—{question.items[0].text}", *[item.text for item in question.items[1:]]]
        else:
            heads.append(stem + (" " if question.number % 7 == 0 else ""))
    return heads


def _number_headings(asked: tuple[Question, ...]) -> list[str]:
    heads = []
    for question in asked:
        if question.type == "multiple":
            texts = [option.text for option in question.options]
            heads += [
                f"{question.number}、{question.text_zh}({texts[0]})",
                *[f"{question.number}、({text})" for text in texts[1:]],
            ]
        else:
            heads += _text_headings((question,))
    return heads


def text_export(answers: Answers, asked: tuple[Question, ...]) -> tuple[list[str], list[list[str]]]:
    """Headings and cells of a Wenjuanxing export by text, as strings; respondents are numbered from 1."""
    cells = [
        [str(number), _wjx_time(row["_at"]), f"{row['_seconds']}秒", *_origin(row, number),
         *(cell for question in asked for cell in _text(question, row))]
        for number, row in enumerate(answers.rows, start=1)
    ]  # fmt: skip
    return [*META, *_text_headings(asked)], cells


def _write_pair(answers: Answers, asked: tuple[Question, ...], record: Record, rng: np.random.Generator) -> None:
    n = len(answers.rows)
    serials = np.arange(1, n + 1) + np.cumsum(rng.random(n) < 0.008)  # deleted answers leave gaps
    for form, headings, cells in (
        ("按文本", _text_headings(asked), _text),
        ("按序号", _number_headings(asked), _numbers),
    ):
        columns = (*META, *headings)
        rows = []
        for number, row in zip(serials, answers.rows, strict=True):
            values = [int(number), _wjx_time(row["_at"]), f"{row['_seconds']}秒", *_origin(row, int(number))]
            for question in asked:
                values += cells(question, row)
            rows.append(Row(dict(zip(columns, values, strict=True)), _bad(row, form)))
        file = f"调查/230518_{form}_{answers.plan.title}_{n}_{n}.xlsx"
        write_workbook(record, file, [Sheet("Sheet1", columns, rows)])


def _bad(row: dict[str, Any], form: str) -> tuple[tuple[str, str], ...]:
    return (("", f"flag_{row['_cheat']}"),) if row["_cheat"] and form == "按文本" else ()


def _wjx_time(at: datetime) -> str:
    return f"{at.year}/{at.month}/{at.day} {at.hour}:{at:%M:%S}"


def _origin(row: dict[str, Any], number: int) -> list[str]:
    if row["mode"] == "qr":
        return ["微信", f"模拟昵称{row['_person']:04d}[演示]", f"{row['_address']}(北京-北京)"]
    return ["手机提交", "N/A", f"{row['_address']}(北京-北京)"]


def _write_tencent(answers: Answers, asked: tuple[Question, ...], record: Record, rng: np.random.Generator) -> None:
    meta = [
        "编号",
        "开始答题时间",
        "结束答题时间",
        "答题时长",
        "地理位置国家和地区",
        "地理位置省",
        "地理位置市",
        "用户类型",
        "用户标识",
        "昵称",
        "自定义字段",
    ]
    headings = [*meta]
    for question in asked:
        stem = f"{question.number}.{question.text_zh}"
        headings += [f"{stem}:{item.text}" for item in question.items] or [stem]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(headings)
    file = f"调查/腾讯问卷_{answers.plan.title}_全部数据.csv"
    for number, row in enumerate(answers.rows, start=1):
        began = row["_at"] - timedelta(seconds=row["_seconds"])
        values: list[Any] = [
            number,
            f"{began:%Y-%m-%d %H:%M:%S}",
            f"{row['_at']:%Y-%m-%d %H:%M:%S}",
            _duration(row["_seconds"]),
        ]
        values += [
            "中国",
            "北京市",
            "北京市",
            "微信用户",
            f"wx_sim_{row['_person']:05d}",
            f"模拟昵称{row['_person']:04d}",
            "",
        ]
        for question in asked:
            values += ["" if cell in (BLANK_TEXT, SKIPPED_TEXT) else cell for cell in _text(question, row)]
        writer.writerow(values)
        if row["_cheat"]:
            record.add(file, "", number + 1, "", f"flag_{row['_cheat']}")
    record.path(file).write_bytes(buffer.getvalue().encode("gb18030"))


def _duration(seconds: int) -> str:
    return f"{seconds // 60}分{seconds % 60}秒" if seconds >= 60 else f"{seconds}秒"
