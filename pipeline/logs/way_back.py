"""Registers kept in workbooks: their faulty rows go back to the keeper, and repaired ones count in their place.

Only a row that was refused is ever replaced. So the events stored for a file stay as they are; the repaired rows are one
more delivery, and the account of the file says which of its rows they replace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import polars as pl

from pipeline.clean.fates import FATES, together
from pipeline.clean.sheets.columns import match
from pipeline.clean.sheets.ledger import Home, Sheet
from pipeline.clean.sheets.own_sheets import without_own_sheets
from pipeline.clean.way_back.repairs import Repairs, superseded_fates, take
from pipeline.clean.way_back.returns import send_back
from pipeline.contracts import Codebook
from pipeline.contracts.deliveries import RawFile
from pipeline.contracts.returned import Origin, ReturnSheet
from pipeline.logs.reading import TEXTS
from pipeline.logs.records import LogDelivery, LogResult
from pipeline.readers import TextTable

Read = Callable[[RawFile], list[TextTable]]


@dataclass
class Register:
    """One table of a log workbook with refused rows: where it lies, its own rows, and the origins of repaired ones."""

    delivery: LogDelivery
    file: RawFile
    table: TextTable
    home: Home
    origins: dict[int, Origin] = field(default_factory=dict)


@dataclass
class Replaced:
    """`registers` whose rows can go back (with the repaired tables among them), `deliveries` of repaired rows, and the
    rows they replace: (file id, sheet) → row → where its repair stands."""

    registers: list[Register] = field(default_factory=list)
    deliveries: list[LogDelivery] = field(default_factory=list)
    superseded: dict[tuple[str, str], dict[int, str]] = field(default_factory=dict)


def replace_refused(
    deliveries: list[LogDelivery], files: dict[str, RawFile], result: LogResult, repairs: Repairs, read: Read
) -> Replaced:
    """Take the repairs of rows that were refused in the workbooks among the deliveries. `files` by file id."""
    made = Replaced()
    repaired: dict[str, list[TextTable]] = {}
    by_id: dict[str, LogDelivery] = {}
    for register, rows in _registers(deliveries, files, result, read):
        made.registers.append(register)
        only = replace(register.table, frame=register.table.frame.filter(pl.col("source_row").is_in(rows)))
        taken = take(repairs, register.file, only)
        if taken.superseded:
            key = (register.file.file_id, register.table.sheet)
            made.superseded[key] = made.superseded.get(key, {}) | taken.superseded
        for file, table, origins in taken.tables:
            repaired.setdefault(file.file_id, []).append(table)
            own = replace(register.delivery, source_file_id=file.file_id)
            by_id.setdefault(file.file_id, own)
            made.registers.append(Register(own, replace(file, area_code=register.delivery.area_code), table, register.home, origins))  # fmt: skip
    made.deliveries = [replace(by_id[file_id], tables=tuple(tables)) for file_id, tables in repaired.items()]
    return made


def _registers(
    deliveries: list[LogDelivery], files: dict[str, RawFile], result: LogResult, read: Read
) -> Iterator[tuple[Register, list[int]]]:
    """The tables of workbooks with refused rows. Other logs are exports: whoever made them exports them again."""
    rejected = result.fates.filter(pl.col("fate") == "rejected")
    faulty = set(rejected["source_file_id"].to_list())
    for delivery in deliveries:
        file_id = delivery.source_file_id
        if file_id not in faulty or result.seen[file_id][0] != "ledger":
            continue
        file = files[file_id]
        for table in without_own_sheets(read(file)):
            here = (pl.col("source_file_id") == file_id) & (pl.col("source_sheet") == table.sheet)
            rows = rejected.filter(here)["source_row"].unique().to_list()
            if rows and not table.is_hidden:
                yield Register(delivery, file, table, Home(file.shown, table.sheet, file.sha256[:12])), rows


def account(result: LogResult, replaced: Replaced) -> LogResult:
    """The account with replaced rows set aside. Sheets of return workbooks are accounted for with their repairs."""
    fates, ledger = result.fates, result.ledger
    for (file_id, sheet), superseded in replaced.superseded.items():
        here = (pl.col("source_file_id") == file_id) & (pl.col("source_sheet") == sheet)
        gone = here & (pl.col("fate") == "rejected") & pl.col("source_row").is_in(list(superseded))
        fates = together([fates.filter(~gone), superseded_fates(file_id, sheet, superseded)], FATES)
        n = pl.when(here).then(len(superseded)).otherwise(0)
        ledger = ledger.with_columns(n_rejected=pl.col("n_rejected") - n, n_set_aside=pl.col("n_set_aside") + n)
    back = [delivery.source_file_id for delivery in replaced.deliveries]
    ledger = ledger.filter(~pl.col("source_file_id").is_in(back))
    unknown = _still_unknown(result, fates)
    if not replaced.superseded:
        return replace(result, ledger=ledger, unknown=unknown)
    return replace(result, fate_files=[], own_fates=fates, ledger=ledger, unknown=unknown)


def _still_unknown(result: LogResult, fates: pl.DataFrame) -> pl.DataFrame:
    """The texts nobody knows, without those of a column in which, for that reason, no row is refused any more."""
    by = ["source_file_id", "source_sheet", "column_name", "reason_code"]
    before, now = (frame.filter(pl.col("fate") == "rejected").select(by).unique() for frame in (result.fates, fates))
    return result.unknown.join(before.join(now, on=by, how="anti"), on=by, how="anti")


def returns(replaced: Replaced, fates: pl.DataFrame, codebooks: dict[str, Codebook]) -> list[ReturnSheet]:
    """What goes back to the keepers of registers, by contract."""
    sheets: list[ReturnSheet] = []
    by_source: dict[str, list[Register]] = {}
    for register in replaced.registers:
        by_source.setdefault(register.delivery.source.code, []).append(register)
    for registers in by_source.values():
        source = registers[0].delivery.source
        sheets += send_back(source, [_sheet(register, codebooks) for register in registers], fates, {})
    return sheets


def _sheet(register: Register, codebooks: dict[str, Codebook]) -> Sheet:
    source, file, table = register.delivery.source, register.file, register.table
    matched = match(source, table, codebooks, file_id=file.file_id, shown=file.shown, wanted=set(TEXTS))
    none = pl.DataFrame(schema={"source_row": pl.Int64})
    return Sheet(
        file=file, table=table, matched=matched, as_of=None, home=register.home, rows=none, refused=none,
        fates=pl.DataFrame(schema=FATES), notices=[], problems=[], origins=register.origins,
    )  # fmt: skip
