"""Sheets of every shape, with titles, totals, groups, remarks, blank rows and side notes planted in them: every row and
every cell is accounted for, and the quick way of writing cells as text is the slow one."""

from __future__ import annotations

import datetime as dt
import tempfile
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import PipelineError
from pipeline.readers import read_file
from pipeline.readers.describe import describe
from pipeline.readers.sheets.cell_columns import texts_of
from pipeline.readers.sheets.cells import is_blank, text_of
from tests.unit.readers.binary_workbook import binary_workbook
from tests.unit.readers.made_files import ledger_sheet, workbook
from tests.unit.readers.other_workbooks import LEDGER_XLS, document
from tests.unit.readers.test_html_and_xml import LEDGER, XML

CELLS = st.one_of(
    st.floats(), st.floats(-1e6, 1e6).map(lambda x: round(x, 2)), st.integers(-(10**17), 10**17).map(float), st.booleans(),
    st.sampled_from(["", " ", "甲", "3.0", "TRUE"]), st.dates(dt.date(1900, 1, 1)), st.none(), st.integers(-5, 5),
    st.datetimes(dt.datetime(1900, 1, 1)), st.times(), st.timedeltas(dt.timedelta(0), dt.timedelta(days=9)),
)  # fmt: skip
LINES = st.sampled_from(
    ["record", "record", "record", "sparse", "blank", "total", "subtotal", "group", "remark", "word", "header"]
)
HEADINGS = ["编号", "名称", "类别", "人次", "说明", "日期"]


@settings(max_examples=80, deadline=None)
@given(st.lists(CELLS, max_size=12))
def test_columns_are_written_as_cells_are(values):
    assert texts_of(values).to_list() == [text_of(value) or None for value in values]


@st.composite
def sheets(draw):
    """Rows as lists of cells; every cell that is no set word is a token of its own."""
    width, tokens = draw(st.integers(2, 6)), count(1)
    headings = HEADINGS[:width]

    def line(kind):
        first = {
            "total": "合计",
            "subtotal": "小计",
            "group": "二、社会（3家）",
            "remark": "备注：某事",
            "word": "某某某某",
        }.get(kind)
        if kind == "blank":
            return []
        if kind == "header":
            return headings
        if kind in ("group", "remark", "word"):
            return [first]
        filled = [f"k{next(tokens)}" if i < 2 else float(next(tokens)) for i in range(width)]
        if kind == "sparse":
            return [cell if draw(st.booleans()) else None for cell in filled]
        return [first, *filled[1:]] if first else filled

    titles = [["某某台账"], ["填报单位：甲"], ["填表日期", "2023-03-31"], []]
    above = [*titles[: draw(st.integers(0, 4))], headings]
    kinds = draw(st.lists(LINES, max_size=14))
    rows = [*above, *map(line, kinds)]
    if draw(st.booleans()):  # notes beside
        gap = [None] * (width + 1)
        for i in draw(st.lists(st.integers(0, len(rows) - 1), max_size=3)):
            rows[i] = [*(rows[i] + gap)[: width + 1], f"旁注第{next(tokens)}条"]
    left, blank = draw(st.integers(0, 2)), draw(st.sampled_from([0, 0, 3, 250]))
    records = {blank + len(above) + i for i, kind in enumerate(kinds, start=1) if kind == "record"}
    return [[]] * blank + [[*[None] * left, *row] for row in rows], records


def is_seen(row):
    return not all(map(is_blank, row))


@settings(max_examples=30, deadline=None)
@given(made=sheets())
def test_every_row_and_every_cell_of_a_sheet_is_accounted_for(made):
    rows, records = made
    with tempfile.TemporaryDirectory() as folder:
        try:
            tables = read_file(workbook(Path(folder) / "a.xlsx", {"rows": rows}))
        except PipelineError as error:
            assert error.problems[0].code == "no_table" and sum(map(is_seen, rows)) <= 6
            return
        assert describe("a.xlsx", tables=tables)
    where: dict[int, str] = {}
    for table in tables:
        kinds = [
            ("record", table.frame["source_row"]),
            ("aside", table.set_aside["source_row"]),
            ("header", table.header_rows),
        ]
        for kind, numbers in kinds:
            for number in numbers:
                assert where.setdefault(number, kind) == kind or len(tables) > 1
    firsts = sorted(min(table.header_rows) for table in tables)
    lasts = [0, *(max([*t.frame["source_row"], *t.set_aside["source_row"], *t.header_rows]) for t in tables)]
    for number, row in enumerate(rows, start=1):
        if is_seen(row) and number not in where:  # lines above a header, below the table before
            above = next(first for first in firsts if first > number)
            assert not any(number < last < above for last in lasts)
    assert all(where.get(number) == "record" for number in records)
    texts = {text for table in tables for row in table.frame.rows() for text in row[:-1]}
    texts |= {line for table in tables for note in table.notes.values() for line in note.split("\n")}
    for number, kind in where.items():
        cells = [text_of(cell) for cell in rows[number - 1] if not is_blank(cell)]
        assert kind != "record" or set(cells) <= texts
    assert all(set(table.aside["source_row"]) <= set(table.set_aside["source_row"]) for table in tables)


def damaged(data, places, cut):
    changed = bytearray(data[: len(data) - cut] if cut < len(data) else data)
    for place, value in places:
        changed[4 + place % (len(changed) - 4)] = value
    return bytes(changed)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    workbook(folder / "a.xlsx", ledger_sheet())
    binary_workbook(folder / "a.xlsb", [["编号", "名称"], ["S1", 2.5], ["S2", True]], merges=[(1, 0, 2, 0)])
    document(folder / "a.ods", [["编号", "名称"], ["S1", 2.5]])
    (folder / "a.html").write_text(LEDGER, encoding="utf-8")
    (folder / "a.xml").write_text(XML.format(encoding="utf-8", date=""), encoding="utf-8")
    (folder / "a.xls").write_bytes(LEDGER_XLS.read_bytes())
    return {path.suffix[1:]: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(("kind", "n"), [("html", 40), ("xml", 30), ("xlsx", 40), ("xlsb", 4), ("ods", 4), ("xls", 4)])
def test_a_damaged_file_is_read_or_refused_but_never_crashes(whole, kind, n):
    @settings(max_examples=n, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8), st.integers(0, 300))
    def is_safe(places, cut):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"a.{kind}"
            path.write_bytes(damaged(whole[kind], places, cut))
            try:
                assert read_file(path)
            except PipelineError as error:
                assert error.exit_code == 10

    is_safe()


TAGS = st.sampled_from(
    ["<table>", "</table>", "<tr>", "<td>", "<td rowspan=3 colspan=2>", "<th>", "</td>", "<br>", "<!-- ", "-->", "<![if x]>", "<p>",
     "甲", "3", "&nbsp;", "&lt;", "<script>", "</script>", "<caption>", "\n"]
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(TAGS, max_size=40))
def test_any_tags_are_read_or_refused_but_never_crash(tags):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xls"
        path.write_text("<table>" + "".join(tags), encoding="utf-8")
        try:
            assert describe(path)
        except PipelineError as error:
            assert error.exit_code == 10
