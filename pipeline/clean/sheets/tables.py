"""Typed rows of one source → the clean tables its contract names: renamed, unpivoted, with validity or hours."""

from __future__ import annotations

import polars as pl

from pipeline.clean.hours import occurrences, parse_hours
from pipeline.contracts import Source, Table

ORIGIN = ("source_file_id", "source_sheet", "source_row")
QUALIFIER = "qualifier of /"  # names the column that holds the qualifiers of a wide column


def build_tables(source: Source, rows: pl.DataFrame, columns_of: dict[str, list[str]]) -> dict[str, pl.DataFrame]:
    """The clean tables that the rows of a source feed, by name. `columns_of` gives each table's columns
    (warehouse/tables.sql, passed in because cleaning does not know the warehouse)."""
    return {table.name: _build(source, table, rows, columns_of[table.name]) for table in source.tables}


def _build(source: Source, table: Table, rows: pl.DataFrame, wanted: list[str]) -> pl.DataFrame:
    rows = _needed(table, _name(table, rows, wanted), wanted, source)
    if table.latest_only and source.key:
        key = ["area_code", *source.key]
        rows = rows.sort("as_of", maintain_order=True).unique(key, keep="last", maintain_order=True)
    if table.validity:  # before blanks go: a station stands in a ledger also where it says nothing of its hours
        rows = _validity(rows)
    if table.unpivot or table.explode:
        rows = _codes(table, rows)
    elif table.hours:
        rows = _hours(table, rows)
        rows = _in_season(rows) if table.validity else rows
    if table.required:
        rows = rows.drop_nulls(list(table.required))
    return rows.select([name for name in wanted if name in rows.columns])


def _name(table: Table, rows: pl.DataFrame, wanted: list[str]) -> pl.DataFrame:
    """Clean column names. An id made from a local code is prefixed with the area, and so is unique everywhere; a
    register's own id (its first column) is made from `local_code` without being asked."""
    naming = dict(table.columns)
    if wanted[0].endswith("_id") and wanted[0] not in naming and wanted[0] not in rows.columns:
        naming[wanted[0]] = "local_code"
    made = [
        (pl.concat_str("area_code", canonical, separator="-") if clean.endswith("_id") and canonical == "local_code"
         else pl.col(canonical)).alias(clean)
        for clean, canonical in naming.items()
        if canonical in rows.columns
    ]  # fmt: skip
    return rows.with_columns(made + [pl.lit(value).alias(name) for name, value in table.set.items()])


def _needed(table: Table, rows: pl.DataFrame, wanted: list[str], source: Source) -> pl.DataFrame:
    """Only what this table is made from: one wide row may become a hundred long ones, and should not drag the rest along."""
    group = f"{table.unpivot['heading_group']}/" if table.unpivot else None
    made_from = {
        *wanted,
        *table.required,
        *source.key,
        *ORIGIN,
        table.hours,
        table.listed,
        "as_of",
        "area_code",
        "access_mode_code",
    }
    return rows.select(
        name for name in rows.columns if name in made_from or (group and name.removeprefix(QUALIFIER).startswith(group))
    )


