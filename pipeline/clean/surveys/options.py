"""Words and numbers in a cell to the wave's options: exact wording (white space and width aside), fill-in text apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

import polars as pl

from pipeline.contracts import Option, Question
from pipeline.privacy import screen_text
from pipeline.readers.surveys.survey_columns import fold

Found = tuple[str, str | None]
_FILL_IN = re.compile(r"^(.*?)〖(.*)〗$", re.DOTALL)
_AFTER = "〖【(（[:：_-—– "
TICKED = ("1", "1.0", "TRUE", "true", "True", "√", "✓", "✔", "是", "选中", "已选")
UNTICKED = ("0", "0.0", "FALSE", "false", "False", "否", "未选中", "未选")


def option_finder(options: Sequence[Option], *, numbered: bool) -> Callable[[str], Found | None]:
    """A function from what a cell says to the option it names and the text filled in beside it; None when the wave has
    no such option. Made once per question: the option list is folded once.

    >>> option_finder([Option("other", "其他", fill_in=True)], numbered=False)("其他〖宠物〗")
    ('other', '宠物')
    """
    if numbered:
        codes: dict[object, str] = {option.number: option.code for option in options}
        name: Callable[[str], object] = _number_of
    else:
        codes, name = {fold(option.text): option.code for option in options}, fold

    def find(text: str) -> Found | None:
        fill_in = _FILL_IN.match(text) if text.endswith("〗") else None
        base, filled = (fill_in.group(1), fill_in.group(2)) if fill_in else (text, None)
        code = codes.get(name(base))
        if code is not None:
            return code, filled
        return None if numbered else _loose_fill_in(text, options)

    return cache(find)


def _number_of(text: str) -> int | None:
    found = re.fullmatch(r"\s*(\d+)(?:\.0+)?\s*", text)
    return int(found.group(1)) if found else None


def _loose_fill_in(text: str, options: Sequence[Option]) -> tuple[str, str | None] | None:
    """`其他：宠物`, `其他(宠物)`, `其他 宠物`: only behind an option that the wave declares as fill-in."""
    for option in sorted((option for option in options if option.fill_in), key=lambda option: -len(option.text)):
        rest = text[len(option.text) :] if text.startswith(option.text) else ""
        if rest and rest[0] in _AFTER:
            return option.code, rest.strip("〖〗【】()（）[]:：_-—– ") or None
    return None


def joined_splitter(options: Sequence[Option], separators: Sequence[str]) -> Callable[[str], list[Found] | None]:
    """A function from a joined cell to its options, found from the option list: a separator inside an option's wording
    splits nothing. None when some part is no option.

    >>> joined_splitter([Option("a", "热饭;冷藏"), Option("b", "饮水")], (";",))("热饭;冷藏;饮水")
    [('a', None), ('b', None)]
    """
    find = option_finder(options, numbered=False)
    pattern = re.compile(f"({'|'.join(map(re.escape, separators))})")
    plain = not any(pattern.search(option.text) for option in options)

    def split(text: str) -> list[Found] | None:
        pieces = pattern.split(text)
        if plain:
            parts = [find(piece.strip()) for piece in pieces[::2]]
            if None not in parts:
                return parts
        return _longest_first(pieces, find)

    return split


def _longest_first(pieces: list[str], find: Callable[[str], Found | None]) -> list[Found] | None:
    """Pieces and the separators between them, joined again as far as they make an option."""
    found: list[Found] = []
    start = 0
    while start < len(pieces):
        for end in range(len(pieces), start, -2):
            part = find("".join(pieces[start:end]).strip())
            if part is not None:
                found.append(part)
                start = end + 1
                break
        else:
            return None
    return found


def option_table(texts: pl.Series, question: Question, *, numbered: bool) -> pl.DataFrame:
    """Each distinct text with the option it names (null: none) and its fill-in text: text, option, filled."""
    distinct = texts.drop_nulls().unique().to_list()
    found = list(map(option_finder(question.options, numbered=numbered), distinct))
    table = pl.DataFrame(
        {
            "text": distinct,
            "option": [part and part[0] for part in found],
            "filled": [part and part[1] for part in found],
        },
        schema={"text": pl.String, "option": pl.String, "filled": pl.String},
    )
    return table.with_columns(screen_text(table["filled"]))


def numeric_value(option: Option) -> float | None:
    """The number an option stands for: its value where that is a number."""
    try:
        return None if option.value is None else float(option.value)
    except ValueError:
        return None


def scale_point(option: Option) -> float | None:
    """The point of an option on a scale: its value, else its number, else its wording where that is a number."""
    if numeric_value(option) is not None:
        return numeric_value(option)
    if option.number is not None:
        return float(option.number)
    return float(option.text) if re.fullmatch(r"\d+(?:\.\d+)?", option.text.strip()) else None


def is_coded(question: Question) -> bool:
    """Whether a cell of the question names options rather than holding free content."""
    return bool(question.options) and question.type in ("single", "multiple", "matrix", "scale", "ranking")
