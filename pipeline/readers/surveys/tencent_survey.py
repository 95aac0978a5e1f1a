"""How Tencent survey (腾讯问卷) writes a CSV: headings, bookkeeping columns, joined answers.

Confirmed in public code that reads such files: the bookkeeping columns 编号, 开始答题时间, 结束答题时间, 答题时长, 地理位置国家和地区,
地理位置省, 地理位置市, 用户类型, 用户标识, 昵称, 自定义字段, IP, UA, Referrer, and questions headed `1.人物名`. There is no public
description of the body. Accepted: one column per question with the ticked options joined (┋, line break, | or ;), and one
column per option or row headed `题号.题干:选项` that holds the option's text, 1/0, or nothing. 昵称, 用户标识 and 自定义字段 are
personal and go in the first step.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.readers.surveys.headings import bookkeeping, headings_of, shared_stem
from pipeline.readers.surveys.layout import Dialect
from pipeline.readers.surveys.numbered import Block, blocks_of
from pipeline.readers.surveys.outline import Form, Outline, Part, Stem, Told
from pipeline.readers.surveys.part_kinds import parts_of
from pipeline.readers.text_table import TextTable

DIALECT = Dialect(
    family="tencent_survey",
    meta={
        "编号": "respondent",
        "答卷编号": "respondent",
        "序号": "respondent",
        "开始答题时间": "started_at",
        "结束答题时间": "submitted_at",
        "答题时长": "duration",
        "地理位置省": "place",
        "地理位置市": "place",
        "地理位置国家和地区": "dropped",
        "用户类型": "dropped",
        "用户标识": "dropped",
        "昵称": "dropped",
        "自定义字段": "dropped",
        "语言": "dropped",
        "IP": "dropped",
        "UA": "dropped",
        "Referrer": "dropped",
    },
    number=re.compile(r"^\s*Q?(\d{1,3})\s*(?:[.．、:：]|\s)", re.IGNORECASE),
    separators=("┋", "\n", "|", ";", "；"),
)


def is_tencent_survey(headings: Sequence[str]) -> bool:
    """Whether the headings are those of a Tencent survey export.

    >>> is_tencent_survey(["开始答题时间", "结束答题时间", "答题时长", "1.性别"])
    True
    """
    return {"开始答题时间", "结束答题时间"} <= {heading.strip() for heading in headings}


def outline(table: TextTable, form: Form | None = None) -> Outline:
    """The questions of an export: headings of one number make one question. `form` may tell more, by `Q` and the number."""
    headings = headings_of(table)
    meta, others = bookkeeping(headings, DIALECT)
    blocks = blocks_of(headings, others, DIALECT.number, lambda block, heading: False)
    return Outline(meta, tuple(_stem(block, table, form or {}) for block in blocks))


def _stem(block: Block, table: TextTable, form: Form) -> Stem:
    name = f"Q{block.number}" if block.number is not None else block.texts[0]
    told = form.get(name, Told())
    if len(block.positions) == 1:
        return Stem(name, block.texts[0], (Part(block.positions[0]),), block.number, told)
    text, labels = shared_stem(block.texts)
    return Stem(name, text or told.text, parts_of(table.frame, block.positions, labels, DIALECT), block.number, told)
