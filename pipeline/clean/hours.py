"""Opening-hours text → weekday × interval, split at midnight. What is not understood whole is refused, never guessed.

Understood: weekday sets (周一至周五, 工作日, 周末, 每天), split shifts, 24小时, 次日, how one enters (有人值守 / 扫码),
and 节假日除外, which is accepted and leaves ordinary weeks as they are.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

DAY_MINUTES = 24 * 60
_DAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7}
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
_FILLER = re.compile(r"[\s,，、。.:()（）]|开放时间|营业时间|开放|营业|服务时间|时间|均|及|和|为")


@dataclass(frozen=True, order=True)
class Interval:
    """Open on `weekday` (1 Monday … 7 Sunday) from `opens` to `closes` (minutes after midnight)."""

    weekday: int
    opens: int
    closes: int
    access_mode: str = "staffed"


def parse_hours(text: str) -> list[Interval] | None:
    """The intervals a text states, in order; None when any part of it is not understood.

    >>> parse_hours("周六 22:00-次日2:00")
    [Interval(weekday=6, opens=1320, closes=1440, access_mode='staffed'), Interval(weekday=7, opens=0, closes=120, access_mode='staffed')]
    >>> parse_hours("看情况") is None
    True
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"[—–―－~～〜]+", "-", plain).replace("：", ":")
    plain = _HOLIDAYS.sub("", plain)
    plain = re.sub(r"(\d):(\d{2}):00", r"\1:\2", plain)
    found: list[Interval] = []
    days: tuple[int, ...] = ()
    for clause in _clauses(plain):
        stated, rest = _weekdays(clause)
        days = stated or days or tuple(range(1, 8))
        if stated and not _FILLER.sub("", rest):  # 星期一到星期五。9:30-17:00 — the times follow in the next clause
            continue
        intervals = _intervals(rest, days)
        if intervals is None:
            return None
        found += intervals
    return _tidy(found) or None


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


def _intervals(rest: str, days: tuple[int, ...]) -> list[Interval] | None:
    """The intervals of one clause on these days; None when something is left over."""
    if _ALWAYS.search(rest) is None and _TIMES.search(rest) is None:
        closed = _CLOSED.search(rest) is not None and not _FILLER.sub("", _CLOSED.sub("", rest))
        return [] if closed else None
    found: list[Interval] = []
    mode, position = "staffed", 0
    pattern = re.compile("|".join([f"(?P<always>{_ALWAYS.pattern})", f"(?P<times>{_TIMES.pattern})", f"(?P<mode>{'|'.join(_MODES)})"]))
    pending: list[Interval] = []
    for match in pattern.finditer(rest):
        if _FILLER.sub("", rest[position : match.start()]):
            return None
        position = match.end()
        if match["mode"]:
            mode = _MODES[match["mode"]]
            continue
        spans = [(0, DAY_MINUTES)] if match["always"] else _span(_TIMES.match(match["times"]))
        if spans is None:
            return None
        pending = [Interval(day if start >= 0 else day % 7 + 1, abs(start) % DAY_MINUTES if start >= 0 else 0, end, mode)
                   for day in days for start, end in spans]  # fmt: skip
        found += pending
    return None if _FILLER.sub("", rest[position:]) else found


def _span(match: re.Match[str]) -> list[tuple[int, int]] | None:
    """One time range as (opens, closes); the part after midnight has opens = −1, meaning the next day from 0:00."""
    opens = int(match[1]) * 60 + int(match[2] or 0)
    closes = int(match[4]) * 60 + int(match[5] or 0)
    if opens >= DAY_MINUTES or closes > DAY_MINUTES or int(match[2] or 0) > 59 or int(match[5] or 0) > 59 or opens == closes:
        return None
    if match[3] or closes < opens:
        if not match[3] and opens - closes < 6 * 60:  # 17:00-13:00 is a slip, 22:00-8:00 is a night
            return None
        return [(opens, DAY_MINUTES), *([(-1, closes)] if closes else [])]
    return [(opens, closes)]


def _tidy(intervals: list[Interval]) -> list[Interval]:
    """Sorted, without repeats; touching intervals of one access mode are left as stated."""
    return sorted(set(intervals))
