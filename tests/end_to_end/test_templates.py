"""Blank workbooks of the town: 东里 fills in all of its own, 西里 hands them in blank; the whole line says nothing of either."""

from __future__ import annotations

import shutil
from datetime import date

import duckdb
import pytest
from fill_forms import fill, names, rows_for, sheets_of

pytestmark = [pytest.mark.xdist_group("town"), pytest.mark.slow]
ON = date(2023, 6, 15)
# The stations of the last ledger stand in this one too, beside a new one: else it would be a ledger with a page missing.
KNOWN = ({"驿站编号": "S1", "驿站名称": "东门驿站"}, {"驿站编号": "S2", "驿站名称": "南门驿站"})


@pytest.fixture(scope="module")
def handed_in(town, line, tmp_path_factory):
    """A copy of the town with its blank workbooks handed in, run once: its folder, and the files handed in."""
    folder = tmp_path_factory.mktemp("templates")
    root, blank = folder / "小镇", folder / "空白表"
    made = line("templates", blank, "--data", town[0], LC_ALL="C")
    assert made.returncode == 0, made.stderr
    for part in ("raw", "place"):
        shutil.copytree(town[0] / part, root / part)
    for name in names(blank):
        if name.startswith("东里"):
            rows = {sheet.name: rows_for(sheet, 3, ON) for sheet in sheets_of(blank / name)}
            for row, station in zip(rows.get("驿站台账", []), KNOWN, strict=False):
                row |= station
            fill(blank / name, root / "raw" / name, rows, on=ON)
        else:
            (root / "raw" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(blank / name, root / "raw" / name)
    done = line("run", "--data", root, LC_ALL="C")
    assert done.returncode == 0, done.stderr
    return root, names(blank)


def ask(root, query):
    """Rows of a query on a study's warehouse."""
    with duckdb.connect(str(root / "processed" / "warehouse.duckdb"), read_only=True) as con:
        return con.sql(query).fetchall()


def test_stations_and_cells_of_the_town_were_offered(handed_in):
    root, _ = handed_in
    facilities = sheets_of(root.parent / "空白表" / "东里" / "台账" / "驿站台账_模板.xlsx")[1]
    assert facilities.rules[facilities.headings["驿站名称"]].choices[:2] == ("东门驿站", "南门驿站")
    west = sheets_of(root.parent / "空白表" / "西里" / "台账" / "驿站台账_模板.xlsx")
    assert west[0].rules[west[0].headings["所属网格"]].choices == ("一网格",)


def test_nothing_is_noted_of_a_file_that_was_handed_in(handed_in):
    root, files = handed_in
    for table in ("row_fates", "notices"):
        said = ask(
            root,
            f"select path, source_sheet, column_name, reason_code from audit.{table} join audit.source_files using (source_file_id)",
        )
        assert [row for row in said if row[0] in files] == []


def test_every_row_handed_in_is_clean_and_blank_sheets_have_none(handed_in):
    root, files = handed_in
    ledger = ask(
        root,
        "select path, source_sheet, n_read, n_clean from audit.row_ledger join audit.source_files using (source_file_id)",
    )
    handed = [row for row in ledger if row[0] in files]
    assert {row[2:] for row in handed if row[0].startswith("东里")} == {(3, 3)}
    assert {row[2:] for row in handed if row[0].startswith("西里")} <= {(0, 0)}
    assert {row[0] for row in handed if row[0].startswith("东里")} == {
        name for name in files if name.startswith("东里")
    }


def test_no_rule_warns_that_held_without_them(handed_in, town):
    failed = "select rule_code from audit.rule_results where not passed and severity <> 'info'"
    assert set(ask(handed_in[0], failed)) <= set(ask(town[0], failed))


def test_what_was_filled_in_reaches_the_tables(handed_in):
    root, _ = handed_in
    assert ask(root, "select name from clean.stations where station_id = 'AA-X3'") == [("第3驿站",)]
    assert ask(
        root,
        "select count(*) from clean.service_events where used_at >= timestamp '2023-06-15' and courier_key is not null",
    ) == [(3,)]
