"""Which spelling means which station or code: small tables that the SQL joins, made from what the files really say."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipeline.clean.places.known_places import Places, register
from pipeline.contracts import Codebook, Source

CODED = {"event_kind": "event_kinds", "service": "services", "user_group": "user_groups", "outcome": "outcomes"}
_STATIONS = {"area_code": pl.String, "spelling": pl.String, "station_id": pl.String}
_CODES = {
    "source_code": pl.String, "column_name": pl.String, "spelling": pl.String, "code": pl.String, "is_missing": pl.Boolean,
}  # fmt: skip


def known_stations(stations: pl.DataFrame, aliases: list[dict[str, Any]], depots: pl.DataFrame | None = None) -> Places:
    """The register of stations, and that of depots to tell them apart, with their reviewed aliases. `stations` needs
    station_id, area_code, name; a column local_code is used where there is one; `depots` depot_id, area_code, name."""
    places = Places()
    register(places, "clean.stations", stations)
    if depots is not None:
        register(places, "clean.depots", depots)
    if "local_code" in stations.columns:
        places.add("station", stations.select("area_code", "local_code", "station_id", "name").iter_rows())
    places.add_aliases(aliases)
    return places


def openings(stations: pl.DataFrame) -> pl.DataFrame:
    """Since when each station is open: `station_id, opened_at`; stations without a date are left out."""
    schema = {"station_id": pl.String, "opened_at": pl.Datetime("us")}
    if stations.is_empty() or "opened_on" not in stations.columns:
        return pl.DataFrame(schema=schema)
    return stations.select("station_id", pl.col("opened_on").cast(pl.Datetime("us")).alias("opened_at")).drop_nulls()


def station_spellings(texts: pl.DataFrame, places: Places) -> pl.DataFrame:
    """For texts found in the files (`area_code, spelling`) the station meant; texts that mean none are left out."""
    parts = [pl.DataFrame(schema=_STATIONS)]
    for (area,), part in texts.drop_nulls().unique().group_by("area_code"):
        ids = places.resolve("station", area, part["spelling"])
        parts.append(part.select("area_code", "spelling", ids.alias("station_id")).drop_nulls())
    return pl.concat(parts)


def depot_spellings(texts: pl.DataFrame, places: Places) -> pl.DataFrame:
    """The texts (`area_code, spelling`) that name a depot."""
    parts = [pl.DataFrame(schema={"area_code": pl.String, "spelling": pl.String})]
    for (area,), part in texts.drop_nulls().unique().group_by("area_code"):
        parts.append(part.filter(places.is_named("depot", str(area), part["spelling"])).select("area_code", "spelling"))
    return pl.concat(parts)


def code_spellings(texts: pl.DataFrame, sources: dict[str, Source], codebooks: dict[str, Codebook]) -> pl.DataFrame:
    """For texts found in the files (`source_code, column_name, spelling`) the code meant, or that it means "not said"."""
    rows = []
    for source_code, name, text in texts.drop_nulls().unique().iter_rows():
        book = codebooks[book_of(sources[source_code], name)]
        code = book.lookup(text)
        missing = code is None and book.is_missing(text)
        if code is not None or missing:
            rows.append((source_code, name, text, code, missing))
    return pl.DataFrame(rows, schema=_CODES, orient="row")


def book_of(source: Source, name: str) -> str:
    """The codebook of a coded column of a log."""
    column = next((column for column in source.columns if column.name == name), None)
    return (column.codebook if column else None) or CODED[name]
