"""Phrases → what is said of which days, season and way of entering.

Days, seasons and ways of entering stand before the hours they hold for, or behind them; which, is settled by the first of each.
Days hold until others are named.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.clean.hours.clock import NOON, Span
from pipeline.clean.hours.reader import EVERY_DAY, HOLIDAY, SEPARATORS, Phrase
from pipeline.clean.hours.said import Closed, Said, Stated
from pipeline.clean.hours.seasons import dated, is_behind_all
from pipeline.clean.hours.unread import Unread
from pipeline.clean.hours.year import YEAR


def state(made: list[Phrase]) -> Said:
    """What the phrases of a text say together. Raises Unread."""
    walk = _Walk(dated(made))
    for number, phrase in enumerate(walk.made):
        walk.step(number, phrase)
    walk.end()
    return walk.said


class _Walk:
    """Goes through the phrases once, with the days, the season and the way of entering that hold at the moment."""

    def __init__(self, made: list[Phrase]) -> None:
        self.made, self.said = made, Said()
        self.days: frozenset[int] | None = None
        self.season: frozenset[int] | None = None
        self.mode: str | None = None
        self.waiting: set[str] = set()  # said, and no hours yet
        self.must_name_days = False
        self.statement = self.at_stop = 0
        self.behind: dict[str, int] = {}  # how many openings the days, seasons, modes behind them have been given to
        self.override: tuple[frozenset[int], list[Span]] | None = None
        firsts = {kind: self._first(kind) for kind in ("span", "days", "season", "mode")}
        self.is_behind = {kind: firsts["span"] < firsts[kind] < len(made) for kind in ("days", "season", "mode")}
        self.overrides = self.is_behind["season"] and self._next(firsts["season"]) == "span"
        self.days_outside = firsts["days"] < firsts["season"]

    def _first(self, kind: str) -> int:
        return next((number for number, one in enumerate(self.made) if one.kind == kind), len(self.made))

    def _next(self, number: int) -> str:
        return next((one.kind for one in self.made[number + 1 :] if one.kind != "colon"), "")

    def step(self, number: int, phrase: Phrase) -> None:
        if self.override and phrase.kind not in ("span", "comma", "and", "colon"):
            self._override_ends()
        match phrase.kind:
            case "span":
                self._span(phrase.value)
            case "days":
                self._check_place(number)
                self._days_named(phrase.value)
            case "season":
                self._check_place(number)
                self._season_named(phrase.value)
            case "mode":
                self._mode_named(number, phrase.value)
            case "rest" | "rest_of_year":
                self._rest(phrase.kind)
            case "rest_mode":
                self.said.rest_mode = phrase.value if self.said.rest_mode is None else self._give_up("rest twice")
            case "closed" | "excepted":
                season = None if self.days_outside or self._is_for_all(number) else self.season
                self.said.closed.append(Closed(phrase.value, season, phrase.kind == "excepted"))
            case "closed_part":
                self.said.closed_parts.append(phrase.value)
            case "break":
                self.said.breaks.append((phrase.value, self.statement))
            case "as_usual":
                self.said.as_usual.append(phrase.value)
            case "stop":
                self.at_stop = len(self.said.stated)
            case kind if kind not in SEPARATORS:
                raise AssertionError(f"a phrase nobody reads: {kind}")

    def end(self) -> None:
        """Everything said must have found its hours."""
        if self.override:
            self._override_ends()
        if self.waiting:
            raise Unread(f"without hours: {self.waiting}")
        for kind in ("days", "season"):
            if self.is_behind[kind] and not (kind == "season" and self.overrides) and self._since(kind):
                raise Unread(f"{kind} are said of the other hours only")

    def _give_up(self, why: str) -> None:
        raise Unread(why)

    def _since(self, kind: str) -> list[Stated]:
        return self.said.stated[self.behind.get(kind, 0) :]

    def _span(self, span: Span) -> None:
        if self.override:
            self.override[1].append(span)
            return
        if self.must_name_days and self.days is None:
            raise Unread("days were named for the season before only")
        self.waiting.clear()
        mode = None if self.is_behind["mode"] else self.mode
        self.said.stated.append(Stated(span, self.days, self.season, mode, self.statement))

    # -------------------------------------------------------------------------------------------- days and seasons

    def _check_place(self, number: int) -> None:
        """Where days or seasons stand before their hours, 8:00-12:00（周六），… puts them behind: then anything may be meant."""
        kind = self.made[number].kind
        behind = [one.kind for one in self.made[number + 1 : number + 3]]
        if self.said.stated and not self.is_behind[kind] and behind[:1] == ["close"] and behind[1:] != ["span"]:
            raise Unread("before its hours, or behind?")

    def _days_named(self, days: frozenset[int]) -> None:
        if self.is_behind["days"]:
            self._give("days", days)
            return
        if "days" in self.waiting and days != self.days:  # 工作日（周一至周五） says it twice
            raise Unread("two sets of days")
        if self.days_outside and self.season is not None and not self.overrides and not self.is_behind["season"]:
            if self._seasons_of(self.days) != YEAR:
                raise Unread("is this said of the season or of the year?")
            self.season = None
        self.days = days
        self.waiting.add("days")
        self.statement += 1

    def _is_for_all(self, number: int) -> bool:
        return is_behind_all(self.made, number) and not any(one.days - {HOLIDAY} for one in self.said.closed)

    def _seasons_of(self, days: frozenset[int] | None) -> frozenset[int]:
        return frozenset().union(*(one.season or YEAR for one in self.said.stated if one.days == days))

    def _season_named(self, days: frozenset[int]) -> None:
        if self.overrides:
            self.override = (days, [])
        elif self.is_behind["season"]:
            self._give("season", days)
        else:
            self._season_begins(days)

    def _season_begins(self, days: frozenset[int]) -> None:
        if "season" in self.waiting:
            raise Unread("two seasons")
        if self.season is not None and not self.days_outside and not self.is_behind["days"]:
            self.must_name_days = self.must_name_days or (self.days or EVERY_DAY) < EVERY_DAY
            self.days = None
        self.season = days
        self.waiting.add("season")
        self.statement += 1

    def _give(self, kind: str, days: frozenset[int]) -> None:
        """Days or a season to the hours before them that have none yet."""
        given = self._since(kind)
        if not given:
            raise Unread(f"{kind} without hours")
        straddles = 0 < self.at_stop - self.behind.get(kind, 0) < len(given)
        if straddles and given[0].statement != given[-1].statement:
            raise Unread(f"{kind} of the last clause only, or of those before, too?")
        for one in given:
            setattr(one, kind, days)
        self.behind[kind] = len(self.said.stated)
        self.statement += 1

    def _override_ends(self) -> None:
        """8:30-17:30（夏季8:00-18:00）: the hours in brackets take the place of as many before them."""
        season, spans = self.override
        self.override = None
        others = [one for one in self.said.stated if one.statement == self.statement and one.season is None]
        if not spans or len(spans) > len(others):
            raise Unread("a season without hours of its own")
        kept, replaced = others[: -len(spans)], others[-len(spans) :]
        for old, new in zip(replaced, spans, strict=True):
            if new.may_be_afternoon and old.span.opens >= NOON:  # 下午1:30-5:30（夏季2:30-6:00）
                new = Span(new.opens + NOON, new.closes + NOON)
            if not _overlap(old.span, new) or any(_overlap(one.span, new) for one in kept):
                raise Unread("which hours does the season change?")
            self.said.stated.append(replace(old, span=new, season=season))
            old.season = YEAR - season

    def _rest(self, kind: str) -> None:
        """其余时间 with hours of its own: the rest of the year where seasons are named, else the other days."""
        if self.waiting or any(self.is_behind[one] for one in ("days", "season")):
            raise Unread("the rest of what?")
        used = frozenset().union(*(one.season or frozenset() for one in self.said.stated))
        named = any(one.days is not None and not one.days >= EVERY_DAY for one in self.said.stated)
        if used and (kind == "rest_of_year" or not named):
            self._season_begins(YEAR - used)
        elif not used and kind == "rest":
            taken = (one.days if one.days is not None else EVERY_DAY for one in self.said.stated)
            self.days = EVERY_DAY.difference(*taken, *(one.days for one in self.said.closed))
            self.waiting.add("days")
            self.statement += 1
        else:
            raise Unread("the rest of what?")
        if not (self.days is None or self.days) or not (self.season is None or self.season):
            raise Unread("nothing is left")

    # ------------------------------------------------------------------------------------------------------- modes

    def _mode_named(self, number: int, code: str) -> None:
        following = self._next(number)
        if self.is_behind["mode"]:
            if self.waiting or following == "span":
                raise Unread("a way of entering between two openings")
            self._give_mode(code)
            return
        if self.said.stated and following not in ("span", "days", "season", "open"):
            raise Unread("a way of entering behind its hours, and others before theirs")
        if "mode" in self.waiting and code != self.mode:
            raise Unread("two ways of entering")
        self.mode = code
        self.waiting.add("mode")

    def _give_mode(self, code: str) -> None:
        """A way of entering to the openings before it: to all shifts of the statement; but of two that touch, only to the
        second, as they would else be one."""
        stated, start = self.said.stated, self.behind.get("mode", 0)
        if start == len(stated):
            if not stated or stated[-1].mode != code:
                raise Unread("a way of entering without hours")
            return
        first = len(stated) - 1
        while first > start and stated[first - 1].statement == stated[-1].statement:
            if stated[first - 1].span.closes == stated[first].span.opens:
                break
            first -= 1
        touches = first > start and stated[first - 1].span.closes == stated[first].span.opens
        if first < self.at_stop < len(stated) or (start < first and not touches and first != self.at_stop):
            raise Unread("are the openings before entered the same way?")
        for one in stated[first:]:
            one.mode = code
        self.behind["mode"] = len(stated)


def _overlap(one: Span, other: Span) -> bool:
    return one.opens < other.closes and other.opens < one.closes
