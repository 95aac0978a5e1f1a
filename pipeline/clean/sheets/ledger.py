"""One sheet of a ledger or programme file → typed rows, with a fate for every row that is not clean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from pipeline.clean.fates import FATES, fates_of, first_fates, notice, together
from pipeline.clean.geo.cells import n_coarse
from pipeline.clean.places.heard import HEARD, heard
from pipeline.clean.sheets.columns import Matched
from pipeline.clean.sheets.contradictions import contradictions
from pipeline.clean.sheets.tables import ORIGIN, QUALIFIER
from pipeline.clean.sheets.typing import Setting, Typed, type_column
from pipeline.contracts import Column, Source
from pipeline.contracts.deliveries import RawFile
from pipeline.contracts.returned import Origin
from pipeline.errors import Problem
from pipeline.privacy import pseudonym
from pipeline.readers import TextTable

_UNIT_NOTES = ("填报单位", "报送单位", "上报单位")


@dataclass(frozen=True)
class Home:
    """The table of a received file that rows belong to, wherever they stand now."""

    path: str
    sheet: str
    sha12: str


@dataclass(frozen=True)
class Sheet:
    """A typed sheet. `rows` one row per raw row that is not rejected: canonical columns, wide columns as
    `group/code`, `area_code`, `source_code`, `as_of`, the origin triple and `_raw` (a hash of what the row says: of the columns
    that some table shows, so that a new running number makes no new row); `refused` the rejected rows in the same shape.
    `notices` count values emptied where the contract says `on_unknown = "null"`; `unknown` are the texts that no list and no
    register knows (heard.HEARD). `origins` say for the rows of a return workbook which rows of `home` they stand
    for."""

    file: RawFile
    table: TextTable
    matched: Matched
    as_of: date | None
    home: Home
    rows: pl.DataFrame
    refused: pl.DataFrame
    fates: pl.DataFrame
    notices: list[pl.DataFrame]
    problems: list[Problem]
    unknown: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=HEARD))
    origins: dict[int, Origin] = field(default_factory=dict)

    def without(self, superseded: Iterable[int]) -> Sheet:
        """The sheet without rows that repairs replace."""
        gone = pl.col("source_row").is_in(list(superseded))
        return replace(
            self, rows=self.rows.filter(~gone), refused=self.refused.filter(~gone), fates=self.fates.filter(~gone),
            unknown=self.unknown.filter(~gone),
        )  # fmt: skip


@dataclass(frozen=True)
class _Judge:
    """Collects the faults of one sheet, column by column."""

    file: RawFile
    sheet: str
    rows: pl.Series
    fates: list[pl.DataFrame] = field(default_factory=list)
    notices: list[pl.DataFrame] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unknown: list[pl.DataFrame] = field(default_factory=list)

    def hear(self, column: Column, heading: str, typed: Typed, text: pl.Series) -> None:
        """Note what a typed column refuses: a missing value always rejects the row; any other fault rejects it,
        empties the value or stops the run, as the contract says."""
        bad = pl.DataFrame({"source_row": self.rows, "reason_code": typed.reason}).drop_nulls()
        if not bad.is_empty() or typed.unlisted is not None:
            self.unknown.append(heard(self.rows, column, heading, typed, text))
        if column.on_unknown == "stop" and not bad.is_empty():
            self.problems.append(_stop(self.file, self.sheet, heading, bad, column))
        if column.on_unknown == "null":
            emptied = bad.filter(pl.col("reason_code") != "missing_value")
            bad = bad.filter(pl.col("reason_code") == "missing_value")
            for reason, n in emptied.group_by("reason_code").len().sort("reason_code").iter_rows():
                self.notices.append(notice(self.file.file_id, self.sheet, reason, heading, n))
        for reason, n in typed.noted.items():
            self.notices.append(notice(self.file.file_id, self.sheet, reason, heading, n))
        self.fates.append(fates_of(bad, file_id=self.file.file_id, sheet=self.sheet, fate="rejected", column=heading))


def type_sheet(
    source: Source,
    table: TextTable,
    file: RawFile,
    matched: Matched,
    setting: Setting,
    *,
    as_of: date | None,
    key: bytes,
) -> Sheet:
    """Type every column of a matched sheet; rows with a fault are rejected, with all their faults."""
    protected = _protect(table.frame, matched, key, source)
    judge = _Judge(file, table.sheet, protected["source_row"])
    columns = _type_columns(protected, matched, setting, judge) + _type_wide(source, protected, matched, setting, judge)
    _say_coarse(protected, matched, judge)
    frame = protected.select(
        pl.lit(file.area_code).alias("area_code"),
        pl.lit(source.code).alias("source_code"),
        pl.lit(as_of, dtype=pl.Date).alias("as_of"),
        pl.lit(file.file_id).alias("source_file_id"),
        pl.lit(table.sheet).alias("source_sheet"),
        pl.col("source_row").cast(pl.Int64),
        _raw(protected, matched).alias("_raw"),
        pl.lit(reporting_unit(table.notes), dtype=pl.String).alias("reporting_unit"),
    ).with_columns(columns)
    against = contradictions(source, frame, {name: heading for name, (_, _, heading) in matched.columns.items()})
    judge.fates.append(fates_of(against, file_id=file.file_id, sheet=table.sheet, fate="rejected"))
    fates = together(judge.fates, FATES)
    rejected = fates.select("source_row").unique()
    return Sheet(
        file=file, table=table, matched=matched, as_of=as_of, home=Home(file.shown, table.sheet, file.sha256[:12]),
        rows=frame.join(rejected, on="source_row", how="anti", maintain_order="left"),
        refused=frame.join(rejected, on="source_row", how="semi", maintain_order="left"),
        fates=fates, notices=judge.notices, problems=judge.problems, unknown=together(judge.unknown, HEARD),
    )  # fmt: skip


def _type_columns(protected: pl.DataFrame, matched: Matched, setting: Setting, judge: _Judge) -> list[pl.Series]:
    columns = []
    for column, physical, heading in matched.columns.values():
        if column.personal == "drop":
            continue
        typed = type_column(column, protected[physical], setting)
        columns += typed.values.struct.unnest().get_columns() if column.type == "coordinate_pair" else [typed.values]
        if typed.qualifier is not None and column.qualifier:
            columns.append(typed.qualifier.alias(column.qualifier))
        judge.hear(column, heading, typed, protected[physical])
    return columns


def _say_coarse(protected: pl.DataFrame, matched: Matched, judge: _Judge) -> None:
    """Note where coordinates, as received, have too few decimals to be a place."""
    found = {
        heading: protected[physical]
        for column, physical, heading in matched.columns.values()
        if column.name in ("lon", "lat") or column.type == "coordinate_pair"
    }
    n = n_coarse(list(found.values())) if found else 0
    if n:
        judge.notices.append(notice(judge.file.file_id, judge.sheet, "coordinates_coarse", "、".join(found), n))


def _type_wide(
    source: Source, protected: pl.DataFrame, matched: Matched, setting: Setting, judge: _Judge
) -> list[pl.Series]:
    specs = {table.unpivot["heading_group"]: table.unpivot for table in source.tables if table.unpivot}
    columns = []
    for group, wide in matched.wide.items():
        spec = specs[group]
        for item in wide:
            column = Column(
                f"{group}/{item.code}", (item.heading, *item.labels), spec.get("type", "tick"), spec.get("value_codebook"),
                qualifier=spec.get("qualifier"), unit=item.unit, heading_unit=item.heading_unit,
            )  # fmt: skip
            typed = type_column(column, protected[item.physical], setting)
            columns.append(typed.values)
            if typed.qualifier is not None and "qualifier" in spec:
                columns.append(typed.qualifier.alias(f"{QUALIFIER}{column.name}"))
            judge.hear(column, item.heading, typed, protected[item.physical])
    return columns


def reporting_unit(notes: dict[str, str]) -> str | None:
    """The unit that filled a table in, from the notes around it."""
    return next((notes[name] for name in _UNIT_NOTES if notes.get(name)), None)


def drop_repeats(rows: pl.DataFrame, source: Source) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of all deliveries of a source without repeats, and the fates of those taken out.

    Within one area and date: a row that equals an earlier one is a duplicate; one with the same key and other content
    is rejected, since nobody but the keeper can say which is right. The first row (by file, sheet, row) is kept.
    """
    by = ["area_code", "as_of", *(source.key or ("_raw",))]
    ordered = rows.sort("as_of", "source_file_id", "source_sheet", "source_row", maintain_order=True)
    kept_row = pl.concat_str(*(pl.col(name).cast(pl.String).first().over(by) for name in ORIGIN), separator=":")
    marked = ordered.with_columns(
        pl.int_range(pl.len()).over(by).alias("_nth"),
        pl.col("_raw").first().over(by).alias("_first"),
        kept_row.alias("kept_row"),
    )
    again = marked.filter(pl.col("_nth") > 0).with_columns(
        pl.when(pl.col("_raw") == pl.col("_first")).then(pl.lit("duplicate")).otherwise(pl.lit("rejected")).alias("fate"),
        pl.when(pl.col("_raw") == pl.col("_first")).then(pl.lit("duplicate_row")).otherwise(pl.lit("conflicting_key"))
        .alias("reason_code"),
        pl.lit(_key_headings(source), dtype=pl.String).alias("column_name"),
    )  # fmt: skip
    fates = again.select(*(pl.col(name).cast(kind) for name, kind in FATES.items()))
    return marked.filter(pl.col("_nth") == 0).drop("_nth", "_first", "kept_row"), first_fates(fates)


