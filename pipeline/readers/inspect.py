"""What the readers see in a file, for a person before a run: tables, headings, rows kept and set aside. No cell values."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.readers.read import read_file
from pipeline.readers.text_table import HIDDEN, VERY_HIDDEN, VISIBLE, TextTable

_SAMPLE = 1000  # different values that decide the kind of a column
_DAY = r"(?:\d{4}\s*[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?"
_KINDS = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in (
        (
            "date",
            r"\d{4}\s*[-/.年]\s*\d{1,2}\s*月?|\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?|\d{1,2}月\d{1,2}[日号]",
        ),
        ("datetime", rf"{_DAY}[T\s]+\d{{1,2}}[:：]\d{{2}}(?:[:：]\d{{2}})?(?:\.\d+)?\s*(?:Z|[+-]\d{{2}}:?\d{{2}})?"),
        ("phone", r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?:\.0)?|0\d{2,3}-\d{7,8}"),
        ("time", r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"),
        ("number", r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[-+]?\d+)?\s*%?"),
        ("tick", r"[√✓✔☑○●◯×✗✘╳☐xX/-]|是|否|有|无|y|n|yes|no|true|false|对|错|[01]"),
    )
}
_PHONE_HEADING = re.compile(r"电话|手机|phone|mobile", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"[\d０-９]{7}")
_KIND_ZH = {
    "text": "文字", "number": "数字", "date": "日期", "datetime": "日期时间", "time": "时刻", "tick": "是否",
    "phone": "电话", "empty": "空", "mixed": "混杂",
}  # fmt: skip
_VISIBILITY_ZH = {VISIBLE: "", HIDDEN: "（隐藏，不读入）", VERY_HIDDEN: "（深度隐藏，不读入）"}
_REASON_ZH = {
    "total_row": "合计行", "remark_row": "说明行", "group_row": "分组行", "repeated_header": "重复的表头",
    "ragged_row": "列数不符", "unreadable_row": "损坏的行", "hidden_sheet": "隐藏工作表",
}  # fmt: skip


def inspect_file(path: Path | str, *, tables: list[TextTable] | None = None) -> dict[str, Any]:
    """The object of `inspect --json` for one file; its keys are an interface.

    `first_row` and `last_row` are the first and last record (of a hidden sheet: the first and last row set aside).
    `kind` of a column: text, number, date, datetime, time, tick, phone, empty, or mixed (values of one kind, but not all).
    """
    found = read_file(path) if tables is None else tables
    families = [table.family for table in found if not table.is_hidden] or [found[0].family]
    survey = [family for family in families if family != "ledger"]
    return {
        "path": Path(path).as_posix(),
        "family": (survey or families)[0],
        "encoding": found[0].encoding,
        "sheets": [_sheet(table) for table in found],
    }


def _sheet(table: TextTable) -> dict[str, Any]:
    kept = table.frame["source_row"]
    counted = kept if len(kept) and not table.is_hidden else pl.concat([kept, table.set_aside["source_row"]]).sort()
    return {
        "name": table.sheet,
        "visibility": table.visibility,
        "header_rows": list(table.header_rows),
        "first_row": counted.min(),
        "last_row": counted.max(),
        "n_rows": 0 if table.is_hidden else table.frame.height,
        "n_set_aside": table.n_read if table.is_hidden else table.set_aside.height,
        "columns": [
            {"name": name, "kind": column_kind(table.frame[f"c{i}"], name)} for i, name in enumerate(table.columns)
        ],
    }  # fmt: skip


def column_kind(values: pl.Series, heading: str = "") -> str:
    """What a column holds, from its text (and, for phones, from its heading: they are written in too many ways).

    >>> column_kind(pl.Series(["2023-05-14", "2023年5月14日"])), column_kind(pl.Series(["√", None, "×"]))
    ('date', 'tick')
    >>> column_kind(pl.Series(["1", "2", "约20"])), column_kind(pl.Series(["甲", "乙"]))
    ('mixed', 'text')
    """
    seen = {text for value in values.drop_nulls().unique(maintain_order=True).head(_SAMPLE) if (text := value.strip())}
    if not seen:
        return "empty"
    if _PHONE_HEADING.search(heading) and sum(bool(_LONG_NUMBER.search(text)) for text in seen) >= len(seen) / 2:
        return "phone"
    shares = {kind: sum(bool(form.fullmatch(text)) for text in seen) / len(seen) for kind, form in _KINDS.items()}
    whole = [kind for kind, share in shares.items() if share == 1]
    if whole == ["number", "tick"]:
        return "tick" if seen == {"0", "1"} else "number"
    if shares["phone"] >= 0.5:
        return "phone"
    return whole[0] if whole else "mixed" if max(shares.values()) >= 0.5 else "text"


def describe(seen: Path | str | dict[str, Any], *, tables: list[TextTable] | None = None) -> str:
    """The same for the terminal, in Chinese: what was decided, and why rows were set aside. `seen` is the file, or what
    `inspect_file` said of it."""
    path = seen["path"] if isinstance(seen, dict) else seen
    found = read_file(path) if tables is None else tables
    facts = inspect_file(path, tables=found)
    encoding = f"，编码 {facts['encoding']}" if facts["encoding"] else ""
    lines = [f"{facts['path']}：{facts['family']}{encoding}，{len(found)} 个表"]
    for table, sheet in zip(found, facts["sheets"], strict=True):
        lines += _described(table, sheet)
    return "\n".join(lines)


def _described(table: TextTable, sheet: dict[str, Any]) -> list[str]:
    name = f"工作表 {sheet['name']}" if sheet["name"] else "表"
    header = "、".join(map(str, sheet["header_rows"])) or "无"
    rows = f"第 {sheet['first_row']}–{sheet['last_row']} 行" if sheet["first_row"] else "没有数据行"
    lines = [
        f"  {name}{_VISIBILITY_ZH[sheet['visibility']]}：表头行 {header}；数据 {sheet['n_rows']} 行（{rows}）；"
        f"搁置 {sheet['n_set_aside']} 行"
    ]
    for reason, rows_at in table.set_aside.group_by("reason_code", maintain_order=True).agg("source_row").iter_rows():
        lines.append(f"    搁置 {_REASON_ZH.get(reason, reason)}：第 {_some(rows_at)} 行")
    for reason, rows_at in table.notices.group_by("reason_code", maintain_order=True).agg("source_row").iter_rows():
        lines.append(f"    注意 {_REASON_ZH.get(reason, reason)}：第 {_some(rows_at)} 行（保留）")
    if table.filled:
        lines.append(f"    由纵向合并单元格补全 {len(table.filled)} 格")
    shown = "、".join(f"{' '.join(c['name'].split())}〔{_KIND_ZH[c['kind']]}〕" for c in sheet["columns"])
    return [*lines, f"    列 {len(sheet['columns'])}：{shown}"]


def _some(rows: list[int]) -> str:
    return "、".join(map(str, rows[:12])) + (f" 等 {len(rows)} 行，" if len(rows) > 12 else "")
