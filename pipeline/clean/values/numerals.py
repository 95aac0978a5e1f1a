"""Chinese numerals at the beginning of a text → digits, where they have one meaning: 三百五十 is 350, 三百五 is left."""

from __future__ import annotations

import re

_DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億", "一二三四五六七八九十百千万亿")
_RUN = re.compile(r"^[零〇一二两三四五六七八九十百千万亿]+")
_N, _M = "[一二三四五六七八九]", "[一二两三四五六七八九]"
# A section below 10,000. A last digit behind 百 or 千 needs a 零: 三百五 may be 350 or 305.
_SECTION = re.compile(
    rf"^(?:(?P<k>{_M})千(?P<zk>零)?)?(?:(?P<h>{_M})百(?P<zh>零)?)?(?:(?P<t>{_N})?(?P<ten>十))?(?P<u>{_M})?$"
)


def in_digits(text: str) -> str:
    """The text with the Chinese number at its beginning written in digits; unchanged where there is none, or none that
    has one meaning only.

    >>> [in_digits(t) for t in ("二十人", "三百五十", "一万零五百", "两个", "三百五", "两三个", "二〇二三")]
    ['20人', '350', '10500', '2个', '三百五', '两三个', '二〇二三']
    """
    formal = text.translate(_FORMAL)
    found = _RUN.match(formal)
    if not found:
        return text
    rest = formal[found.end() :]
    value = None if found[0] == "两" and not rest else _value(found[0].replace("〇", "零"))
    return text if value is None else f"{value}{rest}"


def _value(run: str) -> int | None:
    if run == "零":
        return 0
    total, rest, gap = 0, run, False
    for sign, size in (("亿", 10**8), ("万", 10**4)):
        if sign in rest:
            head, _, rest = rest.partition(sign)
            part = _section(head.removeprefix("零") if gap else head)
            if not part:
                return None
            total += part * size
            gap = True
    if not rest:
        return total or None
    if gap and not rest.startswith("零") and rest[-1] in _DIGITS and not set(rest) & set("十百千"):
        return None  # 一万五 may be 15,000 or 10,005
    last = _section(rest.removeprefix("零") if gap else rest)
    return None if not last else total + last


def _section(text: str) -> int | None:
    found = _SECTION.match(text)
    if not found or not text:
        return None
    thousands, hundreds, ten, unit = (found[name] for name in ("k", "h", "ten", "u"))
    if ten and not found["t"] and (thousands or hundreds):
        return None  # 三百十
    if unit == "两" and (thousands or hundreds or ten):
        return None
    if unit and not ten and (thousands or hundreds) and not (found["zh"] or (found["zk"] and not hundreds)):
        return None
    tens = (_DIGITS[found["t"]] if found["t"] else 1) if ten else 0
    return (
        (_DIGITS[thousands] if thousands else 0) * 1000
        + (_DIGITS[hundreds] if hundreds else 0) * 100
        + tens * 10
        + (_DIGITS[unit] if unit else 0)
    )
