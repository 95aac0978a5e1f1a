"""A large file in blocks gives the rows that the whole file gives."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import PipelineError
from pipeline.readers import read_file
from pipeline.readers.streams import Mark, open_stream

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


def assert_alike(path, *, rows, coded=frozenset(), encodings=True, **options):
    (whole,) = read_file(path, **options)
    stream, blocks, frame = streamed(path, rows=rows, coded=coded, **options)
    names = ["source_row", *(f"c{i}" for i in range(len(whole.columns)))]
    assert stream.head.columns == whole.columns
    assert stream.head.family == whole.family
    assert stream.head.encoding == whole.encoding or not encodings
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


@settings(max_examples=40, deadline=None)
@given(text=files(), rows=st.integers(1, 6), coded=st.sets(st.integers(0, 3)))
def test_blocks_of_any_size_give_the_rows_of_the_whole(text, rows, coded):
    with tempfile.TemporaryDirectory() as folder:
        assert_alike(made(folder, text), rows=rows, coded=frozenset(coded))


NASTY = {
    "half a line at the end": "编号,站名\n1,甲\n2,",
    "a quote that never closes": 'a,b\n1,x\n2,"y\n3,z\n4,w\n',
    "a quote closed by a far later one": "a,b\n" + "".join(f'{i},{chr(34) if i in (10, 50) else ""}x\n' for i in range(60)),
    "a header in the middle": "编号,站名,人次\n1,甲,3\n编号,站名,人次\n2,乙,4\n",
    "blank lines": "编号,站名\n\n1,甲\n\n\n2,乙\n , \n\n",
    "totals and remarks": "编号,站名,人次\n1,甲,3\n小计,,3\n2,乙,4\n合 计,,7\n备注：某,,\n",
    "remarks below a blank line": "编号,站名,人次\n1,甲,3\n2,乙,4\n\n晴川街道,,\n某日,,\n",
    "a group heading": "序号,站名,人次\n1,甲,3\n固定驿站,,\n2,乙,4\n3,丙,4\n社会驿站,,\n4,丁,4\n",
    "cells of several lines": '编号,说明\r\n1,"x\r\ny"\r\n2,"a\n\nb"\r\n3,z\r\n',
    "lone carriage returns": "a,b\n1,x\ry\n2,z\n",
    "too many cells": "a,b\n1,2\n1,2,3\n1,2,\n4,5\n",
    "a title above": "驿站名录\n填报单位：晴川街道\n编号,站名,人次\n1,甲,3\n2,乙,4\n3,丙,5\n4,丁,6\n5,戊,7\n",
    "a header of two lines in a cell": '"编\n号",站名\n1,甲\n2,乙\n',
    "tabs in cells": "编号,手机\n1,\t19000000001\n2,\t19000000002\n",
    "trailing commas": "a,b,\n1,2,\n3,4,\n",
    "a header alone": "编号,站名\n",
    "one column": "次数\n1\n2\n\n3\n",
    "a mark of DOS at the end": "a,b\n1,2\n3,4\n\x1a",
    "a heading that is a number": "2023,站名\n1,甲\n2023,站名\n2,乙\n",
}  # fmt: skip


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize("rows", [1, 2, 5, 1000])
def test_nasty_files_give_the_rows_of_the_whole(tmp_path, name, rows):
    assert_alike(made(tmp_path, NASTY[name]), rows=rows, coded=frozenset({0}))


PLAIN = "编号,站名,时间\r\n" + "".join(f"{i},暖心驿站{i % 3},2023-05-14 08:{i:02}:00\r\n" for i in range(40))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("rows", [3, 1000])
def test_any_encoding_is_streamed(tmp_path, encoding, rows):
    assert_alike(made(tmp_path, PLAIN, encoding=encoding), rows=rows, coded=frozenset({1}))


def test_an_encoding_that_is_told_is_taken(tmp_path):
    text = "編號,站名\n" + "1,臺北市政府\n" * 9
    assert_alike(made(tmp_path, text, encoding="big5"), rows=2, encoding="big5")
    assert_alike(made(tmp_path, PLAIN.replace(",", "|"), encoding="utf-8"), rows=2, encoding="utf-8")


def packed(data: bytes, kind: str) -> bytes:
    return pa.Codec(kind).compress(data, asbytes=True) if kind == "zstd" else gzip.compress(data)


@pytest.mark.parametrize(("kind", "ending"), [("gzip", ".gz"), ("zstd", ".zst")])
def test_a_packed_file_is_read_as_what_lies_inside(tmp_path, kind, ending):
    data = PLAIN.encode("gb18030")
    path = made(tmp_path, packed(data, kind), name=f"a.csv{ending}")
    stream, _ = assert_alike(path, rows=3)
    assert stream.head.frame.equals(read_file(made(tmp_path, data))[0].frame)
    assert_alike(made(tmp_path, packed(data, kind) * 2, name=f"b.csv{ending}"), rows=7)


@pytest.mark.parametrize(("kind", "ending"), [("gzip", ".gz"), ("zstd", ".zst")])
def test_a_packed_file_that_was_cut_off_is_refused(tmp_path, kind, ending):
    whole = packed(PLAIN.encode() * 50, kind)
    path = made(tmp_path, whole[: len(whole) * 2 // 3], name=f"a.csv{ending}")
    for read in (read_file, lambda path: list(open_stream(path).blocks([0]))):
        with pytest.raises(PipelineError) as caught:
            read(path)
        assert (caught.value.exit_code, caught.value.problems[0].code) == (10, "zip_broken")


@pytest.mark.parametrize(
    "bad", [b"7,\xff\xfe,x\r\n", "8,建外,x\r\n".encode("gb18030"), b"9,a\0b,x\r\n", b"10,\x01,x\r\n"]
)
@pytest.mark.parametrize("rows", [2, 1000])
def test_a_few_lines_that_are_no_text_are_set_aside(tmp_path, bad, rows):
    lines = PLAIN.encode().splitlines(keepends=True)
    path = made(tmp_path, b"".join([*lines[:20], bad, *lines[20:]]))
    _, blocks = assert_alike(path, rows=rows)
    assert pl.concat([block.set_aside for block in blocks]).rows() == [(21, "unreadable_row")]


def test_many_lines_that_are_no_text_refuse_the_file(tmp_path):
    lines = PLAIN.encode().splitlines(keepends=True)
    path = made(tmp_path, b"".join([lines[0], *[line.replace(b" ", b"\0") for line in lines[1:]]]))
    with pytest.raises(PipelineError, match="control character"):
        read_file(path)


JSON_LINES = [
    {"no": i, "站": f"S{i % 3}", "at": "2023-05-14 08:03:00", "ok": i % 2 == 0, "n": i / 4, "none": None}
    for i in range(30)
]


@pytest.mark.parametrize(
    "spoil",
    [
        "",
        '{"no":1\n',
        "\n",
        "[3]\n",
        '{"no":2,"站":"a\\"b"}\n',
        '{"站":{"x":1},"no":"2"}\n',
        '{"no":01,"站":"S","at":"","ok":true,"n":1,"none":null}\n',
    ],
)
@pytest.mark.parametrize("rows", [1, 4, 1000])
def test_json_lines_are_streamed(tmp_path, spoil, rows):
    lines = [json.dumps(each, ensure_ascii=False, separators=(",", ":")) + "\n" for each in JSON_LINES]
    path = made(tmp_path, "".join([*lines[:9], spoil, *lines[9:]]), name="a.jsonl")
    assert_alike(path, rows=rows, coded=frozenset({1, 4}))


def test_parquet_is_streamed(tmp_path):
    frame = pl.DataFrame(JSON_LINES).with_columns(at=pl.col("at").str.to_datetime(), 表=pl.lit(""))
    frame.write_parquet(tmp_path / "a.parquet", row_group_size=7)
    assert_alike(tmp_path / "a.parquet", rows=4, coded=frozenset({1, 2}))


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.jsonl"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_after_a_mark_the_same_blocks_come_again(tmp_path, name, encoding):
    data = NASTY["totals and remarks"].encode(encoding)
    if name == "a.jsonl":
        data = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in JSON_LINES[:8]).encode(encoding)
    stream = open_stream(made(tmp_path, gzip.compress(data) if name.endswith("gz") else data, name=name))
    blocks = list(stream.blocks([0, 1], rows=2))
    for i, block in enumerate(blocks[:-1], start=1):
        mark = Mark.from_json(json.loads(json.dumps(block.mark.as_json())))
        again = list(stream.blocks([0, 1], rows=2, after=mark))
        assert [each.frame.rows() for each in again] == [each.frame.rows() for each in blocks[i:]]
        assert [each.set_aside.rows() for each in again] == [each.set_aside.rows() for each in blocks[i:]]


def test_only_the_wanted_columns_are_kept_and_the_coded_ones_are_dictionaries(tmp_path):
    stream = open_stream(made(tmp_path, PLAIN))
    (block,) = stream.blocks([2, 1], coded=frozenset({1, 0}))
    assert block.frame.columns == ["source_row", "c2", "c1"]
    assert isinstance(block.frame.schema["c1"], pl.Categorical) and block.frame.schema["c2"] == pl.String


@pytest.mark.parametrize("content", [b"PK\x03\x04", b'[{"a": 1}]', b"", b"a,b\r1,2\r3,4\r"])
def test_what_cannot_be_streamed_is_left_to_the_whole_way(tmp_path, content):
    assert open_stream(made(tmp_path, content)) is None
    assert open_stream(tmp_path / "none.csv") is None


def test_what_holds_no_table_is_refused(tmp_path):
    with pytest.raises(PipelineError):
        open_stream(made(tmp_path, b"%PDF-1.4\n..."))


def test_a_packed_file_that_turns_out_to_be_chinese_far_down_is_read_in_its_encoding(tmp_path):
    text = "id,name\n" + "1,a\n" * 300_000 + "2,暖心驿站\n" * 5
    _, blocks = assert_alike(
        made(tmp_path, gzip.compress(text.encode("gb18030"), 1), name="a.csv.gz"), rows=200_000, encodings=False
    )
    assert blocks[-1].frame["c1"][-1] == "暖心驿站"


def test_a_packed_file_without_lines_is_refused_before_it_fills_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.readers.streams.delimited_stream._LONGEST_LINE", 2_000_000)
    content = b"a,b\n" + b"1,2\n" * 300_000 + b"x" * 9_000_000
    stream = open_stream(made(tmp_path, gzip.compress(content, 1), name="a.csv.gz"))
    with pytest.raises(PipelineError) as caught:
        list(stream.blocks([0], rows=10_000))
    assert caught.value.problems[0].code == "not_a_table"
    with pytest.raises(PipelineError):
        open_stream(made(tmp_path, gzip.compress(bytes(3_000_000)), name="b.csv.gz"))
