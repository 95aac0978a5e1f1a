"""Who used a station, without anybody's number: a meaningless number for the work, a keyed pseudonym per month for good.

The first step after reading. Values of the personal column never leave this module.
"""

from __future__ import annotations

import polars as pl

from pipeline.privacy import pseudonym_by

_MASKED = r"[*＊×]{2,}|[xX]{3,}"


def number_people(values: pl.Series, missing: list[str]) -> tuple[pl.Series, pl.Series]:
    """`(numbers, people)`: a row number into `people` for each value, null where nobody is named.

    One person written in several ways (`138 0000 0001`, `13800000001.0`, `+86-…`, full width) is one entry. A masked
    number names nobody.

    >>> numbers, people = number_people(pl.Series(["190 0000 0001", "19000000001.0", "190****0001", "无"]), ["无"])
    >>> numbers.to_list(), len(people)
    ([0, 0, None, None], 1)
    """
    distinct = values.drop_nulls().unique(maintain_order=True)
    half = distinct.str.normalize("NFKC").str.replace_all(r"\s", "").str.to_lowercase()
    half = half.str.replace(r"^(\d+)\.0+$", "${1}")
    phone = half.str.replace_all(r"[-－—()]", "").str.extract(r"^(?:\+?86)?(1\d{10})(?:\D|$)", 1)
    person = phone.fill_null(half)
    nobody = half.is_in([text.lower() for text in missing]) | half.str.contains(_MASKED) | (half == "")
    person = person.set(nobody, None)
    people = person.drop_nulls().unique(maintain_order=True)
    known = pl.DataFrame({"value": distinct, "person": person}).join(
        pl.DataFrame({"person": people}).with_row_index("person_no"), on="person", how="inner"
    )
    found = pl.DataFrame({"value": values}).join(known, on="value", how="left", maintain_order="left")
    return found["person_no"].cast(pl.Int64), people


def month_keys(pairs: pl.DataFrame, people: pl.Series, key: bytes) -> pl.DataFrame:
    """Pseudonyms for pairs of person number and month (`person_no`, `month_at`) → `person_no, month_at, courier_key`.

    The month is the salt: the same person has another pseudonym in another month.
    """
    values = people.gather(pairs["person_no"].cast(pl.UInt32))
    months = pairs["month_at"].dt.strftime("%Y-%m")
    return pairs.with_columns(pseudonym_by(values, months, key).alias("courier_key"))
