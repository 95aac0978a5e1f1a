"""A station ledger in another datum than its contract says is found out by the building list, and goes back whole."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipeline.clean.fates import FATES, together
from pipeline.clean.geo.datums import wgs84_to_gcj02
from pipeline.clean.ledgers import Around, clean_ledgers
from pipeline.clean.places.known_places import Places
from pipeline.contracts import load_codebooks, load_sources
from pipeline.contracts.deliveries import RawFile
from pipeline.readers import TextTable
from pipeline.warehouse.dictionary import tables as dictionary

TRUE = pl.DataFrame({"lon": [116.450, 116.460, 116.470], "lat": [39.905, 39.910, 39.915]})
ON_THE_MAP = pl.DataFrame(dict(zip(("lon", "lat"), wgs84_to_gcj02(TRUE["lon"], TRUE["lat"]), strict=True)))


def received(name, headings, rows):
    """A file and its one table."""
    path = Path(name)
    file = RawFile(path, name, name, "QC", f"{len(name):064d}", 1, False)
    frame = pl.DataFrame(rows, schema={f"c{i}": pl.String for i in range(len(headings))}, orient="row")
    table = TextTable(
        path,
        "驿站台账",
        headings,
        frame.with_columns(source_row=pl.Series(range(2, 2 + len(rows)), dtype=pl.Int64)),
        family="ledger",
    )
    return file, table


def stations(points):
    rows = [
        (f"S{i}", f"{i}号驿站", "固定", f"B{i}", f"{lon:.6f}", f"{lat:.6f}", "8:00-20:00")
        for i, (lon, lat) in enumerate(points.iter_rows())
    ]
    return received(
        "驿站台账_2023-03-31.xlsx", ("驿站编号", "驿站名称", "驿站类别", "所在楼宇", "经度", "纬度", "开放时间"), rows
    )


def cleaned(points):
    buildings = received(
        "楼宇名录_2023-03-31.csv", ("楼宇编号", "楼宇名称", "经度", "纬度"),
        [(f"B{i}", f"{i}号楼", f"{lon:.6f}", f"{lat:.6f}") for i, (lon, lat) in enumerate(ON_THE_MAP.iter_rows())],
    )  # fmt: skip
    claims = {"buildings": buildings, "station_ledger": stations(points)}
    sources = load_sources()
    columns_of = {name: [column.name for column in table.columns] for name, table in dictionary().items()}
    return clean_ledgers(
        [sources[code] for code in claims],
        {code: [file] for code, (file, _) in claims.items()},
        lambda wanted: [table for file, table in claims.values() if file == wanted],
        Around(load_codebooks(), Places(), {}, b"key", columns_of, []),
    )


@pytest.mark.parametrize(("points", "reasons"), [(ON_THE_MAP, []), (TRUE, ["datum_contradicted"] * 3)])
def test_the_buildings_decide(points, reasons):
    result = cleaned(points)
    fates = together(result.fates, FATES)
    assert fates["reason_code"].to_list() == reasons
    assert result.tables["clean.buildings"].height == 3
    assert result.tables["clean.stations"].height == 3 - len(reasons)
    if not reasons:
        placed = result.tables["clean.stations"].sort("local_code").select("lon", "lat")
        assert placed.select(pl.all().round(5)).equals(TRUE)
