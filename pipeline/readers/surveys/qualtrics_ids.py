"""Which question a column of a Qualtrics export belongs to: by its ImportId (`QID2_4_TEXT`: question 2, what was written beside
choice 4), or in older exports by its name (`Q2_4_TEXT`) and the wording it shares with its neighbours."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

_ID = re.compile(r"^(?P<question>(?:\d+_)?QID\d+(?:#\d+)?)(?P<part>(?:_x?\d+)*)(?P<text>_TEXT)?$")
_OTHER_ID = re.compile(r"^(?P<question>(?:\d+_)?QID\d+(?:#\d+)?)_(?P<part>.+)$")
_TECHNICAL_ID = re.compile(
    r"_(?:FIRST_CLICK|LAST_CLICK|PAGE_SUBMIT|CLICK_COUNT|BROWSER|VERSION|OS|RESOLUTION|FILE_\w+|NPS_GROUP|DO(?:_\d+)*"
    r"|TEXT_[0-9a-f]{8,}\w*)$|(?:Topics|Sentiment\w*)$"
)
_TECHNICAL_NAME = re.compile(
    r"_ ?(?:First Click|Last Click|Page Submit|Click Count|Browser|Version|Operating System|Resolution)$|_DO(?:_\d+)*$"
    r"| - (?:Parent )?Topics$"
)
_NAME = re.compile(
    r"^(?P<question>.+?)(?P<part>_\d+)?(?P<text>_TEXT)?$"
)  # `legitimacy_1_2` is part 2 of `legitimacy_1`
_IN_LINE = re.compile(r"</?(?:a|b|i|u|em|strong|span|font|sub|sup)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^>]*>")


@dataclass(frozen=True)
class Column:
    """One column: `question` tells the questions apart, `part` the row or choice, `is_text` what was written."""

    position: int
    name: str
    text: str
    question: str
    part: str = ""
    is_text: bool = False


def plain_wording(text: str) -> str:
    """Wording without HTML, entities and line breaks.

    >>> plain_wording("<p>您多久去一次&nbsp;<b>驿站</b>？</p>\\n")
    '您多久去一次 驿站？'
    """
    return " ".join(html.unescape(_TAG.sub(" ", _IN_LINE.sub("", text))).split())


def import_id(cell: str) -> str:
    """The id in the third header row, or nothing.

    >>> import_id('{"ImportId":"QID1","timeZone":"Z"}')
    'QID1'
    """
    try:
        return str(json.loads(cell).get("ImportId", ""))
    except (json.JSONDecodeError, AttributeError):
        return ""


def is_technical(name: str, identity: str) -> bool:
    """Timings, browser, uploaded files, topics: columns no respondent answered.

    >>> is_technical("Q2 - Topics", ""), is_technical("a", "QID9_PAGE_SUBMIT"), is_technical("Q2_TEXT", "QID2_TEXT")
    (True, True, False)
    """
    return bool(_TECHNICAL_ID.search(identity) if identity else _TECHNICAL_NAME.search(name))


def column_of(position: int, name: str, text: str, identity: str) -> Column | None:
    """The column a ImportId names; None where it names no question (embedded data).

    >>> column_of(0, "Q2_4_TEXT", "", "QID2_4_TEXT")
    Column(position=0, name='Q2_4_TEXT', text='', question='QID2', part='4', is_text=True)
    >>> column_of(0, "station", "station", "station") is None
    True
    """
    found = _ID.match(identity)
    if found:
        return Column(position, name, text, found["question"], found["part"].strip("_"), bool(found["text"]))
    other = _OTHER_ID.match(identity)
    return Column(position, name, text, other["question"], other["part"]) if other else None


def columns_by_name(columns: Sequence[Column]) -> list[Column]:
    """The same for exports without ImportIds: neighbours `Q2_1`, `Q2_2` are one question where their wordings begin alike
    and then a dash, `Q2_TEXT` belongs to the `Q2` before it; anything else is a question of its own."""
    found: list[Column] = []
    for index, column in enumerate(columns):
        parsed = _NAME.match(column.name)
        stem, part, is_text = parsed["question"], (parsed["part"] or "").strip("_"), bool(parsed["text"])
        near = [columns[i] for i in (index - 1, index + 1) if 0 <= i < len(columns)]
        kin = [other for other in near if _NAME.match(other.name)["question"] == stem]
        if (part or is_text) and any(intro([column.text, other.text]) or is_text for other in kin):
            found.append(Column(column.position, column.name, column.text, stem, part, is_text))
        else:
            alone = any(_NAME.match(other.name)["text"] for other in kin) and not part
            found.append(Column(column.position, column.name, column.text, stem if alone else column.name))
    return found


def intro(texts: Sequence[str]) -> str:
    """What wordings share up to a dash; nothing where they share no such beginning.

    >>> intro(["How good is - the water", "How good is - the wall"])
    'How good is - '
    >>> intro(["Water", "Wall"])
    ''
    """
    same = common(texts)
    for dash in (" - ", "-"):
        if dash in same:
            return same[: same.rindex(dash) + len(dash)]
    return ""


def common(texts: Sequence[str]) -> str:
    """The signs with which all texts begin.

    >>> common(["Q2_1", "Q2_10", "Q2_2"])
    'Q2_'
    """
    first, last = min(texts), max(texts)
    return first[: next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))]
