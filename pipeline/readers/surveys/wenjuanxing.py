"""How Wenjuanxing (问卷星) writes an export: headings, bookkeeping columns, joined answers, missing marks.

Three export modes: by text (按文本), by number (按序号) and by score. One header row; 总分 stands anywhere, so columns are
found by name. 来源详情 may hold a nickname, 来自IP an address: neither is read further than its coarse place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.readers.surveys.survey_columns import Dialect

DIALECT = Dialect(
    family="wenjuanxing",
    meta={
        "序号": "respondent",
        "提交答卷时间": "submitted_at",
        "所用时间": "duration",
        "来自IP": "ip_place",
        "来源": "dropped",
        "来源详情": "dropped",
        "总分": "dropped",
        "用户ID": "dropped",
        "昵称": "dropped",
    },
    # 1、 1： 1: 1. "1 " 第1题( 16( ; never a row such as 2小时以上
    number=re.compile(r"^\s*第?\s*(\d{1,3})\s*(?:题|[、．.：:]|\s|(?=[(（]))"),
    separators=("┋",),
)


def is_wenjuanxing(headings: Sequence[str]) -> bool:
    """Whether the headings are those of a Wenjuanxing export.

    >>> is_wenjuanxing(["序号", "提交答卷时间", "所用时间", "1、性别 "])
    True
    """
    return {"序号", "提交答卷时间", "所用时间"} <= {heading.strip() for heading in headings}
