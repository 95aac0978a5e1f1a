"""Drop-downs and limits of the cells that people fill in: choices stand on a hidden sheet, so that no list is cut.

Excel holds a list written into the rule itself to 255 characters, and a comma in a choice would cut it in two; a range
has neither limit. Three steps: name the lists (`list_ranges`), point cells at them (`offer`), add the sheet that holds
them as the last one of the workbook (`add_list_sheet`).

>>> ranges = list_ranges({"结果": ["达到", "未达到"], "驿站": ["东门驿站", "西门驿站"]})
>>> ranges
{'结果': "='下拉选项'!$A$3:$A$4", '驿站': "='下拉选项'!$B$3:$B$4"}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from xlsxwriter.utility import xl_range_abs

from pipeline.contracts.forms import form_facts

LIST_SHEET = form_facts().own_sheets["lists"].name
Cells = tuple[int, int, int, int]  # first row, first column, last row, last column; 0-based, inclusive
Bound = float | date | time | None
_TOP = 2  # the first choice: below the line that says what the sheet is, and the list's name
_TITLE, _MESSAGE = 32, 255  # what Excel shows at most
_KINDS = {"int": "integer", "number": "decimal", "date": "date", "time": "time", "text": "length"}


@dataclass(frozen=True)
class Hint:
    """What a cell tells the person who fills it in: `title` and `message` on entering it, `refusal` when a value is
    not among the allowed ones. `strict` refuses such a value; otherwise the person is asked and may keep it."""

    title: str = ""
    message: str = ""
    refusal: str = ""
    strict: bool = True


def list_ranges(lists: Mapping[str, Sequence[str]], sheet: str = LIST_SHEET) -> dict[str, str]:
    """Where each list will stand on the list sheet, as the rule of a cell names it; a list without choices is left out.

    The order of `lists` decides the columns: give `add_list_sheet` the same mapping.
    """
    return {
        name: f"='{sheet}'!{xl_range_abs(_TOP, column, _TOP + len(choices) - 1, column)}"
        for column, (name, choices) in enumerate(lists.items())
        if choices
    }


def add_list_sheet(book: Any, lists: Mapping[str, Sequence[str]], sheet: str = LIST_SHEET) -> Any:
    """Add the hidden sheet: what it is, then every list below its name. Call it last: a workbook opens on its first sheet."""
    page = book.add_worksheet(sheet)
    page.write_string(0, 0, form_facts().own_sheets["lists"].sign)
    for column, (name, choices) in enumerate(lists.items()):
        for row, text in enumerate([name, *choices], start=_TOP - 1):
            page.write_string(row, column, text)
    page.hide()
    return page


def offer(page: Any, cells: Cells, source: str, hint: Hint) -> None:
    """A drop-down in `cells` with the choices of `source` (an entry of `list_ranges`). A blank is always allowed."""
    _validate(page, cells, {"validate": "list", "source": source}, hint)


def limit(page: Any, cells: Cells, kind: str, minimum: Bound, maximum: Bound, hint: Hint) -> None:
    """Only values between two bounds in `cells`; a bound of None is open. A blank is always allowed.

    `kind` is `int`, `number`, `date` (a time of day may follow), `time`, or `text` (then the bounds are lengths).
    """
    rule: dict[str, Any] = {"validate": _KINDS[kind]}
    if minimum is not None and maximum is not None:
        rule |= {"criteria": "between", "minimum": minimum, "maximum": maximum}
    elif minimum is not None or maximum is not None:
        rule |= {"criteria": "<=" if minimum is None else ">=", "value": maximum if minimum is None else minimum}
    else:
        raise ValueError("a limit needs at least one bound")
    _validate(page, cells, rule, hint)


def explain(page: Any, cells: Cells, hint: Hint) -> None:
    """Only the message on entering `cells`; any value is allowed."""
    _validate(page, cells, {"validate": "any"}, hint)


def _validate(page: Any, cells: Cells, rule: dict[str, Any], hint: Hint) -> None:
    said = {
        "input_title": _cut(hint.title, _TITLE),
        "input_message": _cut(hint.message, _MESSAGE),
        "error_title": _cut(hint.title, _TITLE),
        "error_message": _cut(hint.refusal, _MESSAGE),
        "error_type": "stop" if hint.strict else "warning",
    }
    if page.data_validation(*cells, rule | said) != 0:
        raise ValueError(f"the rule was not written: {rule}")


def _cut(text: str, most: int) -> str:
    """Excel does not open a workbook whose messages are longer."""
    return text if len(text) <= most else text[: most - 1] + "…"
