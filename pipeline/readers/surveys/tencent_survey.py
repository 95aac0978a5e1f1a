"""How Tencent survey (腾讯问卷) writes a CSV: headings, bookkeeping columns, joined answers.

There is no public description of the body. Two layouts are read: one column per question with the ticked options joined
(┋, line break, | or ;), and one column per option headed `题号.题干:选项` that holds the option's text, 1/0, or nothing.
昵称, 用户标识 and 自定义字段 are personal and go in the first step.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.readers.surveys.survey_columns import Dialect

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
