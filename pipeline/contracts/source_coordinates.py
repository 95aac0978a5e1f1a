"""What a source contract must say of coordinates: which datum, and which number is the longitude. Neither is guessed."""

from __future__ import annotations

from pipeline.contracts.source import Column, Source
from pipeline.contracts.toml import Reader

DATUMS = ("wgs84", "gcj02", "bd09", "cgcs2000")
ORDERS = ("lon_lat", "lat_lon")


def check_coordinates(reader: Reader, source: Source) -> None:
    """Note what is wrong with a source's coordinates. They come as two columns lon and lat or as one pair, and need a
    datum: without it they may be off by 500 m."""
    types = {column.name: column.type for column in source.columns}
    halves = [name for name in ("lon", "lat") if name in types]
    pairs = [name for name, kind in types.items() if kind == "coordinate_pair"]
    if (halves or pairs) and source.datum is None:
        reader.note("datum", "有经纬度但没有写坐标系", "coordinates need a datum", expected=" / ".join(DATUMS))
    if len(halves) == 1 or len(pairs) + bool(halves) > 1:
        reader.note("[[column]] lon / lat", "坐标应为 lon、lat 两列，或一个坐标对", "coordinates are two columns lon and lat, or one pair",
                    got=" ".join(halves + pairs), expected="lon lat / coordinate_pair")  # fmt: skip
    for name in halves:
        if types[name] not in ("coordinate", "number"):
            reader.note(f"[[column]] {name}", "坐标列的类型不对", "a coordinate column has another type",
                        got=types[name], expected="coordinate")  # fmt: skip


def check_column(reader: Reader, column: Column, where: str) -> None:
    """Note what is wrong with a coordinate pair, or with a column that takes itself for one."""
    is_pair = column.type == "coordinate_pair"
    if is_pair != (column.order is not None):
        reader.note(where, "坐标对要写先后次序 order（只有坐标对才写）", "a coordinate pair, and nothing else, needs its order",
                    expected='type = "coordinate_pair", order = "lon_lat" / "lat_lon"')  # fmt: skip
    if is_pair and (column.min, column.max) != (None, None):
        reader.note(where, "坐标对不能写 min、max", "a coordinate pair has no min or max")
