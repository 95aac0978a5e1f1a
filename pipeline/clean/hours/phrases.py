"""Tokens → phrases: weekday sets, openings, seasons, closed days, breaks. What belongs together is put together here;
what it all means for the week is for `statements` and `week`."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.clean.hours import openings, weekdays
from pipeline.clean.hours.reader import SEPARATORS, Phrase, Reader
from pipeline.clean.hours.scan import Token
from pipeline.clean.hours.seasons import season
from pipeline.clean.hours.unread import Unread


def phrases(tokens: list[Token]) -> list[Phrase]:
    """The phrases of a text, separators among them. Raises Unread."""
    reader = Reader(tokens)
    while reader.at < len(tokens):
        reading = _READERS.get(reader.kind())
        if reading is None:
            raise Unread(reader.token().text)
        reading(reader)
    return reader.made


def _mode(reader: Reader) -> None:
    """One way of entering, be it said twice (无人值守，扫码进入)."""
    code = reader.take().value
    while reader.kind() == "mode" or (reader.kind() in ("comma", "and") and reader.kind(1) == "mode"):
        reader.skip("comma", "and")
        if reader.take().value != code:
            raise Unread("two ways of entering at once")
    reader.add("mode", code)


def _rest(reader: Reader) -> None:
    """其余时间 closed, by another way of entering, or with hours of its own."""
    kind = reader.take().kind
    reader.skip("colon", "comma")
    if kind == "rest" and reader.skip("closed", "closed_or_ends"):
        return
    if kind == "rest" and reader.kind() == "all_day" and reader.kind(1) == "mode":
        reader.take()
    if kind == "rest" and reader.kind() == "mode":
        _mode(reader)
        reader.add("rest_mode", reader.made.pop().value)
    else:
        reader.add(kind)


def _keep(reader: Reader) -> None:
    reader.add(reader.take().kind)


def _drop(reader: Reader) -> None:
    reader.take()


_READERS: dict[str, Callable[[Reader], None]] = {
    **dict.fromkeys(("time", "bare", "moment", "part", "next_day"), openings.opening),
    "all_day": openings.all_day,
    "break": openings.pause,
    "last_entry": openings.last_entry,
    "day": weekdays.name,
    **dict.fromkeys(("closed_before", "except_before"), weekdays.named_closed),
    "including": weekdays.including,
    **dict.fromkeys(("season", "date", "month"), season),
    "mode": _mode,
    **dict.fromkeys(("rest", "rest_of_year"), _rest),
    "as_usual": _drop,
    **dict.fromkeys(SEPARATORS, _keep),
}
