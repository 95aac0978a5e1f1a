"""How the blank workbooks look, and how the cells of a column are kept."""

from __future__ import annotations

from typing import Any

from pipeline.contracts.forms import form_facts
from pipeline.export.workbook import FONT

_LINE = "#C3C8CF"
_HEAD = {"bold": True, "text_wrap": True, "border": 1, "border_color": _LINE, "align": "center", "valign": "vcenter"}
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"},
    "label": {"align": "right", "valign": "vcenter"},
    "unit": {"bottom": 1, "num_format": "@"},
    "date": {"bottom": 1, "num_format": "yyyy-mm-dd", "align": "left"},
    "legend": {"font_color": "#566070", "text_wrap": True, "valign": "top"},
    "stamp": {"bold": True, "font_color": "#A8321F", "bg_color": "#FDF1EE", "text_wrap": True, "valign": "vcenter"},
    "must": {**_HEAD, "bg_color": "#F8CBAD"},
    "personal": {**_HEAD, "bg_color": "#D9D9D9", "font_color": "#566070"},
    "optional": {**_HEAD, "bg_color": "#E8EEF5"},
    "text": {"text_wrap": True, "valign": "top"},
    "cell": {"text_wrap": True, "valign": "top", "border": 1, "border_color": _LINE},
}


def looks(book: Any) -> dict[str, Any]:
    """The formats of a workbook by name; `kind NAME` is the format of a column's cells."""
    base = {"font_name": FONT, "font_size": 10.5}
    cells = {f"kind {name}": {"num_format": kind["format"]} for name, kind in form_facts().kinds.items()}
    return {name: book.add_format(base | look) for name, look in (_LOOKS | cells).items()}


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
    """One page wide, landscape, A4 or (for very wide tables) A3, with page numbers; what is simulated says so."""
    page.set_landscape()
    page.set_paper(8 if wide > 200 else 9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    page.set_header(f"&R{stamp}")
    page.set_footer(f"&L{title}&C— &P / &N —")
