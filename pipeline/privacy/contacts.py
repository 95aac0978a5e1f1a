"""Short text in which dates, codes and figures must stay: only telephones, identity numbers and e-mail addresses go."""

from __future__ import annotations

import polars as pl

from pipeline.privacy.signs import MASK

_CONTACTS = (
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+",  # e-mail
    r"\d{17}[\dXx]",  # resident identity number
)
# Telephones in short text, where dates, codes and figures must stay: only whole runs of digits, in full or half width,
# that are built like a mobile (13800000001, 138-0000-0001, 13800000001.0, 1.38E+10) or like a landline with its area
# code (010-65000001, (0755) 85000001转801).
_D, _GAP = "[0-9０-９]", r"[ \-－–—‐·\u00a0\u3000]?"
_MOBILE = rf"(?:(?:[+＋]|00)?(?:86|８６){_GAP}|0)?[1１][3-9３-９]{_D}{_GAP}{_D}{{4}}{_GAP}{_D}{{4}}(?:\.0+)?"
_SCIENTIFIC = r"1\.[3-9][0-9]*[Ee]\+?10"
_CITY, _REGION = rf"[0０](?:[1１][0０]|[2２]{_D})", rf"[0０][3-9３-９]{_D}{{2}}"
_LOCAL, _LONG_LOCAL = rf"[2-8２-８]{_D}{{2,3}}{_GAP}{_D}{{4}}", rf"[2-8２-８]{_D}{{7}}"  # 7 or 8 digits; 8
_LANDLINE = (
    rf"(?:[(（](?:{_CITY}|{_REGION})[)）]{_GAP}{_LOCAL}|(?:{_CITY}|{_REGION})[ \-－–—‐\u00a0\u3000]{_LOCAL}"
    rf"|{_CITY}{_LONG_LOCAL}|{_REGION}{_LOCAL})(?:(?:转|-|－){_D}{{1,6}})?"
)
_PHONE = f"(?:{_MOBILE}|{_SCIENTIFIC}|{_LANDLINE})"
# What stands around it: no digit, and no decimal point of a figure. Two patterns in one, since there is no look-around.
_WHOLE_PHONE = rf"(^|[^0-9０-９.]|[^0-9０-９]\.){_PHONE}([^0-9０-９]|$)"


def coarsen_place(values: pl.Series) -> pl.Series:
    """`a.b.c.d(省-市)` → `省-市`: the address goes, the coarse place stays."""
    return values.str.extract(r"[（(]([^()（）]*)[)）]\s*$", 1)


def mask_contacts(values: pl.Series) -> pl.Series:
    """Names, addresses and other short text with telephones, identity numbers and e-mail addresses masked; dates,
    codes and words stay.

    >>> mask_contacts(pl.Series(["停电，找19000000001/010-65000001", "2023-05-14 理发"])).to_list()
    ['停电，找〔已隐去〕/〔已隐去〕', '2023-05-14 理发']
    """
    masked = values
    for pattern in _CONTACTS:
        masked = masked.str.replace_all(pattern, MASK)
    for _ in range(2):  # two in one cell share the sign between them: the second pass finds the second
        masked = masked.str.replace_all(_WHOLE_PHONE, f"${{1}}{MASK}${{2}}")
    return masked


def holds_contacts(values: pl.Series) -> bool:
    """Whether a column is personal by what it holds, whatever its heading says: more than half of the cells that hold
    anything hold a telephone, an identity number or an e-mail address.

    >>> holds_contacts(pl.Series(["１９０００００００１１", "010-65000001", None, "无"]))
    True
    >>> holds_contacts(pl.Series(["S001", "停电，找19000000001", "20230514"]))
    False
    """
    said = values.drop_nulls().str.strip_chars()
    said = said.filter(said != "")
    found = said.str.contains("|".join((*_CONTACTS, _WHOLE_PHONE)))
    return len(said) > 0 and found.sum() * 2 > len(said)
