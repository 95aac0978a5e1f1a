"""What a text says, each opening with what is said of it; not yet what that makes of the week."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.clean.hours.clock import Span
from pipeline.clean.hours.words import Part


@dataclass
class Stated:
    """One opening and what is said of it; None: nothing. `statement` counts the days and seasons named so far."""

    span: Span
    days: frozenset[int] | None
    season: frozenset[int] | None
    mode: str | None
    statement: int


@dataclass(frozen=True)
class Closed:
    """Days on which it is closed, in the season this is said in (None: in none). An exception (周三除外) may take a day out of
    a set that names it."""

    days: frozenset[int]
    season: frozenset[int] | None
    is_exception: bool


@dataclass
class Said:
    """All that a text says: openings, closed days, closed parts of days, breaks (with the statement they stand in), days said
    to be like the others, the way of entering at all other times."""

    stated: list[Stated] = field(default_factory=list)
    closed: list[Closed] = field(default_factory=list)
    closed_parts: list[tuple[frozenset[int], Part]] = field(default_factory=list)
    breaks: list[tuple[Span, int]] = field(default_factory=list)
    as_usual: list[frozenset[int]] = field(default_factory=list)
    rest_mode: str | None = None
