"""Repaired rows in place of those they replace, typed like the table they belong to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from pipeline.clean.fates import FATES, together
from pipeline.clean.sheets.ledger import Sheet
from pipeline.clean.way_back.repairs import Repairs, superseded_fates, take
from pipeline.clean.way_back.returns import PastFault, past_faults
from pipeline.contracts import Source
from pipeline.contracts.deliveries import RawFile
from pipeline.readers import TextTable


@dataclass
class Superseded:
    """`sheets` of a source with repairs in force; `fates` of the rows replaced; `past` the faults that repairs did away
    with and when they stood (they were returned all the same, should they come back); `file_ids` of the workbooks used."""

    sheets: list[Sheet] = field(default_factory=list)
    fates: list[pl.DataFrame] = field(default_factory=list)
    past: dict[PastFault, list[date]] = field(default_factory=dict)
    file_ids: list[str] = field(default_factory=list)


def supersede(
    source: Source,
    sheets: list[Sheet],
    repairs: Repairs,
    type_again: Callable[[Sheet, RawFile, TextTable], Sheet],
    place_faults: Callable[[pl.DataFrame], pl.DataFrame],
) -> Superseded:
    """Take the repairs of a source's rows. `type_again` types a table of repaired rows like the sheet whose rows they
    replace; `place_faults` gives the fates of rows whose coordinates are refused."""
    made = Superseded()
    for sheet in sheets:
        repaired = take(repairs, sheet.file, sheet.table)
        if not repaired.superseded:
            made.sheets.append(sheet)
            continue
        is_gone = pl.col("source_row").is_in(list(repaired.superseded))
        gone = together([sheet.fates.filter(is_gone), place_faults(sheet.rows.filter(is_gone))], FATES)
        for fault, as_of in past_faults(sheet, gone, source):
            made.past.setdefault(fault, []).append(as_of)
        made.sheets.append(sheet.without(repaired.superseded))
        made.fates.append(superseded_fates(sheet.file.file_id, sheet.table.sheet, repaired.superseded))
        for file, table, origins in repaired.tables:
            new = type_again(sheet, replace(file, area_code=sheet.file.area_code), table)
            made.sheets.append(replace(new, home=sheet.home, origins=origins))
            made.file_ids.append(file.file_id)
    return made
