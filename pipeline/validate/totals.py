"""Totals that a file states and its own rows do not bear out: which cell, what it says, what the rows give."""

from __future__ import annotations

from html import escape

import duckdb

from pipeline.validate.notices import heading
from pipeline.validate.pieces import QUALIFIER, as_table, number, two

KINDS = {
    "total": ("合计", "total"), "subtotal": ("小计", "subtotal"), "group_count": ("分组行数", "count of a group"),
    "row_total": ("行内合计", "total of a row"),
}  # fmt: skip
_DIFFER = """
select s.path, t.source_sheet, t.cell, t.column_name, t.kind_code, t.qualifier, t.stated, t.counted, t.n_rows
from audit.total_checks as t left join audit.source_files as s on s.source_file_id = t.source_file_id
where not t.agrees order by s.path, t.source_sheet, t.source_row, t.cell
"""
_COUNTED = """
select count(*), count(*) filter (where agrees), count(*) filter (where not agrees), count(*) filter (where agrees is null)
from audit.total_checks
"""
Row = tuple[str, str, str, str, tuple[str, str], str, float, float, int]


def differing(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """File, sheet, cell, heading, kind (zh, en), qualifier, stated, counted, rows covered — of totals that do not agree."""
    rows = con.execute(_DIFFER).fetchall()
    return [
        (path or "", sheet, cell, heading(column), KINDS[kind], qualifier, stated, counted, n_rows)
        for path, sheet, cell, column, kind, qualifier, stated, counted, n_rows in rows
    ]


def counts(con: duckdb.DuckDBPyConnection) -> tuple[int, int, int, int]:
    """How many stated figures there are, agree, differ, and cannot be judged because a cell among theirs is unreadable."""
    return con.execute(_COUNTED).fetchone()


def stated(con: duckdb.DuckDBPyConnection) -> str:
    """The part of the page that lists them."""
    n, agree, differ, unread = counts(con)
    heads = [("文件", "file"), ("工作表", "sheet"), ("单元格", "cell"), ("列", "column"), ("种类", "kind"),
             ("所写", "stated"), ("清点", "counted"), ("覆盖行数", "rows")]  # fmt: skip
    rows = [
        [escape(path), escape(sheet) or "—", escape(cell), escape(column), two(kind),
         f"{QUALIFIER[qualifier]}{number(figure)}", number(counted), number(n_rows)]
        for path, sheet, cell, column, kind, qualifier, figure, counted, n_rows in differing(con)
    ]  # fmt: skip
    title = ("合计与明细对不上的单元格", "Totals that their rows do not bear out")
    note = (
        f"表中自己写的合计、小计、分组数共 {n} 个：相符 {agree}，不符 {differ}，因明细无法识别而不能判断 {unread}。"
        "清点的是表中全部原始行，退回和重复的行也在内；两个数都不作改动。",
        f"{n} figures stated by the sheets themselves: {agree} agree, {differ} differ, {unread} cannot be judged because a "
        "cell is unreadable. Counted over all raw rows, refused and repeated ones too; neither figure is changed.",
    )
    return f"<h2>{two(title)}</h2><p>{two(note)}</p>{as_table(heads, rows, first_number=5)}"
