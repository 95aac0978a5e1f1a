"""How Google Forms writes its answers: a time stamp first, then one column per question, headed by its wording.

From general knowledge of the product, no public specification: the first column is `Timestamp` (时间戳记, 時間戳記) in the
language of the sheet; ticked options are joined by `, `, which an option may hold itself, so that they are split by the
option list; what was written beside 其他 stands in the cell without the option; a grid has one column per row, headed
`题干 [行]`; questions added later stand last. There is no number of the respondent. E-mail address, user name and score
are dropped. An unanswered question is empty whether it was shown or not: the wave's `shown_if` tells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.readers.surveys.headings import bookkeeping, headings_of
from pipeline.readers.surveys.layout import Dialect
from pipeline.readers.surveys.outline import Form, Outline, Part, Stem, Told
from pipeline.readers.surveys.repeated_stems import Group, grid_stem, grouped
from pipeline.readers.text_table import TextTable

STAMPS = ("Timestamp", "时间戳记", "時間戳記", "时间戳", "時間戳")
_DROPPED = (
    "Email Address",
    "Email address",
    "电子邮件地址",
    "電子郵件地址",
    "Username",
    "用户名",
    "使用者名稱",
    "Score",
    "分数",
    "得分",
    "分數",
)
_QUESTION = re.compile(r"[?？]| \[[^\]]+\]$|^\S+ \S+ \S+ \S+")

DIALECT = Dialect(
    family="google_forms",
    meta={**dict.fromkeys(STAMPS, "submitted_at"), **dict.fromkeys(_DROPPED, "dropped")},
    separators=(", ", ","),
    bare_other=True,
    not_shown=(),
    blank=("",),
    missing_numbers={},
)


def is_google_forms(headings: Sequence[str]) -> bool:
    """Whether the headings are those of a Google form: a time stamp first, and words that ask something.

    >>> is_google_forms(["Timestamp", "How often do you rest in the station?"]), is_google_forms(["Timestamp", "value"])
    (True, False)
    """
    first, *others = [heading.strip() for heading in headings] or [""]
    return first in STAMPS and any(_QUESTION.search(heading) for heading in others)


def outline(table: TextTable, form: Form | None = None) -> Outline:
    """The questions of an export; the rows of a grid share their wording. `form` may tell more, by wording."""
    headings = headings_of(table)
    meta, others = bookkeeping(headings, DIALECT)
    return Outline(meta, tuple(_stem(group, form or {}) for group in grouped(headings, others, grid_stem)))


def _stem(group: Group, form: Form) -> Stem:
    text, positions, labels = group
    parts = tuple(Part(position, item=label) for position, label in zip(positions, labels, strict=True))
    return Stem(text, text, parts, told=form.get(text, Told()))
