"""findings.xlsx: a 说明 sheet with the first screen and links, then one sheet per finding; words where a figure is hidden."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import xlsxwriter

from pipeline import disclose
from pipeline.findings import cells
from pipeline.findings.columns import kind
from pipeline.findings.context import period_line
from pipeline.findings.finding import Context, Result
from pipeline.findings.summary import Summary
from pipeline.findings.words import strength_word

SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
CREATED = datetime(2023, 1, 1)  # fixed, so that the same inputs give the same bytes
FONT = "微软雅黑"
FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "head": {
        "bold": True,
        "bg_color": "#E8EEF5",
        "text_wrap": True,
        "border": 1,
        "border_color": "#C3C8CF",
        "valign": "vcenter",
    },
    "head_right": {
        "bold": True,
        "bg_color": "#E8EEF5",
        "text_wrap": True,
        "border": 1,
        "border_color": "#C3C8CF",
        "align": "right",
        "valign": "vcenter",
    },
    "text": {"text_wrap": True, "valign": "top"},
    "soft": {"font_color": "#566070", "text_wrap": True, "valign": "top"},
    "bold": {"bold": True, "text_wrap": True, "valign": "top"},
    "cell": {"valign": "top"},
    "count": {"num_format": "#,##0"},
    "share": {"num_format": "0%"},
    "number": {"num_format": "#,##0.0"},
    "degrees": {"num_format": "0.000000"},
    "word": {"font_color": "#7A828E", "align": "right"},
    "stamp": {"bold": True, "font_color": "#A8321F", "bg_color": "#FDF1EE", "text_wrap": True, "valign": "vcenter"},
    "link": {"font_color": "#1F5FA8", "underline": 1},
}


def render(results: list[Result], summary: Summary, context: Context, build: dict[str, str]) -> bytes:
    """The workbook's bytes; equal for equal inputs."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, SAFE)
    book.set_properties(
        {
            "title": context.pick("暖心驿站", "Warm stations") + " " + context.period,
            "created": CREATED,
            "comments": disclose.rules()["simulated"][context.lang] if context.is_simulated else "",
            "author": "",
            "company": "",
        }
    )
    formats = {name: book.add_format({"font_name": FONT, "font_size": 10.5, **look}) for name, look in FORMATS.items()}
    cover = book.add_worksheet(context.pick("说明", "About"))
    names = [sheet_name(place, result, context) for place, result in enumerate(results, start=1)]
    for name, result in zip(names, results, strict=True):
        _sheet(book.add_worksheet(name), result, context, formats)
    _cover(cover, results, names, summary, context, build, formats)
    book.close()
    return buffer.getvalue()


def sheet_name(place: int, result: Result, context: Context) -> str:
    """A short, unique, legal sheet name: number and question without the characters Excel refuses."""
    text = context.pick(result.finding.question_zh, result.finding.question_en)
    for mark in "[]:*?/\\'？：、，。":
        text = text.replace(mark, "")
    return f"{place} {text}"[:31]


def _stamp(sheet: Any, row: int, width: int, context: Context, formats: dict[str, Any]) -> int:
    """The 模拟数据 line across the first columns; the next free row."""
    if not context.is_simulated:
        return row
    sheet.merge_range(row, 0, row, width, disclose.rules()["simulated"][context.lang], formats["stamp"])
    return row + 1


def _print_setup(sheet: Any, context: Context, *, landscape: bool) -> None:
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.5, top=0.7, bottom=0.7)
    stamp = disclose.rules()["simulated"][context.lang] if context.is_simulated else ""
    sheet.set_header(f"&R{stamp}")
    sheet.set_footer(f"&L{context.pick('暖心驿站', 'Warm stations')} {context.period}&C— &P / &N —")


