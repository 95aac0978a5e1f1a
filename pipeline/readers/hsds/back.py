"""Tables of the standard → our columns: fields, terms and facts put together again, typed as in the warehouse."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipeline.contracts import hsds
from pipeline.errors import CONTRACT, fail
from pipeline.readers.hsds.tables import invalid

Tables = Mapping[str, pl.DataFrame]
TYPES = {"string": pl.String, "integer": pl.Int32, "number": pl.Float64, "boolean": pl.Boolean}
ANSWERS = {"no": False, "not_said": None}


def required(table: str) -> list[str]:
    """Columns of one of our tables that are never empty."""
    return [column.name for column in hsds.kept(table) if column.required]


def stations(tables: Tables) -> pl.DataFrame:
    """Locations as stations, ordered by station_id."""
    frame = _places(tables).join(_address(tables), on="id", how="left")
    frame = _with_marks(tables, frame, table="stations", entity="location")
    return _typed(frame, "stations").sort("station_id")


def services(tables: Tables) -> pl.DataFrame:
    """What each station says of each service: offered where there is a service at the location, else as declared."""
    places = _places(tables).rename({"id": "location_id"})
    frame = pl.concat([_offered(tables), _declared(tables)], how="vertical")
    frame = frame.join(places, on="location_id", how="left", maintain_order="left")
    frame = _with_marks(tables, frame, table="station_services", entity=None)
    own = stations(tables).select("station_id", pl.exclude("station_id").name.prefix("_"))
    typed = _typed(frame, "station_services").join(own, on="station_id", how="left")
    for column in hsds.kept("station_services"):
        if column.otherwise:
            typed = typed.with_columns(pl.col(column.name).fill_null(pl.col(f"_{column.otherwise}")))
    return typed.select(c.name for c in hsds.kept("station_services")).sort("station_id", "service_code", "valid_from")


def hours(tables: Tables) -> pl.DataFrame:
    """Weekly schedules of locations as one row per weekday and interval."""
    days = hsds.facts()["weekdays"]
    places = _places(tables).rename({"id": "location_id"})
    frame = tables["schedule"].filter((pl.col("freq") == "WEEKLY") & pl.col("location_id").is_not_null())
    frame = frame.with_columns(
        pl.col("byday").str.split(",").alias("weekday"),
        _minute("opens_at").alias("opens_minute"),
        _minute("closes_at").alias("closes_minute"),
    ).explode("weekday")
    frame = frame.with_columns(
        pl.col("weekday").replace_strict(days, [str(n) for n in range(1, 8)], default=None, return_dtype=pl.String)
    )
    frame = frame.join(places, on="location_id", how="left", maintain_order="left")
    frame = _with_marks(tables, frame, table="station_hours", entity="schedule")
    order = ("station_id", "weekday", "opens_minute", "closes_minute", "access_mode_code", "valid_from")
    return _typed(frame, "station_hours").sort(*order)


def _minute(name: str) -> pl.Expr:
    """A time as minutes after midnight; the last second of the day is its end."""
    time = pl.col(name)
    minutes = time.str.slice(0, 2).cast(pl.Int32) * 60 + time.str.slice(3, 2).cast(pl.Int32)
    is_end = time.str.starts_with(hsds.facts()["end_of_day"])
    return pl.when(is_end).then(24 * 60).otherwise(minutes).cast(pl.String)


def _places(tables: Tables) -> pl.DataFrame:
    """id of each location with station_id, area_code, name, lon and lat as text."""
    areas = tables["organization_identifier"].filter(pl.col("identifier_type") == hsds.facts()["area_identifier_type"])
    areas = areas.select("organization_id", pl.col("identifier").alias("area_code"))
    here = tables["location"].filter(pl.col("external_identifier_type") == hsds.facts()["identifier_type"])
    fields = [pl.col(c.at.split(".")[1]).alias(c.name) for c in hsds.kept("stations") if c.at.startswith("location.")]
    return here.select("id", "organization_id", *fields).join(
        areas, on="organization_id", how="left", maintain_order="left"
    )


def _address(tables: Tables) -> pl.DataFrame:
    first = tables["address"].unique("location_id", keep="first", maintain_order=True)
    return first.select(pl.col("location_id").alias("id"), pl.col("address_1").alias("address"))


def _offered(tables: Tables) -> pl.DataFrame:
    """Services at locations: id, location_id, service_code, is_offered."""
    said = _marks(tables).filter((pl.col("list_code") == "services") & (pl.col("link_entity") == "service"))
    codes = said.select(pl.col("link_id").alias("service_id"), pl.col("code").alias("service_code"))
    there = tables["service_at_location"].join(codes, on="service_id", how="left", maintain_order="left")
    return there.select("id", "location_id", "service_code", pl.lit(True).alias("is_offered"))


def _declared(tables: Tables) -> pl.DataFrame:
    """Services that a location declares not to offer, or does not speak of, in the same columns."""
    said = _marks(tables).filter((pl.col("list_code") == "declarations") & (pl.col("link_entity") == "location"))
    answer = pl.col("code").replace_strict(list(ANSWERS), list(ANSWERS.values()), default=None, return_dtype=pl.Boolean)
    return said.select(
        "id", pl.col("link_id").alias("location_id"), pl.col("value").alias("service_code"), answer.alias("is_offered")
    )


def _marks(tables: Tables) -> pl.DataFrame:
    """Attributes with list and code of their term."""
    parts = pl.col("code").str.splitn(":", 2)
    terms = tables["taxonomy_term"].select(
        pl.col("id").alias("taxonomy_term_id"),
        parts.struct.field("field_0").alias("list_code"),
        parts.struct.field("field_1").alias("code"),
    )
    return tables["attribute"].join(terms, on="taxonomy_term_id", how="left", maintain_order="left")


def _with_marks(tables: Tables, frame: pl.DataFrame, *, table: str, entity: str | None) -> pl.DataFrame:
    """The frame with the columns of ours that attributes hold, joined on its `id`; of any entity where none is named."""
    found = _marks(tables)
    found = found if entity is None else found.filter(pl.col("link_entity") == entity)
    for column in hsds.kept(table):
        if column.at or column.name in frame.columns:
            continue
        is_fact = (pl.col("list_code") == "facts") & (pl.col("code") == column.name)
        own = found.filter(is_fact if column.is_fact else pl.col("list_code") == column.list_code)
        value = pl.col("value" if column.is_fact else "code").alias(column.name)
        said = own.select(pl.col("link_id").alias("id"), value).unique("id", keep="first", maintain_order=True)
        frame = frame.join(said, on="id", how="left", maintain_order="left")
    return frame


def _typed(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Our columns in order, as the types of the warehouse. Exit 11 naming every column with a value of another kind."""
    columns = hsds.kept(table)
    typed = frame.select(_value(column).alias(column.name) for column in columns)
    wrong = [
        invalid(
            f"clean.{table}.{column.name}",
            "取值的类型不对",
            "values of another kind",
            got=f"× {n}",
            expected=column.type,
        )
        for column in columns
        if (n := typed[column.name].null_count() - frame[column.name].null_count())
    ]
    if wrong:
        fail(CONTRACT, *wrong)
    return typed


def _value(column: hsds.Kept) -> pl.Expr:
    cell = pl.col(column.name)
    if column.type == "date":
        return cell.str.to_date("%Y-%m-%d", strict=False)
    if column.type == "boolean" and column.is_fact:
        return cell.replace_strict(["true", "false"], [True, False], default=None, return_dtype=pl.Boolean)
    return cell.cast(TYPES[column.type], strict=False)
