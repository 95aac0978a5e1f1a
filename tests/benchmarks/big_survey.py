"""A made-up Wenjuanxing text export of many respondents and fifty answer columns, and its questionnaire."""

from __future__ import annotations

import random
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter

from pipeline.contracts import Item, Option, Question, Wave

META = ("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP")
CHOICES = ("从不", "很少", "有时", "经常", "总是")
SERVICES = ("手机充电", "喝水、接热水", "热饭（微波炉）", "上厕所", "坐下歇脚", "夏天纳凉", "避雨", "以上都不需要")
N_SINGLE, N_MULTIPLE, N_MATRIX, N_ITEMS = 30, 8, 2, 5


def questions() -> tuple[Question, ...]:
    """Thirty single, eight multiple, two matrices of five rows, a number and a remark: fifty columns."""
    points = tuple(Option(str(n), text, n) for n, text in enumerate(CHOICES, start=1))
    services = tuple(Option(f"s{n}", text, n) for n, text in enumerate(SERVICES, start=1))
    items = tuple(Item(f"i{n}", f"第{n}行", reversed=n == N_ITEMS) for n in range(1, N_ITEMS + 1))
    listed = [Question(f"a{n}", n, "single", f"第{n}个单选", options=points) for n in range(1, N_SINGLE + 1)]
    listed[0] = Question("a1", 1, "single", "本题请选“经常”", variable="attention", expected="4", options=points)
    first = N_SINGLE + 1
    listed += [
        Question(f"m{n}", n, "multiple", f"第{n}个多选", options=services) for n in range(first, first + N_MULTIPLE)
    ]
    first += N_MULTIPLE
    listed += [
        Question(f"x{n}", n, "matrix", f"第{n}个矩阵", items=items, options=points)
        for n in range(first, first + N_MATRIX)
    ]
    first += N_MATRIX
    return (
        *listed,
        Question(f"n{first}", first, "number", "每天工作几小时", variable="hours_per_day", min=0, max=24),
        Question(f"t{first + 1}", first + 1, "text", "您的建议"),
    )


def wave() -> Wave:
    """The wave of that questionnaire."""
    return Wave(
        code="big", label_zh="大样例（模拟）", label_en="Big sample (simulated)", platform_family="wenjuanxing",
        population_code="delivering", mode_code="qr", opened_on=date(2023, 5, 1), closed_on=date(2023, 5, 31),
        consent_version="1", purpose="benchmark", files={"text": "*.xlsx"}, questions=questions(),
        drop_flags=("attention_failed",),
    )  # fmt: skip


def headings() -> list[str]:
    """The header row as the platform writes it: rows of a matrix bear the stem only once."""
    names = list(META)
    for question in questions():
        if question.items:
            first, *others = question.items
            names += [f"{question.number}、{question.text_zh}—{first.text}", *(item.text for item in others)]
        else:
            names.append(f"{question.number}、{question.text_zh}")
    return names


def write(path: Path, n_rows: int) -> None:
    """Write the export: most answer with care, some tick one point all along, some hurry, some skip."""
    chance = random.Random(20230515)
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        sheet.write_row(0, 0, headings())
        at = datetime(2023, 5, 2)
        for number in range(n_rows):
            at += timedelta(seconds=round(chance.expovariate(1 / 110)))  # people come as they like
            for column, value in enumerate(record(number, at, chance)):
                sheet.write(number + 1, column, value)


def record(number: int, at: datetime, chance: random.Random) -> list[object]:
    """One answer sheet; the time a respondent took, and now and then a careless one."""
    careless = chance.random() < 0.05
    seconds = chance.randint(20, 60) if careless else chance.randint(180, 900)
    cells: list[object] = [
        number + 1, f"{at.year}/{at.month}/{at.day} {at:%H:%M:%S}", f"{seconds}秒", "微信", "N/A",
        f"203.0.113.{number % 250}(北京-北京)",
    ]  # fmt: skip
    cells.append("经常" if not careless or chance.random() < 0.3 else chance.choice(CHOICES))
    cells += [_missing_or(chance, chance.choice(CHOICES)) for _ in range(N_SINGLE - 1)]
    for _ in range(N_MULTIPLE):
        ticked = [text for text in SERVICES[:-1] if chance.random() < 0.35] or [SERVICES[-1]]
        cells.append(_missing_or(chance, "┋".join(ticked)))
    line = chance.choice(CHOICES)
    cells += [line if careless else chance.choice(CHOICES) for _ in range(N_MATRIX * N_ITEMS)]
    return [*cells, chance.choice(["8", "10", "12小时", "9.5"]), chance.choice(["无", "希望多几个充电口", ""])]


def _missing_or(chance: random.Random, text: str) -> str:
    drawn = chance.random()
    return "(跳过)" if drawn < 0.03 else "(空)" if drawn < 0.05 else text


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
