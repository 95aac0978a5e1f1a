"""Two tables beside each other on a ledger's sheet share rows: each row of each is accounted for, none is mistaken."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from pipeline.clean.fates import FATES, LEDGER, together
from pipeline.clean.ledgers import Around, Cleaned, clean_ledgers
from pipeline.clean.places.known_places import Places
from pipeline.contracts import load_codebooks, load_sources
from pipeline.contracts.deliveries import RawFile
from pipeline.readers import read_file
from pipeline.readers.overlaps import told_apart
from pipeline.warehouse.dictionary import tables as dictionary

LEFT = ("驿站编号", "驿站名称", "驿站类别", "座位数")


def cleaned(path: Path, right: list[tuple]) -> Cleaned:
    """Six stations in A to D, the third with seats that cannot be; `right` stands from column F on."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("驿站台账")
        rows = [LEFT, *((f"S{i}", f"{i}号驿站", "固定阵地", -3 if i == 3 else i) for i in range(1, 7))]
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        for at, row in enumerate(right):
            sheet.write_row(at, 5, row)
    columns_of = {name: [column.name for column in table.columns] for name, table in dictionary().items()}
    around = Around(load_codebooks(), Places(), {}, b"key", columns_of, [])
    file = RawFile(path, path.name, path.name, "QC", "0" * 64, 1, False)
    source = load_sources()["station_ledger"]
    return clean_ledgers([source], {source.code: [file]}, lambda _: told_apart(read_file(path)), around)


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "驿站台账_2023-03-31.xlsx"


def accounts(result: Cleaned) -> dict[str, tuple]:
    return {row[1]: row[2:] for row in together(result.ledger, LEDGER).rows()}


def test_a_ledger_printed_in_two_columns_is_one_ledger(path):
    result = cleaned(path, [LEFT, *((f"T{i}", f"右{i}号驿站", "固定阵地", i) for i in range(1, 7))])
    assert result.tables["clean.stations"].height == 11
    assert accounts(result) == {"驿站台账": (6, 5, 0, 1, 0), "驿站台账〔F–I〕": (6, 6, 0, 0, 0)}
    assert together(result.fates, FATES).select("source_sheet", "source_row").rows() == [("驿站台账", 4)]


def test_another_table_beside_the_ledger_is_set_aside_and_stops_nothing(path):
    result = cleaned(path, [("物资", "数量", "单价"), *((f"水{i}", i, 2 * i) for i in range(1, 4))])
    assert result.tables["clean.stations"].height == 5
    assert accounts(result) == {"驿站台账": (6, 5, 0, 1, 0), "驿站台账〔F–H〕": (3, 0, 0, 0, 3)}
