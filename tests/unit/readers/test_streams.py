"""A large file in blocks gives the rows that the whole file gives."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers import read_file
from pipeline.readers.streams import open_stream

CELLS = st.sampled_from(
    ["", "", "甲站", "S001", "2023-05-14 08:03:01", "√", " 留 ", "3", "合计", "备注：某", "小计", "一、固定", "编号", " ", "\u3000",
     "合 计：3", '5" x', "a\nb", "x\r\ny", "19000000001", "填表人：某某", "以上数据，来自晴川街道。", "※注", "Total", "12,5", "\t1"]
)  # fmt: skip
HEADINGS = ["编号", "站名", "说明", "次数"]


def made(folder, content, name="a.csv", encoding="utf-8"):
    path = Path(folder) / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def streamed(path, *, rows, coded=frozenset(), **options):
    """All blocks together: frame as text, set aside, notices, rows read; and the blocks."""
    stream = open_stream(path, **options)
    blocks = list(stream.blocks(range(len(stream.head.columns)), coded=coded, rows=rows))
    frame = pl.concat([block.frame.with_columns(pl.exclude("source_row").cast(pl.String)) for block in blocks])
    return stream, blocks, frame


def assert_alike(path, *, rows, coded=frozenset(), **options):
    (whole,) = read_file(path, **options)
    stream, blocks, frame = streamed(path, rows=rows, coded=coded, **options)
    names = ["source_row", *(f"c{i}" for i in range(len(whole.columns)))]
    assert stream.head.columns == whole.columns
    assert (stream.head.encoding, stream.head.family) == (whole.encoding, whole.family)
    assert frame.rows() == whole.frame.select(names).rows()
    assert pl.concat([block.set_aside for block in blocks]).rows() == whole.set_aside.rows()
    assert sorted(pl.concat([block.notices for block in blocks]).rows()) == sorted(whole.notices.rows())
    assert sum(block.n_read for block in blocks) == whole.n_read
    assert blocks[-1].n_bytes == path.stat().st_size == stream.n_bytes
    return stream, blocks


def written(rows, quoting=csv.QUOTE_MINIMAL, newline="\r\n", delimiter=","):
    out = io.StringIO(newline="")
    csv.writer(out, quoting=quoting, lineterminator=newline, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@st.composite
def files(draw):
    """Rows of cells, written well, then perhaps spoilt: lines cut short, stray quotes, blank lines, half a line at the end."""
    width = draw(st.integers(2, 4))
    rows = draw(st.lists(st.lists(CELLS, min_size=1, max_size=width + 1), min_size=1, max_size=14))
    even = draw(st.booleans())
    rows = [(row + [""] * width)[:width] if even else row for row in rows]
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    text = written(
        [HEADINGS[:width], ["1", *["2"] * (width - 1)], *rows],
        draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        newline,
    )
    spoil = draw(st.sampled_from(["", "", "half", "quote", "blank", "return"]))
    place = draw(st.integers(len(newline.join(HEADINGS)) + 8, max(len(text), 40)))
    if spoil == "half":
        return text[:place]
    return text[:place] + {"quote": '"', "blank": newline * 2, "return": "\r", "": ""}[spoil] + text[place:]


@settings(max_examples=1000, deadline=None)
@given(text=files(), rows=st.integers(1, 6), coded=st.sets(st.integers(0, 3)))
def test_blocks_of_any_size_give_the_rows_of_the_whole(text, rows, coded):
    with tempfile.TemporaryDirectory() as folder:
        assert_alike(made(folder, text), rows=rows, coded=frozenset(coded))
