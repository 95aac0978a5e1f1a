"""Whether values are options: how often each recurs, how several stand in one cell. Nothing that is rare, long, or looks
like somebody's own words is ever called an option."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

import polars as pl

from pipeline.contracts.drafting import Rules
from pipeline.drafting.bands import is_open_ended, is_safe_band
from pipeline.drafting.joined import Split, list_form, split_cells, split_list
from pipeline.drafting.seen import Values
from pipeline.privacy import MASK, screen_text
from pipeline.readers.surveys.survey_columns import Dialect, fold

_LOOK = 1000
_FILL_IN = re.compile(r"^(.*?)〖(.*)〗$", re.DOTALL)


@dataclass(frozen=True)
class Typed:
    """The type of a question and what options it shows: `counts` in order of appearance, `n_other` answers that are too
    rare to be called options, `rare` their values where they are few and all look like codes (on a platform that writes codes
    into such a cell they are options that hardly anybody ticked), `fill_ins` options beside which something was written,
    `joined` the form of its lists."""

    type: str
    counts: Mapping[str, int] = field(default_factory=dict)
    n_other: int = 0
    fill_ins: frozenset[str] = frozenset()
    personal: bool = False
    joined: tuple[str, ...] = ()
    rare: Mapping[str, int] = field(default_factory=dict)


def with_type(found: Typed, name: str) -> Typed:
    """The same options under another type."""
    return replace(found, type=name, personal=False)


def several(counts: Mapping[str, int], heading: str, dialect: Dialect, rules: Rules) -> Typed | None:
    """Several answers in a cell, by the first separator at which enough cells divide into recurring parts."""
    hinted = any(word in heading.casefold() for word in rules.several_words)
    tried: list[str] = []
    for separator in dialect.separators:
        if any(separator in one for one in tried) or not any(separator in text for text in counts):
            continue  # "," where ", " has shown already what divides and what does not
        tried.append(separator)
        if (
            len(counts) > 2 * _LOOK
            and closed(split_cells(dict(islice(counts.items(), _LOOK)), separator, rules).units, rules) is None
        ):
            continue  # free text, by its first cells
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


def closed(counts: Mapping[str, int], rules: Rules, *, least: int | None = None) -> Typed | None:
    """The values as options of one choice, or None where they are too many, too rare or too long to be options. What is
    written beside an option (`其他〖…〗`) is left out of it. `least`: how often a value must recur at least."""
    bases: dict[str, int] = {}
    fill_ins: set[str] = set()
    for text, n in counts.items():
        beside = _FILL_IN.match(text)
        base = beside.group(1).strip() if beside else text
        if beside:
            fill_ins.add(base)
        bases[base] = bases.get(base, 0) + n
    total = sum(bases.values())
    least = least or (rules.min_count if total >= rules.small_sample else rules.min_count_small)
    mean = rules.repeat_mean if total >= rules.small_sample else float(rules.min_count_small)
    if 2 * sum(n for n in bases.values() if n >= least) < rules.cover_share * total:
        return None  # free text: not worth a look at every value
    often = _may_be_options(bases, least, rules)
    covered = sum(often.values())
    if (
        not often
        or len(often) > rules.most_options
        or covered < rules.cover_share * total
        or covered / len(often) < mean
    ):
        return None
    rare = {text: n for text, n in bases.items() if text not in often}
    few = len(rare) <= max(rules.few_rare, len(often)) and all(is_code(text, rules) for text in rare)
    return Typed("single", often, total - covered, frozenset(fill_ins & set(often)), rare=rare if few else {})


def is_code(text: str, rules: Rules) -> bool:
    """Whether a value is the name of an option in a form (`borehole`, `no_access`) and not anybody's words or number."""
    is_name = len(text) <= rules.longest_rare and re.fullmatch(r"[A-Za-z][A-Za-z0-9_.\-]*|\d{1,3}", text)
    return is_name is not None and MASK not in screen_text(pl.Series([text])).item()


def _may_be_options(bases: Mapping[str, int], least: int, rules: Rules) -> dict[str, int]:
    """The values that may be named in a draft: they recur (or are bands, or common words) and look like nobody's own."""
    common = {fold(word).casefold() for word in (*rules.none_words, *rules.other_words)}
    named = [text for text, n in bases.items() if len(text) <= rules.longest_option
             and (n >= least or is_safe_band(text) or is_open_ended(text) or fold(text).casefold() in common)]  # fmt: skip
    screened = screen_text(pl.Series(named, dtype=pl.String)).to_list()
    return {
        text: bases[text]
        for text, shown in zip(named, screened, strict=True)
        if MASK not in shown or is_safe_band(text)
    }
