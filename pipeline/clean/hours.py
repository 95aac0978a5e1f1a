"""Opening-hours text → weekday × interval, split at midnight. What is not understood whole is refused, never guessed.

Understood: weekday sets (周一至周五, 工作日, 周末, 每天), split shifts, 24小时, 次日, how one enters (有人值守 / 扫码),
and 节假日除外, which is accepted and leaves ordinary weeks as they are.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

DAY_MINUTES = 24 * 60
_DAYS = dict(zip("一二三四五六日天", (1, 2, 3, 4, 5, 6, 7, 7), strict=True))
_DAY = r"(?:周|星期|礼拜)([一二三四五六日天])"
_RANGE = re.compile(rf"{_DAY}(?:-|至|到|~)(?:周|星期|礼拜)?([一二三四五六日天])")
_SOME = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天](?:[、,]?[一二三四五六日天])*)")  # 周六日, 周一、三、五
_NAMED = {
    "每天": range(1, 8), "每日": range(1, 8), "全天": range(1, 8), "全周": range(1, 8), "工作日": range(1, 6),
    "周末": (6, 7), "双休日": (6, 7), "平日": range(1, 6),
}  # fmt: skip
_TIMES = re.compile(r"(\d{1,2})(?::(\d{2}))?(?:点|时)?(?:-|至|到|~)(次日|翌日)?(\d{1,2})(?::(\d{2}))?(?:点|时)?")
_ALWAYS = re.compile(r"24小时|全天候|0:00-24:00|00:00-24:00")
_CLOSED = re.compile(r"休息|不开放|关闭|休")
_HOLIDAYS = re.compile(r"\(?(?:法定)?节假日(?:除外|休息|不开放)\)?")
_MODES = {"有人值守": "staffed", "人工值守": "staffed", "人工": "staffed", "值守": "staffed",
          "扫码进入": "scan_in", "扫码": "scan_in", "自助": "scan_in"}  # fmt: skip
_PARTS = re.compile(f"(?P<always>{_ALWAYS.pattern})|(?P<times>{_TIMES.pattern})|(?P<mode>{'|'.join(_MODES)})")
Span = tuple[int, int, str]  # opens, closes (beyond 1440: on the next day), way of entering
_FILLER = re.compile(r"[\s,，、。./:()（）]|开放时间|营业时间|开放|营业|服务时间|时间|均|及|和|为")


@dataclass(frozen=True, order=True)
class Interval:
    """Open on `weekday` (1 Monday … 7 Sunday) from `opens` to `closes` (minutes after midnight)."""

    weekday: int
    opens: int
    closes: int
    access_mode: str = "staffed"


def parse_hours(text: str, otherwise: str = "staffed") -> list[Interval] | None:
    """The intervals a text states, in order; None when any part of it is not understood. `otherwise` is the way of
    entering where the text says none.

    >>> parse_hours("周六 22:00-次日2:00")
    [Interval(weekday=6, opens=1320, closes=1440, access_mode='staffed'), Interval(weekday=7, opens=0, closes=120, access_mode='staffed')]
    >>> parse_hours("看情况") is None
    True
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"[—–―－~～〜]+", "-", plain).replace("：", ":")
    plain = _HOLIDAYS.sub("", plain)
    plain = re.sub(r"(\d):(\d{2}):00", r"\1:\2", plain)
    stated: list[tuple[int, Span]] = []
    days: tuple[int, ...] = ()
    for clause in _clauses(plain):
        named, rest = _weekdays(clause)
        days = named or days or tuple(range(1, 8))
        if named and not _FILLER.sub("", rest):  # 星期一到星期五。9:30-17:00 — the times follow in the next clause
            continue
        spans = _spans(rest, otherwise)
        if spans is None:
            return None
        if not spans:  # 周末休息: those days are shut, whatever was said of every day
            stated = [(day, span) for day, span in stated if day not in days]
        stated += [(day, span) for day in days for span in spans]
    return _split_at_midnight(stated)


