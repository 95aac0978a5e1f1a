"""Everything that goes back to those who keep the files: processed/return, one workbook per source and reporting unit.

Rows of ledgers and of registers kept in workbooks go back with their cells, to be repaired in place (`return_rows`); for
exports of devices and survey platforms a list says which rows of which file are at fault (`return_list`).
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import duckdb
import polars as pl

from pipeline.contracts.returned import ReturnSheet
from pipeline.export import return_list, return_rows
from pipeline.export.write import legal, put_all
from pipeline.paths import Study

# Rejected rows of the return workbooks themselves: the row they stand for is returned (again) or is not there.
_OF_REPAIRS = ("origin_missing", "conflicting_repair")


def write(
    con: duckdb.DuckDBPyConnection, study: Study, returns: list[ReturnSheet], *, is_simulated: bool
) -> list[Path]:
    """Write processed/return/<source>_<填报单位>.xlsx from a warehouse, published or not; workbooks that nobody needs any
    more go. Raises exit 10 for a workbook held open by another program, when all others are written."""
    reasons = dict(con.sql("select reason_code, label_zh from audit.reasons").fetchall())
    rejected = con.sql(
        "select r.path, r.source_code, r.source_sheet, r.source_row, r.column_name, r.reason_code, r.label_zh, r.label_en "
        "from audit.rejected_rows as r left join ref.codes as c on c.list_code = 'sources' and c.code = r.source_code "
        f"where coalesce(c.family, '') <> 'ledger' or r.reason_code in {_OF_REPAIRS} "
        "order by source_code, path, source_sheet, source_row, column_name, reason_code"
    ).pl()
    with_cells = [sheet.path for sheet in returns]
    listed = rejected.filter(~pl.col("path").is_in(with_cells))
    files = return_list.files(listed, study.return_dir, is_simulated=is_simulated)
    in_order = sorted(returns, key=_workbook)
    for (source, unit), group in groupby(in_order, key=_workbook):
        path = study.return_dir / f"{legal(source)}_{legal(unit) or '未注明单位'}.xlsx"
        files[path] = return_rows.render(list(group), reasons, is_simulated=is_simulated)
    for old in study.return_dir.glob("*.xlsx"):
        if old not in files and not old.name.startswith("~$"):
            old.unlink(missing_ok=True)
    return put_all(files)


def _workbook(sheet: ReturnSheet) -> tuple[str, str]:
    return sheet.source_code, sheet.unit
