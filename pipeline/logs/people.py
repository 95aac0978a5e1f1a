"""Who used a station, without anybody's number: a meaningless number for the work, a keyed pseudonym per month for good.

The first step after reading. Values of the personal column never leave this module.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

import duckdb
import polars as pl

from pipeline.logs.numbering import Coded

LINKED = "linked"  # in place of the month, where the place may link uses over months
_MASKED = r"[*＊×]{2,}|[xX]{3,}"


@dataclass
class People:
    """The persons named so far. One person written in several ways is one number."""

    missing: list[str]
    key: bytes
    _coded: Coded = field(default_factory=Coded)
    _numbers: list[int | None] = field(default_factory=list)  # code of a writing → person
    _persons: dict[bytes, int] = field(default_factory=dict)  # keyed digest → person

    def number(self, values: pl.Series) -> pl.Series:
        """A number for each value, null where nobody is named.

        >>> people = People(["无"], b"k")
        >>> people.number(pl.Series(["190 0000 0001", "19000000001.0", "190****0001", "无"])).to_list()
        [0, 0, None, None]
        """
        codes = self._coded.codes(values)
        fresh = self._coded.fresh
        self._numbers += [None] * (len(self._coded.texts) - len(self._numbers))
        writings = pl.Series([self._coded.texts[code] for code in fresh], dtype=pl.String)
        for code, person in zip(fresh, _persons(writings, self.missing), strict=True):
            if person is not None:
                digest = hmac.digest(self.key, person.encode(), "sha256")
                self._numbers[code] = self._persons.setdefault(digest, len(self._persons))
        known = pl.Series("person_no", [None, *self._numbers], dtype=pl.Int32)
        return known.gather(pl.Series(codes))

    def month_keys(self, pairs: pl.DataFrame, *, is_linked: bool = False) -> pl.DataFrame:
        """Pseudonyms for pairs of person number and month (`person_no`, `month_at`) → `person_no, month_at, courier_no`: 60
        bits as a number, which the warehouse shows as sixteen hexadecimal digits.

        The month is the salt: the same person has another pseudonym in another month, unless the place may link them.
        A pseudonym is the SHA-256 of two secrets, HMACs of the month and of the person under the study's key.
        """
        months = pairs["month_at"].unique()
        names = [LINKED if is_linked else f"{month:%Y-%m}" for month in months.to_list()]
        salts = pl.DataFrame({"month_at": months, "salt": [self._secret(f"month\x1f{name}") for name in names]})
        tokens = pl.DataFrame(
            {"person_no": range(len(self._persons)), "token": [digest.hex() for digest in self._persons]},
            schema={"person_no": pl.Int64, "token": pl.String},
        )
        with duckdb.connect() as con:
            for name, frame in (("pairs", pairs), ("salts", salts), ("tokens", tokens)):
                con.register(name, frame.to_arrow())
            return con.sql(
                "select p.person_no, p.month_at, cast('0x' || substr(sha256(s.salt || t.token), 1, 15) as bigint) as courier_no "
                "from pairs as p join salts as s using (month_at) join tokens as t using (person_no)"
            ).pl()

    def _secret(self, text: str) -> str:
        return hmac.digest(self.key, text.encode(), "sha256").hex()


def _persons(values: pl.Series, missing: list[str]) -> list[str | None]:
    """What each writing means: a mobile number where there is one, else the text itself; None where it names nobody."""
    half = values.str.normalize("NFKC").str.replace_all(r"\s", "").str.to_lowercase()
    half = half.str.replace(r"^(\d+)\.0+$", "${1}")
    phone = half.str.replace_all(r"[-－—()]", "").str.extract(r"^(?:\+?86)?(1\d{10})(?:\D|$)", 1)
    person = phone.fill_null(half)
    nobody = half.is_in([text.lower() for text in missing]) | half.str.contains(_MASKED) | (half == "")
    return person.set(nobody.fill_null(True), None).to_list()