def _raw(protected: pl.DataFrame, matched: Matched) -> pl.Expr:
    """What a row says, by canonical names: columns in another order, or empty ones left out, make no other row."""
    named = [(name, physical) for name, (_, physical, _) in matched.columns.items()]
    named += [(f"{group}/{item.code}", item.physical) for group, wide in matched.wide.items() for item in wide]
    shown = [pair for pair in sorted(named) if pair[1] in matched.shown and pair[1] in protected.columns]
    said = [pl.lit(f"{name}\x1e") + pl.col(physical) for name, physical in shown]
    return pl.concat_str(said, separator="\x1f", ignore_nulls=True).hash(seed=7)


def _key_headings(source: Source) -> str | None:
    """The key as people head it in their files."""
    headings = {column.name: column.headings[0] for column in source.columns}
    return "、".join(headings[name] for name in source.key) or None


def _protect(frame: pl.DataFrame, matched: Matched, key: bytes, source: Source) -> pl.DataFrame:
    """The frame without anything personal: only columns the contract reads, personal ones dropped or replaced."""
    keep = {item.physical for group in matched.wide.values() for item in group}
    replaced = []
    for column, physical, _ in matched.columns.values():
        if column.personal == "drop":
            continue
        keep.add(physical)
        if column.personal == "pseudonym":
            replaced.append(pseudonym(frame[physical], key, source.code))
    return frame.select("source_row", *(name for name in frame.columns if name in keep)).with_columns(replaced)


def _stop(file: RawFile, sheet: str, heading: str, bad: pl.DataFrame, column: Column) -> Problem:
    where = f"{file.shown}" + (f" [{sheet}]" if sheet else "")
    rows = "、".join(str(row) for row in bad["source_row"].head(10).to_list()) + (" …" if bad.height > 10 else "")
    return Problem(
        "closed_code_unknown", f"{where}「{heading}」", "取值不在封闭的代码表中", "values outside a closed code list",
        got=f"{bad.height} 行 / rows: {rows}", expected=column.codebook or column.type,
        do_zh="请修改这些行，或在代码表中登记新的写法", do_en="mend these rows, or add the spelling to the codebook",
    )  # fmt: skip
