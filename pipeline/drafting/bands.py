"""Bands of numbers as options word them: `18~20岁`, `3500元及以上`, `3000元以下`, `40+ hours`, `0 to 2`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

_WIDTH = str.maketrans("０１２３４５６７８９～〜－—–―＋，", "0123456789~~----+,")
_UNIT = r"\s*(?:元|岁|周岁|次|小时|个小时|分钟|天|年|个|单|人|公里|km|%|％|hours?|years?|times?|days?|minutes?)?\s*"
_NUMBER = r"(\d[\d,]*(?:\.\d+)?)"
_BETWEEN = re.compile(rf"^\D{{0,4}}?{_NUMBER}{_UNIT}(?:~|-|至|到|to)\s*{_NUMBER}{_UNIT}(?:的)?(?:/.*)?$", re.IGNORECASE)
_FROM = re.compile(
    rf"^(?:(?:over|more than|at least|大于|超过|高于|不少于)\s*{_NUMBER}{_UNIT}|{_NUMBER}{_UNIT}(?:及以上|或以上|以上|\+|or more|and over|and above|or older){_UNIT})$",
    re.IGNORECASE,
)
_BELOW = re.compile(
    rf"^(?:(?:under|less than|below|up to|小于|不到|低于|不足)\s*{_NUMBER}{_UNIT}|{_NUMBER}{_UNIT}(?:及以下|或以下|以下|以内|or less|or fewer|and under){_UNIT})$",
    re.IGNORECASE,
)
Band = tuple[float, float]
_INFINITE = float("inf")


def band_of(text: str) -> Band | None:
    """The lowest and highest number an option covers; None where it is no band.

    >>> band_of("20～22岁"), band_of("3500元及以上"), band_of("3000元以下"), band_of("无收入")
    ((20.0, 22.0), (3500.0, inf), (-inf, 3000.0), None)
    """
    plain = text.strip().translate(_WIDTH)
    between = _BETWEEN.match(plain)
    if between:
        low, high = (_value(group) for group in between.groups())
        return (low, high) if low <= high else None
    above, below = _FROM.match(plain), _BELOW.match(plain)
    if above:
        return _value(next(group for group in above.groups() if group)), _INFINITE
    if below:
        return -_INFINITE, _value(next(group for group in below.groups() if group))
    return None


def _value(text: str) -> float:
    return float(text.replace(",", ""))


def is_safe_band(text: str) -> bool:
    """Whether a text that looks like a telephone is a band of plain figures.

    >>> is_safe_band("10001-15000元"), is_safe_band("010-65000001")
    (True, False)
    """
    band = band_of(text)
    digits = re.findall(r"\d+", text.translate(_WIDTH))
    plain = all(len(run) <= 7 and not (len(run) > 1 and run.startswith("0")) for run in digits)
    return band is not None and plain and len(digits) <= 2


def overlaps_and_gaps(texts: Sequence[str]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Neighbouring bands that overlap, and those between which whole numbers are lost. A shared end (0-5, 5-10) overlaps
    where the neighbours of other bands do not share it either way.

    >>> overlaps_and_gaps(["18~20岁", "20～22岁", "25岁以上"])
    ([('18~20岁', '20～22岁')], [('20～22岁', '25岁以上')])
    """
    bands = sorted((band, text) for text in texts if (band := band_of(text)) is not None)
    overlap, gap = [], []
    whole = all(end == int(end) for band, _ in bands for end in band if abs(end) != _INFINITE)
    for ((low, high), one), ((next_low, next_high), other) in itertools.pairwise(bands):
        open_end = low == -_INFINITE and high == next_low  # 3000以下 / 3000-5000: below means below
        open_start = next_high == _INFINITE and high == next_low  # 5000-8000 / 8000以上: above means above
        if next_low < high or (next_low == high and not open_end and not open_start):
            overlap.append((one, other))
        elif whole and next_low > high + 1 and low != -_INFINITE:
            gap.append((one, other))
    return overlap, gap


def representative(text: str) -> float | None:
    """The number a band stands for: its middle, half of what a lowest band ends at, where an open one begins; 0 for never.

    >>> [representative(text) for text in ("1–2次", "7次及以上", "不到1次", "从不去", "看情况")]
    [1.5, 7.0, 0.5, 0.0, None]
    """
    if text.strip().startswith(("从不", "从未", "没去", "不去", "0次", "never", "Never")):
        return 0.0
    band = band_of(text)
    if band is None:
        single = re.fullmatch(rf"{_NUMBER}{_UNIT}", text.strip().translate(_WIDTH), re.IGNORECASE)
        return _value(single.group(1)) if single else None
    low, high = band
    return high / 2 if low == -_INFINITE else low if high == _INFINITE else (low + high) / 2
