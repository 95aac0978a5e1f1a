"""Which totals are known for a wave's population: from the files of the place and from the ledger's frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.clean.weighting.settings import weighting_settings
from pipeline.contracts import Wave
from pipeline.contracts.population import Margin, Population
from pipeline.errors import CONTRACT, Problem, fail

LEDGER = ("user_group", "platform", "employment_type")
BOUNDS = {"gt", "lt"}
LEDGER_POPULATION = "attached"  # whom the ledger's frame counts


@dataclass(frozen=True)
class Known:
    """The `size` of a population (None: not known) and its margins, each scaled to that size; `is_approximate`: some
    figure is a rounded one."""

    size: float | None
    margins: tuple[Margin, ...]
    is_approximate: bool


def latest(dates: Sequence[date], on: date) -> date:
    """The last date up to `on`; without one the first after it.

    >>> latest([date(2023, 1, 1), date(2023, 4, 1), date(2023, 7, 1)], date(2023, 5, 18))
    datetime.date(2023, 4, 1)
    """
    before = [one for one in dates if one <= on]
    return max(before) if before else min(dates)


def known_totals(wave: Wave, area_code: str, frame: pl.DataFrame, populations: Sequence[Population]) -> Known:
    """What is known of the wave's population in this area when it closed.

    `frame` is clean.population_frame of the area: couriers attached to the depots. For each variable the latest count up
    to the day the wave closed; the ledger where dates are equal. Bounds are never used. Raises exit 11 where figures of the
    same population differ by more than the limit.
    """
    ours = [p for p in populations if p.population_code == wave.population_code and p.area_code in (area_code, None)]
    margins = _ledger_margins(frame) if wave.population_code == LEDGER_POPULATION else []
    margins += [margin for population in ours for margin in population.margins]
    chosen: dict[str, Margin] = {}
    for margin in margins:
        earlier = chosen.get(margin.variable)
        if earlier is None or latest([earlier.as_of, margin.as_of], wave.closed_on) != earlier.as_of:
            chosen[margin.variable] = margin
    sizes = _sizes(wave, list(chosen.values()), ours)
    if not sizes:
        return Known(None, (), False)
    size = sizes[0][1]
    _agree(sizes, wave)
    approximate = any(margin.qualifier == "approx" for margin in chosen.values())
    return Known(size, tuple(_scaled(margin, size) for margin in chosen.values()), approximate)


def _ledger_margins(frame: pl.DataFrame) -> list[Margin]:
    """The frame's counts by each of its variables, per date; none where a count of that date is a bound."""
    made = []
    if frame.is_empty():
        return made
    for (as_of,), rows in frame.group_by("as_of", maintain_order=True):
        qualifiers = _qualifiers(rows)
        if qualifiers & BOUNDS:
            continue
        for variable in LEDGER:
            if f"{variable}_code" not in rows.columns:
                continue
            counts = rows.group_by(f"{variable}_code").agg(pl.col("n_persons").sum()).sort(f"{variable}_code")
            made.append(
                Margin(
                    variable, dict(counts.iter_rows()), "approx" if "approx" in qualifiers else "exact", "population_frame",
                    as_of, f"clean.population_frame {as_of} {variable}",
                )
            )  # fmt: skip
    return made


def _qualifiers(rows: pl.DataFrame) -> set[str]:
    return set(rows["n_persons_qualifier"]) if "n_persons_qualifier" in rows.columns else {"eq"}


def why_no_cells(wave: Wave, frame: pl.DataFrame) -> str | None:
    """Why a wave is not weighed to the cells of the ledger's frame (a code of the notes): it is of other people, or holds bounds."""
    if wave.population_code != LEDGER_POPULATION:
        return "frame_of_others"
    now = frame.filter(pl.col("as_of") == latest(frame["as_of"].unique().to_list(), wave.closed_on))
    return "frame_is_bound" if _qualifiers(now) & BOUNDS else None


def _sizes(wave: Wave, margins: list[Margin], populations: list[Population]) -> list[tuple[str, float]]:
    """Every figure for the size of the population, the one to use first: the ledger's, a known total, the wave file's, the
    sum of a margin."""
    ledger = [(m.where, m.total) for m in margins if m.source == "population_frame"]
    totals = [(t, p) for p in populations for t in p.totals if t.is_known and t.measure == "couriers"]
    dated = sorted(totals, key=lambda one: one[0].as_of == latest([t.as_of for t, _ in totals], wave.closed_on))
    known = [(f"{p.path.name} [[total]] {t.measure}", t.value) for t, p in dated[-1:]]
    own = (
        [(f"{wave.path.name if wave.path else wave.code} frame_total", float(wave.frame_total))]
        if wave.frame_total
        else []
    )
    rest = [(m.where, m.total) for m in margins if m.source != "population_frame"]
    return [*ledger, *known, *own, *rest]


def _agree(sizes: list[tuple[str, float]], wave: Wave) -> None:
    within = weighting_settings().agree_within
    first, size = sizes[0]
    wrong = [
        Problem(
            "population_totals_disagree", f"{wave.code}: {where}", f"总体规模与 {first} 相差太大",
            f"the size of the population differs too much from {first}", got=f"{value:g}",
            expected=f"{size:g} ± {within:.0%}", do_zh="请核对口径与时点，改正或删去其中一个",
            do_en="check what was counted and when; mend or drop one of them",
        )
        for where, value in sizes[1:]
        if not abs(value / size - 1) <= within
    ]  # fmt: skip
    if wrong:
        fail(CONTRACT, *wrong)


def _scaled(margin: Margin, size: float) -> Margin:
    levels = {level: n * size / margin.total for level, n in margin.levels.items()}
    return Margin(margin.variable, levels, margin.qualifier, margin.source, margin.as_of, margin.where)
