"""Which type a question has: as the form tells, else from its columns, else from what its cells hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import polars as pl

from pipeline.contracts.drafting import Rules
from pipeline.drafting.bands import band_of
from pipeline.drafting.closed import Typed, closed, several, split_anyway, with_type
from pipeline.drafting.joined import list_form, split_cells, split_list
from pipeline.drafting.seen import Seen, Values
from pipeline.privacy import holds_contacts, is_personal_heading
from pipeline.readers.surveys.survey_columns import Dialect

_NUMBER = re.compile(r"^-?\d+(?:\.\d+)?$")
_QUANTITY = re.compile(r"^[^\d()（）]{0,3}\d+(?:\.\d+)?[^\d()（）]{0,4}$")
_DATE = re.compile(r"^\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}(?:日|\b|T|\s).*$", re.DOTALL)
_AMOUNTS = re.compile(r"^[^〖〗]+〖\s*-?\d+(?:\.\d+)?\s*〗$")
_OPEN = ("text", "number", "date", "place")


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
        return with_type(found, "single") if told.options and found.type in _OPEN else found
    if told.type in ("multiple", "ranking") and seen.whole and not seen.options:
        return split_anyway(seen.values, told.type, dialect, rules) or with_type(found, told.type)
    return with_type(found, told.type)


def _holds_contacts(seen: Seen) -> bool:
    values = [*seen.values.counts, *seen.all_items.counts]
    return bool(values) and holds_contacts(pl.Series(values, dtype=pl.String))


def _from_columns(seen: Seen, dialect: Dialect, rules: Rules, *, numbered: bool) -> Typed:
    if seen.options:
        return Typed(_of_option_columns(seen))
    if seen.items:
        rows = _of_values(seen.all_items, seen.stem.text, dialect, rules, numbered=numbered)
        is_closed = rows.type in ("single", "scale")
        return Typed("matrix" if is_closed else rows.type if rows.type in _OPEN else "text", rows.counts, rows.n_other)
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
        found = closed(split_cells(counts, dialect.arrow, rules).units, rules)
        if found:
            return with_type(found, "ranking")
    form = list_form(counts, rules)
    if form:
        split = split_list(counts, form)
        found = closed(split.units, rules)
        return Typed("multiple", found.counts, found.n_other, joined=form) if found else Typed("text")
    if share(lambda text: _is_place(text, rules)) >= rules.shape_share:
        return Typed("place")
    if share(lambda text: bool(_DATE.match(text))) >= rules.shape_share:
        return Typed("date")
    if share(lambda text: bool(_NUMBER.match(text.translate(_WIDE)))) >= rules.number_share:
        return _of_numbers(counts, heading, rules, numbered=numbered)
    if (
        share(_is_quantity) >= rules.number_share
        and share(lambda text: bool(_NUMBER.match(text.translate(_WIDE)))) >= 0.5
    ):
        return Typed("number")
    divided = several(counts, heading, dialect, rules)
    return divided or (None if _asks_words(counts, heading, rules) else closed(counts, rules)) or Typed("text")


def _is_quantity(text: str) -> bool:
    """Whether a value is one number with its unit, `35岁`, and no band."""
    return bool(_QUANTITY.match(text.translate(_WIDE))) and band_of(text) is None


def _asks_words(counts: Mapping[str, int], heading: str, rules: Rules) -> bool:
    """Whether a question wants one's own words: its heading asks for them, or most values are sentences."""
    low = heading.casefold()
    sentences = sum(n for text, n in counts.items() if text.endswith(("。", "！", "!")))
    return any(word in low for word in rules.open_words) or sentences * 2 > sum(counts.values())


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
