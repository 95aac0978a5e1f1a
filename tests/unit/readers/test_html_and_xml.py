"""Web pages and XML spreadsheets saved as .xls take the same way as sheets."""

from __future__ import annotations

import pytest

from pipeline.errors import PipelineError
from pipeline.readers import read_file

LEDGER = """<html><head><meta http-equiv=Content-Type content="text/html; charset=gb2312"><title>x</title>
<style>td {color: red}</style></head><body><h3>驿站台账</h3><p>填报单位：晴川街道</p>
<table border=1><tr><td rowspan=2>类别</td><td rowspan=2>编号</td><td colspan="2">服务项目</td></tr>
<tr><td>饮水</td><td>充电</td></tr>
<tr><td rowspan=2>固定<td>S001<td>√<td>2</tr>
<tr><td>S002</td><td>&nbsp;</td><td>1.5</td></tr>
<tr><td>社会</td><td>S003</td><td>×</td><td>&lt;3</td></tr>
<tr><td colspan=2>合 计</td><td></td><td>6.5</td></tr></table>
<p>填表人：某某</p></body></html>"""

XML = """<?xml version="1.0" encoding="{encoding}"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel"><x:ExcelWorkbook>{date}</x:ExcelWorkbook>
<Worksheet ss:Name="台账"><Table>
<Row><Cell ss:MergeDown="1"><Data ss:Type="String">类别</Data></Cell><Cell ss:MergeDown="1"><Data ss:Type="String">编号</Data></Cell>
 <Cell ss:MergeAcross="1"><Data ss:Type="String">服务项目</Data></Cell></Row>
<Row><Cell ss:Index="3"><Data ss:Type="String">饮水</Data></Cell><Cell><Data ss:Type="String">电话</Data></Cell></Row>
<Row><Cell ss:MergeDown="1"><Data ss:Type="String">固定</Data></Cell><Cell><Data ss:Type="String">S001</Data></Cell>
 <Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Number">13800000001</Data></Cell></Row>
<Row ss:Index="4"><Cell ss:Index="2"><Data ss:Type="String">S<Font>002</Font></Data></Cell><Cell><Data ss:Type="Error">#N/A</Data></Cell>
 <Cell><Data ss:Type="DateTime">2023-05-14T08:30:00.000</Data></Cell></Row>
<Row ss:Index="6"><Cell ss:Index="2"><Data ss:Type="String">S003</Data></Cell><Cell/>
 <Cell><Data ss:Type="DateTime">2023-05-14T00:00:00.000</Data></Cell></Row></Table></Worksheet>
<Worksheet ss:Name="旧表"><Table><Row><Cell><Data ss:Type="String">编号</Data></Cell><Cell><Data ss:Type="String">名称</Data></Cell></Row></Table>
<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet></Workbook>"""


