"""One blank sheet: title, 填报单位 and 填表日期, one or two rows of headings, and cells that know what belongs in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, groupby
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.contracts.forms import form_facts
from pipeline.export.dropdowns import Hint, explain, limit, offer
from pipeline.export.templates.layout import FormColumn, Setting
from pipeline.export.templates.looks import lines_high, print_setup
from pipeline.export.templates.words import hint_of, is_own, note_of

_RULES = {
    "int": "int", "number": "number", "coordinate": "number", "date": "date", "datetime": "date", "month": "date", "time": "time",
}  # fmt: skip
_SEEN = 130  # half-width characters that a screen shows side by side
_ENOUGH = 6  # columns from which 填报单位 and 填表日期 stand in one row


def write_sheet(
    page: Any,
    title: str,
    columns: Sequence[FormColumn],
    setting: Setting,
    *,
    ranges: Mapping[str, str],
    looks: Mapping[str, Any],
    stamp: str,
) -> None:
    """Write a blank sheet; `ranges` says where the choices of each list stand, `stamp` is the line of simulated data ('')."""
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width, looks[f"kind {column.kind}"])
    top = _above(page, title, columns, setting.lang, looks=looks, stamp=stamp)
    first = _headings(page, top, columns, setting.lang, looks)
    n_rows = form_facts().n_rows
    for place, column in enumerate(columns):
        _rule(page, (first, place, first + n_rows - 1, place), column, setting.lang, ranges)
    page.ignore_errors(
        {"number_stored_as_text": f"A1:{xl_rowcol_to_cell(first + n_rows - 1, len(columns))}"}
    )  # codes are text
    frozen = _frozen(columns)
    page.freeze_panes(first, frozen)
    if frozen:
        page.repeat_columns(0, frozen - 1)
    page.repeat_rows(top, first - 1)
    page.hide_gridlines(0)  # the lines of the grid are printed too: the rows are empty
    print_setup(page, title=title, stamp=stamp, wide=sum(column.width for column in columns))


def _above(
    page: Any, title: str, columns: Sequence[FormColumn], lang: str, *, looks: Mapping[str, Any], stamp: str
) -> int:
    """The lines above the headings; they stay within what a person sees without scrolling. The next free row."""
    facts = form_facts()
    reach = list(accumulate(column.width for column in columns))
    last = max(1, next((place for place, wide in enumerate(reach) if wide >= _SEEN), len(columns) - 1))
    across(page, 0, last, title, looks["title"])
    page.set_row(0, 28)
    if stamp:
        across(page, 1, last, stamp, looks["stamp"])
    row = _unit_and_date(page, 2 if stamp else 1, len(columns), lang, looks)
    legend = facts.word("legend", lang)
    across(page, row, last, legend, looks["legend"])
    page.set_row(row, 16 * lines_high(legend, reach[min(last, len(reach) - 1)]))
    return row + 1


def across(page: Any, row: int, last: int, text: str, look: Any) -> None:
    """A line over the first columns."""
    page.merge_range(row, 0, row, last, "", look)
    page.write_string(row, 0, text, look)


def _unit_and_date(page: Any, row: int, n_columns: int, lang: str, looks: Mapping[str, Any]) -> int:
    """The two labelled cells above the headings; the next free row."""
    facts = form_facts()
    wide = n_columns >= _ENOUGH
    at = [(row, 0, 2), (row, 4, 5)] if wide else [(row, 0, 1), (row + 1, 0, 1)]
    if wide:
        page.merge_range(row, 0, row, 1, "", looks["label"])
        page.merge_range(row, 2, row, 3, "", looks["unit"])
    for (line, label, cell), text, look in zip(at, (facts.unit_label, facts.date_label), ("unit", "date"), strict=True):
        page.write_string(line, label, f"{text}：", looks["label"])
        page.write_blank(line, cell, None, looks[look])
    line, _, cell = at[1]
    kind = facts.kinds["date"]
    said = Hint(facts.date_label, facts.word("date_hint", lang), kind[f"refusal_{lang}"])
    limit(page, (line, cell, line, cell), "date", kind["min"], kind["max"], said)
    return line + 1


def _headings(page: Any, row: int, columns: Sequence[FormColumn], lang: str, looks: Mapping[str, Any]) -> int:
    """Headings in one row, or in two where columns stand in groups; the first row below them."""
    grouped = any(column.group for column in columns)
    below = row + 1 if grouped else row
    for place, column in enumerate(columns):
        look = looks["must" if column.must_fill else "own" if is_own(column) else "optional"]
        if grouped and not column.group:
            page.merge_range(row, place, below, place, "", look)
        page.write_string(below if column.group else row, place, column.heading, look)
        if note := note_of(column, lang):
            page.write_comment(row, place, note, {"x_scale": 1.6, "y_scale": 0.8, "font_size": 9})
    for group, members in groupby(range(len(columns)), key=lambda place: columns[place].group):
        places = list(members)
        if group and len(places) > 1:
            page.merge_range(row, places[0], row, places[-1], group, looks["optional"])
        elif group:
            page.write_string(row, places[0], group, looks["optional"])
    page.set_row(below, 16 * max(lines_high(column.heading, column.width - 1) for column in columns) + 6)
    return below + 1


def _rule(
    page: Any, cells: tuple[int, int, int, int], column: FormColumn, lang: str, ranges: Mapping[str, str]
) -> None:
    """What may stand in the cells of a column, and what they say on being entered."""
    hint = hint_of(column, lang)
    if column.offered:
        offer(page, cells, ranges[column.offered], hint)
    elif column.kind in _RULES:
        limit(page, cells, _RULES[column.kind], column.minimum, column.maximum, hint)
    else:
        explain(page, cells, hint)


def _frozen(columns: Sequence[FormColumn]) -> int:
    """How many columns stay while scrolling: the running number and what tells the rows apart, at most three."""
    tells = [place for place, column in enumerate(columns[:3]) if column.must_fill]
    return tells[-1] + 1 if tells and len(columns) > _ENOUGH else 0
