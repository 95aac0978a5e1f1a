"""One log file as received → its rows under canonical names, what else stands in it, and what the headings say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatch

import polars as pl

from pipeline.clean.fates import FATES, NOTICES, fates_of, notice, together
from pipeline.clean.sheets.columns import fits, match
from pipeline.clean.sheets.own_sheets import without_own_sheets
from pipeline.contracts import Codebook
from pipeline.contracts.deliveries import date_in_name
from pipeline.errors import Problem
from pipeline.logs.numbering import NUMBERED, WRITTEN
from pipeline.logs.records import LogDelivery
from pipeline.logs.torn import torn
from pipeline.readers import TextTable, read_file
from pipeline.readers.overlaps import sheet_of, told_apart

TEXTS = (*NUMBERED, *WRITTEN)
ROWS = {"sheet_no": pl.Int64, "source_row": pl.Int64, **dict.fromkeys(TEXTS, pl.String), "person": pl.String}
COLUMNS = {"column_name": pl.String, "heading": pl.String, "on_unknown": pl.String, "is_needed": pl.Boolean}
_ALWAYS_NEEDED = ("used_at", "station", "service")


@dataclass(frozen=True)
class LogSheet:
    """One table of a log: its delivery, its name, where its canonical columns stand (`physical`), and what its contract
    does with surprises there (COLUMNS)."""

    delivery: LogDelivery
    name: str
    physical: dict[str, str]
    columns: pl.DataFrame

    def heading(self, name: str) -> str | None:
        """How a canonical column is headed here."""
        found = self.columns.filter(pl.col("column_name") == name)["heading"]
        return found[0] if len(found) else None


@dataclass
class LogFile:
    """What one file holds. `rows` (ROWS; sheet_no counts `sheets`) has a personal column `person`, replaced before anything
    else is done with it; `n_read` rows per sheet; `year` the year the file speaks of, where its name or its notes tell."""

    delivery: LogDelivery
    rows: pl.DataFrame
    fates: pl.DataFrame
    notices: pl.DataFrame
    sheets: list[LogSheet] = field(default_factory=list)
    n_read: dict[str, int] = field(default_factory=dict)
    family: str = "unknown"
    encoding: str | None = None
    year: str | None = None
    problems: list[Problem] = field(default_factory=list)


def read_log(delivery: LogDelivery, codebooks: dict[str, Codebook]) -> LogFile:
    """Read one delivery. Missing required columns are collected in `problems`. Raises exit 10 for an unreadable file."""
    source = delivery.source
    read = list(delivery.tables)
    if not read:
        read = told_apart(read_file(delivery.path, encoding=source.encoding, header_rows=source.header_rows))
    tables = without_own_sheets(read)
    file = LogFile(delivery, *(pl.DataFrame(schema=schema) for schema in (ROWS, FATES, NOTICES)))
    file.family, file.encoding = read[0].family, read[0].encoding or None
    claimed = _claimed(tables, delivery)
    for table in tables:
        file.n_read[table.sheet] = file.n_read.get(table.sheet, 0) + table.n_read
        if table in claimed:
            _take(file, table, codebooks)
        else:
            reason = "hidden_sheet" if table.is_hidden else "unclaimed_sheet"
            file.fates.extend(_aside(delivery, table, reason))
            file.notices.extend(notice(delivery.source_file_id, table.sheet, reason, n=table.n_read))
    return file


def _take(file: LogFile, table: TextTable, codebooks: dict[str, Codebook]) -> None:
    """Add the rows of one sheet under canonical names."""
    sheet = matched_sheet(file, table, codebooks)
    rows = table.frame.select(
        pl.lit(len(file.sheets), pl.Int64).alias("sheet_no"), pl.col("source_row").cast(pl.Int64),
        *(
            pl.col(sheet.physical[name]).str.strip_chars().replace("", None).alias(name)
            if name in sheet.physical else pl.lit(None, pl.String).alias(name)
            for name in (*TEXTS, "person")
        ),
    )  # fmt: skip
    cut_off = torn(file.delivery.path, table.frame, table.notices)
    aside = pl.concat([table.set_aside, cut_off])
    file.sheets.append(sheet)
    file.rows.extend(rows.join(cut_off, on="source_row", how="anti") if cut_off.height else rows)
    file.fates.extend(fates_of(aside, file_id=file.delivery.source_file_id, sheet=table.sheet, fate="set_aside"))
    file.notices.extend(together(_noted(file.delivery, table), NOTICES))


def matched_sheet(file: LogFile, table: TextTable, codebooks: dict[str, Codebook]) -> LogSheet:
    """The columns of one table by the contract. What the headings lack or have beyond it is noted with the file."""
    delivery = file.delivery
    matched = match(
        delivery.source, table, codebooks, file_id=delivery.source_file_id, shown=shown(delivery),
        wanted={"person", *TEXTS},
    )  # fmt: skip
    file.problems += matched.problems
    file.year = file.year or _year(table)
    file.notices.extend(together([matched.notices], NOTICES))
    there = {name: entry for name, entry in matched.columns.items() if _is_read(name, entry[0].personal)}
    physical = {name: column for name, (_, column, _) in there.items()}
    return LogSheet(delivery, table.sheet, physical, _columns(there))


def _claimed(tables: list[TextTable], delivery: LogDelivery) -> list[TextTable]:
    """The sheets that are logs: visible ones of the contract's name, or that have its required columns. A file in which
    no sheet fits is matched by its first visible one, so that the missing columns are said."""
    visible = [table for table in tables if not table.is_hidden]
    if delivery.source.sheet:
        named = [table for table in visible if fnmatch(sheet_of(table), delivery.source.sheet)]
        return named or visible[:1]
    return [table for table in visible if fits(delivery.source, table)] or visible[:1]


def _is_read(name: str, personal: str | None) -> bool:
    """Whether a column goes on: the person (always replaced), and canonical columns that are not personal."""
    return personal != "drop" if name == "person" else name in TEXTS and personal is None


def _columns(there: dict) -> pl.DataFrame:
    lines = [
        (name, heading, column.on_unknown, column.not_null or name in _ALWAYS_NEEDED)
        for name, (column, _, heading) in there.items()
    ]
    for name, other in (
        ("used_at", "used_on"),
        ("used_time", "used_at"),
        ("used_time", "used_on"),
        ("station", "station_name"),
    ):
        if name not in there and other in there:  # what is wrong with the one is said of the other
            lines.append((name, there[other][2], "reject", True))
            there = there | {name: there[other]}
    frame = pl.DataFrame(lines, schema=COLUMNS, orient="row")
    # only codes and numbers may count as blank: a use without time or place is none
    never_blank = pl.col("column_name").is_in(["used_at", "used_time", "station"])
    return frame.select(
        "column_name", "heading",
        pl.when(never_blank).then(pl.lit("reject")).otherwise("on_unknown").alias("on_unknown"),
        (pl.col("is_needed") & (never_blank | (pl.col("on_unknown") != "null"))).alias("is_needed"),
    )  # fmt: skip


def _aside(delivery: LogDelivery, table: TextTable, reason: str) -> pl.DataFrame:
    rows = pl.concat([table.frame.select("source_row"), table.set_aside.select("source_row")], how="vertical_relaxed")
    return fates_of(rows, file_id=delivery.source_file_id, sheet=table.sheet, fate="set_aside", reason=reason)


def _noted(delivery: LogDelivery, table: TextTable) -> list[pl.DataFrame]:
    counted = table.notices.group_by("reason_code").len().sort("reason_code")
    notes = [notice(delivery.source_file_id, table.sheet, reason, n=n) for reason, n in counted.iter_rows()]
    filled = [notice(delivery.source_file_id, table.sheet, "filled_cell", n=len(table.filled))] if table.filled else []
    return notes + filled


def _year(table: TextTable) -> str | None:
    """The year a file speaks of, for rows that name only month and day."""
    named = date_in_name(table.path.name)
    if named is not None:
        return str(named.year)
    in_name = re.search(r"(?<!\d)(20\d{2})(?!\d)", table.path.stem) or re.search(r"(20\d{2})\s*年", table.path.stem)
    if in_name:
        return in_name[1]
    noted = (
        pl.Series(list(table.notes.values()), dtype=pl.String).str.extract(r"^\s*(20\d{2})\s*[-/.年]\s*\d").drop_nulls()
    )
    return noted[0] if len(noted) else None


def shown(delivery: LogDelivery) -> str:
    """A file as a person is told of it."""
    return "/".join(delivery.path.parts[-2:])
