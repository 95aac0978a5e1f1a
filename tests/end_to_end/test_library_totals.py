"""Six years of a city's libraries, a file nobody here wrote: each branch's months and the total beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipeline.clean.fates import NOTICES
from pipeline.clean.sheets.columns import Matched
from pipeline.clean.totals import check_totals
from pipeline.contracts import load_codebooks
from pipeline.readers import TextTable, read_file

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "real" / "log-chicago-library-circ"
FILES = sorted(FOLDER.glob("*_circ.csv"))
pytestmark = pytest.mark.skipif(not FILES, reason="the folder of real files is not on this machine")


def checked(table: TextTable) -> pl.DataFrame:
    nothing_known = Matched({}, {}, [], pl.DataFrame(schema=NOTICES), [])
    return check_totals(table, nothing_known, ticks=load_codebooks()["ticks"], file_id="f")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_months_of_every_branch_add_up_to_its_year(path):
    (table,) = read_file(path)
    checks = checked(table)
    assert checks["source_row"].to_list() == table.frame["source_row"].to_list()  # every branch, once
    assert set(checks["kind_code"]) == {"row_total"} and set(checks["column_name"]) == {"ytd"}
    assert checks["agrees"].to_list() == [True] * table.frame.height


@pytest.mark.parametrize("by", [1, -1])
def test_a_year_that_is_one_loan_off_is_found(by):
    (table,) = read_file(FILES[0])
    year = f"c{table.columns.index('ytd')}"
    off = pl.when(pl.col("source_row") == 5).then((pl.col(year).cast(pl.Int64) + by).cast(pl.String)).otherwise(year)
    found = checked(replace(table, frame=table.frame.with_columns(off.alias(year)))).filter(~pl.col("agrees"))
    assert found["cell"].to_list() == ["Q5"] and (found["stated"] - found["counted"]).to_list() == [by]
