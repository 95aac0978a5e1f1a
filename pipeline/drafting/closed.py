"""Whether values are options: how often each recurs, how several stand in one cell. Nothing that is rare, long, or looks
like somebody's own words is ever called an option."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from pipeline.contracts.drafting import Rules
from pipeline.drafting.bands import is_safe_band
from pipeline.drafting.joined import Split, list_form, split_cells, split_list
from pipeline.drafting.seen import Values
from pipeline.privacy import MASK, screen_text
from pipeline.readers.surveys.survey_columns import Dialect, fold

_FILL_IN = re.compile(r"^(.*?)〖(.*)〗$", re.DOTALL)


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


def with_type(found: Typed, name: str) -> Typed:
    """The same options under another type."""
    return Typed(name, found.counts, found.n_other, found.fill_ins, False, found.joined)


def several(counts: Mapping[str, int], heading: str, dialect: Dialect, rules: Rules) -> Typed | None:
    """Several answers in a cell, by the first separator at which enough cells divide into recurring parts."""
    hinted = any(word in heading.casefold() for word in rules.several_words)
    tried: list[str] = []
    for separator in dialect.separators:
        if any(separator in one for one in tried) or not any(separator in text for text in counts):
            continue  # "," where ", " has shown already what divides and what does not
        tried.append(separator)
        split = split_cells(counts, separator, rules)
        found = closed(split.units, rules)
        enough = split.several >= rules.several_share or (hinted and split.several > 0)
        if found and enough and (hinted or _shorter(split, counts)):
            return with_type(found, "multiple")
    return None


def _shorter(split: Split, counts: Mapping[str, int]) -> bool:
    """Whether the parts are fewer than the cells: whole cells that recur as they are need no dividing."""
    return len(split.units) <= len(counts)


def split_anyway(values: Values, name: str, dialect: Dialect, rules: Rules) -> Typed | None:
    """A question that a form calls multiple: divided wherever a separator stands."""
    form = list_form(values.counts, rules) if values.counts else None
    if form:
        return Typed(name, split_list(values.counts, form).units, joined=form)
    separators = (dialect.arrow,) if name == "ranking" else dialect.separators
    for separator in separators:
        if any(separator in text for text in values.counts):
            found = closed(split_cells(values.counts, separator, rules).units, rules)
            return with_type(found, name) if found else None
    return None


def closed(counts: Mapping[str, int], rules: Rules) -> Typed | None:
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
