"""What the draft can say of the wave as a whole: dates, files, columns; the rest is written as 待填, for a person."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import polars as pl

from pipeline.clean.surveys.times import time_of
from pipeline.contracts import Question, Wave
from pipeline.contracts.wave import META_ROLES
from pipeline.drafting.options import heading
from pipeline.drafting.source import Source

TO_FILL = "待填"
NO_DATE = date(2000, 1, 1)


def wave_of(sources: Sequence[Source], questions: tuple[Question, ...], earlier: Wave | None = None) -> Wave:
    """The wave with its questions. What cannot be seen in an export is taken from the earlier wave, else 待填."""
    first = sources[0]
    opened, closed = field_dates(sources)
    quarter = f"{closed.year}q{(closed.month + 2) // 3}"
    roles, ignored = _columns(first)
    wave = Wave(
        code=f"wave_{quarter}" if closed != NO_DATE else "wave_new",
        label_zh=f"{closed.year}年{closed.month}月问卷（{TO_FILL}）" if closed != NO_DATE else TO_FILL,
        label_en="to be filled in",
        platform_family=first.dialect.family,
        population_code="delivering",
        mode_code="link",
        opened_on=opened,
        closed_on=closed,
        consent_version=TO_FILL,
        purpose=TO_FILL,
        files={source.form: f"**/{glob.escape(source.table.path.name)}" for source in sources},
        questions=questions,
        drop_flags=("attention_failed", "duplicate"),
        legal_basis=TO_FILL,
        retain_until=_a_year_after(closed),
        columns=roles,
        ignore_columns=ignored,
    )
    if earlier is None:
        return wave
    return replace(
        wave, area_code=earlier.area_code, population_code=earlier.population_code, mode_code=earlier.mode_code,
        frame_total=None, consent_version=earlier.consent_version, purpose=earlier.purpose,
        legal_basis=earlier.legal_basis, drop_flags=earlier.drop_flags, poststratify_by=(),
        code=f"{wave.code}_2" if wave.code == earlier.code else wave.code,
    )  # fmt: skip


def field_dates(sources: Sequence[Source]) -> tuple[date, date]:
    """The first and the last day of answering, by when answers were sent (or begun); NO_DATE where nothing tells."""
    for role in ("submitted_at", "started_at"):
        for source in sources:
            for position in source.outline.meta.get(role, ()):
                times = (
                    source.table.frame.select(time_of(pl.col(f"c{position}").cast(pl.String))).to_series().drop_nulls()
                )
                if len(times):
                    first, last = times.min(), times.max()
                    assert isinstance(first, datetime) and isinstance(last, datetime)
                    return first.date(), last.date()
    return NO_DATE, NO_DATE


def _a_year_after(day: date) -> date:
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _columns(source: Source) -> tuple[dict[str, str], tuple[str, ...]]:
    """Bookkeeping columns whose headings are not the platform's own, by role; headings that belong to no question."""
    roles: dict[str, str] = {}
    ignored = [heading(source.table, position) for position in source.outline.rest]
    for role, positions in source.outline.meta.items():
        for position in positions:
            name = heading(source.table, position)
            if source.dialect.meta.get(name) == role or role not in META_ROLES:
                continue
            if role == "dropped" or role in roles:
                ignored.append(name)
            else:
                roles[role] = name
    return roles, tuple(ignored)
