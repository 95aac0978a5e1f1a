"""How Wenjuanxing (问卷星) writes an export: headings, bookkeeping columns, joined answers, missing marks.

Confirmed on public exports: three modes — by text (按文本), by number (按序号), by score (按分数) — with one header row; 总分
stands anywhere, so columns are found by name. By text a question fills one column, several answers joined by ┋, a ranking
by →, what was written beside an option in 〖〗. By number every option has its column: `第6题(运动)` in old exports,
`16 题干(选项1)` and then `16(选项2)` in new ones, where the option may hold brackets itself. A matrix has one column per row:
`第7题(行)`, or `题干—行1` and then `行2` alone, so that the same heading stands in several matrices: rows are told by their
place. Blanks of one question: `(1)其中新能源汽车___辆`. (跳过)/-3 was not shown, (空)/-2 left blank. 来源详情 may hold a nickname,
来自IP an address: neither is read further than its coarse place.

Accepted, not confirmed: a score export has the headings of the other two; full-width brackets and other number marks.
An export in SPSS form is read by `spss`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.readers.surveys.headings import bookkeeping, bracketed, headings_of, shared_stem
from pipeline.readers.surveys.layout import Dialect
from pipeline.readers.surveys.numbered import Block, blocks_of
from pipeline.readers.surveys.outline import Form, Outline, Part, Stem, Told
from pipeline.readers.surveys.part_kinds import parts_of
from pipeline.readers.text_table import TextTable

DIALECT = Dialect(
    family="wenjuanxing",
    meta={
        "序号": "respondent",
        "提交答卷时间": "submitted_at",
        "开始答卷时间": "started_at",
        "所用时间": "duration",
        "来自IP": "ip_place",
        "来源": "dropped",
        "来源详情": "dropped",
        "总分": "dropped",
        "用户ID": "dropped",
        "昵称": "dropped",
    },
    # 1、 1： 1: 1. "1 " 第1题( 16( ; never a row such as 2小时以上 or 2.5元
    number=re.compile(r"^\s*第?\s*(\d{1,3})\s*(?:题|[、．：:]|\.(?!\d)|\s|(?=[(（]))"),
    separators=("┋",),
    tells_skips=True,
)
_ROW = re.compile(r"(?<!—)(?:——)*(—)(?!—)")  # one dash parts stem and row; two are punctuation
_BLANK = re.compile(r"^[(（]\d{1,2}[)）]|_{2,}")


def is_wenjuanxing(headings: Sequence[str]) -> bool:
    """Whether the headings are those of a Wenjuanxing export.

    >>> is_wenjuanxing(["序号", "提交答卷时间", "所用时间", "1、性别 "])
    True
    """
    return {"序号", "提交答卷时间", "所用时间"} <= {heading.strip() for heading in headings}


def outline(table: TextTable, form: Form | None = None) -> Outline:
    """The questions of an export in any of its three modes. `form` may tell more of each, by `Q` and its number."""
    headings = headings_of(table)
    meta, others = bookkeeping(headings, DIALECT)
    blocks = blocks_of(headings, others, DIALECT.number, _continues)
    return Outline(meta, tuple(_stem(block, table, form or {}) for block in blocks))


def _continues(block: Block, heading: str) -> bool:
    """Whether a heading without a number is a further row or blank of the question before it."""
    return bool(_ROW.search(block.texts[0]) or _BLANK.search(heading))


def _stem(block: Block, table: TextTable, form: Form) -> Stem:
    name = f"Q{block.number}" if block.number is not None else block.texts[0]
    told = form.get(name, Told())
    if len(block.positions) > 1 and block.is_bare[-1]:
        text, first = stem_and_row(block.texts[0])
        parts = tuple(
            Part(position, item=label)
            for position, label in zip(block.positions, (first, *block.texts[1:]), strict=True)
        )
    elif found := _in_brackets(block.texts):
        text, labels = found
        parts = parts_of(table.frame, block.positions, labels, DIALECT)
    elif len(block.positions) > 1:
        text, labels = shared_stem(block.texts)
        parts = parts_of(table.frame, block.positions, labels, DIALECT)
    else:
        text, parts = block.texts[0], (Part(block.positions[0]),)
    return Stem(name, text or told.text, parts, block.number, told)


def _in_brackets(texts: Sequence[str]) -> tuple[str, list[str]] | None:
    """`题干(选项1)`, `(选项2)` … or `(选项1)`, `(选项2)` …: the stem and the options. A single heading with words before its
    brackets is a question of its own."""
    found = [bracketed(text) for text in texts]
    if None in found or any(before for before, _ in found[1:]) or (len(found) == 1 and found[0][0]):
        return None
    stem, first = found[0]
    return stem, [without_stem(first, stem), *(label for _, label in found[1:])]


def without_stem(label: str, stem: str) -> str:
    """The first row without the stem that is repeated before it.

    >>> without_stem("满意吗—卫生", "满意吗"), without_stem("卫生", "满意吗")
    ('卫生', '卫生')
    """
    begins = f"{stem}—"
    rest = label.removeprefix(begins) if stem else label
    return label if rest.startswith("—") else rest


def stem_and_row(text: str) -> tuple[str, str]:
    """Stem and first row (or first blank) of a question with several.

    >>> stem_and_row("您——总的说来—满意吗"), stem_and_row("车辆(1)共___辆"), stem_and_row("—10 元以上")
    (('您——总的说来', '满意吗'), ('车辆', '(1)共___辆'), ('', '10 元以上'))
    """
    dashes = list(_ROW.finditer(text))
    if dashes:
        return text[: dashes[-1].start(1)].strip(), text[dashes[-1].end() :].strip()
    found = re.search(r"[(（]1[)）]", text)
    return (text[: found.start()].strip(), text[found.start() :].strip()) if found else (text, text)