def _cover(
    sheet: Any,
    results: list[Result],
    names: list[str],
    summary: Summary,
    context: Context,
    build: dict[str, str],
    formats: dict[str, Any],
) -> None:
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 86)
    sheet.hide_gridlines(2)
    _print_setup(sheet, context, landscape=False)
    row = _stamp(sheet, 0, 1, context, formats)
    sheet.write_string(
        row,
        0,
        context.pick("暖心驿站：需要什么、缺在哪里", "Warm stations: what is needed, where the gaps are"),
        formats["title"],
    )
    places = context.pick("、", ", ").join(context.label("areas", area) for area in context.areas)
    lines = [
        (context.pick("地区", "Area"), places),
        (context.pick("时期", "Period"), period_line(context)),
        (context.pick("结论", "Conclusion"), summary.conclusion),
        (context.pick("证据", "Evidence"), strength_word(summary.strength, context.lang)),
    ]
    lines += [
        (context.pick(f"建议{i}", f"Action {i}"), _action(action, context))
        for i, action in enumerate(summary.actions, start=1)
    ]
    lines += [
        (context.pick("还不知道", "Not known") if i == 0 else "", text) for i, text in enumerate(summary.unknowns)
    ]
    lines += [
        (
            context.pick("不公开", "Not shown"),
            f"{disclose.word('suppressed', context.lang)}：{disclose.rules()['why'][context.lang]}",
        ),
        (context.pick("代码版本", "Code version"), build["code_version"][:12] or "—"),
        (
            context.pick("用途", "Use"),
            context.pick("不得用于考核或监控个人", "Not to be used to assess or monitor individuals"),
        ),
    ]
    row += 1
    for label, text in lines:
        sheet.write_string(row, 0, label, formats["bold"])
        sheet.write_string(row, 1, text, formats["text"])
        sheet.set_row(row, 16 * _height(text, 86))
        row += 1
    sheet.write_string(row, 0, context.pick("各表", "Sheets"), formats["bold"])
    for name, result in zip(names, results, strict=True):
        text = context.pick(result.finding.question_zh, result.finding.question_en)
        sheet.write_url(row, 1, f"internal:'{name}'!A1", formats["link"], text)
        row += 1


def _action(action: Any, context: Context) -> str:
    return context.pick(
        f"{action.what}；{action.hours}；{action.who}。依据：{action.why}",
        f"{action.what}; {action.hours}; {action.who}. Because: {action.why}",
    )


def _sheet(sheet: Any, result: Result, context: Context, formats: dict[str, Any]) -> None:
    names = cells.shown_columns(result.table, context)
    width = max(len(names) - 1, 5)
    _print_setup(sheet, context, landscape=len(names) > 7)
    sheet.write_url(
        0, 0, f"internal:'{context.pick('说明', 'About')}'!A1", formats["link"], context.pick("← 说明", "← About")
    )
    row = _stamp(sheet, 1, width, context, formats)
    sheet.write_string(row, 0, context.pick(result.finding.question_zh, result.finding.question_en), formats["title"])
    notes = [
        result.sentence(context.lang),
        result.source_line,
        context.pick("口径：", "Measure: ") + context.pick(result.finding.measure_zh, result.finding.measure_en),
        *(
            [context.pick("方法与假定：", "Method and assumptions: ") + context.pick(*result.method)]
            if result.method[0]
            else []
        ),
        *(context.pick(c.zh, c.en) for c in result.comparison),
        *(f"· {caveat}" for caveat in result.caveats),
    ]
    for place, text in enumerate(notes, start=row + 1):
        sheet.merge_range(place, 0, place, width, text, formats["bold" if place == row + 1 else "soft"])
        sheet.set_row(place, 16 * _height(text, 15 * (width + 1)))
    top = row + len(notes) + 2
    _table(sheet, top, result, names, context, formats)


def _table(sheet: Any, top: int, result: Result, names: list[str], context: Context, formats: dict[str, Any]) -> None:
    for column, name in enumerate(names):
        title = cells.header(name, context)
        sheet.write_string(top, column, title, formats["head_right" if cells.is_right(name) else "head"])
        sheet.set_column(column, column, _width(result, name, title, context))
    for place, row in enumerate(result.table.iter_rows(named=True), start=top + 1):
        for column, name in enumerate(names):
            value, form = row[name], kind(name)
            if value is not None and form in ("count", "share", "number", "degrees"):
                sheet.write_number(place, column, value, formats[form if form != "number" or value % 1 else "count"])
            else:
                look = "word" if value is None else "cell"
                sheet.write_string(place, column, cells.text(row, name, result.finding, context), formats[look])
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)
    if result.table.height:
        sheet.autofilter(top, 0, top + result.table.height, len(names) - 1)


def _width(result: Result, name: str, title: str, context: Context) -> float:
    sample = result.table.head(80).iter_rows(named=True)
    longest = max((_columns(cells.text(row, name, result.finding, context)) for row in sample), default=0)
    return min(max(longest + 2, min(_columns(title) + 4, 18), 10), 44)


def _columns(text: str) -> int:
    """Width in half-width characters."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def _height(text: str, width: int) -> int:
    return max(1, -(-_columns(text) // width))
