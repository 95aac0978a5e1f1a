"""Words, numbers and codes in a cell to the wave's options: exact (white space and width aside), fill-in text apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

import polars as pl

from pipeline.contracts import Option, Question
from pipeline.privacy import screen_text
from pipeline.readers.surveys.layout import fold

Found = tuple[str, str | None]
Finder = Callable[[str], Found | None]
_FILL_IN = re.compile(r"^(.*?)〖(.*)〗$", re.DOTALL)
_AFTER = "〖【(（[:：_-—– "
TICKED = ("1", "1.0", "TRUE", "true", "True", "√", "✓", "✔", "是", "选中", "已选", "Y", "Yes", "yes", "Checked")
UNTICKED = ("0", "0.0", "FALSE", "false", "False", "否", "未选中", "未选", "N", "No", "no", "Not checked", "Unchecked")


def option_finder(options: Sequence[Option], *, form: str) -> Finder:
    """A function from what a cell says to the option it names and the text filled in beside it; None when the wave has
    no such option. `form`: the cell holds the option's text, its number or its code. Made once per question: the option
    list is folded once.

    >>> option_finder([Option("other", "其他", fill_in=True)], form="text")("其他〖宠物〗")
    ('other', '宠物')
    """
    name, codes = _naming(options, form)

    def find(text: str) -> Found | None:
        fill_in = _FILL_IN.match(text) if text.endswith("〗") else None
        base, filled = (fill_in.group(1), fill_in.group(2)) if fill_in else (text, None)
        code = codes.get(name(base))
        if code is not None:
            return code, filled
        return _loose_fill_in(text, options) if form == "text" else None

    return cache(find)


def _naming(options: Sequence[Option], form: str) -> tuple[Callable[[str], object], dict[object, str]]:
    """How a cell is made comparable, and the options by that."""
    if form == "number":
        return _number_of, {option.number: option.code for option in options if option.number is not None}
    if form == "code":
        return lambda text: re.sub(r"^(-?\d+)\.0+$", r"\1", text.strip()), {
            option.code: option.code for option in options
        }
    return fold, {fold(option.text): option.code for option in options}


def _number_of(text: str) -> int | None:
    found = re.fullmatch(r"\s*(-?\d+)(?:\.0+)?\s*", text)
    return int(found.group(1)) if found else None


def _loose_fill_in(text: str, options: Sequence[Option]) -> tuple[str, str | None] | None:
    """`其他：宠物`, `其他(宠物)`, `其他 宠物`: only behind an option that the wave declares as fill-in."""
    for option in sorted((option for option in options if option.fill_in), key=lambda option: -len(option.text)):
        rest = text[len(option.text) :] if text.startswith(option.text) else ""
        if rest and rest[0] in _AFTER:
            return option.code, rest.strip("〖〗【】()（）[]:：_-—– ") or None
    return None


def open_option(question: Question, *, bare_other: bool) -> str | None:
    """The option that an answer of one's own belongs to where the platform writes it without its option."""
    return next((option.code for option in question.options if option.fill_in), None) if bare_other else None


def joined_splitter(
    question: Question, separators: Sequence[str], *, form: str = "text", other: str | None = None
) -> Callable[[str], list[Found] | None]:
    """A function from a joined cell to its options, found from the option list: a separator inside an option's wording
    splits nothing. `other` takes what names no option; without it such a cell is None.

    >>> services = Question("q", 1, "multiple", "", options=(Option("a", "热饭;冷藏"), Option("b", "饮水")))
    >>> joined_splitter(services, (";",))("热饭;冷藏;饮水")
    [('a', None), ('b', None)]
    """
    find = option_finder(question.options, form=form)
    before, between, after = question.joined or ("", "", "")
    marks = (between,) if between else separators
    pattern = re.compile(f"({'|'.join(map(re.escape, marks))})")
    plain = form != "text" or not any(pattern.search(option.text) for option in question.options)

    def split(text: str) -> list[Found] | None:
        pieces = pattern.split(text.removeprefix(before).removesuffix(after))
        if plain:
            parts = [find(piece.strip()) for piece in pieces[::2]]
            if None not in parts:
                return parts
        return _longest_first(pieces, find, other)

    return split


def _longest_first(pieces: list[str], find: Finder, other: str | None) -> list[Found] | None:
    """Pieces and the separators between them, joined again as far as they make an option; the rest is one's own answer."""
    found: list[Found] = []
    own: list[str] = []
    start = 0
    while start < len(pieces):
        for end in range(len(pieces), start, -2):
            part = find("".join(pieces[start:end]).strip())
            if part is not None:
                found.append(part)
                start = end + 1
                break
        else:
            if other is None:
                return None
            own += pieces[start - 1 : start + 1] if own and start else pieces[start : start + 1]
            start += 2
    if own:
        found.append((other, "".join(own).strip()))
    return found


def option_table(texts: pl.Series, question: Question, *, form: str, other: str | None = None) -> pl.DataFrame:
    """Each distinct text with the option it names (null: none) and its fill-in text: text, option, filled."""
    distinct = texts.drop_nulls().unique().to_list()
    find = option_finder(question.options, form=form)
    found = [find(text) or (other and (other, text)) for text in distinct]
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