def _clauses(text: str) -> list[str]:
    """One clause per weekday set: cut at ; 。 line ends, and before each new weekday set or way of entering."""
    parts = [part for part in re.split(r"[;\n。|]+", text) if part.strip(" ,，、")]
    clauses = []
    for part in parts:
        cuts = [match.start() for match in re.finditer(rf"(?:{_DAY}|工作日|周末|双休日|每天|每日|平日)", part)]
        starts = [0]
        for cut in cuts:
            before = part[starts[-1] : cut]
            if _TIMES.search(before) or _ALWAYS.search(before) or _CLOSED.search(before):
                starts.append(cut)
        clauses += [part[a:b] for a, b in zip(starts, [*starts[1:], len(part)], strict=True)]
    return clauses


def _weekdays(clause: str) -> tuple[tuple[int, ...], str]:
    days: set[int] = set()
    for match in _RANGE.finditer(clause):
        first, last = _DAYS[match[1]], _DAYS[match[2]]
        days |= set(range(first, last + 1)) if first <= last else set(range(first, 8)) | set(range(1, last + 1))
    rest = _RANGE.sub("", clause)
    for match in _SOME.finditer(rest):
        days |= {_DAYS[sign] for sign in match[1] if sign in _DAYS}
    rest = _SOME.sub("", rest)
    for name, named in _NAMED.items():
        if name in rest and not (name == "全天" and "全天候" in rest):
            days |= set(named)
            rest = rest.replace(name, "" if name != "全天" else ("24小时" if not _TIMES.search(rest) else ""))
    return tuple(sorted(days)), rest


def _spans(rest: str, otherwise: str) -> list[Span] | None:
    """The time ranges of one clause; none when it says closed; None when something is left over.

    A way of entering said before the first range holds for the ranges behind it, said after a range for those before.
    """
    if _ALWAYS.search(rest) is None and _TIMES.search(rest) is None:
        closed = _CLOSED.search(rest) is not None and not _FILLER.sub("", _CLOSED.sub("", rest))
        return [] if closed else None
    ranges: list[tuple[int, int] | None] = []
    modes: list[tuple[int, str]] = []
    position = 0
    for match in _PARTS.finditer(rest):
        if _FILLER.sub("", rest[position : match.start()]):
            return None
        position = match.end()
        if match["mode"]:
            modes.append((len(ranges), _MODES[match["mode"]]))
        else:
            ranges.append((0, DAY_MINUTES) if match["always"] else _range(_TIMES.match(match["times"])))
    if _FILLER.sub("", rest[position:]) or None in ranges:
        return None
    return [(*span, _mode(modes, number) or otherwise) for number, span in enumerate(ranges) if span is not None]


def _mode(modes: list[tuple[int, str]], number: int) -> str | None:
    """How one enters during range `number`, where said; `modes` holds (ranges said before it, way of entering)."""
    before_ranges = not modes or modes[0][0] == 0
    if before_ranges:
        return next((mode for at, mode in reversed(modes) if at <= number), None)
    return next((mode for at, mode in modes if at > number), None)


def _range(match: re.Match[str]) -> tuple[int, int] | None:
    """One time range in minutes after midnight of its first day; beyond 1440 it runs into the next day."""
    opens = int(match[1]) * 60 + int(match[2] or 0)
    closes = int(match[4]) * 60 + int(match[5] or 0)
    if (
        opens >= DAY_MINUTES
        or closes > DAY_MINUTES
        or int(match[2] or 0) > 59
        or int(match[5] or 0) > 59
        or opens == closes
    ):
        return None
    if match[3] or closes < opens:
        if not match[3] and opens - closes < 6 * 60:  # 17:00-13:00 is a slip, 22:00-8:00 is a night
            return None
        return opens, DAY_MINUTES + closes
    return opens, closes


def _split_at_midnight(stated: list[tuple[int, Span]]) -> list[Interval] | None:
    """Sorted intervals without repeats; None when there are none, or when two of one way of entering overlap (which of
    them holds is for the keeper to say). Touching intervals are left as stated."""
    found = set()
    for day, (opens, closes, mode) in stated:
        found.add(Interval(day, opens, min(closes, DAY_MINUTES), mode))
        if closes > DAY_MINUTES:
            found.add(Interval(day % 7 + 1, 0, closes - DAY_MINUTES, mode))
    by_mode = sorted(found, key=lambda part: (part.weekday, part.access_mode, part.opens))
    for one, other in pairwise(by_mode):
        if (one.weekday, one.access_mode) == (other.weekday, other.access_mode) and other.opens < one.closes:
            return None
    return sorted(found) or None
