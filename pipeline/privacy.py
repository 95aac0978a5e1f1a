"""Which values are personal and what becomes of them: dropped, coarsened, or replaced by a keyed pseudonym.

Used first, by every cleaner: nothing personal reaches Parquet, DuckDB, a log file or a message. A keyed pseudonym is
de-identified, not anonymous (PIPL Art. 73): the key stays in `STUDY/.key` (or the environment), never in git.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets

import polars as pl

from pipeline.errors import FILE, Problem, fail
from pipeline.paths import Study

KEY_VARIABLE = "WARM_STATIONS_KEY"
MASK = "〔已隐去〕"
_PERSONAL_PATTERNS = (
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+",  # e-mail
    r"\d{17}[\dXx]",  # resident identity number
    r"\+?\d[\d \-－—]{6,}\d",  # phone and account numbers, with or without separators
    r"\d{1,3}(?:\.\d{1,3}){3}",  # IPv4 address (no \b: a Chinese letter beside it is a word letter too)
    r"(?i:(?:微信|vx|wx|wechat|qq)\s*(?:号|ID)?\s*[:：]?\s*[A-Za-z0-9_-]{5,})",
    r"[\p{Han}]{1,3}(?:先生|女士|师傅)",
    r"(?:我叫|我是|姓名[:：]?)[\p{Han}·]{2,4}",
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
_CONTACTS = _PERSONAL_PATTERNS[:2]
# Headings that announce personal data whatever the contract says. A column so named that no contract declares is
# dropped and never shown.
PERSONAL_HEADING = re.compile(
    r"姓名|电话|座机|固话|手机号|手机$|联[系络]方式|联[系络]人|身份证|微信|昵称|邮箱|openid|open_id|来自IP|\bIP\b|用户标识|e-?mail|phone|mobile|"
    r"填表人|审核人|负责人",
    re.IGNORECASE,
)


def study_key(study: Study) -> bytes:
    """The study's secret key: from the environment, or `STUDY/.key`, made at the first run and readable by its owner
    only. A changed key means other pseudonyms: what was built with the old one is built again."""
    from_environment = os.environ.get(KEY_VARIABLE)
    if from_environment:
        return from_environment.encode()
    try:
        if not study.key.exists():
            descriptor = os.open(study.key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32) + "\n")
        return study.key.read_text(encoding="ascii").strip().encode()
    except OSError as error:
        fail(
            FILE,
            Problem("key_unwritable", study.key.name, "无法读写假名密钥文件", "the key file cannot be read or written",
                    got=type(error).__name__, do_zh=f"请检查文件夹权限，或设置环境变量 {KEY_VARIABLE}",
                    do_en=f"check the folder's permissions, or set {KEY_VARIABLE}"),
        )  # fmt: skip


def key_fingerprint(key: bytes) -> str:
    """A short check value of the key (not the key), to notice that it changed."""
    return hashlib.sha256(b"fingerprint" + key).hexdigest()[:16]


def pseudonym(values: pl.Series, key: bytes, salt: str) -> pl.Series:
    """Keyed pseudonyms: HMAC-SHA256 of salt and value, 16 hex characters; missing stays missing.

    Distinct values are hashed once and joined back. `salt` separates uses (a month, a wave): the same person under
    another salt has another pseudonym.

    >>> pseudonym(pl.Series(["a", None, "a"]), b"k", "2023-05").n_unique()
    2
    """
    distinct = values.drop_nulls().unique()
    table = {value: _digest(key, salt, value) for value in distinct.to_list()}
    return values.replace_strict(list(table), list(table.values()), default=None, return_dtype=pl.String)


def pseudonym_by(values: pl.Series, salts: pl.Series, key: bytes) -> pl.Series:
    """Keyed pseudonyms where each row has its own salt (the month of use)."""
    frame = pl.DataFrame({"value": values.cast(pl.String), "salt": salts.cast(pl.String)})
    distinct = frame.drop_nulls().unique()
    digests = [_digest(key, salt, value) for value, salt in distinct.select("value", "salt").iter_rows()]
    known = distinct.with_columns(pl.Series("pseudonym", digests, dtype=pl.String))
    return frame.join(known, on=["value", "salt"], how="left", maintain_order="left")["pseudonym"]


def _digest(key: bytes, salt: str, value: str) -> str:
    return hmac.new(key, f"{salt}\x1f{value}".encode(), hashlib.sha256).hexdigest()[:16]


def coarsen_place(values: pl.Series) -> pl.Series:
    """`a.b.c.d(省-市)` → `省-市`: the address goes, the coarse place stays."""
    return values.str.extract(r"[（(]([^()（）]*)[)）]\s*$", 1)


def screen_text(values: pl.Series) -> pl.Series:
    """Free text with phones, identity numbers, addresses on the net and forms of "my name is" masked.

    >>> screen_text(pl.Series(["电话 19000000001 谢谢"])).to_list()
    ['电话 〔已隐去〕 谢谢']
    """
    screened = values
    for pattern in _PERSONAL_PATTERNS:
        screened = screened.str.replace_all(pattern, MASK)
    return screened


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


def is_personal_heading(heading: str) -> bool:
    """Whether a heading announces personal data."""
    return PERSONAL_HEADING.search(heading) is not None
