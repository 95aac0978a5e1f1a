"""How Jinshuju (金数据) writes an export: headings are the questions' wording without numbers.

Confirmed in public code that reads or imitates such files: the bookkeeping columns 序号, 提交人, 提交时间, 修改时间, 填写时长,
填写设备, 操作系统, 浏览器, 填写地区, IP, 微信昵称, 微信头像, 微信OpenID, 微信性别, 微信国家, 微信省市, 扩展属性; they stand before or behind
the questions. Accepted, not confirmed: several answers joined by a comma (full or half width) or a line break; one column
per row of a matrix or per option, headed `题干-行`, `题干:行`, `题干 [行]` or `题干（行）`.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.readers.surveys.headings import bookkeeping, headings_of
from pipeline.readers.surveys.layout import Dialect
from pipeline.readers.surveys.outline import Form, Outline, Part, Stem, Told
from pipeline.readers.surveys.part_kinds import TICKS, parts_of
from pipeline.readers.surveys.repeated_stems import Group, grouped, joined_stem
from pipeline.readers.text_table import TextTable

_DROPPED = ("提交人", "修改时间", "填写设备", "操作系统", "浏览器", "IP", "扩展属性", "微信昵称", "微信头像", "微信OpenID",
            "微信性别", "微信国家", "微信省市", "ID", "总分")  # fmt: skip
_TOLD_BY = {*_DROPPED, "填写地区", "填写时长"} - {"ID", "总分"}
_TICKS = TICKS | {"√", "✓", "是", "否"}

DIALECT = Dialect(
    family="jinshuju",
    meta={
        "序号": "respondent",
        "提交时间": "submitted_at",
        "开始填写时间": "started_at",
        "填写时长": "duration",
        "填写地区": "place",
        **dict.fromkeys(_DROPPED, "dropped"),
    },
    separators=("，", ", ", ",", "\n"),
)


def is_jinshuju(headings: Sequence[str]) -> bool:
    """Whether the headings are those of a Jinshuju export.

    >>> is_jinshuju(["序号", "您的性别", "提交人", "提交时间", "填写设备"])
    True
    """
    names = {heading.strip() for heading in headings}
    return "提交时间" in names and len(names & _TOLD_BY) >= 2


def outline(table: TextTable, form: Form | None = None) -> Outline:
    """The questions of an export: neighbours whose headings share their beginning make one. `form` may tell more, by wording."""
    headings = headings_of(table)
    meta, others = bookkeeping(headings, DIALECT)
    return Outline(meta, tuple(_stem(group, table, form or {}) for group in grouped(headings, others, joined_stem)))


def _stem(group: Group, table: TextTable, form: Form) -> Stem:
    text, positions, labels = group
    parts = parts_of(table.frame, positions, labels, DIALECT, _TICKS) if len(positions) > 1 else (Part(positions[0]),)
    return Stem(text, text, parts, told=form.get(text, Told()))
