"""How the blank workbooks look, and how the cells of a column are kept."""

from __future__ import annotations

from typing import Any

from pipeline.contracts.forms import form_facts
from pipeline.export.workbook import FONT

_LINE = "#C3C8CF"
_A3, _A4 = 8, 9
_TEXT = 49
_WIDEST = 220  # half-width characters that can still be read when a page is fitted to them
_HEAD = {"bold": True, "text_wrap": True, "border": 1, "border_color": _LINE, "align": "center", "valign": "vcenter"}
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"},
    "label": {"align": "right", "valign": "vcenter"},
    "unit": {"bottom": 1, "num_format": _TEXT},
    "date": {"bottom": 1, "num_format": "yyyy-mm-dd", "align": "left"},
    "legend": {"font_color": "#566070", "text_wrap": True, "valign": "top"},
    "stamp": {"bold": True, "font_color": "#A8321F", "bg_color": "#FDF1EE", "text_wrap": True, "valign": "vcenter"},
    "must": {**_HEAD, "bg_color": "#F8CBAD"},
    "own": {**_HEAD, "bg_color": "#D9D9D9", "font_color": "#566070"},
    "optional": {**_HEAD, "bg_color": "#E8EEF5"},
    "text": {"text_wrap": True, "valign": "top"},
    "cell": {"text_wrap": True, "valign": "top", "border": 1, "border_color": _LINE},
}


def looks(book: Any) -> dict[str, Any]:
    """The formats of a workbook by name; `kind NAME` is the format of a column's cells."""
    base = {"font_name": FONT, "font_size": 10.5}
    cells = {f"kind {name}": {"num_format": _format(kind["format"])} for name, kind in form_facts().kinds.items()}
    return {name: book.add_format(base | look) for name, look in (_LOOKS | cells).items()}


def _format(code: str) -> str | int:
    """Text by Excel's own number for it, so that every program shows the cells as 文本; other formats by their code."""
    return _TEXT if code == "@" else code


def columns_wide(text: str) -> int:
    """Width of a text in half-width characters.

    >>> columns_wide("驿站 A")
    6
    """
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def lines_high(text: str, width: float) -> int:
    """How many lines a text takes in a cell of a width."""
    return sum(max(1, -(-columns_wide(line) // int(width))) for line in text.split("\n"))


def print_setup(page: Any, *, title: str, stamp: str = "", wide: float = 0) -> None:
    """Landscape, one page wide, with page numbers; a very wide table on A3, in as many pages as can be read; what is
    simulated says so."""
    page.set_landscape()
    page.set_paper(_A3 if wide > _WIDEST else _A4)
    page.fit_to_pages(max(1, -(-int(wide) // _WIDEST)), 0)
    page.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    if stamp:
        page.set_header(f"&R{stamp}")
    page.set_footer(f"&L{title}&C— &P / &N —")
