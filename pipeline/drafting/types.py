"""Which type a question has: as the form tells, else from its columns, else from what its cells hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from pipeline.contracts.drafting import Rules
from pipeline.drafting.bands import is_safe_band
from pipeline.drafting.joined import Split, list_form, split_cells, split_list
from pipeline.drafting.seen import Seen, Values
from pipeline.privacy import MASK, holds_contacts, is_personal_heading, screen_text
from pipeline.readers.surveys.survey_columns import Dialect, fold

_FILL_IN = re.compile(r"^(.*?)〖(.*)〗$", re.DOTALL)
_NUMBER = re.compile(r"^-?\d+(?:\.\d+)?$")
_DATE = re.compile(r"^\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}(?:日|\b|T|\s).*$", re.DOTALL)
_AMOUNTS = re.compile(r"^[^〖〗]+〖\s*-?\d+(?:\.\d+)?\s*〗$")
_OPEN = ("text", "number", "date", "place")


@dataclass(frozen=True)
class Typed:
    """The type of a question and what options it shows: `counts` in order of appearance, `n_other` answers that are too
    rare to be called options, `fill_ins` options beside which something was written, `joined` the form of its lists."""

    type: str
    counts: Mapping[str, int] = field(default_factory=dict)
    n_other: int = 0
    fill_ins: frozenset[str] = frozenset()
    personal: bool = False
    joined: tuple[str, ...] = ()


def typed(seen: Seen, dialect: Dialect, rules: Rules, *, numbered: bool) -> Typed:
    """The type of one question. `numbered`: the export holds options as numbers. A heading that announces personal data,
    or a column full of telephones, is a personal text whatever it holds, unless a form lists its options."""
    stem, told = seen.stem, seen.stem.told
    has_list = bool(told.options or seen.options)
    if not has_list and (is_personal_heading(stem.text) or is_personal_heading(stem.name) or _holds_contacts(seen)):
        return Typed("text", personal=True)
    if told.type in _OPEN:
        return Typed(told.type)
    found = _from_columns(seen, dialect, rules, numbered=numbered)
    if told.type is None or told.type == found.type:
        return _with_type(found, "single") if told.options and found.type in _OPEN else found
    if told.type in ("multiple", "ranking") and seen.whole and not seen.options:
        return _split_anyway(seen.values, told.type, dialect, rules) or _with_type(found, told.type)
    return _with_type(found, told.type)


def _with_type(found: Typed, name: str) -> Typed:
    return Typed(name, found.counts, found.n_other, found.fill_ins, False, found.joined)


def _holds_contacts(seen: Seen) -> bool:
    values = [*seen.values.counts, *seen.all_items.counts]
    return bool(values) and holds_contacts(pl.Series(values, dtype=pl.String))


def _from_columns(seen: Seen, dialect: Dialect, rules: Rules, *, numbered: bool) -> Typed:
    if seen.options:
        return Typed(_of_option_columns(seen))
    if seen.items:
        rows = _of_values(seen.all_items, seen.stem.text, dialect, rules, numbered=numbered)
        closed = rows.type in ("single", "scale")
        return Typed("matrix" if closed else rows.type if rows.type in _OPEN else "text", rows.counts, rows.n_other)
    return _of_values(seen.values, seen.stem.text, dialect, rules, numbered=numbered)


def _of_option_columns(seen: Seen) -> str:
    """One column per option: ticks, ranks 1..k, or amounts."""
    values = set().union(*(values.counts for _, values in seen.options))
    if not values or not all(_NUMBER.match(value) for value in values):
        return "multiple"
    numbers = {float(value) for value in values}
    if numbers <= {0.0, 1.0}:
        return "multiple"
    places = set(map(float, range(len(seen.options) + 1)))
    return "ranking" if numbers <= places else "allocation"


def _of_values(values: Values, heading: str, dialect: Dialect, rules: Rules, *, numbered: bool) -> Typed:
    """One column: by the shape of most of its values."""
    counts = {text: n for text, n in values.counts.items() if text not in rules.not_said_words}
    if not counts:
        return Typed("text")
    share = _sharer(counts)
    separator = dialect.separators[0]
    if share(lambda text: all(_AMOUNTS.match(part) for part in text.split(separator))) >= rules.shape_share:
        parts = split_cells({re.sub(r"〖[^〗]*〗", "", text): n for text, n in counts.items()}, separator, rules)
        return Typed("allocation", parts.units)
    if share(lambda text: _is_ranking(text, dialect.arrow)) >= rules.several_share:
        found = _closed(split_cells(counts, dialect.arrow, rules).units, rules)
        if found:
            return _with_type(found, "ranking")
    form = list_form(counts, rules)
    if form:
        split = split_list(counts, form)
        found = _closed(split.units, rules)
        return Typed("multiple", found.counts, found.n_other, joined=form) if found else Typed("text")
    if share(lambda text: _is_place(text, rules)) >= rules.shape_share:
        return Typed("place")
    if share(lambda text: bool(_DATE.match(text))) >= rules.shape_share:
        return Typed("date")
    if share(lambda text: bool(_NUMBER.match(text.translate(_WIDE)))) >= rules.number_share:
        return _of_numbers(counts, heading, rules, numbered=numbered)
    return _several(counts, heading, dialect, rules) or _closed(counts, rules) or Typed("text")


_WIDE = str.maketrans("０１２３４５６７８９．－", "0123456789.-")


def _sharer(counts: Mapping[str, int]) -> Callable[[Callable[[str], bool]], float]:
    total = sum(counts.values())
    return lambda test: sum(n for text, n in counts.items() if test(text)) / total


def _is_ranking(text: str, arrow: str) -> bool:
    parts = text.split(arrow)
    return len(parts) > 1 and len(set(parts)) == len(parts)


def _is_place(text: str, rules: Rules) -> bool:
    parts = text.split("-")
    return 2 <= len(parts) <= 4 and parts[0].removesuffix("省").removesuffix("市").startswith(rules.provinces)


def _of_numbers(counts: Mapping[str, int], heading: str, rules: Rules, *, numbered: bool) -> Typed:
    """Numbers: points of a scale, the numbers of options, or quantities."""
    numbers = {float(text.translate(_WIDE)) for text in counts if _NUMBER.match(text.translate(_WIDE))}
    low = heading.casefold()
    whole = all(number == int(number) for number in numbers)
    if (
        whole
        and any(word in low for word in rules.scale_words)
        and 0 <= min(numbers) <= max(numbers) <= rules.scale_end
    ):
        return Typed("scale", dict(sorted(counts.items(), key=_as_number)) if numbered else {})
    asks_count = any(word in low for word in rules.count_words)
    if numbered and whole and min(numbers) >= 1 and max(numbers) <= rules.most_codes and not asks_count:
        return Typed("single", dict(sorted(counts.items(), key=_as_number)))
    return Typed("number")


def _as_number(item: tuple[str, int]) -> float:
    text = item[0].translate(_WIDE)
    return float(text) if _NUMBER.match(text) else float("inf")


def _several(counts: Mapping[str, int], heading: str, dialect: Dialect, rules: Rules) -> Typed | None:
    """Several answers in a cell, by the first separator at which enough cells divide into recurring parts."""
    hinted = any(word in heading.casefold() for word in rules.several_words)
    for separator in dialect.separators:
        if not any(separator in text for text in counts):
            continue
        split = split_cells(counts, separator, rules)
        found = _closed(split.units, rules)
        enough = split.several >= rules.several_share or (hinted and split.several > 0)
        if found and enough and (hinted or _shorter(split, counts)):
            return _with_type(found, "multiple")
    return None


def _shorter(split: Split, counts: Mapping[str, int]) -> bool:
    """Whether the parts are fewer than the cells: whole cells that recur as they are need no dividing."""
    return len(split.units) <= len(counts)


def _split_anyway(values: Values, name: str, dialect: Dialect, rules: Rules) -> Typed | None:
    """A question that a form calls multiple: divided wherever a separator stands."""
    form = list_form(values.counts, rules) if values.counts else None
    if form:
        return Typed(name, split_list(values.counts, form).units, joined=form)
    separators = (dialect.arrow,) if name == "ranking" else dialect.separators
    for separator in separators:
        if any(separator in text for text in values.counts):
            found = _closed(split_cells(values.counts, separator, rules).units, rules)
            return _with_type(found, name) if found else None
    return None


def _closed(counts: Mapping[str, int], rules: Rules) -> Typed | None:
    """The values as options of one choice, or None where they are too many, too rare or too long to be options. What is
    written beside an option (`其他〖…〗`) is left out of it."""
    bases: dict[str, int] = {}
    fill_ins: set[str] = set()
    for text, n in counts.items():
        beside = _FILL_IN.match(text)
        base = beside.group(1).strip() if beside else text
        if beside:
            fill_ins.add(base)
        bases[base] = bases.get(base, 0) + n
    total = sum(bases.values())
    least = rules.min_count if total >= rules.small_sample else rules.min_count_small
    mean = rules.repeat_mean if total >= rules.small_sample else float(rules.min_count_small)
    often = {text: n for text, n in bases.items() if _may_be_option(text, n, least, rules)}
    covered = sum(often.values())
    if (
        not often
        or len(often) > rules.most_options
        or covered < rules.cover_share * total
        or covered / len(often) < mean
    ):
        return None
    return Typed("single", often, total - covered, frozenset(fill_ins & set(often)))


def _may_be_option(text: str, n: int, least: int, rules: Rules) -> bool:
    """Whether a value may be named in a draft: it recurs (or is a band, or a common word) and looks like nobody's own."""
    common = fold(text).casefold() in {fold(word).casefold() for word in (*rules.none_words, *rules.other_words)}
    if len(text) > rules.longest_option or (n < least and not is_safe_band(text) and not common):
        return False
    return is_safe_band(text) or MASK not in screen_text(pl.Series([text])).item()
