"""What holds for any grid: what was written is read back, and no row vanishes."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers import read_file
from pipeline.readers.text.records import _read_each, _split_lines
from tests.unit.readers.made_files import workbook

HEADINGS = ["编号", "站名", "说明", "次数"]
CELLS = st.text(alphabet="甲乙丙站,;\"\n\t a1，、“”'|—", max_size=6)
TAME = st.sampled_from(
    ["", "甲站", "S001", "2023-05-14", "√", " 留 ", "3", "合计", "备注：某", "小计", "一、固定", "编号"]
)
NEWLINES = st.sampled_from(["\n", "\r\n"])


@st.composite
def grids(draw, cells=CELLS):
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=8))
    return HEADINGS[:width], rows


def written(headings, rows, quoting, newline):
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=quoting, lineterminator=newline)
    writer.writerows([headings, *rows])
    return out.getvalue()


def is_seen(row):
    return any(cell.strip() for cell in row)


@settings(max_examples=80, deadline=None)
@given(
    grid=grids(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    newline=NEWLINES,
)
def test_what_is_written_as_csv_is_read_back(grid, encoding, quoting, newline):
    headings, rows = grid
    headings = [*headings, "识别"]  # a last column of marks: every record is seen, and the delimiter is certain
    rows = [[*row, f"k{i}"] for i, row in enumerate(rows)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(written(headings, rows, quoting, newline).encode(encoding))
        (table,) = read_file(path, encoding=encoding if encoding == "utf-16" else None)
    assert table.columns == tuple(headings)
    read = {row[-2]: [cell or "" for cell in row[:-2]] for row in table.frame.rows()}
    aside = table.set_aside.height
    assert table.frame.height + aside == len(rows)
    assert all(read[row[-1]] == row[:-1] for row in rows if row[-1] in read)


@settings(max_examples=80, deadline=None)
@given(grid=grids(), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), newline=NEWLINES)
def test_the_quick_way_and_the_careful_way_agree(grid, quoting, newline):
    text = written(*grid, quoting, newline)
    quick, careful = _split_lines(text, ","), _read_each(text, ",")
    if quick is not None:
        assert quick.frame.equals(careful.frame)


@settings(max_examples=40, deadline=None)
@given(grid=grids(TAME), n_titles=st.integers(0, 2))
def test_no_row_of_a_sheet_vanishes(grid, n_titles):
    headings, rows = grid
    headings, rows = [*headings, "座位"], [[*row, "7"] if is_seen(row) else [*row, ""] for row in rows]
    if not any(map(is_seen, rows)):
        return
    above = [["某某台账"], ["填报单位：甲"]][:n_titles]
    with tempfile.TemporaryDirectory() as folder:
        tables = read_file(workbook(Path(folder) / "a.xlsx", {"rows": [*above, headings, *rows]}))
    read = sorted(r for table in tables for frame in (table.frame, table.set_aside) for r in frame["source_row"])
    there = [i for i, row in enumerate(rows, start=n_titles + 2) if is_seen(row)]
    headers = [row for table in tables[1:] for row in table.header_rows]
    assert sorted([*read, *headers]) == there


@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=400), name=st.sampled_from(["a.csv", "a.xlsx", "a.json", "a.jsonl", "a.parquet"]))
def test_any_bytes_are_read_or_refused_but_never_crash(data, name):
    from pipeline.errors import PipelineError

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            assert read_file(path)
        except PipelineError as error:
            assert error.exit_code == 10
