"""Return workbooks that came back: which repaired row replaces which row of which file. The file itself is never edited.

A repair stands for one row (`Origin`). Cells left as 〔见原表第12行〕 are unchanged. Of several repairs of one row the later
round counts; two different ones of the same round are a conflict, and neither counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby

import polars as pl

from pipeline.clean.fates import FATES, balance, fates_of
from pipeline.contracts.deliveries import RawFile
from pipeline.contracts.returned import ADDED, ORIGIN, ROWS_SHEET, Origin, is_placeholder, origin_of
from pipeline.errors import CONTRACT, Problem, fail
from pipeline.readers import TextTable

Key = tuple[str, str, int]  # start of the file's hash, sheet, row


@dataclass(frozen=True)
class Repair:
    """One row of a return workbook: where it stands, which row it stands for, its cells by heading."""

    file: RawFile
    sheet: str
    row: int
    origin: Origin
    cells: dict[str, str | None]

    @property
    def key(self) -> Key:
        return self.origin.sha12, self.origin.sheet, self.origin.row

    @property
    def place(self) -> str:
        """As written into `kept_row`."""
        return f"{self.file.file_id}:{self.sheet}:{self.row}"


@dataclass
class Repairs:
    """All repairs of a study by the row they stand for, and the fates of their own rows decided so far."""

    by_row: dict[Key, list[Repair]] = field(default_factory=dict)
    fates: list[pl.DataFrame] = field(default_factory=list)
    sheets: list[tuple[RawFile, TextTable]] = field(default_factory=list)

    def close(self, received: set[str]) -> list[pl.DataFrame]:
        """The fates of all rows, when every source took its repairs. What is left stands for a row of a file that is
        here (`received`, starts of hashes) and needs no repair any more, or for one that is not."""
        for repair in (repair for repairs in self.by_row.values() for repair in repairs):
            if repair.origin.sha12 in received:
                self.fates.append(_fate(repair, "set_aside", "repair_not_needed"))
            else:
                self.fates.append(_fate(repair, "rejected", "origin_missing", ORIGIN))
        self.by_row = {}
        return self.fates

    def ledger(self, fates: pl.DataFrame) -> list[pl.DataFrame]:
        """The row ledger of the return workbooks, given the fates of all rows."""
        lines = []
        for file, table in self.sheets:
            here = (pl.col("source_file_id") == file.file_id) & (pl.col("source_sheet") == table.sheet)
            lines.append(balance(table.n_read, fates.filter(here), file_id=file.file_id, sheet=table.sheet))
        return lines


@dataclass(frozen=True)
class Repaired:
    """The rows of one table that repairs replace: a new table in the same columns per place the repairs stand in, the
    origin of each of its rows, and the rows of the old one that no longer count."""

    tables: list[tuple[RawFile, TextTable, dict[int, Origin]]]
    superseded: dict[int, str]


def read_repairs(files: Iterable[RawFile], read: Callable[[RawFile], list[TextTable]]) -> Repairs:
    """The rows of all return workbooks found in raw/. Raises exit 11 when one has lost its origin column."""
    found, problems = Repairs(), []
    for file in files:
        tables = [table for table in read(file) if not table.is_hidden and ORIGIN in table.columns]
        if not tables:
            problems.append(_no_origins(file))
        for table in tables:
            found.sheets.append((file, table))
            aside = table.set_aside.select("source_row", "reason_code")
            found.fates.append(fates_of(aside, file_id=file.file_id, sheet=table.sheet, fate="set_aside"))
            for repair in _repairs(file, table, found):
                found.by_row.setdefault(repair.key, []).append(repair)
    if problems:
        fail(CONTRACT, *problems)
    return found


def _repairs(file: RawFile, table: TextTable, found: Repairs) -> Iterable[Repair]:
    for *cells, row in table.frame.iter_rows():
        by_heading = dict(zip(table.columns, cells, strict=True))
        origin = origin_of(by_heading[ORIGIN])
        shown = {heading: value for heading, value in by_heading.items() if heading not in ADDED}
        repair = Repair(file, table.sheet, row, origin or Origin("", "", 0, 0), shown)
        if origin is None:
            found.fates.append(_fate(repair, "rejected", "origin_missing", ORIGIN))
        else:
            yield repair


def take(repairs: Repairs, file: RawFile, table: TextTable) -> Repaired:
    """The repairs of one table's rows, laid over the rows they stand for; they are taken out of `repairs`."""
    mine = {
        row: repairs.by_row.pop(key)
        for row in table.frame["source_row"]
        if (key := (file.sha256[:12], table.sheet, row)) in repairs.by_row
    } if repairs.by_row else {}  # fmt: skip
    if not mine:
        return Repaired([], {})
    own = table.frame.filter(pl.col("source_row").is_in(list(mine)))
    cells = {row[-1]: dict(zip(table.columns, row[:-1], strict=True)) for row in own.iter_rows()}
    winners = []
    for row, offered in sorted(mine.items()):
        winner, fates = _decide(cells[row], offered)
        repairs.fates += fates
        if winner is not None:
            winners.append((row, *winner))
    return Repaired(_tables(table, winners), {row: repair.place for row, repair, _ in winners})


