"""What an SPSS file says of its variables — labels, missing values, measures, multiple-response sets — as a form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pipeline.readers.spss.values import code_text
from pipeline.readers.surveys.outline import Form, Told, ToldOption

_DATES = ("DATE", "ADATE", "EDATE", "JDATE", "SDATE", "DATETIME", "YMDHMS", "QYR", "MOYR", "WKYR")
# A label or code that says the question was never put; any other user-missing value is a question left blank.
_NOT_SHOWN = re.compile(
    r"跳过|不适用|未出示|not asked|not shown|skip|inapplicable|not applicable|\binap\b", re.IGNORECASE
)
_NOT_SHOWN_CODES = ("-3",)  # as Wenjuanxing writes it
_MARKS = {"跳过": "not_shown", "空": "blank"}  # Wenjuanxing declares no user-missing value: its words tell
_BRACKETS = "()（）[]【】 "
_TICKED = "1"
_MOST_POINTS = 20


def form_of(said: Any, texts: pl.DataFrame, names: Sequence[str]) -> Form:
    """Told by variable, in the order of the file, then by multiple-response set. `said` is the metadata of pyreadstat,
    `texts` the cells as text (c0..cN): they show which codes of a missing range occur, and whether a scale is labelled
    only at its ends."""
    told = {name: _told(said, name, texts[f"c{i}"]) for i, name in enumerate(names)}
    sets = {name: _set(one, told, said) for name, one in said.mr_sets.items() if set(one["variable_list"]) <= set(told)}
    return told | sets


def _told(said: Any, name: str, cells: pl.Series) -> Told:
    labels = {code_text(code): label.strip() for code, label in said.variable_value_labels.get(name, {}).items()}
    ranges = said.missing_ranges.get(name, [])
    missing = _missing(labels, ranges, cells)
    valid = cells.filter(~cells.is_in(list(missing))).drop_nulls()
    labels = {code: label for code, label in labels.items() if code not in missing}
    kind = _type(said, name, labels, valid)
    options = _options(kind, labels, valid)
    return Told(said.column_names_to_labels.get(name) or "", kind, options, missing=missing)


def _options(kind: str | None, labels: Mapping[str, str], valid: pl.Series) -> tuple[ToldOption, ...]:
    """The labelled codes; of a single question, codes that occur without a label too, and of a scale all its points, so
    that no answer is unknown."""
    codes = list(labels)
    if kind == "scale":
        ends = [int(code) for code in labels]
        codes = [str(point) for point in range(min(ends), max(ends) + 1)]
    elif kind == "single":
        codes += sorted(set(valid.unique()) - set(labels))
    elif kind != "multiple":
        return ()
    return tuple(ToldOption(code, labels.get(code, code), _number(code)) for code in codes)


def _missing(labels: Mapping[str, str], ranges: Sequence[Mapping[str, Any]], cells: pl.Series) -> dict[str, str]:
    """The state behind each user-missing code that has a label, is declared singly, or occurs."""
    single = [code_text(one["lo"]) for one in ranges if one["lo"] == one["hi"]]
    codes = dict.fromkeys([*labels, *single, *cells.drop_nulls().unique(maintain_order=True)]) if ranges else labels
    found = {code: _state(code, labels.get(code, "")) for code in codes if _is_within(code, ranges)}
    marks = {code: _MARKS[word] for code, label in labels.items() if (word := label.strip(_BRACKETS)) in _MARKS}
    return marks | found


def _is_within(code: str, ranges: Sequence[Mapping[str, Any]]) -> bool:
    for one in ranges:
        if isinstance(one["lo"], str):
            if code == one["lo"].strip():
                return True
        elif (value := _float(code)) is not None and one["lo"] <= value <= one["hi"]:
            return True
    return False


def _state(code: str, label: str) -> str:
    return "not_shown" if _NOT_SHOWN.search(label) or (not label and code in _NOT_SHOWN_CODES) else "blank"


def _float(code: str) -> float | None:
    try:
        return float(code)
    except ValueError:
        return None


def _number(code: str) -> int | None:
    return int(code) if re.fullmatch(r"-?\d{1,9}", code) else None


def _type(said: Any, name: str, labels: Mapping[str, str], valid: pl.Series) -> str | None:
    """single where the answers have labels, scale where only the ends of a run of numbers have; number, date or text by
    the format. A number with a label or two (999 = 拒答) among many values stays a number."""
    kind = said.original_variable_types.get(name, "")
    if kind.startswith(_DATES):
        return "date"
    if kind.startswith("A"):
        return "single" if labels else "text"
    if kind.startswith(("TIME", "DTIME")):
        return "text"
    if not labels:
        return "number" if said.variable_measure.get(name) in ("scale", "unknown") else None
    bare = set(valid.unique()) - set(labels)
    points = [_number(code) for code in (*labels, *bare)]
    if bare and None not in points:
        low, high = min(points), max(points)
        if len(labels) <= high - low <= _MOST_POINTS and {str(low), str(high)} <= set(labels):
            return "scale"
    return "single" if len(bare) <= _MOST_POINTS else "number"


def _set(one: Mapping[str, Any], told: Mapping[str, Told], said: Any) -> Told:
    """A multiple-response set. Of dichotomies that count 1, every variable is an option (`code` its name). Of categories
    (first choice, second choice …), and of dichotomies that count something else, every variable is an item that
    takes one of the shared labels: so a cell keeps exactly what it says."""
    names = list(one["variable_list"])
    parts = tuple(ToldOption(name, told[name].text or name) for name in names)
    missing = {code: state for name in names for code, state in told[name].missing.items()}
    text = one.get("label") or ""
    if one.get("is_dichotomy") and code_text(one["counted_value"]) == _TICKED:
        return Told(text=text, type="multiple", options=parts, missing=missing)
    shared = {option.code: option for name in names for option in told[name].options}
    return Told(text=text, type="matrix", options=tuple(shared.values()), items=parts, missing=missing)
