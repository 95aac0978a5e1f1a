"""What stands above and below a table: title, 填报单位, 填表日期 … as labelled notes. Persons and phones are left out."""

from __future__ import annotations

import re
from collections.abc import Sequence

LEFT_OUT = "〔略〕"
_PERSON = re.compile(
    r"填表人|填报人|制表|审核|复核|负责|联系|经办|统计人|电话|手机|站长|签[字名]|姓名|邮箱|e-?mail|phone|contact", re.I
)
_LABEL = r"[\u4e00-\u9fffA-Za-z][\u4e00-\u9fffA-Za-z（）() ]{0,14}?"
_PAIR = re.compile(rf"({_LABEL})\s*[:：]\s*(.*?)(?=[\s　；;，,]+{_LABEL}\s*[:：]|$)", re.S)
_NOTE_CELL = re.compile(
    r"^[\s　]*(填报|填表|报送|上报|制表|审核|复核|统计|负责|联系|经办|数据|资料|截[至止]|报告期|所属|单位|日期|时间|备注|附?注|说明|编制|编号单位)"
    r"[\u4e00-\u9fff（）() 　]{0,10}[:：]"
)
_NOTE_LABEL = re.compile(r"(填[报表]|报送|上报|制表|编制|审核|复核)(单位|部门|日期|时间|人员?)")


def is_note_cell(text: str) -> bool:
    """Whether a cell reads like a line about the table: 填报单位：… 填表日期：…

    >>> is_note_cell("填表日期：2023年3月31日"), is_note_cell("驿站名称")
    (True, False)
    """
    return bool(_NOTE_CELL.match(text))


def is_note_label(text: str) -> bool:
    """Whether a cell is the label of such a line, its value in the next cell: 填报单位 | 晴川街道

    >>> is_note_label("填报 单位"), is_note_label("单位")
    (True, False)
    """
    return bool(_NOTE_LABEL.fullmatch("".join(text.split())))


def read_notes(lines: Sequence[Sequence[str]], *, titled: bool = True) -> dict[str, str]:
    """Notes from lines of cells (empty cells left out); the first plain text is the title.

    >>> read_notes([["驿站台账"], ["填报单位：晴川街道  填表日期：2023-03-31"], ["填表人：", "某某"]])
    {'title': '驿站台账', '填报单位': '晴川街道', '填表日期': '2023-03-31', '填表人': '〔略〕'}
    """
    notes: dict[str, str] = {}
    for cells in lines:
        waiting, cells = (cells[0], cells[1:]) if len(cells) == 2 and is_note_label(cells[0]) else ("", cells)
        for cell in cells:
            text = cell.strip(" \t\r\n\u3000")
            pairs = _PAIR.findall(text)
            if waiting and not pairs:
                _add(notes, waiting, text)
                waiting = ""
                continue
            if pairs:
                waiting = _add_pairs(notes, pairs)
            elif text:
                _add(notes, "title" if titled and "title" not in notes else "note", text)
    return notes


def all_notes(above: Sequence[Sequence[str]], others: Sequence[Sequence[str]]) -> dict[str, str]:
    """Notes from the lines above a table, where its title is, and from those beside and below it.

    >>> all_notes([["台账"], ["一"]], [["二"]])
    {'title': '台账', 'note': '一\\n二'}
    """
    first, second = read_notes(above), read_notes(others, titled=False)
    both = "\n".join(notes["note"] for notes in (first, second) if "note" in notes)
    return (
        first | {label: text for label, text in second.items() if label not in first} | ({"note": both} if both else {})
    )


def _add_pairs(notes: dict[str, str], pairs: Sequence[tuple[str, str]]) -> str:
    """Keep what has a value; the last label without one waits for the next cell."""
    for label, value in pairs[:-1]:
        _add(notes, label, value)
    label, value = pairs[-1]
    if value.strip():
        _add(notes, label, value)
        return ""
    return label


def _add(notes: dict[str, str], label: str, value: str) -> None:
    label, value = re.sub(r"[\s　]+", "", label), value.strip(" \t\r\n\u3000；;，,")
    if _PERSON.search(label) or re.search(r"1[3-9]\d{9}", value):
        value = LEFT_OUT
    if label in ("note", "title") and label in notes:
        notes["note"] = f"{notes['note']}\n{value}" if "note" in notes else value
    elif value:
        notes.setdefault(label, value)
