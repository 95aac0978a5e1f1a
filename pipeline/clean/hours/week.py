"""What a text says → intervals of the week. What contradicts itself is given up; nothing is settled by preferring one of two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from pipeline.clean.hours.clock import DAY, Span
from pipeline.clean.hours.reader import EVERY_DAY, HOLIDAY
from pipeline.clean.hours.said import Closed, Said, Stated
from pipeline.clean.hours.unread import Unread
from pipeline.clean.hours.words import Part
from pipeline.clean.hours.year import YEAR, ranges


@dataclass(frozen=True, order=True)
class Interval:
    """Open on `weekday` (1 Monday … 7 Sunday) from `opens` to `closes` (minutes after midnight), every year from `from_day`
    to `to_day` (month-day, both included; over the turn of the year where `to_day` is the earlier) or all year (None).
    What runs past midnight stands on the next day, in the season of the evening."""

    weekday: int
    opens: int
    closes: int
    access_mode: str = "staffed"
    from_day: str | None = None
    to_day: str | None = None


@dataclass(frozen=True)
class _Piece:
    weekday: int
    opens: int
    closes: int
    mode: str | None
    season: frozenset[int]


def intervals(said: Said, otherwise: str) -> list[Interval]:
    """The intervals, in order. Raises Unread where the text contradicts itself or leaves nothing."""
    stated = [one for part in said.stated for one in _on_days(part)]
    _check_times(stated)
    stated = _less_breaks(stated, said.breaks)
    _close_days(stated, said.closed)
    for days, part in said.closed_parts:
        _close_part(stated, days - {HOLIDAY}, part)
    _check_days(stated, said)
    pieces = _split_at_midnight(stated)
    if said.rest_mode:
        pieces += _rest(pieces, said)
    _check_overlaps(pieces)
    found = {
        Interval(one.weekday, one.opens, one.closes, one.mode or otherwise, *season)
        for one in pieces
        for season in (ranges(one.season) if one.season != YEAR else [(None, None)])
    }
    if not found:
        raise Unread("no hours")
    return sorted(found, key=lambda one: (one.weekday, one.opens, one.closes, one.access_mode, one.from_day or ""))


def _on_days(one: Stated) -> Iterable[Stated]:
    yield replace(one, days=one.days if one.days is not None else EVERY_DAY, season=one.season or YEAR)


def _check_times(stated: list[Stated]) -> None:
    """What a time alone left open must be settled by the others: 18:00-8:00 by 8:00-18:00; and shifts come in order."""
    for one in stated:
        turned = [other for other in stated if (other.span.opens, other.span.closes) == _turned(one.span)]
        if one.span.may_be_afternoon or (one.span.may_be_slip and not turned):
            raise Unread("a time of the 12-hour clock?")
    for one, other in pairwise(stated):
        together = (one.statement, one.mode, one.season) == (other.statement, other.mode, other.season)
        if together and other.span.opens < one.span.opens and one.span.closes <= DAY:
            raise Unread("hours out of order")


def _turned(span: Span) -> tuple[int, int]:
    return span.closes - DAY, span.opens


def _less_breaks(stated: list[Stated], breaks: list[tuple[Span, int]]) -> list[Stated]:
    """The openings of the statement a break stands in, without the break; it lies within some and across none."""
    for pause, statement in breaks:
        own = [one for one in stated if one.statement == statement]
        holds = [one for one in own if _holds(one.span, pause)]
        touched = [one for one in own if one.span.opens < pause.closes and pause.opens < one.span.closes]
        if not holds or len(holds) != len(touched) or pause.may_be_afternoon or pause.may_be_slip:
            raise Unread("a break of what?")
        paused = {number for _, number in breaks}
        if any(one.statement < statement and one.statement not in paused and _holds(one.span, pause) for one in stated):
            raise Unread("a break of the last days only, or of those before, too?")
        for one in holds:
            stated.remove(one)
            stated += [
                replace(one, span=Span(one.span.opens, pause.opens)),
                replace(one, span=Span(pause.closes, one.span.closes)),
            ]
    return stated


def _holds(span: Span, pause: Span) -> bool:
    return span.opens < pause.opens and pause.closes < span.closes


def _close_days(stated: list[Stated], closed: list[Closed]) -> None:
    """Closed days go out of what is said of every day; said of a set that names them, one of the two is wrong."""
    every = {id(one) for one in stated if one.days >= EVERY_DAY}
    for shut in closed:
        hit = [one for one in stated if one.days & shut.days - {HOLIDAY} and one.season & (shut.season or YEAR)]
        if not shut.is_exception and any(id(one) not in every for one in hit):
            raise Unread("open and closed on the same day")
        for one in hit:
            one.days -= shut.days
    for shut in closed:
        if shut.season is not None and any(one.days & shut.days - {HOLIDAY} for one in stated):
            raise Unread("closed in this season only?")


def _close_part(stated: list[Stated], days: frozenset[int], part: Part) -> None:
    """周五下午休息: the openings within that part of the day go; one that reaches across it leaves open what remains."""
    touched = [
        one for one in stated if one.days & days and one.span.opens < part.until and part.since < one.span.closes
    ]
    if not touched or any(one.span.opens < part.since or one.span.closes > part.until for one in touched):
        raise Unread("closed for part of an opening")
    for one in touched:
        one.days -= days


def _check_days(stated: list[Stated], said: Said) -> None:
    """Hours of holidays are no hours of ordinary weeks: those must have been said in full, or the weekend may be meant."""
    open_on = frozenset().union(*(one.days for one in stated))
    shut_on = frozenset().union(*(one.days for one in said.closed))
    if any(one.days == {HOLIDAY} for one in stated) and not open_on | shut_on >= EVERY_DAY:
        raise Unread("hours of holidays: and of the weekend?")
    if any(not days - {HOLIDAY} <= open_on for days in said.as_usual):
        raise Unread("as usual, but what is usual?")


def _split_at_midnight(stated: list[Stated]) -> list[_Piece]:
    pieces = []
    for one in stated:
        for day in one.days - {HOLIDAY}:
            opens, closes = one.span.opens, one.span.closes
            pieces.append(_Piece(day, opens, min(closes, DAY), one.mode, one.season))
            if closes > DAY:
                pieces.append(_Piece(day % 7 + 1, 0, closes - DAY, one.mode, one.season))
    return pieces


def _rest(pieces: list[_Piece], said: Said) -> list[_Piece]:
    """All other times of the week, by the way of entering said of them."""
    closed = any(one.days - {HOLIDAY} for one in said.closed) or said.closed_parts
    if not pieces or closed or said.breaks or any(one.season != YEAR for one in pieces):
        raise Unread("the rest of what?")
    found = []
    for day in EVERY_DAY:
        reached = 0
        for one in sorted((one for one in pieces if one.weekday == day), key=lambda one: one.opens):
            if one.opens > reached:
                found.append(_Piece(day, reached, one.opens, said.rest_mode, YEAR))
            reached = max(reached, one.closes)
        if reached < DAY:
            found.append(_Piece(day, reached, DAY, said.rest_mode, YEAR))
    if not found:
        raise Unread("no time is left")
    return found


def _check_overlaps(pieces: list[_Piece]) -> None:
    """Two ways of entering may overlap where both are said (24小时扫码进入，其中8:30-17:30有人值守); nothing else may."""
    for one, other in combinations(pieces, 2):
        apart = one.weekday != other.weekday or one.opens >= other.closes or other.opens >= one.closes
        if apart or not one.season & other.season or one == other:
            continue
        if one.mode == other.mode or None in (one.mode, other.mode):
            raise Unread("two hours overlap")
