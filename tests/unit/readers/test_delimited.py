"""CSV and TSV: encodings, lines, quotes, uneven records."""

from __future__ import annotations

import pytest

from pipeline.errors import PipelineError
from pipeline.readers import read_file
from pipeline.readers.describe import describe


def made(tmp_path, content, name="a.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def one(tmp_path, content, **options):
    (table,) = read_file(made(tmp_path, content, **options))
    return table


@pytest.mark.parametrize(
    ("written", "named"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("gbk", "gb18030"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le")],
)  # fmt: skip
def test_chinese_text_is_read_in_any_usual_encoding(tmp_path, written, named):
    table = one(tmp_path, "编号,名称\n1,暖心驿站\n2,建外—乙·站\n", encoding=written)
    assert (table.encoding, table.columns) == (named, ("编号", "名称"))
    assert table.frame["c1"].to_list() == ["暖心驿站", "建外—乙·站"]


@pytest.mark.parametrize(
    ("written", "text"), [("cp1252", "Café Zoë"), ("mac_roman", "Café Zoë"), ("big5", "臺北市政府服務站點名稱")]
)
def test_other_encodings_are_guessed(tmp_path, written, text):
    rows = "\n".join(f"{i},{text}" for i in range(20))
    assert one(tmp_path, f"id,name\n{rows}\n", encoding=written).frame["c1"][0] == text


@pytest.mark.parametrize(
    ("written", "text", "evidence"),
    [
        ("utf-8-sig", "驿站", "BOM"), ("utf-8", "驿站", "符合 UTF-8"), ("utf-8", "abc", "ASCII"), ("utf-16-le", "abc", "零字节"),
        ("gb18030", "暖心驿站", "常用汉字"), ("gb18030", "暖心驛站，臺北市政府", "猜测"), ("cp1252", "Café", "猜测"),
        ("mac_roman", "Café", "猜测"), ("big5", "臺北市政府服務站點", "Big5"),
    ],
)  # fmt: skip
def test_what_speaks_for_an_encoding_is_told_and_a_guess_can_be_overruled(tmp_path, written, text, evidence):
    path = made(tmp_path, f"id,name\n1,{text}\n2,{text}\n", encoding=written)
    (table,) = read_file(path)
    assert evidence in table.encoding_evidence and text not in table.encoding_evidence
    assert ("以它为准" in describe(path)) is ("猜测" in table.encoding_evidence or "%" in table.encoding_evidence)
    told = read_file(path, encoding=table.encoding)[0]
    assert told.frame.equals(table.frame) and "来源合同" in told.encoding_evidence


def test_the_encoding_can_be_told_and_a_wrong_one_is_refused(tmp_path):
    path = made(tmp_path, "编号,名称\n1,驿站\n", encoding="gb18030")
    assert read_file(path, encoding="gb18030")[0].columns == ("编号", "名称")
    with pytest.raises(PipelineError, match="not in the encoding given"):
        read_file(path, encoding="utf-8")


def test_everything_stays_text(tmp_path):
    table = one(tmp_path, '编号,电话,空\n007,1.50,\n NA , x ,""\n')
    assert table.frame.rows() == [("007", "1.50", None, 2), (" NA ", " x ", None, 3)]


def test_the_row_is_the_physical_line_on_which_the_record_begins(tmp_path):
    table = one(tmp_path, 'a,b\r\n1,"x\r\ny"\r\n\r\n2,z\r\n')
    assert table.frame.rows() == [("1", "x\r\ny", 2), ("2", "z", 5)]


def test_a_lone_carriage_return_ends_lines_only_where_nothing_else_does(tmp_path):
    assert one(tmp_path, 'a,b\r1,"x\ny"\r2,z\r3,w\r').frame.rows() == [("1", "x\ny", 2), ("2", "z", 4), ("3", "w", 5)]
    assert one(tmp_path, "a,b\n1,x\ry\n2,z\n").frame.rows() == [("1", "x\ry", 2), ("2", "z", 3)]


def test_a_plain_file_with_blank_lines_counts_them_in_line_numbers_only(tmp_path):
    table = one(tmp_path, "a,b\n\n1,2\n,\n   , \n3,4\n")
    assert table.frame["source_row"].to_list() == [3, 6] and table.n_read == 2


def test_a_record_with_too_many_cells_is_set_aside_and_one_with_too_few_is_kept_and_noted(tmp_path):
    table = one(tmp_path, "a,b,c\n1,2,3\n1,2,3,4\n1,2\n1,2,3,\n")
    assert table.set_aside.rows() == [(3, "ragged_row")]
    assert table.notices.rows() == [(4, "ragged_row")]
    assert table.frame["source_row"].to_list() == [2, 4, 5]


def test_a_quote_that_never_closes_costs_one_line(tmp_path):
    table = one(tmp_path, 'a,b\n1,x\n2,"y\n3,z\n4,w\n')
    assert table.set_aside.rows() == [(3, "unreadable_row")]
    assert table.frame["c0"].to_list() == ["1", "3", "4"]


def test_a_quote_closed_by_a_far_later_one_costs_one_line_too(tmp_path):
    lines = [f"{i},x" for i in range(60)]
    lines[10], lines[50] = '10,"x', '50,"x"'
    table = one(tmp_path, "a,b\n" + "\n".join(lines) + "\n")
    assert table.set_aside.rows() == [(12, "unreadable_row")]
    assert table.n_read == 60


def test_quotes_inside_an_unquoted_cell_are_text(tmp_path):
    assert one(tmp_path, 'a,b\n5" pipe, 6" x\n').frame.row(0) == ('5" pipe', ' 6" x', 2)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    table = one(
        tmp_path, "\n".join(delimiter.join(row) for row in [("甲", "乙", "丙"), ("1", "2", "3"), ("4", "5", "6")])
    )
    assert table.columns == ("甲", "乙", "丙") and table.frame.height == 2


def test_decimal_commas_do_not_hide_a_semicolon(tmp_path):
    assert one(tmp_path, "a;b;c\n1,5;2,5;x\n3,5;4,5;y\n").columns == ("a", "b", "c")


@pytest.mark.parametrize("above", ["驿站名录\n填报单位：晴川街道\n", "驿站名录,,\n填报单位：晴川街道,,\n"])
def test_title_lines_above_the_header_become_notes(tmp_path, above):
    table = one(tmp_path, above + "编号,名称,座位\n1,甲,3\n2,乙,4\n3,丙,5\n4,丁,6\n5,戊,7\n")
    assert table.notes == {"title": "驿站名录", "填报单位": "晴川街道"}
    assert (table.header_rows, table.frame.height) == ((3,), 5)


def test_total_and_remark_lines_are_set_aside(tmp_path):
    table = one(tmp_path, "编号,名称,人数\n1,甲,3\n合计,1个,3\n填表人：某某,,\n")
    assert table.set_aside.rows() == [(3, "total_row"), (4, "remark_row")]


def test_repeated_and_empty_headings_are_told_apart(tmp_path):
    assert one(tmp_path, "a,,a,a (2)\n1,2,3,4\n").columns == ("a", "未命名2", "a (2)", "a (2) (2)")


def test_a_column_of_numbers_without_delimiter_is_a_table(tmp_path):
    assert one(tmp_path, "次数\n1\n2\n").frame.rows() == [("1", 2), ("2", 3)]


def test_a_very_long_cell_is_kept_whole(tmp_path):
    long = "长" * 200_000
    assert one(tmp_path, f'a,b\n"{long}",1\n"x\ny",2\n').frame["c0"][0] == long


def test_csv_text_named_xls_is_read_by_its_content(tmp_path):
    assert one(tmp_path, "编号\t名称\n1\t甲\n", name="导出.xls").columns == ("编号", "名称")


def test_sixty_thousand_records_are_all_read(tmp_path):
    rows = "\n".join(f"L{i},S{i % 60:03d},晴川驿站,2023-05-01 08:00:00,快递员,成功,D1,{i}" for i in range(60_000))
    path = made(tmp_path, "流水号,编号,名称,时间,类别,结果,设备,次数\n" + rows, encoding="gb18030")
    assert read_file(path)[0].frame.height == 60_000
