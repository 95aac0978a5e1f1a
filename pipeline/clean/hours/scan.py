"""Opening-hours text → tokens: clock times, dates, weekdays, words, separators. Every sign is accounted for, or the text is given up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.clean.hours.unread import Unread
from pipeline.clean.hours.words import Words, words
from pipeline.clean.hours.year import day_number

_SEPARATORS = {"(": "open", "[": "open", "【": "open", ")": "close", "]": "close", "】": "close", ",": "comma", "，": "comma",
               ";": "stop", "。": "stop", ".": "stop", "|": "stop", "\n": "stop", ":": "colon"}  # fmt: skip
_QUARTERS = {"半": 30, "一刻": 15, "三刻": 45}


@dataclass(frozen=True)
class Token:
    """`kind` and what it stands for; `text` as written.

    time: minutes after midnight · date, month: day numbers of its first and last day · day: weekdays · others: words.toml
    """

    kind: str
    value: Any = None
    text: str = ""


def scan(text: str) -> list[Token]:
    """The tokens of a text without blanks and without words that change nothing. Raises Unread.

    >>> [token.kind for token in scan("周一至周五 8点半-17:00")]
    ['day', 'to', 'day', 'time', 'to', 'time']
    """
    if len(text) > words().longest_text:
        raise Unread("too long to be opening hours")
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub(f"[{words().colons}]", ":", plain.replace("\r\n", "\n").replace("\r", "\n"))
    plain = words().numbered_day.sub(r"\1 ", plain)
    tokens: list[Token] = []
    position = 0
    while position < len(plain):
        if plain[position].isspace() and plain[position] != "\n":
            position += 1
            continue
        found, position = _next(plain, position, tokens)
        tokens += found
    return [token for token in tokens if token.kind not in ("filler", "remark")]


def _next(text: str, at: int, before: list[Token]) -> tuple[list[Token], int]:
    """The longest of what can stand here, and where it ends."""
    found = [one for one in _readings(text, at, before) if one is not None]
    if not found:
        raise Unread(text[at:])
    return max(found, key=lambda one: one[1])


def _readings(text: str, at: int, before: list[Token]) -> Iterator[tuple[list[Token], int] | None]:
    known = words()
    yield _clock(text, at, known)
    yield _bare(text, at, before, known)
    yield _compact(text, at, known)
    yield _date(text, at, before, known)
    yield _weekday(text, at, before, known)
    if match := known.pattern.match(text, at):
        kind, value = known.kinds.get(match[0]) or known.kinds[match[0].lower()]
        yield [Token("to" if kind == "to" else kind, value, match[0])], match.end()
    if match := re.compile(known.to).match(text, at):
        yield [Token("to", None, match[0])], match.end()
    if text[at] in _SEPARATORS:
        yield [Token(_SEPARATORS[text[at]], None, text[at])], at + 1


# ------------------------------------------------------------------------------------------------------------ clock times


def _clock(text: str, at: int, known: Words) -> tuple[list[Token], int] | None:
    """8:30, 8.30, 8:30:00, 8点, 8时30分, 八点半."""
    sign = re.compile(r"(?<!\d)(?<!\d[:.])(\d{1,2})[:.](\d{2})(?::00)?(?![\d:])").match(text, at)
    if sign:
        return [_time(int(sign[1]), int(sign[2]), sign[0])], sign.end()
    numeral = f"[{''.join(known.numerals)}]"
    spoken = re.compile(
        rf"(?<!\d)(\d{{1,2}}|{numeral}{{1,3}})[点时](?![间段])(?:(半|一刻|三刻)|(?:(\d{{1,2}})(?![\d:点时.])|({numeral}{{1,3}}))分?|[整钟])?"
    ).match(text, at)
    if not spoken:
        return None
    minutes = _QUARTERS[spoken[2]] if spoken[2] else _number(spoken[3] or spoken[4] or "0", known)
    return [_time(_number(spoken[1], known), minutes, spoken[0])], spoken.end()


def _bare(text: str, at: int, before: list[Token], known: Words) -> tuple[list[Token], int] | None:
    """A number that can only be an hour: 早8, 9-18点, 9 a.m., 9-17."""
    match = re.compile(r"(?<!\d)(?<!\d[:.])(\d{1,2})(?![\d:点时月日号%/]|\.\d|小时)").match(text, at)
    if not match:
        return None
    part = r"(?:[ap]\.?m\b)"
    behind_part = bool(before) and before[-1].kind == "part"
    ends = len(before) > 1 and before[-1].kind == "to" and before[-2].kind == "bare"
    named = re.compile(rf"\s*{part}", re.I).match(text, match.end())
    hours_follow = re.compile(rf"\s*{known.to}\s*\D{{0,2}}\d{{1,2}}[点时](?![间段])").match(text, match.end())
    if not (behind_part or ends or named or hours_follow or _day_long(text, at, before, known)):
        return None
    return [_time(int(match[1]), 0, match[0], "bare" if behind_part or not named else "time")], match.end()


def _day_long(text: str, at: int, before: list[Token], known: Words) -> bool:
    """Whether 9-17 stands here: from the morning on, to an hour of the 24-hour clock, neither a date nor a list; or the 9-12 of
    9-12，14-17."""
    pair = rf"(\d{{1,2}})\s*{known.to}\s*(\d{{1,2}})"
    match = re.compile(rf"{pair}(?:\s*[,，、]\s*{pair})?(?=$|[\s,，;。)\n、])").match(text, at)
    if not match or (before and before[-1].kind in ("to", "time", "bare")):
        return False
    first, last, again, end = (int(hour or 0) for hour in match.groups())
    return 5 <= first < last <= 24 and (last >= 13 or (first >= 7 and 11 <= last <= again < end and 13 <= end <= 24))


def _compact(text: str, at: int, known: Words) -> tuple[list[Token], int] | None:
    """0830-1730: only as a pair, a single 1730 may be anything."""
    pair = re.compile(rf"(?<!\d)(?<!\d[:.])(\d\d)(\d\d)(\s*{known.to}\s*)(\d\d)(\d\d)(?![\d:年])").match(text, at)
    if not pair or pair[1] == pair[4]:  # 2023-2024
        return None
    first, last = _time(int(pair[1]), int(pair[2]), pair[0]), _time(int(pair[4]), int(pair[5]), pair[4])
    return [first, Token("to", None, pair[3]), last], pair.end()


def _time(hour: int, minutes: int, text: str, kind: str = "time") -> Token:
    if hour > 24 or minutes > 59 or (hour == 24 and minutes):
        raise Unread(text)
    return Token(kind, hour * 60 + minutes, text)


def _number(text: str, known: Words) -> int:
    """Digits, or a Chinese numeral below 100: 八, 十一, 二十四."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        raise Unread(text)
    return 10 * (known.numerals[tens] if tens else 1) * bool(ten) + (known.numerals[ones] if ones else 0)


