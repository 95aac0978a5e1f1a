"""Opening-hours text → weekday × interval, split at midnight. What is not understood whole is refused, never guessed.

text ──scan──▶ tokens ──phrases──▶ phrases ──statements──▶ stated spans ──week──▶ intervals. The words are data:
`metadata/hours.toml`.
"""

from __future__ import annotations

from pipeline.clean.hours.occurrences import occurrences
from pipeline.clean.hours.phrases import phrases
from pipeline.clean.hours.scan import scan
from pipeline.clean.hours.statements import state
from pipeline.clean.hours.unread import Unread
from pipeline.clean.hours.week import Interval, intervals

__all__ = ["Interval", "occurrences", "parse_hours"]


def parse_hours(text: str, otherwise: str = "staffed") -> list[Interval] | None:
    """The intervals a text states, in order; None when any part of it is not understood. `otherwise` is the way of
    entering where the text says none.

    Understood: weekday sets (周一至周五, 一至五, 工作日, 逢周三闭馆), split shifts, parts of the day (下午1:30-5:30), 24小时, 次日,
    a break (午休12:00-13:30), seasons, and how one enters (有人值守8:00-22:00，其余时间扫码进入). A season the text does not date has
    the days of `metadata/hours.toml`; beside one that is dated, its opposite is the rest of the year. Of public holidays
    the text may say anything: ordinary weeks are all that is kept. A time that only makes sense if somebody meant the
    afternoon (8:30-5:30) is refused. Method: docs/methods.md.

    >>> for part in parse_hours("周六 22:00-次日2:00"): print(part.weekday, part.opens, part.closes, part.access_mode)
    6 1320 1440 staffed
    7 0 120 staffed
    >>> [(part.opens, part.closes, part.from_day, part.to_day) for part in parse_hours("逢周三 夏季8:00-20:00，冬季9:00-18:00")]
    [(480, 1200, '05-01', '09-30'), (540, 1080, '10-01', '04-30')]
    >>> parse_hours("看情况") is None
    True
    """
    try:
        return intervals(state(phrases(scan(text))), otherwise)
    except Unread:
        return None
