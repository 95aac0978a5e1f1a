"""A decision about a proposed correction: accepted, or declined and remembered."""

from __future__ import annotations

from collections import defaultdict

from pipeline.contracts.review import ACCEPT, CORRECTIONS, DECLINE, Row
from pipeline.errors import Problem
from pipeline.review.answer import Answer, conflict, unknown
from pipeline.review.known import Known, cell_of

_CELL = ("文件", "工作表", "行", "列", "现值", "建议值")


def read(row: Row, known: Known) -> Answer:
    """A `[[correction]]` block, or a `[[declined]]` one. A file that is not there any more has nothing to correct."""
    file, sheet, number, column, old, new = (row.cells.get(name, "") for name in _CELL)
    source = row.mark.get("source")
    if row.decision not in (ACCEPT, DECLINE):
        return Answer(
            problem=unknown(row, "决定不认识", "the decision is not known", row.decision, f"{ACCEPT} / {DECLINE}")
        )
    if not (source and file and column and number.isdigit()):
        return Answer(
            problem=unknown(
                row,
                "这一行被改动，不知道是哪一格",
                "the row was changed: which cell it means is not known",
                number,
                "行号",
            )
        )
    if not (known.raw / file).is_file():
        return Answer(is_gone=True)
    at = (file, sheet, int(number), column)
    before = known.corrections.get(cell_of(source, *at))
    if row.decision == DECLINE:
        if before is not None:
            return Answer(problem=conflict(row, before.where, f"{before.expect} → {before.value}"))
        block = {"file": file, "sheet": sheet, "row": int(number), "column": column, "expect": old, "value": new}
        return Answer("declined", block, is_known=cell_of(None, *at, old, new) in known.declined)
    if before is not None and (before.expect.strip(), before.value.strip()) != (old, new):
        return Answer(problem=conflict(row, before.where, f"{before.expect} → {before.value}"))
    block = {
        "source": source, "file": file, "sheet": sheet, "row": int(number), "column": column, "expect": old, "value": new,
        "reason": row.cells.get("理由") or "审核工作簿中的更正",
    }  # fmt: skip
    return Answer("correction", block, is_known=before is not None)


def split_pairs(rows: list[Row]) -> list[Problem]:
    """The cells of one correction (longitude and latitude in each other's place) are accepted together or not at all."""
    groups: dict[tuple, list[Row]] = defaultdict(list)
    for row in rows:
        if row.part == CORRECTIONS.name:
            groups[tuple(row.cells.get(name, "") for name in ("文件", "工作表", "行", "理由"))].append(row)
    return [
        Problem("decision_conflict", f"{row.where}「决定」", "同一行的几格要一起接受", "the cells of one correction belong together",
                got=row.decision or "—", expected=ACCEPT, do_zh="请作同样的决定", do_en="decide them alike")
        for group in groups.values()
        if any(row.decision == ACCEPT for row in group)
        for row in group
        if row.decision != ACCEPT
    ]  # fmt: skip
