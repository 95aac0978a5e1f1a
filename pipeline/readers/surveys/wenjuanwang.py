"""How Wenjuanwang (问卷网) writes an export: three CSVs in GBK, of the same answers as text, as codes, and the code list.

Confirmed in public code that reads them: `All_Data_Original.csv` (codes) has the columns start, finish, `Q1`, and one per option
or rank `Q2_A1`; what was written beside an option is `Q1_open`, `Q2_A3_open`. `All_Data_Readable.csv` has the same columns in the same
order, worded, and 答题时长 besides; the row of a matrix stands behind the last `_`. `code.csv` has no header: `Q1, wording, kind`, and
below it one row per option with an empty first cell: `, code, wording`. Kinds: 单选题, 多选题, 排序题, 填空题, 矩阵单选题 …
Accepted, not confirmed: how the worded headings number a question (`Q1_题干`, `1.题干`, `Q1 题干`), `Q3_R1` or `Q3_1` for a row, and
start and finish in Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.readers.surveys.headings import bookkeeping, headings_of, shared_stem
from pipeline.readers.surveys.layout import Dialect
from pipeline.readers.surveys.numbered import Block, blocks_of
from pipeline.readers.surveys.outline import Form, Outline, Part, Stem, Told, ToldOption
from pipeline.readers.surveys.part_kinds import parts_of
from pipeline.readers.text_table import TextTable

DIALECT = Dialect(
    family="wenjuanwang",
    parts_by_number=True,
    meta={
        "序号": "respondent",
        "编号": "respondent",
        "答卷编号": "respondent",
        "start": "started_at",
        "finish": "submitted_at",
        "开始时间": "started_at",
        "结束时间": "submitted_at",
        "答题时长": "duration",
        "status": "dropped",
        "ip": "dropped",
        "IP": "dropped",
        "来源": "dropped",
        "渠道": "dropped",
        "昵称": "dropped",
    },
    number=re.compile(r"^\s*Q?(\d{1,3})(?:\s*[_.．、:：]\s*|\s+|$)", re.IGNORECASE),
    separators=("┋", "\n", "|", ";", "；", ",", "，"),
)
_NAME = re.compile(r"^Q\d+(?:_[AR]?\d+)?(?:_open)?$", re.IGNORECASE)
_QUESTION = re.compile(r"^Q\d+(_A\d+|_open|_\d+)?", re.IGNORECASE)
_OPEN = re.compile(r"_?open$", re.IGNORECASE)
_TYPES = {
    "单选题": "single", "多选题": "multiple", "排序题": "ranking", "填空题": "text", "多项填空题": "text", "矩阵单选题": "matrix",
    "矩阵打分题": "matrix", "打分题": "scale", "量表题": "scale",
}  # fmt: skip


def is_wenjuanwang(headings: Sequence[str]) -> bool:
    """Whether the headings are those of a Wenjuanwang export.

    >>> is_wenjuanwang(["start", "finish", "Q1", "Q2_A1"])
    True
    """
    names = {heading.strip() for heading in headings}
    return {"start", "finish"} <= names and ("答题时长" in names or any(_QUESTION.match(name) for name in names))


def outline(table: TextTable, form: Form | None = None) -> Outline:
    """The questions of the coded or the worded export. `form` (of code.csv, by `Q` and number) tells wording and options."""
    headings = headings_of(table)
    meta, others = bookkeeping(headings, DIALECT)
    blocks = blocks_of(headings, others, DIALECT.number, lambda block, heading: False)
    return Outline(meta, tuple(_stem(block, headings, table, form or {}) for block in blocks))


def _stem(block: Block, headings: Sequence[str], table: TextTable, form: Form) -> Stem:
    name = f"Q{block.number}" if block.number is not None else block.texts[0]
    told = form.get(name, Told())
    coded = all(_NAME.match(headings[position]) for position in block.positions)
    main = [i for i, text in enumerate(block.texts) if not _OPEN.search(text)]
    texts = [block.texts[i] for i in main]
    text, labels = ("", texts) if coded or len(texts) < 2 else shared_stem(texts)
    words = {option.code: option.text for option in told.options} | {
        option.code.rpartition("_")[2]: option.text for option in told.options
    }
    labels = [words.get(label, label) for label in labels]
    positions = [block.positions[i] for i in main]
    if len(positions) > 1:
        parts = list(parts_of(table.frame, positions, labels, DIALECT))
    else:
        text = text or ("" if coded else texts[0] if texts else "")
        parts = [Part(position) for position in positions]
    for i in set(range(len(block.texts))) - set(main):
        option = _OPEN.sub("", block.texts[i])
        parts.append(Part(block.positions[i], option=words.get(option, option), is_fill_in=True))
    ordered = tuple(sorted(parts, key=lambda part: part.position))
    return Stem(name, text or told.text, ordered, block.number, told)


def form(table: TextTable) -> Form:
    """What code.csv says, by `Q` and number: wording, type, and options by code (of several answers by `Q2_A1`)."""
    rows = [*table.header_cells, *table.frame.drop("source_row").rows()]
    told: dict[str, Told] = {}
    key, text, kind, options = "", "", "", []
    for cells in [*rows, ("·", "", "")]:
        first, second, third = ((cell or "").strip() for cell in (*cells, "", "")[:3])
        if first and key:
            told[key] = Told(text, _TYPES.get(kind), tuple(options))
        if first:
            key, text, kind, options = first, second, third, []
        elif third:
            code = f"{key}_A{second}" if kind in ("多选题", "排序题") else second
            options.append(ToldOption(code, third, int(second) if second.isdecimal() else None))
    return told