def _decide(
    original: dict[str, str | None], offered: list[Repair]
) -> tuple[tuple[Repair, dict[str, str | None]] | None, list[pl.DataFrame]]:
    """The repair of one row that counts, with all its cells, and the fates of the others."""
    fates: list[pl.DataFrame] = []
    winner, now = None, original
    rounds = groupby(sorted(offered, key=lambda r: (r.origin.round, r.place)), key=lambda r: r.origin.round)
    for _, group in rounds:
        first, *others = [(repair, _laid_over(now, repair)) for repair in group]
        if any(cells != first[1] for _, cells in others):
            fates += [_fate(repair, "rejected", "conflicting_repair") for repair, _ in (first, *others)]
            continue
        fates += [_fate(repair, "duplicate", "duplicate_row", kept=first[0].place) for repair, _ in others]
        if winner is not None:
            fates.append(_fate(winner, "set_aside", "repaired", kept=first[0].place))
        winner, now = first
    if winner is not None and now == original:
        return None, [*fates, _fate(winner, "set_aside", "not_repaired")]
    return (None if winner is None else (winner, now)), fates


def _laid_over(cells: dict[str, str | None], repair: Repair) -> dict[str, str | None]:
    """The row with the cells that the repair changed; columns it lacks, and placeholders, are unchanged."""
    told = {heading: value for heading, value in repair.cells.items() if not is_placeholder(value)}
    changed = {h: told[h] for h in cells.keys() & told.keys() if _plain(told[h]) != _plain(cells[h])}
    return cells | changed


def _plain(value: str | None) -> str:
    """A cell without what a spreadsheet changes by itself: outer spaces, carriage returns."""
    return (value or "").replace("\r", "").replace("_x000D_", "").strip()


def _tables(
    table: TextTable, winners: list[tuple[int, Repair, dict[str, str | None]]]
) -> list[tuple[RawFile, TextTable, dict[int, Origin]]]:
    made = []
    order = sorted(winners, key=lambda item: (item[1].file.file_id, item[1].sheet, item[1].row))
    for (_, sheet), group in groupby(order, key=lambda item: (item[1].file.file_id, item[1].sheet)):
        rows = list(group)
        columns = {
            f"c{i}": pl.Series([cells[heading] for _, _, cells in rows], dtype=pl.String)
            for i, heading in enumerate(table.columns)
        }
        frame = pl.DataFrame(columns | {"source_row": pl.Series([repair.row for _, repair, _ in rows], dtype=pl.Int64)})
        new = replace(
            table, sheet=sheet, frame=frame, set_aside=table.set_aside.clear(), notices=table.notices.clear(),
            filled=frozenset(),
        )  # fmt: skip
        made.append((rows[0][1].file, new, {repair.row: repair.origin for _, repair, _ in rows}))
    return made


def superseded_fates(file_id: str, sheet: str, superseded: dict[int, str]) -> pl.DataFrame:
    """Fates of the rows that repairs replace."""
    if not superseded:
        return pl.DataFrame(schema=FATES)
    rows = pl.DataFrame(
        {"source_row": list(superseded), "kept_row": list(superseded.values())},
        schema={"source_row": pl.Int64, "kept_row": pl.String},
    )
    return fates_of(rows, file_id=file_id, sheet=sheet, fate="set_aside", reason="repaired")


def _fate(
    repair: Repair, fate: str, reason: str, column: str | None = None, *, kept: str | None = None
) -> pl.DataFrame:
    row = pl.DataFrame({"source_row": [repair.row], "kept_row": [kept]}, schema_overrides={"kept_row": pl.String})
    return fates_of(row, file_id=repair.file.file_id, sheet=repair.sheet, fate=fate, reason=reason, column=column)


def _no_origins(file: RawFile) -> Problem:
    return Problem(
        "return_unreadable", file.shown, "退回工作簿里找不到来源列", "a return workbook without its origin column",
        expected=f"{ROWS_SHEET}：{ORIGIN}",
        do_zh=f"请在 processed/return 里的原退回表中修改，不要删除表头和“{ORIGIN}”列",
        do_en="make the repairs in the workbook as it was returned; keep its headings and the origin column",
    )  # fmt: skip
