"""The town's ledgers, cleaned again and again: rows go back to their keepers, who repair the workbook and send it in."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import python_calamine as calamine
import xlsxwriter
from make_town import make_town

from pipeline import paths
from pipeline.clean.fates import FATES, LEDGER, together
from pipeline.cleaning import Prepared, clean_logs, clean_place_and_ledgers, close_repairs
from pipeline.contracts.bundle import Contracts, load_contracts
from pipeline.contracts.returned import GUIDE_SHEET, HEADER_ROW
from pipeline.export import return_rows
from pipeline.receive import Received, receive, unclaimed

EAST = "东里/台账/驿站台账_2023-03-31.xlsx"


def ledger_town(root: Path, *folders: str) -> Path:
    """The town with nothing in raw/ but these folders of each area, and without its survey."""
    make_town(root)
    shutil.rmtree(root / "place" / "waves")
    for path in (root / "raw").rglob("*"):
        if path.is_file() and path.parent.name not in folders:
            path.unlink()
    return root


CONTRACTS: dict[tuple, Contracts] = {}


def contracts_of(study: paths.Study) -> Contracts:
    """The contracts of a study, loaded once for each content of place/."""
    files = sorted(study.place.rglob("*.toml"))
    key = tuple((path.name, path.read_bytes()) for path in files)
    if key not in CONTRACTS:
        CONTRACTS[key] = load_contracts(study)
    return CONTRACTS[key]


@dataclass
class Room:
    """A study, and what cleaning its ledgers gave."""

    root: Path
    prepared: Prepared | None = None
    received: Received | None = None

    def clean(self) -> Room:
        """Read and clean everything once more, as a run does."""
        study = paths.study(self.root)
        contracts = contracts_of(study)
        self.received = receive(study, contracts)
        self.prepared = clean_place_and_ledgers(study, contracts, self.received, b"key")
        close_repairs(self.received, self.prepared)
        return self

    def clean_with_logs(self) -> Room:
        """The same with the service logs."""
        study = paths.study(self.root)
        contracts = contracts_of(study)
        self.received = receive(study, contracts)
        self.prepared = clean_place_and_ledgers(study, contracts, self.received, b"key")
        clean_logs(study, contracts, self.received, b"key", self.prepared)
        close_repairs(self.received, self.prepared)
        return self

    def fates(self, path: str, sheet: str | None = None) -> list[tuple]:
        """(row, fate, column, reason) of one file."""
        ids = [file.file_id for file in self.received.files if file.shown == path]
        here = together(self.prepared.fates, FATES).filter(pl.col("source_file_id").is_in(ids))
        if sheet:
            here = here.filter(pl.col("source_sheet") == sheet)
        return here.select("source_row", "fate", "column_name", "reason_code").sort("source_row", "column_name").rows()

    def ledger(self, path: str, sheet: str) -> tuple:
        """read, clean, duplicate, rejected, set aside."""
        ids = [file.file_id for file in self.received.files if file.shown == path]
        lines = together(self.prepared.ledger, LEDGER)
        here = lines.filter(pl.col("source_file_id").is_in(ids) & (pl.col("source_sheet") == sheet))
        return here.drop("source_file_id", "source_sheet").sum().row(0)

    def unclaimed(self) -> list[str]:
        """Files that nobody claims."""
        ids = [notice["source_file_id"].item() for notice in unclaimed(self.received)[2]]
        return [file.shown for file in self.received.files if file.file_id in ids]

    def stations(self) -> list[str]:
        return self.prepared.tables["clean.stations"]["station_id"].sort().to_list()

    def returned(self, source: str = "station_ledger") -> bytes:
        """The workbook of one source, as it goes back."""
        sheets = [sheet for sheet in self.prepared.returns if sheet.source_code == source]
        return return_rows.render(sheets, {}, is_simulated=False)


def edited(workbook: bytes, changes: dict[tuple[str, str], object], *, drop: tuple[str, ...] = ()) -> bytes:
    """A return workbook as a person saves it: cells changed by (value in 驿站编号, or 序号 without one, and heading), the
    rows in `drop` deleted, everything else as it was."""

    def edit(rows: list[list]) -> list[list]:
        headings = rows[HEADER_ROW - 1]
        at = headings.index("驿站编号" if "驿站编号" in headings else "序号")
        kept = [row for row in rows[HEADER_ROW:] if row[at] not in drop]
        changed = [
            [changes.get((row[at], heading), cell) for heading, cell in zip(headings, row, strict=True)] for row in kept
        ]
        return [*rows[:HEADER_ROW], *changed]

    return _saved(workbook, edit)


def without_column(workbook: bytes, heading: str) -> bytes:
    """A return workbook from which a column was deleted."""

    def edit(rows: list[list]) -> list[list]:
        at = rows[HEADER_ROW - 1].index(heading)
        return [[*row[:at], *row[at + 1 :]] for row in rows]

    return _saved(workbook, edit)


def _saved(workbook: bytes, edit: Callable[[list[list]], list[list]]) -> bytes:
    book = calamine.load_workbook(io.BytesIO(workbook))
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_numbers": False, "strings_to_formulas": False}) as out:
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            page = out.add_worksheet(name)
            for at, row in enumerate(rows if name == GUIDE_SHEET else edit(rows)):
                page.write_row(at, 0, row)
    return buffer.getvalue()
