"""A question reduced to what makes it mean what it means: type, wording, options and whom it is asked, each as a key."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable

from pipeline.contracts import Option, Question, Variable, Wave
from pipeline.readers.surveys.survey_columns import fold

_FAMILIES = {"single": "one", "scale": "one", "multiple": "several"}


def type_family(kind: str) -> str:
    """Types that a respondent answers in the same way: one option of a list, drawn as a list or as a scale.

    >>> type_family("scale"), type_family("multiple"), type_family("number")
    ('one', 'several', 'number')
    """
    return _FAMILIES.get(kind, kind)


def text_key(text: str) -> str:
    """Equal for wordings that differ in white space, width and case alone.

    >>> text_key("您满意吗 ？") == text_key("您满意吗?"), text_key("您满意吗？") == text_key("您很满意吗？")
    (True, False)
    """
    return _key([_same(text)])


def options_key(question: Question, variable: Variable, allowed: Iterable[str] = ()) -> str:
    """Equal for questions that offer the same values.

    An option is its standard value where it has one, whatever its words; on a scale of points the words of each point
    count too, for they make its balance. The rows of a matrix count by their words and their direction.
    """
    options = [option for option in question.options if option is not None]
    offered = {_offer(option, question, variable, set(allowed)) for option in options}
    rows = {f"row {_same(item.text)} {item.reversed}" for item in question.items if item is not None}
    ends = [f"{question.min} {question.max}"] if question.type == "scale" and not options else []
    return _key([*sorted(offered), *sorted(rows), *ends])


def base_key(question: Question, wave: Wave) -> str:
    """Equal for questions asked of the same people: the conditions under which they were shown, by variable and value."""
    asked = {other.code: other for other in wave.questions}
    told = []
    for code, wanted in question.shown_if.items():
        other = asked.get(code)
        if other is None:
            continue
        values = {option.code: _value(option) for option in other.options if option is not None}
        told.append(f"{other.variable or _same(other.text_zh)} {sorted(values.get(name, name) for name in wanted)}")
    return _key(sorted(told))


def options_text(question: Question) -> str:
    """The options, then the rows, as a person reads them side by side."""
    return "｜".join(part.text for part in (*question.options, *question.items) if part is not None)


def _offer(option: Option, question: Question, variable: Variable, allowed: set[str]) -> str:
    if variable.unit == "points":
        return f"{_value(option)} {_same(option.text)}"
    if option.value is None and option.code not in allowed:
        kind = "none" if option.code == question.missing_none else "other" if option.fill_in else ""
        return f"text {kind or _same(option.text)}"
    return f"value {_value(option)}"


def _value(option: Option) -> str:
    value = option.code if option.value is None else option.value
    try:
        return f"{float(value):g}"
    except ValueError:
        return str(value)


def _same(text: str) -> str:
    return unicodedata.normalize("NFKC", fold(text)).casefold()


def _key(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
