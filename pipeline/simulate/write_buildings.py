"""Building list as a GBK export of the building platform, and courier presence by building and hour of week."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import polars as pl

from pipeline.clean.geo.datums import wgs84_to_gcj02
from pipeline.simulate.defects import Record
from pipeline.simulate.geography import grid_code, grid_label, polygon
from pipeline.simulate.mess import people_text
from pipeline.simulate.names import persons, phones
from pipeline.simulate.outlines import building_outlines
from pipeline.simulate.world import World


def write_buildings(world: World, record: Record, rng: np.random.Generator) -> None:
    """The two files on buildings."""
    _write_list(world, record, rng)
    _write_presence(world, record)


def csv_bytes(rows: list[list[Any]], encoding: str) -> bytes:
    """Rows as a text file with Windows line ends."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode(encoding)


def _write_list(world: World, record: Record, rng: np.random.Generator) -> None:
    table = world.geography.buildings
    lon, lat = wgs84_to_gcj02(table["lon"], table["lat"])
    outlines = _outlines(table)
    names, numbers = persons(rng, table.height), phones(rng, table.height)
    file = "楼宇/楼宇名录_2023-03-31.csv"
    rows: list[list[Any]] = [
        [
            "楼宇编号",
            "楼宇名称",
            "所属网格",
            "经度",
            "纬度",
            "办公人数",
            "竣工年份",
            "联系人",
            "联系电话",
            "备注",
            "轮廓",
        ]
    ]
    for i, building in enumerate(table.iter_rows(named=True)):
        cell = building["cell"]
        grid = (grid_code(cell), grid_label(world.area, cell))[int(rng.integers(0, 2))]
        row = [building["local_code"], building["name"], grid, f"{lon[i]:.6f}", f"{lat[i]:.6f}"]
        row += [
            people_text(building["n_workers"], rng),
            f"{building['completed_year']}年",
            names[i],
            numbers[i],
            "",
            outlines[i],
        ]
        if i in (20, 75):  # first a faulty line, then the right one
            rows.append([*row[:3], "0", "0", *row[5:]])
            record.add(file, "", len(rows), "经度", "coordinates_zero")
        rows.append(row)
        if i in (33, 101):
            rows.append(list(row))
            record.add(file, "", len(rows), "楼宇编号", "duplicate_row")
    rows.append(["", "未登记楼宇", *[""] * 9])
    record.add(file, "", len(rows), "楼宇编号", "missing_value")
    rows.append(["合计", f"{table.height}栋", *[""] * 9])
    record.add(file, "", len(rows), "楼宇编号", "total_row")
    record.path(file).write_bytes(csv_bytes(rows, "gbk"))


def _outlines(buildings: pl.DataFrame) -> list[str]:
    """The outline of each building as WKT, in the datum of its file."""
    corners = building_outlines(buildings)
    lon, lat = wgs84_to_gcj02(*(pl.Series(corners[..., axis].ravel()) for axis in (0, 1)))
    moved = np.stack([lon.to_numpy(), lat.to_numpy()], axis=-1).reshape(corners.shape)
    return [polygon(ring[:-1]) for ring in moved]


def presence(world: World) -> np.ndarray:
    """Expected couriers and riders near each building in each hour of the week (0 = Monday 00:00)."""
    workers = world.geography.buildings["n_workers"].to_numpy()
    curve = np.array(world.assumptions["hour_curves"]["courier"])
    couriers = curve[::-1] * 0.3 + curve
    meals = np.array(
        [0, 0, 0, 0, 0, 0.1, 0.6, 1.2, 1.0, 1.4, 3.0, 8.0, 7.0, 3.0, 1.8, 1.4, 2.2, 6.0, 6.4, 3.0, 1.6, 1.0, 0.5, 0.2]
    )
    day = couriers / couriers.sum() * 0.45 + meals / meals.sum() * 0.55
    week = np.concatenate([day * (0.62 if weekday >= 5 else 1.0) for weekday in range(7)])
    total = world.people.table.height * 9.5  # an hour of presence counts once
    return (workers / workers.sum())[:, None] * week[None, :] * total


def _write_presence(world: World, record: Record) -> None:
    values = presence(world).round(2)
    codes = np.repeat(world.geography.buildings["local_code"].to_numpy(), 168)
    table = pl.DataFrame(
        {"楼宇编号": codes, "周内小时": np.tile(np.arange(168), len(values)), "预计小哥数": values.ravel()}
    )
    file = "楼宇/小哥出现量_2023Q1.csv"
    record.path(file).write_bytes(table.write_csv(line_terminator="\r\n").encode("utf-8-sig"))