def saved(tmp_path, text, name="导出.xls", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_page_saved_as_xls_is_a_table_with_merged_cells(tmp_path, encoding):
    (table,) = read_file(saved(tmp_path, LEDGER, encoding=encoding))
    assert table.columns == ("类别", "编号", "服务项目/饮水", "服务项目/充电")
    assert table.frame.rows() == [
        ("固定", "S001", "√", "2", 3), ("固定", "S002", None, "1.5", 4), ("社会", "S003", "×", "<3", 5),
    ]  # fmt: skip
    assert (table.filled, table.set_aside.rows()) == ({(4, 0)}, [(6, "total_row")])
    assert table.notes == {"title": "驿站台账", "填报单位": "晴川街道", "填表人": "〔略〕"}
    assert (table.encoding, table.sheet, table.header_rows) == (encoding, "", (1, 2))


def test_what_a_page_says_of_its_encoding_is_believed_where_it_fits(tmp_path):
    text = '<meta charset="big5"><table><tr><td>編號<td>站<tr><td>1<td>甲</table>'
    (table,) = read_file(saved(tmp_path, text, encoding="big5"))
    assert (table.encoding, table.columns, "big5" in table.encoding_evidence) == ("big5", ("編號", "站"), True)


def test_several_tables_are_several_sheets_also_nested_ones_and_those_never_closed(tmp_path):
    inner = "<table><tr><th>站<th>人次<tr><td>甲<td>3</table>"
    text = (
        f"<table><caption>设施</caption><tr><td>设施<td>数量<tr><td>微波炉<td>2</table><table><tr><td>外{inner}</table>"
    )
    tables = read_file(saved(tmp_path, text + "<table><tr><td>a<td>b<tr><td>1<td>2"))
    assert [(t.sheet, t.columns, t.frame.height) for t in tables] == [
        ("设施", ("设施", "数量"), 1), ("表2", ("外",), 0), ("表3", ("站", "人次"), 1), ("表4", ("a", "b"), 1),
    ]  # fmt: skip
    assert read_file(saved(tmp_path, text), sheet="表3")[0].columns == ("站", "人次")
    with pytest.raises(PipelineError) as caught:
        read_file(saved(tmp_path, text), sheet="表9")
    assert caught.value.problems[0].code == "no_such_sheet"


def test_digits_that_a_narrow_column_hides_are_read_from_the_cell(tmp_path):
    text = '<table><tr><td>站<td>电话<td>数<tr><td>甲<td x:num="13800000001">1.38E+10<td x:num="3">3</table>'
    assert read_file(saved(tmp_path, text))[0].frame.row(0) == ("甲", "13800000001", "3", 2)


def test_line_breaks_inside_a_cell_stay_and_scripts_do_not(tmp_path):
    text = "<table><tr><td>站<td>地址<tr><td>甲<script>x()</script><td>一号楼<br>二层 <p>东侧</p></table>"
    assert read_file(saved(tmp_path, text))[0].frame.row(0) == ("甲", "一号楼\n二层\n东侧", 2)


def test_a_single_file_web_page_is_read_sheet_by_sheet(tmp_path):
    parts = ["<xml><x:Name>一月</x:Name><x:Name>二月</x:Name></xml>"]
    parts += [f"<table><tr><td>站<td>人次<tr><td>{name}<td>3</table>" for name in "甲乙"]
    text = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=--x\n\n"
    text += "".join(
        f"----x\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{part}\n\n"
        for part in parts
    )
    tables = read_file(saved(tmp_path, text + "----x--\n"))
    assert [(table.sheet, table.frame["c0"].to_list()) for table in tables] == [("一月", ["甲"]), ("二月", ["乙"])]


def test_text_that_only_begins_with_a_bracket_is_no_page(tmp_path):
    assert read_file(saved(tmp_path, "<5人,站\n1,甲\n2,乙\n", "a.csv"))[0].columns == ("<5人", "站")
    assert read_file(saved(tmp_path, "<b>编号</b>,站\n1,甲\n", "a.csv"))[0].columns == ("<b>编号</b>", "站")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_an_xml_spreadsheet_is_read_like_a_workbook(tmp_path, encoding):
    shown, hidden = read_file(saved(tmp_path, XML.format(encoding=encoding, date=""), encoding=encoding))
    assert shown.columns == ("类别", "编号", "服务项目/饮水", "服务项目/电话")
    assert shown.frame.rows() == [
        ("固定", "S001", "TRUE", "13800000001", 3), ("固定", "S002", "#N/A", "2023-05-14T08:30:00", 4),
        (None, "S003", None, "2023-05-14", 6),
    ]  # fmt: skip
    assert (shown.sheet, hidden.sheet, hidden.is_hidden, shown.epoch_1904) == ("台账", "旧表", True, False)


def test_an_xml_spreadsheet_may_count_from_1904(tmp_path):
    assert read_file(saved(tmp_path, XML.format(encoding="utf-8", date="<x:Date1904/>")))[0].epoch_1904


@pytest.mark.parametrize(
    "text",
    [
        XML.format(encoding="utf-8", date="")[:900],
        XML.format(encoding="utf-8", date="").replace("<?mso-application progid=\"Excel.Sheet\"?>", '<!DOCTYPE a [<!ENTITY b "c">]>'),
    ],
    ids=["cut short", "with entities"],
)  # fmt: skip
def test_broken_or_unsafe_xml_is_refused(tmp_path, text):
    with pytest.raises(PipelineError) as caught:
        read_file(saved(tmp_path, text))
    assert (caught.value.exit_code, caught.value.problems[0].code) == (10, "workbook_broken")


def test_a_cell_that_claims_a_place_far_away_is_refused(tmp_path):
    far = XML.format(encoding="utf-8", date="").replace('ss:Index="6"', 'ss:Index="99999999"')
    with pytest.raises(PipelineError) as caught:
        read_file(saved(tmp_path, far))
    assert caught.value.problems[0].code == "sheet_too_large"


def test_a_span_of_thousands_does_not_fill_the_memory(tmp_path):
    text = "<table><tr><td rowspan=65534 colspan=1000>站<td>人次<tr><td>甲</table>"
    assert read_file(saved(tmp_path, text))[0].positions[-1] == 1001
