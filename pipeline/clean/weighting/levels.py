"""The level of each respondent in each margin, as it can be weighed to: small levels merged, unsaid ones apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.contracts.population import Margin
from pipeline.errors import CONTRACT, Problem, fail

UNSAID = "unsaid"


@dataclass(frozen=True)
class Levels:
    """`frame`: respondents in the order given, one column per variable; `totals` per variable and level; `merged` counts the
    levels that were merged; `n_unlisted` the respondents of levels no ledger lists; `dropped` margins left with one level."""

    frame: pl.DataFrame
    totals: dict[str, dict[str, float]]
    merged: int
    n_unlisted: int
    dropped: tuple[str, ...]


def levels_of(people: pl.DataFrame, area_code: str, margins: Sequence[Margin], minimum: int) -> Levels:
    """Levels of `people` for every margin whose variable they were asked for.

    Levels with fewer than `minimum` respondents are merged with each other, and where that is not enough with the smallest
    level that has enough. Who did not say is a level of its own that keeps its share of the sample; the known totals
    share the rest. Raises exit 11 for levels that have respondents and, in a file of the place, no total.
    """
    columns, totals, merged, unlisted, dropped, problems = {}, {}, 0, 0, [], []
    for margin in margins:
        column = "grid_id" if margin.variable == "grid" else f"{margin.variable}_code"
        if column not in people.columns or people[column].null_count() == people.height:
            continue
        known = {_code(margin.variable, level, area_code): n for level, n in margin.levels.items() if n > 0}
        said = people[column]
        counts = dict(said.drop_nulls().value_counts().iter_rows())
        strange = {level: n for level, n in counts.items() if level not in known}
        if strange and margin.source != "population_frame":
            problems += [_no_total(margin, level, n, known) for level, n in sorted(strange.items())]
            continue
        unlisted += sum(strange.values())
        pool = merge_levels(known, counts, minimum)
        if len(set(pool.values())) < 2:
            dropped.append(margin.variable)
            continue
        merged += sum(1 for level, name in pool.items() if level != name)
        level = said.replace_strict(pool, default=None, return_dtype=pl.String).fill_null(UNSAID)
        columns[margin.variable], totals[margin.variable] = level, _totals(known, pool, (level == UNSAID).mean())
    if problems:
        fail(CONTRACT, *problems)
    return Levels(pl.DataFrame(columns), totals, merged, unlisted, tuple(dropped))


def merge_levels(known: Mapping[str, float], counts: Mapping[str, int], minimum: int) -> dict[str, str]:
    """Level → name of the level it is weighed in: its own, or those merged, joined by "+".

    >>> merge_levels({"a": 50, "b": 30, "c": 10, "d": 10}, {"a": 40, "b": 25, "c": 12, "d": 4}, 20)
    {'a': 'a', 'b': 'b+c+d', 'c': 'b+c+d', 'd': 'b+c+d'}
    """
    small = [level for level in known if counts.get(level, 0) < minimum]
    large = sorted((counts[level], level) for level in known if level not in small)
    if small and sum(counts.get(level, 0) for level in small) < minimum and large:
        small.append(large[0][1])
    name = "+".join(sorted(small))
    return {level: name if level in small else level for level in known}


def _totals(known: Mapping[str, float], pool: Mapping[str, str], unsaid: float) -> dict[str, float]:
    size, sums = sum(known.values()), dict.fromkeys(dict.fromkeys(pool.values()), 0.0)
    for level, n in known.items():
        sums[pool[level]] += n * (1 - unsaid)
    return sums | ({UNSAID: size * unsaid} if unsaid > 0 else {})


def _code(variable: str, level: str, area_code: str) -> str:
    """A grid is written by its local code."""
    return level if variable != "grid" or level.startswith(f"{area_code}-") else f"{area_code}-{level}"


def _no_total(margin: Margin, level: str, n: int, known: Mapping[str, float]) -> Problem:
    return Problem(
        "margin_level_missing", f"{margin.where} {level}", "有受访者属于这一类，却没有它的总数",
        "respondents are of this level, but it has no total", got=f"{n}", expected=" ".join(sorted(known)),
        do_zh="请在该文件中补上这一类的人数", do_en="add the number of persons of this level to the file",
    )  # fmt: skip
