"""Small survey exports made by hand: a table of strings as a reader gives it, a questionnaire, a context."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from pipeline.clean.surveys import SurveyContext
from pipeline.contracts import Item, Option, Question, Wave


@dataclass(frozen=True)
class Table:
    """What readers hand over, as far as the survey path looks at it."""

    path: Path
    columns: tuple[str, ...]
    frame: pl.DataFrame
    sheet: str = "Sheet1"
    visibility: str = "visible"
    family: str = "wenjuanxing"
    header_cells: tuple[tuple[str, ...], ...] = ()
    form: dict | None = None
    set_aside: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema={"source_row": pl.Int64, "reason_code": pl.String})
    )


def build_table(headings: list[str], rows: list[list[str | None]], name: str = "a.xlsx", **given: object) -> Table:
    names = [f"c{index}" for index in range(len(headings))]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    frame = frame.with_columns(source_row=pl.int_range(2, len(rows) + 2, dtype=pl.Int64))
    return Table(Path(name), tuple(headings), frame, **given)


SERVICES = (
    Option("charging", "手机充电", 1, value="charging"),
    Option("water", "饮水（热水、冷水）", 2, value="water"),
    Option("other", "其他【请注明】", 3, fill_in=True),
)
AGREE = tuple(Option(str(n), text, n) for n, text in enumerate(("不同意", "一般", "同意"), start=1))
QUESTIONS = {
    "group": Question(
        "q1", 1, "single", "您的职业", variable="user_group",
        options=(Option("1", "快递员", 1, value="courier"), Option("2", "骑手", 2, value="rider"), Option("3", "其他", 3, fill_in=True)),
    ),
    "need": Question("q2", 2, "multiple", "您需要哪些服务（可多选）", variable="need", options=SERVICES),
    "matrix": Question(
        "q3", 3, "matrix", "您同意吗", items=(Item("a", "环境舒适"), Item("b", "不愿再来", reversed=True)), options=AGREE
    ),
    "matrix_again": Question(
        "q4", 4, "matrix", "上月呢", items=(Item("a", "环境舒适"), Item("b", "不愿再来", reversed=True)), options=AGREE
    ),
    "ranking": Question("q5", 5, "ranking", "请排序", options=SERVICES[:2]),
    "scale": Question("q6", 6, "scale", "满意度", variable="satisfaction", options=tuple(Option(str(n), str(n), n) for n in range(1, 6))),
    "hours": Question("q7", 7, "number", "每天工作几小时", variable="hours_per_day", min=0, max=24),
    "remark": Question("q8", 8, "text", "您的建议"),
    "day": Question("q9", 9, "date", "第一次来的日期"),
    "place": Question("q10", 10, "place", "籍贯"),
    "allocation": Question("q11", 11, "allocation", "每周各用几次", options=SERVICES[:2]),
    "panel": Question("q12", 12, "text", "手机号后四位和生日", variable="panel", personal=True),
    "attention": Question("q13", 13, "single", "本题请选同意", variable="attention", expected="3", options=AGREE),
    "station": Question("q14", 14, "text", "常去的驿站", variable="station"),
}  # fmt: skip
META = ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]


def build_wave(*names: str, family: str = "wenjuanxing", **given: object) -> Wave:
    return Wave(
        code="w1", label_zh="波", label_en="wave", platform_family=family, population_code="delivering", mode_code="qr",
        opened_on=date(2023, 5, 1), closed_on=date(2023, 5, 31), consent_version="1", purpose="p", files={},
        questions=tuple(QUESTIONS[name] for name in names), **given,
    )  # fmt: skip


def meta_cells(number: int | str, seconds: int = 137, minute: int = 0) -> list[str]:
    return [str(number), f"2023/5/8 12:{minute:02d}:22", f"{seconds}秒", "微信", "小王[昵称]", "203.0.113.7(北京-北京)"]


CONTEXT = SurveyContext("QC", b"secret")
