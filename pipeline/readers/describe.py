"""What the readers decided about a file, in words for the terminal (Chinese): tables, headers, and every row set aside with
the reason. No cell values."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipeline.readers.archive import UNREAD
from pipeline.readers.inspect import inspect_file
from pipeline.readers.notes import is_note_cell
from pipeline.readers.read import read_file
from pipeline.readers.text_table import HIDDEN, VERY_HIDDEN, VISIBLE, TextTable

_KIND_ZH = {
    "text": "文字", "number": "数字", "date": "日期", "datetime": "日期时间", "time": "时刻", "tick": "是否",
    "phone": "电话", "empty": "空", "mixed": "混杂",
}  # fmt: skip
_VISIBILITY_ZH = {VISIBLE: "", HIDDEN: "（隐藏，不读入）", VERY_HIDDEN: "（深度隐藏，不读入）"}
_REASON_ZH = {
    "total_row": "合计行（用于核对）", "remark_row": "说明行", "group_row": "分组行", "repeated_header": "重复的表头",
    "ragged_row": "列数与表头不符", "unreadable_row": "损坏的行",
}  # fmt: skip
_NOTICE_ZH = {
    "ragged_row": "列数不足，缺的格按空白（保留）", "side_note": "表旁的说明，记入附注，不作数据列",
    "no_rows": "只有表头，没有数据行", "error_cell": "公式出错的单元格（#N/A 等），按空白读入",
    "formula_without_result": "公式没有存下结果，按空白读入（在 Excel 或 WPS 里打开并保存即可）",
}  # fmt: skip
_NOTE_ZH = {"title": "标题", "note": "说明"}
_MOST_RUNS = 20


def describe(seen: Path | str | dict[str, Any], *, tables: list[TextTable] | None = None) -> str:
    """What was decided, and why. `seen` is the file, or what `inspect_file` said of it."""
    path = seen["path"] if isinstance(seen, dict) else seen
    found = read_file(path) if tables is None else tables
    facts = inspect_file(path, tables=found)
    lines = [f"{facts['path']}：{facts['family']}，{len(found)} 个表", *_encodings(found)]
    if any(table.epoch_1904 for table in found):
        lines.append("  日期系统 1904：写成普通数字的日期从 1904 年 1 月 1 日数起")
    for table, sheet in zip(found, facts["sheets"], strict=True):
        lines += _described(table, sheet)
    return "\n".join(lines)


def _encodings(tables: Sequence[TextTable]) -> list[str]:
    """Each encoding once, with what it was told from; a guess can be overruled."""
    seen = dict.fromkeys((table.encoding, table.encoding_evidence) for table in tables if table.encoding)
    told = "；如果文字不对，请在来源合同里写 encoding，以它为准"
    return [
        f"  编码 {name}（{evidence}{told if '猜测' in evidence or '%' in evidence else ''}）" for name, evidence in seen
    ]


def _described(table: TextTable, sheet: dict[str, Any]) -> list[str]:
    name = f"工作表 {sheet['name']}" if sheet["name"] else "表"
    header = f"第 {runs(sheet['header_rows'])} 行" if sheet["header_rows"] else "无"
    rows = f"第 {sheet['first_row']}–{sheet['last_row']} 行" if sheet["n_rows"] else "没有数据行"
    lines = [
        f"  {name}{_VISIBILITY_ZH[sheet['visibility']]}：数据 {sheet['n_rows']} 行（{rows}），搁置 {sheet['n_set_aside']} 行",
        f"    表头 {header}" + (f"：{table.header_why}" if table.header_why else ""),
    ]
    if table.is_hidden:
        lines.append(f"    搁置 隐藏的工作表：全部 {table.n_read} 行")
    for reason, at in table.set_aside.group_by("reason_code", maintain_order=True).agg("source_row").iter_rows():
        lines.append(f"    搁置 {_REASON_ZH.get(reason, reason)}：第 {runs(at)} 行")
    for reason, at in table.notices.group_by("reason_code", maintain_order=True).agg("source_row").iter_rows():
        lines.append(f"    注意 {_NOTICE_ZH.get(reason, reason)}：第 {runs(at)} 行")
    if table.filled:
        lines.append(
            f"    由纵向合并单元格补全 {len(table.filled)} 格：第 {runs(sorted({row for row, _ in table.filled}))} 行"
        )
    if table.notes:
        lines.append(f"    附注：{_labels(table.notes)}")
    shown = "、".join(f"{' '.join(c['name'].split())}〔{_KIND_ZH[c['kind']]}〕" for c in sheet["columns"])
    return [*lines, f"    列 {len(sheet['columns'])}：{shown}"]


def _labels(notes: dict[str, str]) -> str:
    """What is noted around the table: usual labels by name (others might name a person), and files of an archive."""
    known = [_NOTE_ZH.get(label, label) for label in notes if label in _NOTE_ZH or is_note_cell(f"{label}：")]
    other = len(notes) - len(known) - (UNREAD in notes)
    files = [f"{UNREAD} {notes[UNREAD]}"] if UNREAD in notes else []
    return "、".join([*known, *([f"其他 {other} 条"] if other else []), *files])


def runs(rows: Sequence[int]) -> str:
    """Row numbers, those that follow each other drawn together.

    >>> runs([3, 4, 5, 9])
    '3–5、9'
    """
    ends = [i for i, (row, after) in enumerate(pairwise(rows), start=1) if after != row + 1]
    parts = [(rows[first], rows[last - 1]) for first, last in pairwise([0, *ends, len(rows)])]
    shown = "、".join(f"{first}" if first == last else f"{first}–{last}" for first, last in parts[:_MOST_RUNS])
    return shown + (f" 等共 {len(rows)}" if len(parts) > _MOST_RUNS else "")
