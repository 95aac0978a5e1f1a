"""A row goes back to its keeper and comes back repaired, through the whole line."""

from __future__ import annotations

import shutil
import zipfile

import duckdb
import pytest
import python_calamine
from make_town import canaries

from pipeline.__main__ import main
from tests.end_to_end.return_room import EAST, edited

pytestmark = [pytest.mark.xdist_group("town"), pytest.mark.slow]
BACK = "station_ledger_东里街道办.xlsx"


@pytest.fixture(scope="module")
def repaired(town, tmp_path_factory):
    """The town after its keeper sent the return workbook back with one row mended, run again."""
    root = tmp_path_factory.mktemp("back") / "小 镇"
    shutil.copytree(town[0], root)
    book = (root / "processed" / "return" / BACK).read_bytes()
    (root / "raw" / BACK).write_bytes(edited(book, {("S5", "驿站类别"): "固定阵地"}))
    assert main(["run", "--data", str(root)]) == 0
    return root


def ask(root, sql: str) -> list[tuple]:
    with duckdb.connect(str(root / "processed" / "warehouse.duckdb"), read_only=True) as con:
        return con.sql(sql).fetchall()


def test_the_repaired_row_is_a_station_and_names_the_workbook_as_its_source(repaired):
    assert ask(
        repaired,
        "select s.station_id, s.class_code, s.reporting_unit, f.path, f.source_code from clean.stations as s "
        "join audit.source_files as f using (source_file_id) where s.station_id = 'AA-S5'",
    ) == [("AA-S5", "fixed", "东里街道办", BACK, "station_ledger")]


def test_every_row_of_both_files_is_accounted_for(repaired):
    lines = ask(
        repaired,
        "select f.path, l.source_sheet, n_read, n_clean, n_duplicate, n_rejected, n_set_aside from audit.row_ledger as l "
        f"join audit.source_files as f using (source_file_id) where f.path in ('{EAST}', '{BACK}') order by 1, 2",
    )
    assert set(lines) == {(EAST, "驿站台账", 9, 3, 1, 2, 3), (BACK, "要修改的行", 3, 1, 0, 0, 2)}


def test_the_workbook_is_no_unclaimed_file_and_only_what_is_left_goes_back(repaired):
    assert ask(repaired, f"select count(*) from audit.notices as n join audit.source_files as f using (source_file_id) "
                         f"where f.path = '{BACK}' and n.reason_code = 'unclaimed_file'") == [(0,)]  # fmt: skip
    book = python_calamine.load_workbook(str(repaired / "processed" / "return" / BACK))
    codes = [row[1] for row in book.get_sheet_by_name("要修改的行").to_python()[3:]]
    assert codes == ["S4", "S6"]


def test_what_goes_back_and_comes_back_holds_nothing_personal(repaired):
    for path in (repaired / "processed" / "return").glob("*.xlsx"):
        with zipfile.ZipFile(path) as book:
            text = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
        assert not [value for value in canaries() if value in text]
