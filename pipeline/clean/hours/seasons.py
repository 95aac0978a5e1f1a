"""Tokens → seasons: 夏季（5月1日至9月30日）, 5-10月, 夏令时; and the days a season stands for that is not dated."""

from __future__ import annotations

from pipeline.clean.hours.reader import Phrase, Reader
from pipeline.clean.hours.unread import Unread
from pipeline.clean.hours.words import SeasonName
from pipeline.clean.hours.year import YEAR, between


def season(reader: Reader) -> None:
    """夏季（5月1日至9月30日）, 5-10月, 夏令时; the name may stand behind the dates."""
    name: SeasonName | None = reader.take().value if reader.kind() == "season" else None
    dates = ("date", "month")
    days: frozenset[int] | None = None
    if reader.kind() in dates or (reader.kind() in ("open", "colon") and reader.kind(1) in dates):
        reader.skip("open", "colon")
        days = _dates(reader)
        reader.skip("close")
    if name is None and reader.kind() == "season":
        name = reader.take().value
    elif name is None and (reader.kind(), reader.kind(1), reader.kind(2)) == ("open", "season", "close"):
        name = reader.tokens[reader.at + 1].value
        reader.at += 3
    reader.add("season", (name, days))


def _dates(reader: Reader) -> frozenset[int]:
    days = _date_range(reader)
    while reader.kind() == "and" and reader.kind(1) in ("date", "month"):
        reader.take()
        more = _date_range(reader)
        if days & more:
            raise Unread("a date twice")
        days |= more
    return days


def _date_range(reader: Reader) -> frozenset[int]:
    first = _date(reader)
    if reader.kind() != "to":
        if first[0] == first[1]:
            raise Unread("a single date")
        return between(*first)
    reader.take()
    turns = reader.skip("next_year")
    last = _date(reader)
    if turns and first[0] <= last[1]:
        raise Unread("a season of more than a year")
    return between(first[0], last[1])


def _date(reader: Reader) -> tuple[int, int]:
    if reader.kind() not in ("date", "month"):
        raise Unread("no date here")
    return reader.take().value


def dated(made: list[Phrase]) -> list[Phrase]:
    """Seasons as days of the year: as dated here, or elsewhere in the text, or the rest of the year beside a dated opposite,
    or as metadata/hours.toml has it."""
    named = {one.value[0].code: one.value[1] for one in made if one.kind == "season" and one.value[0] and one.value[1]}
    found = []
    for one in made:
        if one.kind == "season":
            name, days = one.value
            if days is None:
                opposite = named.get(name.opposite)
                days = named.get(name.code) or (YEAR - opposite if opposite else name.days)
            if not days:
                raise Unread("a season without dates")
            one = Phrase("season", days)
        found.append(one)
    return found


def is_behind_all(made: list[Phrase], number: int) -> bool:
    """Whether a phrase is said of all seasons: 夏季8:00-20:00，冬季9:00-18:00，周一闭馆 has it behind the last of several, set off no
    less than they are from each other; 夏季8:00-20:00；冬季9:00-18:00，周一闭馆 has not."""
    seasons = [at for at, one in enumerate(made) if one.kind == "season"]
    if len(seasons) < 2 or seasons[-1] > number:
        return False
    return _gap(made, number) >= max(1, *(_gap(made, at) for at in seasons[1:]))


def _gap(made: list[Phrase], number: int) -> int:
    """How strongly a phrase is set off from the one before it: 2 by a stop, 1 by a comma, 0 by less."""
    return {"stop": 2, "comma": 1}.get(made[number - 1].kind, 0)
