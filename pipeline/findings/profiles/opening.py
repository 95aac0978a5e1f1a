"""Opening hours in words: days that are alike together, a night in one piece, staffed hours apart from those with a scan."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import polars as pl

from pipeline.findings.finding import Context

DAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
DAY = 1440  # minutes
Interval = tuple[int, int]  # minutes after midnight; an end beyond 1440 lies on the next day

VALID = """
select distinct h.station_id, h.weekday, h.opens_minute, h.closes_minute, h.access_mode_code
from clean.station_hours as h
join mart.periods as p using (area_code)
where p.period_code = $period and list_contains($areas, h.area_code)
  and h.valid_from <= p.last_on and coalesce(h.valid_to, p.last_on) >= p.last_on
order by all
"""


def opening_words(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """`station_id hours_zh hours_en` for every station whose hours are known on the quarter's last day with evidence."""
    rows = con.sql(VALID, params={"period": context.period, "areas": list(context.areas)}).fetchall()
    weeks: dict[str, dict[str, dict[int, list[Interval]]]] = {}
    for station, weekday, opens, closes, mode in rows:
        weeks.setdefault(station, {}).setdefault(mode, {}).setdefault(weekday, []).append((opens, closes))
    said = [(station, *(_modes(modes, context, lang) for lang in ("zh", "en"))) for station, modes in weeks.items()]
    schema = {"station_id": pl.String, "hours_zh": pl.String, "hours_en": pl.String}
    return pl.DataFrame(said, schema=schema, orient="row")


def _modes(modes: dict[str, dict[int, list[Interval]]], context: Context, lang: str) -> str:
    """The hours of each way to get in, led by its name where there are several."""
    parts = {mode: in_words(week, lang) for mode, week in sorted(modes.items(), key=lambda item: item[0] != "staffed")}
    colon, stop = ("：", "。") if lang == "zh" else (": ", ". ")
    return stop.join(f"{context.label('access_modes', mode, lang)}{colon}{words}" for mode, words in parts.items())


def in_words(week: dict[int, list[Interval]], lang: str) -> str:
    """A week of intervals (weekday 1 Monday to 7 Sunday → opening and closing minutes) as people write it.

    >>> in_words({day: [(510, 690), (780, 1050)] for day in range(1, 6)}, "zh")
    '周一至周五 08:30–11:30、13:00–17:30；周六、周日不开放'
    >>> in_words({**{day: [(0, 1440)] for day in range(1, 7)}, 7: [(540, 1440)], 1: [(0, 120), (540, 1440)]}, "en")
    'Mon 09:00–24:00; Tue to Sat all day; Sun 09:00–02:00 the next day'
    """
    joined = _nights({day: sorted(week.get(day, [])) for day in range(1, 8)})
    alike: dict[tuple[Interval, ...], list[int]] = {}
    for day, intervals in joined.items():
        alike.setdefault(tuple(intervals), []).append(day)
    closed = alike.pop((), [])
    parts = [f"{_days(days, lang)} {_hours(intervals, lang)}" for intervals, days in alike.items()]
    if closed:
        parts.append(f"{_days(closed, lang)}不开放" if lang == "zh" else f"closed {_days(closed, lang)}")
    return ("；" if lang == "zh" else "; ").join(parts)


def _nights(week: dict[int, list[Interval]]) -> dict[int, list[Interval]]:
    """The same week with what goes on after midnight joined to the evening before, unless either day is open throughout."""
    made = {day: list(intervals) for day, intervals in week.items()}
    for day, intervals in week.items():
        after = week[day % 7 + 1]
        if not intervals or not after or (0, DAY) in (intervals[-1], after[0]):
            continue
        if intervals[-1][1] == DAY and after[0][0] == 0:
            made[day][-1] = (intervals[-1][0], DAY + after[0][1])
            made[day % 7 + 1].remove(after[0])
    return made


def _hours(intervals: Iterable[Interval], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(_interval(*interval, lang) for interval in intervals)


def _interval(opens: int, closes: int, lang: str) -> str:
    if (opens, closes) == (0, DAY):
        return "全天" if lang == "zh" else "all day"
    if closes <= DAY:
        return f"{_clock(opens)}–{_clock(closes)}"
    night = _clock(closes - DAY)
    return f"{_clock(opens)}–次日{night}" if lang == "zh" else f"{_clock(opens)}–{night} the next day"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _days(days: list[int], lang: str) -> str:
    """Days of the week, three or more in a row as a run."""
    if len(days) == 7:
        return "每天" if lang == "zh" else "every day"
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = DAYS[lang]
    word = {"zh": "周{}", "en": "{}"}[lang]
    said = []
    for run in runs:
        ends = [word.format(names[day - 1]) for day in run]
        said += [f"{ends[0]}{'至' if lang == 'zh' else ' to '}{ends[-1]}"] if len(run) > 2 else ends
    return ("、" if lang == "zh" else ", ").join(said)
