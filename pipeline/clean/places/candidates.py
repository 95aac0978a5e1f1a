"""Which known place a text nobody knows might mean: scored, explained, and only ever proposed. A person decides.

Candidates are of the same kind and area. Names are compared as the register and the reviewed aliases spell them, without
punctuation, once as they stand and once without the words that tell no two places apart (metadata/matching.toml); the
score is rapidfuzz's ratio (the share of characters in common, in order), 0 to 100.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process

from pipeline.clean.geo.distance import metres
from pipeline.clean.places.known_places import KINDS
from pipeline.contracts.codebook import normal, spelled
from pipeline.contracts.matching import matching

TEXTS = {
    "list_code": pl.String, "area_code": pl.String, "place_id": pl.String, "local_code": pl.String, "name": pl.String,
    "text": pl.String, "why_code": pl.String, "lon": pl.Float64, "lat": pl.Float64,
}  # fmt: skip
CANDIDATES = {
    "area_code": pl.String, "list_code": pl.String, "value_text": pl.String, "rank": pl.Int64, "place_id": pl.String,
    "local_code": pl.String, "name": pl.String, "score": pl.Int64, "why_code": pl.String, "distance_m": pl.Float64,
}  # fmt: skip
_AT_ONCE = 1000  # texts compared with a whole register at a time
_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
Apart = set[tuple[str, str, str, str]]  # kind, area, spelling, local code: looked at, and not the same place


def known_texts(tables: dict[str, pl.DataFrame], aliases: Iterable[dict[str, Any]]) -> pl.DataFrame:
    """Every name of every registered place, one row each (TEXTS): its own, and its reviewed aliases. `tables` are the
    clean registers by name; a register that is not there knows no place."""
    parts = [pl.DataFrame(schema=TEXTS)]
    for kind, table in KINDS.items():
        rows = tables.get(table)
        if rows is None or rows.is_empty():
            continue
        name = pl.col("label_zh" if kind == "grid" else "name")
        place_id = pl.col(f"{kind}_id")
        spot = [pl.col(n) if n in rows.columns else pl.lit(None, pl.Float64).alias(n) for n in ("lon", "lat")]
        own = rows.select(
            pl.lit(kind).alias("list_code"), "area_code", place_id.alias("place_id"),
            place_id.str.slice(pl.col("area_code").str.len_chars() + 1).alias("local_code"),
            name.alias("name"), name.alias("text"), pl.lit("name").alias("why_code"), *spot,
        )  # fmt: skip
        parts.append(own.drop_nulls("name").select(pl.col(n).cast(kind) for n, kind in TEXTS.items()))
    own = pl.concat(parts).unique(["list_code", "place_id", "text"], maintain_order=True)
    said = [(a["kind"], a["area_code"], a["local_code"], a["alias"]) for a in aliases]
    alias = pl.DataFrame(said, schema=["list_code", "area_code", "local_code", "alias"], orient="row").cast(pl.String)
    by = ["list_code", "area_code", "local_code"]
    aliased = own.join(alias, on=by).with_columns(text=pl.col("alias"), why_code=pl.lit("alias"))
    return pl.concat([own, aliased.select(*TEXTS)])


def candidates(unknown: pl.DataFrame, known: pl.DataFrame, apart: Apart) -> pl.DataFrame:
    """The best few places (CANDIDATES) for each unknown text of a place: `unknown` has `area_code, list_code, value_text,
    lon, lat` and `other_kind` (`other_kinds`), null where the text names no place of another kind.

    A text that names a place of another kind has no candidates; one that says union service station only those that say
    so, too. What was looked at and found to be another place (`apart`) is not proposed again. The order does not depend
    on that of the input: by score, then distance, then id.
    """
    asked = unknown.filter(
        pl.col("list_code").is_in(list(KINDS)) & (pl.col("other_kind").is_null() | (pl.col("other_kind") == "union_station"))
    ).unique(["area_code", "list_code", "value_text"], keep="first", maintain_order=True)  # fmt: skip
    parts = [pl.DataFrame(schema=CANDIDATES)]
    for (area, kind), texts in asked.group_by("area_code", "list_code", maintain_order=True):
        there = known.filter((pl.col("area_code") == area) & (pl.col("list_code") == kind))
        if not there.is_empty():
            parts += [_best(part, there, apart) for part in texts.iter_slices(_AT_ONCE)]
    return pl.concat(parts).sort("area_code", "list_code", "value_text", "rank")


def other_kinds(unknown: pl.DataFrame, known: pl.DataFrame) -> pl.Series:
    """For each unknown text of a place the other kind of place that it names exactly, `union_station` where it says so,
    else null. The three kinds of 站 are kept apart."""
    named: dict[tuple[str, str], list[str]] = {}
    for kind, area, text in known.select("list_code", "area_code", "text").iter_rows():
        named.setdefault((area, normal(text)), []).append(kind)
    found = []
    for area, kind, text in unknown.select("area_code", "list_code", "value_text").iter_rows():
        others = [other for other in named.get((area, normal(text)), []) if other != kind] if kind in KINDS else []
        says_union = kind == "station" and matching().is_union_station(text)
        found.append(min(others) if others else "union_station" if says_union else None)
    return pl.Series("other_kind", found, dtype=pl.String)


def scores(texts: list[str], names: list[str]) -> np.ndarray:
    """How alike each text and each name are: one row per text, one column per name, 0 to 100.

    Without 暖心驿站 the first pair is equal (100); as they stand they share 2 · 2 of 2 + 6 characters (50): 0.75 · 100 + 0.25 · 50.

    >>> scores(["西门"], ["西门暖心驿站", "东门暖心驿站"]).tolist()
    [[88, 44]]
    """
    rules = matching()
    whole = [normal(text) for text in texts], [normal(name) for name in names]
    core = [rules.core(text) for text in texts], [rules.core(name) for name in names]
    by_core, by_whole = (process.cdist(*pair, scorer=fuzz.ratio, dtype=np.float64) for pair in (core, whole))
    return np.rint(rules.core_weight * by_core + (1 - rules.core_weight) * by_whole).astype(np.int64)


def apart_of(blocks: Iterable[dict[str, Any]]) -> Apart:
    """The pairs that `[[not_alias]]` blocks keep apart."""
    return {
        (block["kind"], block["area_code"], spelled(block["alias"]), code)
        for block in blocks
        for code in block["local_codes"]
    }


def _best(texts: pl.DataFrame, known: pl.DataFrame, apart: Apart) -> pl.DataFrame:
    """The best places for some texts of one kind and area."""
    rules = matching()
    found = scores(texts["value_text"].to_list(), known["text"].to_list())
    by_name = pl.DataFrame(
        [
            pl.Series(name, values)
            for name, values in zip(("t", "k"), np.nonzero(found >= rules.least_score), strict=True)
        ]
    ).with_columns(pl.col("t", "k").cast(pl.UInt32))
    by_name = by_name.with_columns(pl.Series("score", found[by_name["t"], by_name["k"]], dtype=pl.Int64))
    by_code = pl.DataFrame(list(_codes(texts, known)), schema=by_name.schema, orient="row")
    numbered = known.with_row_index("k").with_columns(pl.col("lon").alias("to_lon"), pl.col("lat").alias("to_lat"))
    pairs = pl.concat([by_name.with_columns(is_code=False), by_code.with_columns(is_code=True)])
    pairs = pairs.join(texts.with_row_index("t").select("t", "value_text", "lon", "lat", "other_kind"), on="t")
    pairs = pairs.join(numbered.drop("lon", "lat"), on="k")
    pairs = pairs.filter([not _is_barred(row, apart) for row in pairs.iter_rows(named=True)])
    away = metres(pl.col("lon"), pl.col("lat"), pl.col("to_lon"), pl.col("to_lat")).round(0)
    why = pl.when("is_code").then(pl.lit("code")).otherwise("why_code").alias("why_code")
    ordered = pairs.with_columns(away.alias("distance_m"), why).sort(
        ["value_text", "score", "distance_m", "place_id", "why_code"],
        descending=[False, True, False, False, True], nulls_last=True,
    )  # fmt: skip
    once = ordered.unique(["value_text", "place_id"], keep="first", maintain_order=True)
    ranked = once.with_columns((pl.int_range(pl.len()).over("value_text") + 1).alias("rank"))
    best = ranked.filter(pl.col("rank") <= rules.most_candidates)
    return best.select(pl.col(name).cast(kind) for name, kind in CANDIDATES.items())


def _codes(texts: pl.DataFrame, known: pl.DataFrame) -> Iterator[tuple[int, int, int]]:
    """Texts that are the code of a place but for leading zeros and separators: text, place, score."""
    codes: dict[str, list[int]] = {}
    for k, (place_id, local_code, why) in enumerate(known.select("place_id", "local_code", "why_code").iter_rows()):
        for code in {_bare(place_id), _bare(local_code)} if why == "name" else ():
            codes.setdefault(code, []).append(k)
    for t, text in enumerate(texts["value_text"]):
        bare = _bare(text)
        if any(sign.isdigit() for sign in bare):
            yield from ((t, k, int(matching().code_score)) for k in codes.get(bare, []))


def _bare(code: str) -> str:
    return _LEADING_ZEROS.sub("", normal(code))


def _is_barred(row: dict[str, Any], apart: Apart) -> bool:
    is_apart = (row["list_code"], row["area_code"], spelled(row["value_text"]), row["local_code"]) in apart
    return is_apart or (row["other_kind"] == "union_station" and not matching().is_union_station(row["name"]))
