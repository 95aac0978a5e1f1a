"""The words of metadata/hours.toml, ready to be looked up in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.clean.hours.year import between, day_number
from pipeline.contracts import load_toml
from pipeline.paths import METADATA

PATH = METADATA / "hours.toml"


@dataclass(frozen=True)
class Part:
    """A part of the day (下午): a time behind it lies between `since` and `until`, an end that follows it by `ends_by`.
    Minutes after midnight."""

    since: int
    until: int
    ends_by: int
    covers_start: bool = False


@dataclass(frozen=True)
class SeasonName:
    """夏季: its opposite, and its days where the text gives none (None: the text must)."""

    code: str
    opposite: str
    days: frozenset[int] | None


@dataclass(frozen=True)
class Words:
    """Everything the scanner looks up. `kinds` word → (kind, value); `pattern` finds the longest of them."""

    kinds: dict[str, tuple[str, Any]]
    pattern: re.Pattern[str]
    letters: re.Pattern[str]
    letter_days: dict[str, int]
    signs: dict[str, int]
    weekday: re.Pattern[str]
    numbered_day: re.Pattern[str]  # 周5:8:30 — the first colon ends the day
    months: re.Pattern[str]
    month_numbers: dict[str, int]
    numerals: dict[str, int]
    to: str
    colons: str
    longest_text: int
    shortest: int
    evening: int
    years_ahead: int


def minute(clock: str) -> int:
    """`08:30` → 510."""
    hour, minutes = clock.split(":")
    return int(hour) * 60 + int(minutes)


@cache
def words() -> Words:
    """The words, read once."""
    data = load_toml(PATH)
    kinds = _kinds(data)
    weekdays = data["weekdays"]
    signs, letters = weekdays["signs"], weekdays["letters"]
    return Words(
        kinds=kinds,
        pattern=_longest(kinds),
        letters=re.compile(rf"(?:{_either(letters)}){{2,}}(?![A-Za-z.])"),
        letter_days=letters,
        signs=signs,
        numbered_day=re.compile(rf"((?:{_either(weekdays['prefixes'])})[1-7]):(?=\d{{1,2}}:\d{{2}})"),
        weekday=re.compile(rf"(?:{_either(weekdays['prefixes'])})([{''.join(signs)}]|[1-7](?![\d:.点时月]))"),
        months=re.compile(
            rf"(?<![A-Za-z])({_either(data['months'])})\b\.?(?:\s*(\d{{1,2}})(?![\d:]|\s*[ap]\.?m))?", re.I
        ),
        month_numbers=data["months"],
        numerals=data["numerals"],
        to=rf"(?:[{re.escape(data['dashes'])}]+|{_either(data['to'])})",
        colons=data["colons"],
        longest_text=data["longest_text"],
        shortest=data["shortest_minutes"],
        evening=minute(data["evening_begins"]),
        years_ahead=data["years_ahead"],
    )


def _kinds(data: dict[str, Any]) -> dict[str, tuple[str, Any]]:
    found: dict[str, tuple[str, Any]] = {}
    for kind, spellings in data["words"].items():
        found |= dict.fromkeys(spellings, (kind, None))
    found |= dict.fromkeys(data["to"], ("to", None)) | dict.fromkeys(data["and"], ("and", None))
    found |= dict.fromkeys(data["dashes"], ("to", None))
    for block in data["days"]:
        found |= {word: ("day", frozenset(block["days"])) for word in block["words"]}
    for block in data["part"]:
        part = Part(minute(block["from"]), minute(block["to"]), minute(block["ends_by"]), "covers_start" in block)
        found |= dict.fromkeys(block["words"], ("part", part))
    for block in data["moment"]:
        found |= {word: ("moment", minute(block["at"])) for word in block["words"]}
    for block in data["season"]:
        days = between(day_number(block["from"]), day_number(block["to"])) if "from" in block else None
        found |= {word: ("season", SeasonName(block["code"], block["opposite"], days)) for word in block["words"]}
    for block in data["mode"]:
        found |= dict.fromkeys(block["words"], ("mode", block["code"]))
    # 关闭 behind a day shuts it, behind a time it ends the opening: the phrase decides
    both = {word: ("closes_at", None) for word in data["words"]["closed"] if found[word][0] == "closes_at"}
    return found | dict.fromkeys(both, ("closed_or_ends", None))


def _longest(kinds: dict[str, Any]) -> re.Pattern[str]:
    """Longest first. A Latin word stands alone and in any case, a single capital (M, T) only as it is."""
    made = []
    for word in sorted(kinds, key=len, reverse=True):
        safe = re.escape(word)
        if word.isascii() and word[0].isalpha():
            safe = rf"(?<![A-Za-z]){safe if word.isupper() else f'(?i:{safe})'}(?![A-Za-z])"
        elif word[0].isdigit():
            safe = rf"(?<!\d)(?<!\d[:.]){f'(?i:{safe})'}(?!\d)"
        made.append(safe)
    return re.compile("|".join(made))


def _either(spellings: Any) -> str:
    return "|".join(re.escape(word) for word in sorted(spellings, key=len, reverse=True))