def _codes(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """One row per code, from columns to tick, from a list, or from both: what is ticked or listed is said, a code that
    is in the list only makes its row, one that is not in it is not denied."""
    ticked = _unpivot(table, rows) if table.unpivot else None
    listed = _explode(table, rows) if table.explode else None
    if ticked is None or listed is None or listed.is_empty():
        return listed if ticked is None else ticked
    both = pl.concat([ticked, listed], how="diagonal_relaxed")
    into, value = table.explode["into"], table.explode.get("value", table.unpivot["value"])
    said_first = both.sort(pl.col(value).is_null(), maintain_order=True) if value in both.columns else both
    return said_first.unique([*ORIGIN, into], keep="first", maintain_order=True) if into in both.columns else both


def _explode(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """A column of lists → one row per code named. A blank and an empty list make none."""
    spec = table.explode or {}
    keep = [name for name in rows.columns if "/" not in name and not isinstance(rows.schema[name], pl.List)]
    if spec["column"] not in rows.columns:
        return rows.select(keep).clear()
    item = pl.col("_item").struct
    said = [item.field("code").alias(spec["into"])]
    said += [pl.lit(spec["set"]).alias(spec["value"])] if "value" in spec else []
    said += [item.field("n").cast(pl.Int64).alias(spec["n"])] if "n" in spec else []
    long = rows.select(*keep, pl.col(spec["column"]).alias("_item")).explode("_item")
    return long.with_columns(said).filter(pl.col(spec["into"]).is_not_null()).drop("_item")


def _unpivot(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Wide columns of a group → one row per code.

    A blank means "not said": it stays as null where the table keeps states over time (not said is not no), and makes
    no row where each row is an observation (nothing was checked, nothing was counted).
    """
    spec = table.unpivot or {}
    wide = [name for name in rows.columns if name.startswith(f"{spec['heading_group']}/")]
    codes = {name: name.split("/", 1)[1] for name in wide}
    keep = [name for name in rows.columns if "/" not in name and not isinstance(rows.schema[name], pl.List)]
    parts = []
    for name, code in codes.items():
        said = [pl.lit(code).alias(spec["into"]), pl.col(name).alias(spec["value"])]
        if "qualifier" in spec:
            said.append(pl.col(f"{QUALIFIER}{name}").alias(spec["qualifier"]))
        parts.append(rows.select(*keep, *said))
    long = pl.concat(parts) if parts else rows.select(*keep).clear()
    return long if table.validity or not parts else long.drop_nulls(spec["value"])


def _hours(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Opening-hours text → one row per weekday, interval and season (`from_day`, `to_day`; null: all year); a blank text gives
    no row. How one enters is what the text says, else what the ledger's own column says, else staffed."""
    text, mode = str(table.hours), "access_mode_code"
    if text not in rows.columns:  # an optional column that this ledger does not have
        return rows.clear()
    column = pl.col(mode).fill_null("staffed") if mode in rows.columns else pl.lit("staffed")
    there = rows.drop_nulls(text).with_columns(column.alias("_otherwise")).drop(mode, strict=False)
    parsed = [
        (said, otherwise, part.weekday, part.opens, part.closes, part.access_mode, part.from_day, part.to_day)
        for said, otherwise in there.select(text, "_otherwise").unique(maintain_order=True).iter_rows()
        for part in parse_hours(said, otherwise) or []
    ]
    names = {text: pl.String, "_otherwise": pl.String, "weekday": pl.Int64, "opens_minute": pl.Int64,
             "closes_minute": pl.Int64, mode: pl.String, "from_day": pl.String, "to_day": pl.String}  # fmt: skip
    return there.join(pl.DataFrame(parsed, schema=names, orient="row"), on=[text, "_otherwise"], maintain_order="left")


def _validity(rows: pl.DataFrame) -> pl.DataFrame:
    """`valid_from` is the ledger's date; `valid_to` the day before the next ledger *in which the station stands*:
    a station missing from a ledger is not seen, not closed. Needs `station_id` and `as_of` of every row of the register;
    a row that was refused is not there, and so ends nothing: what the station said before stays.

    >>> from datetime import date
    >>> march, may = date(2023, 3, 31), date(2023, 5, 31)
    >>> rows = pl.DataFrame({"station_id": ["QC-S1", "QC-S2", "QC-S1"], "as_of": [march, march, may]})
    >>> [str(day) for day in _validity(rows)["valid_to"]]
    ['2023-05-30', 'None', 'None']
    """
    seen = rows.select("station_id", pl.col("as_of").alias("valid_from")).unique().sort("station_id", "valid_from")
    ends = seen.with_columns(pl.col("valid_from").shift(-1).over("station_id").dt.offset_by("-1d").alias("valid_to"))
    return rows.with_columns(pl.col("as_of").alias("valid_from")).join(
        ends, on=["station_id", "valid_from"], maintain_order="left"
    )


def _in_season(rows: pl.DataFrame) -> pl.DataFrame:
    """Hours of a season → one row per time the season comes round while the ledger is valid, cut to that validity. Outside the
    seasons its text names, a station has no row: its hours are not known then."""
    if "from_day" not in rows.columns:  # a ledger that says nothing of hours
        return rows
    key = ["from_day", "to_day", "valid_from", "valid_to"]
    laid = [
        (*span, *days)
        for span in rows.drop_nulls("from_day").select(key).unique(maintain_order=True).iter_rows()
        for days in occurrences(span[0], span[1], since=span[2], until=span[3])
    ]
    names = dict(zip((*key, "_from", "_to"), (pl.String, pl.String, *[pl.Date] * 4), strict=True))
    seasons = pl.DataFrame(laid, schema=names, orient="row")
    found = rows.join(seasons, on=key, how="left", nulls_equal=True, maintain_order="left_right")
    found = found.filter(pl.col("from_day").is_null() | pl.col("_from").is_not_null())
    return found.with_columns(
        pl.coalesce("_from", "valid_from").alias("valid_from"), pl.coalesce("_to", "valid_to").alias("valid_to")
    ).drop("_from", "_to")
