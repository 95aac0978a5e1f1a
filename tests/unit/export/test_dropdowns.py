"""Drop-downs stand as rules in the workbook: ranges of a hidden sheet, messages no longer than Excel takes."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from xml.etree import ElementTree

import pytest
import xlsxwriter

from pipeline.export.dropdowns import LIST_SHEET, Hint, add_list_sheet, explain, limit, list_ranges, offer
from pipeline.export.workbook import SAFE

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LISTS = {"结果": ["达到", "未达到, 待改", "=1+1"], "空": [], "驿站": [f"第{i}号驿站" for i in range(300)]}


def made(*, fill) -> zipfile.ZipFile:
    """A workbook whose first sheet `fill` writes, with the lists behind it."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, SAFE)
    fill(book.add_worksheet("填报"), list_ranges(LISTS))
    add_list_sheet(book, LISTS)
    book.close()
    return zipfile.ZipFile(buffer)


def rules(file: zipfile.ZipFile) -> list[ElementTree.Element]:
    return ElementTree.fromstring(file.read("xl/worksheets/sheet1.xml")).findall(f".//{MAIN}dataValidation")


def test_a_choice_is_a_range_of_the_hidden_sheet_however_long_the_list():
    file = made(
        fill=lambda page, ranges: offer(page, (2, 1, 99, 1), ranges["驿站"], Hint("驿站", "请选择", "没有这个"))
    )
    (rule,) = rules(file)
    assert (rule.get("type"), rule.get("sqref"), rule.get("allowBlank")) == ("list", "B3:B100", "1")
    assert rule.find(f"{MAIN}formula1").text == f"'{LIST_SHEET}'!$C$3:$C$302"
    sheets = ElementTree.fromstring(file.read("xl/workbook.xml")).findall(f".//{MAIN}sheet")
    assert [(sheet.get("name"), sheet.get("state")) for sheet in sheets] == [("填报", None), (LIST_SHEET, "hidden")]


def test_choices_are_text_and_never_formulas():
    file = made(fill=lambda page, ranges: offer(page, (0, 0, 0, 0), ranges["结果"], Hint()))
    cells = ElementTree.fromstring(file.read("xl/worksheets/sheet2.xml"))
    assert cells.findall(f".//{MAIN}f") == []
    words = {text.text for text in ElementTree.fromstring(file.read("xl/sharedStrings.xml")).iter(f"{MAIN}t")}
    assert {"结果", "未达到, 待改", "=1+1"} <= words


def test_a_list_without_choices_has_no_range():
    assert list(list_ranges(LISTS)) == ["结果", "驿站"]


@pytest.mark.parametrize(("minimum", "maximum", "operator"), [
    (0, 500, None), (0, None, "greaterThanOrEqual"), (None, 9, "lessThanOrEqual"),
])  # fmt: skip
def test_numbers_are_held_between_their_bounds(minimum, maximum, operator):
    (rule,) = rules(made(fill=lambda page, _: limit(page, (0, 0, 9, 0), "int", minimum, maximum, Hint())))
    bounds = [part.text for part in rule if part.text is not None]
    assert (rule.get("type"), rule.get("operator")) == ("whole", operator)
    assert bounds == [str(bound) for bound in (minimum, maximum) if bound is not None]


def test_dates_are_held_between_days():
    (rule,) = rules(
        made(fill=lambda page, _: limit(page, (0, 0, 9, 0), "date", date(2023, 1, 1), date(2023, 12, 31), Hint()))
    )
    assert [part.text for part in rule] == ["44927", "45291"]  # days since 1899-12-30


def test_a_limit_without_bounds_is_a_slip():
    with pytest.raises(ValueError, match="bound"):
        made(fill=lambda page, _: limit(page, (0, 0, 9, 0), "int", None, None, Hint()))


def test_long_messages_are_cut_to_what_excel_takes():
    hint = Hint("题" * 50, "说" * 300, "错" * 300, strict=False)
    (rule,) = rules(made(fill=lambda page, _: explain(page, (0, 0, 9, 0), hint)))
    lengths = [len(rule.get(name)) for name in ("promptTitle", "prompt", "errorTitle", "error")]
    assert (lengths, rule.get("errorStyle")) == ([32, 255, 32, 255], "warning")
