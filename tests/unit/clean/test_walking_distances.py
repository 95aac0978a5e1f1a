"""A table of walking distances: pairs of building and station, each row kept or refused with its reason."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipeline.clean.fates import FATES, together
from pipeline.clean.ledgers import Around, Cleaned, clean_ledgers
from pipeline.clean.places.known_places import Places
from pipeline.contracts import load_codebooks, load_sources
from pipeline.contracts.deliveries import RawFile, files_by_source
from pipeline.readers import TextTable
from pipeline.warehouse.dictionary import tables as dictionary

NAME = "楼宇/步行距离_2023-03-31.csv"
FILE = RawFile(Path("步行距离_2023-03-31.csv"), NAME, NAME, "QC", "0" * 64, 1, False)
SOURCE = load_sources()["walking_distances"]


def cleaned(*rows: tuple[str | None, str | None, str | None]) -> Cleaned:
    """Rows of building, station and metres, as read from one file."""
    frame = pl.DataFrame(rows, schema={"c0": pl.String, "c1": pl.String, "c2": pl.String}, orient="row")
    frame = frame.with_columns(source_row=pl.int_range(2, len(rows) + 2, dtype=pl.Int64))
    table = TextTable(FILE.path, "", ("楼宇编号", "驿站编号", "步行距离（米）"), frame, family="table")
    places = Places()
    places.add("building", [("QC", "B1", "QC-B1", "一号楼"), ("QC", "B2", "QC-B2", "二号楼")])
    places.add("station", [("QC", "S1", "QC-S1", "东门驿站"), ("QC", "S2", "QC-S2", "西门驿站")])
    columns_of = {name: [column.name for column in known.columns] for name, known in dictionary().items()}
    around = Around(load_codebooks(), places, {}, b"key", columns_of, [])
    return clean_ledgers([SOURCE], {SOURCE.code: [FILE]}, lambda _: [table], around)


def kept(result: Cleaned) -> list[tuple]:
    return result.tables["clean.walking_distances"].select("area_code", "building_id", "station_id", "walking_m").rows()


def fates(result: Cleaned) -> list[tuple]:
    told = together(result.fates, FATES).select("source_row", "fate", "column_name", "reason_code")
    return told.sort("source_row").rows()


def test_the_folder_of_buildings_is_where_it_is_looked_for():
    claimed = {code for code, files in files_by_source([FILE], load_sources()).items() if files}
    assert claimed == {"walking_distances"}


def test_pairs_by_code_and_by_name_are_kept_with_their_metres():
    result = cleaned(("B1", "S1", "350"), ("二号楼", "东门驿站", "0"), ("B2", "S2", "1,250.5米"))
    assert kept(result) == [
        ("QC", "QC-B1", "QC-S1", 350.0),
        ("QC", "QC-B2", "QC-S1", 0.0),
        ("QC", "QC-B2", "QC-S2", 1250.5),
    ]
    assert fates(result) == []


def test_each_row_that_cannot_be_used_says_why():
    result = cleaned(
        ("B1", "S1", "350"),
        ("B9", "S1", "350"),
        ("B1", "S9", "350"),
        ("B2", "S1", "-5"),
        ("B2", "S1", "20001"),
        ("B2", "S1", "不远"),
        ("B2", "S1", None),
        ("B1", "S1", "350"),
    )
    assert kept(result) == [("QC", "QC-B1", "QC-S1", 350.0)]
    assert fates(result) == [
        (3, "rejected", "楼宇编号", "unknown_place"),
        (4, "rejected", "驿站编号", "unknown_station"),
        (5, "rejected", "步行距离（米）", "out_of_range"),
        (6, "rejected", "步行距离（米）", "out_of_range"),
        (7, "rejected", "步行距离（米）", "bad_number"),
        (8, "rejected", "步行距离（米）", "missing_value"),
        (9, "duplicate", "楼宇编号、驿站编号", "duplicate_row"),
    ]


def test_two_distances_of_one_pair_are_not_both_kept():
    result = cleaned(("B1", "S1", "350"), ("B1", "东门驿站", "420"))
    assert kept(result) == [("QC", "QC-B1", "QC-S1", 350.0)]
    assert fates(result) == [(3, "rejected", "楼宇编号、驿站编号", "conflicting_key")]
