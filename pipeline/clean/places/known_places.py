"""Which station, building, grid cell or depot a text means: by code, by name, by reviewed alias — never by guess."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pipeline.contracts.codebook import normal

KINDS = {"station": "clean.stations", "building": "clean.buildings", "grid": "clean.grids", "depot": "clean.depots"}


@dataclass
class Places:
    """Known places of a study. `known[kind][(area, normalised text)]` is an id, or None where two places share a name;
    `codes[kind][(area, code or id)]` is the id of exactly that code; `refused[kind]` are the names and codes of register
    rows that were rejected: whoever names them has nothing to mend, the register has."""

    known: dict[str, dict[tuple[str, str], str | None]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    codes: dict[str, dict[tuple[str, str], str]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    refused: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: {kind: set() for kind in KINDS})

    def add(self, kind: str, rows: Iterable[tuple[str, str, str, str | None]]) -> None:
        """Register places of one kind: (area_code, local_code, id, name)."""
        table = self.known[kind]
        for area, code, place_id, name in rows:
            self.codes[kind] |= {(area, code): place_id, (area, place_id): place_id}
            for text in {code, place_id, name} - {None}:
                at = (area, normal(text))
                table[at] = place_id if table.get(at, place_id) == place_id else None

    def add_aliases(self, aliases: list[dict[str, Any]]) -> None:
        """Register reviewed aliases. An alias never overrules a code or a name of the register; it settles which place a
        name means that several share."""
        for alias in aliases:
            area, code = alias["area_code"], alias["local_code"]
            table, codes = self.known.get(alias["kind"], {}), self.codes.get(alias["kind"], {})
            target = codes.get((area, code)) or table.get((area, normal(code)))
            at = (area, normal(alias["alias"]))
            if target is not None and table.get(at) is None:
                table[at] = target

    def is_named(self, kind: str, area: str, values: pl.Series) -> pl.Series:
        """Whether a text is the name, or a reviewed alias, of a known place of this kind; codes do not count, which other
        kinds may use, too.

        >>> places = Places()
        >>> places.add("depot", [("A", "D1", "A-D1", "顺达 东里网点")])
        >>> places.is_named("depot", "A", pl.Series(["顺达东里网点", "D1", None])).to_list()
        [True, False, False]
        """
        table, codes = self.known[kind], self.codes[kind]
        distinct = values.drop_nulls().unique().to_list()
        named = [text for text in distinct if (area, normal(text)) in table and (area, text.strip()) not in codes]
        return values.is_in(named).fill_null(False)

    def is_refused(self, kind: str, area: str, values: pl.Series) -> pl.Series:
        """Whether a text names a place whose register row was rejected."""
        distinct = values.drop_nulls().unique().to_list()
        waiting = [text for text in distinct if (area, normal(text)) in self.refused[kind]]
        return values.is_in(waiting).fill_null(False)

    def resolve(self, kind: str, area: str, values: pl.Series) -> pl.Series:
        """Texts → ids of one kind in one area; null where nothing, or more than one thing, is meant.

        >>> places = Places()
        >>> places.add("station", [("A", "S1", "A-S1", "东门 驿站")])
        >>> places.resolve("station", "A", pl.Series(["东门驿站", "s1", "西门驿站"])).to_list()
        ['A-S1', 'A-S1', None]
        """
        table, codes = self.known[kind], self.codes[kind]
        distinct = values.drop_nulls().unique().to_list()
        ids = [codes.get((area, text.strip())) or table.get((area, normal(text))) for text in distinct]
        return values.replace_strict(distinct, ids, default=None, return_dtype=pl.String)


def kind_of(table: str) -> str | None:
    """The kind of place whose register a clean table is; None for any other table."""
    return next((kind for kind, name in KINDS.items() if name == table), None)


def register(places: Places, table: str, frame: pl.DataFrame) -> None:
    """Add the rows of a clean register table (stations, buildings, grids, depots) to the known places."""
    kind = kind_of(table)
    if kind is None or frame.is_empty():
        return
    name = "label_zh" if kind == "grid" else "name"
    area_length = pl.col("area_code").str.len_chars() + 1
    rows = frame.select(
        "area_code", pl.col(f"{kind}_id").str.slice(area_length).alias("code"), pl.col(f"{kind}_id"), pl.col(name)
    )
    places.add(kind, rows.unique(maintain_order=True).iter_rows())


def register_refused(places: Places, table: str, rows: pl.DataFrame) -> None:
    """Remember the codes and names of rejected rows of a register."""
    kind = kind_of(table)
    if kind is None:
        return
    for column in ("local_code", "name"):
        if column in rows.columns:
            known = rows.select("area_code", column).drop_nulls().iter_rows()
            places.refused[kind] |= {(area, normal(text)) for area, text in known}