# ------------------------------------------------------------------------------------------------------- dates and weekdays


def _date(text: str, at: int, before: list[Token], known: Words) -> tuple[list[Token], int] | None:
    """5月1日, 5月, the 5 of 5-10月 and of 7、8月; 5.1-9.30 only in brackets behind the name of a season."""
    day = re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})(?:[日号]|(?![\d:点时.月]))").match(text, at)
    if day:
        return [Token("date", _days_of(day[1], day[2], day[0]), day[0])], day.end()
    month = re.compile(
        rf"(?<!\d)(?<!\d[:.])(\d{{1,2}})(?:月份?|(?=(?:\s*(?:{known.to}|、)\s*\d{{1,2}})+\s*月(?!\d{{1,2}}[日号])))"
    ).match(text, at)
    if month:
        return [Token("month", _days_of(month[1], None, month[0]), month[0])], month.end()
    if named := known.months.match(text, at):
        month = str(known.month_numbers[named[1].lower()])
        return [Token("date" if named[2] else "month", _days_of(month, named[2], named[0]), named[0])], named.end()
    if len(before) < 2 or (before[-2].kind, before[-1].kind) != ("season", "open"):
        return None
    pair = re.compile(
        rf"(\d{{1,2}})\.(\d{{1,2}})\s*({known.to})\s*(?:次年)?(\d{{1,2}})\.(\d{{1,2}})\s*(?=[)\]])"
    ).match(text, at)
    if not pair or int(pair[1]) > 12 or int(pair[4]) > 12:
        return None
    first, last = (_days_of(*pair.group(i, i + 1), pair[0]) for i in (1, 4))
    return [Token("date", first, pair[0]), Token("to", None, pair[3]), Token("date", last, pair[0])], pair.end()


def _days_of(month: str, day: str | None, text: str) -> tuple[int, int]:
    """The numbers of the first and the last day meant."""
    try:
        if day is not None:
            return (day_number(f"{month}-{day}"),) * 2
        first = day_number(f"{month}-1")
        return first, 366 if int(month) == 12 else day_number(f"{int(month) + 1}-1") - 1
    except ValueError:
        raise Unread(text) from None


def _weekday(text: str, at: int, before: list[Token], known: Words) -> tuple[list[Token], int] | None:
    """周一, 星期天, 周5; behind one of them, and in (一至五), the bare sign; MWF."""
    if match := known.weekday.match(text, at):
        return [_day(match[1], match[0], known)], match.end()
    if match := known.letters.match(text, at):
        if at and text[at - 1].isalpha():
            return None
        names = re.findall("TH|[MTWF]", match[0])
        return [Token("day", frozenset(known.letter_days[name] for name in names), match[0])], match.end()
    last = before[-2:] if before and before[-1].kind in ("to", "and") else before[-1:]
    behind_day = bool(last) and last[0].kind == "day"
    signs = "".join(known.signs)
    sign = re.compile(rf"[{signs}](?![点时月小十])").match(text, at)
    more_days = re.compile(rf"[{signs}]{{2,}}\s*\d").match(text, at) and any(one.kind == "day" for one in before)
    if sign and (
        behind_day or more_days or re.compile(rf"[{signs}]\s*{known.to}\s*[{signs}](?![点时月小十])").match(text, at)
    ):
        return [_day(sign[0], sign[0], known)], sign.end()
    if behind_day and last[0].text[-1].isdigit() and before[-1].kind == "to":
        digit = re.compile(r"[1-7](?![\d:.点时月])").match(text, at)
        return ([_day(digit[0], digit[0], known)], digit.end()) if digit else None
    return None


def _day(sign: str, text: str, known: Words) -> Token:
    return Token("day", frozenset([known.signs.get(sign) or int(sign)]), text)
