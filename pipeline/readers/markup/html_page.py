"""Tables of a web page (also one saved as .xls) as sheets: rowspan and colspan are merged cells, text around is notes.

The parser is the standard library's; this module only keeps count of tables, rows and cells, also where the page leaves out
closing tags. `source_row` counts the rows of the table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from pipeline.readers.markup.html_grid import MOST_COLUMNS, MOST_ROWS, Grid, span
from pipeline.readers.opened import Opened
from pipeline.readers.refusals import refuse
from pipeline.readers.sheets.sheet import Sheet
from pipeline.readers.sheets.sheet_table import tables_in
from pipeline.readers.text_table import TextTable

_UNSEEN_TAGS = ("script", "style", "title", "xml")
_BREAKS = ("br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "tr", "hr")
_SHEET_NAME = re.compile(r"<x:Name>([^<]{1,100})</x:Name>", re.I)
_HIDDEN_DIGITS = re.compile(r"#+|[-+]?[\d.]+E[+-]?\d+", re.I)  # what a column too narrow shows


@dataclass
class _Open:
    """A table that is not closed yet, and the cell that is being read."""

    grid: Grid
    cell: list[str] | None = None
    place: dict[str, str | None] = field(default_factory=dict)


class _Page(HTMLParser):
    """Collects the tables of a page in the order in which they begin, and the lines of text outside them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[tuple[Grid, list[str]]] = []
        self.lines: list[str] = []
        self.open: list[_Open] = []
        self.unseen = ""
        self.in_caption = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN_TAGS:
            self.unseen = tag
        elif tag == "table":
            grid = Grid()
            self.tables.append((grid, self._take_lines()))
            self.open.append(_Open(grid))
        elif tag in ("tr", "td", "th") and self.open:
            self._close_cell()
            if tag == "tr":
                self.open[-1].grid.new_row()
            else:
                self.open[-1].cell, self.open[-1].place = [], dict(attrs)
        elif tag in _BREAKS:
            self.in_caption = tag == "caption"
            self._write("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.unseen:
            self.unseen = ""
        elif tag in ("td", "th", "tr", "table") and self.open:
            self._close_cell()
            if tag == "table":
                self.open.pop()
        elif tag in _BREAKS:
            self.in_caption = False
            self._write("\n")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self._write(re.sub(r"[ \t\r\n\f\xa0]+", " ", data))

    def _write(self, text: str) -> None:
        if not self.open:
            self.lines.append(text)
        elif self.open[-1].cell is not None:
            self.open[-1].cell.append(text)
        elif self.in_caption:
            self.open[-1].grid.caption += text

    def _close_cell(self) -> None:
        table = self.open[-1]
        if table.cell is None:
            return
        shown, place = "\n".join(_lines("".join(table.cell))), table.place
        if _HIDDEN_DIGITS.fullmatch(shown) and place.get("x:num"):
            shown = place["x:num"] or ""
        across, down = span(place.get("colspan"), MOST_COLUMNS), span(place.get("rowspan"), MOST_ROWS)
        table.grid.add(shown, across=across, down=down)
        table.cell = None

    def _take_lines(self) -> list[str]:
        lines, self.lines = _lines("".join(self.lines)), []
        return lines

    def close(self) -> None:
        """The end of the page: cells and tables that were never closed end here."""
        super().close()
        while self.open:
            self._close_cell()
            self.open.pop()
        self.lines = self._take_lines()


def read_html(
    opened: Opened, *, sheet: str | None = None, header_rows: int | Sequence[int] | None = None
) -> list[TextTable]:
    """Every table of a page. Raises exit 10 when it cannot be made out."""
    page = _Page()
    try:
        page.feed(opened.text)
        page.close()
    except (AssertionError, ValueError, RecursionError) as error:
        refuse("workbook_broken", opened.path, got=type(error).__name__)
    sheets = _sheets(page, opened.text)
    if sheet is not None and sheet not in [one.name for one in sheets]:
        refuse("no_such_sheet", opened.path, got=" ".join(one.name for one in sheets), expected=sheet)
    wanted = [one for one in sheets if sheet in (None, one.name)]
    return [table for one in wanted for table in tables_in(opened.path, one, header_rows=header_rows)]


def _sheets(page: _Page, text: str) -> list[Sheet]:
    found = [(*grid.finished(), grid.caption.strip(), above) for grid, above in page.tables]
    found = [one for one in found if one[0]]
    if not found:
        return []
    names = list(dict.fromkeys(_SHEET_NAME.findall(text)))
    if len(names) != len(found):
        names = [one[2] or (f"表{i}" if len(found) > 1 else "") for i, one in enumerate(found, start=1)]
    below = [()] * (len(found) - 1) + [tuple(page.lines)]
    return [
        Sheet(name, rows, merges, above=above, below=after)
        for name, (rows, merges, _, above), after in zip(names, found, below, strict=True)
    ]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]
