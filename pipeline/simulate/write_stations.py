"""Station ledgers: one workbook per quarter with the register, the facilities, the inspections and a hidden old sheet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from pipeline.clean.geo.datums import wgs84_to_gcj02
from pipeline.simulate.checks import FACILITY_OF, MAPS, STANDARDS, facilities, inspections
from pipeline.simulate.defects import Record
from pipeline.simulate.geography import grid_code, grid_label
from pipeline.simulate.labels import label
from pipeline.simulate.mess import date_cell, people_text, station_text, tick
from pipeline.simulate.names import ROADS, persons, phones
from pipeline.simulate.workbook import Row, Sheet, plant, repeat, write_workbook
from pipeline.simulate.world import World

AS_OF = (date(2022, 12, 31), date(2023, 3, 31), date(2023, 5, 14))
CLASSES = ("fixed", "integrated", "social")


def write_stations(world: World, record: Record, rng: np.random.Generator) -> None:
    """All deliveries of the station ledger."""
    for number, as_of in enumerate(AS_OF):
        latest = number == len(AS_OF) - 1
        there = _present(world, as_of)
        if number == 1:
            there = np.delete(there, len(there) // 3)  # forgotten this time: not seen, which is not closed
        file = f"台账/驿站台账_{as_of:%Y-%m-%d}.xlsx"
        unit = f"{world.area.name_zh}街道总工会（模拟）"
        above = (f"填报单位：{unit}", f"填表日期：{as_of.year}年{as_of.month}月{as_of.day}日")
        write_workbook(
            record,
            file,
            [
                _register(world, record, there, above, latest, rng),
                _facilities(world, record, there, above, as_of, rng),
                _checks(world, record, there, above, as_of, rng),
                _old_sheet(world, there[:4], above),
            ],
        )
        for row in range(4, 8):
            record.add(file, "旧表勿用", row, "", "hidden_sheet")


def _present(world: World, as_of: date) -> np.ndarray:
    return np.flatnonzero(world.stations.table["opened_on"].to_numpy() <= np.datetime64(as_of))


def _register(
    world: World, record: Record, there: np.ndarray, above: tuple[str, ...], latest: bool, rng: np.random.Generator
) -> Sheet:
    services = tuple(f"服务项目/{label('services', code)}" for code in world.supply.codes)
    columns = (
        "序号", "驿站类别", "驿站编号", "驿站名称", "阵地类型", "责任单位", "所属网格", "所在楼宇", "地址", "经度", "纬度",
        "面积（㎡）", "座位数", "启用日期", "开放时间", "进入方式", *services, "联系人", "联系电话", "备注",
    )  # fmt: skip
    rows: list[Row] = []
    classes = world.stations.table["class_code"]
    for kind in CLASSES:
        members = [int(station) for station in there if classes[int(station)] == kind]
        for station in members:
            rows.append(Row(_station_cells(world, station, len(rows) + 1, rng)))
        _plant(rows, kind, latest)
        seats = sum(int(world.stations.table["seats"][station]) for station in members)
        rows.append(Row({"序号": f"{label('station_classes', kind)}小计", "驿站名称": f"{len(members)}个", "座位数": seats},
                        (("序号", "total_row"),)))  # fmt: skip
    rows.append(Row({"序号": "合计", "驿站名称": f"{len(there)}个"}, (("序号", "total_row"),)))
    return Sheet(
        "驿站台账", columns, rows, title=f"{world.area.label_zh}暖心驿站台账", above=above,
        below=("备注：坐标取自网络地图；本表为模拟数据，仅供演示。", "填表人：赵某甲    审核人：钱某乙"), merge_down=("驿站类别",),
    )  # fmt: skip


def _station_cells(world: World, station: int, number: int, rng: np.random.Generator) -> dict[str, Any]:
    row = world.stations.table.row(station, named=True)
    building = world.geography.buildings.row(row["building"], named=True)
    lon, lat = wgs84_to_gcj02(pl.Series([row["lon"]]), pl.Series([row["lat"]]))
    cells: dict[str, Any] = {
        "序号": number,
        "驿站类别": label("station_classes", row["class_code"]),
        "驿站编号": row["local_code"],
        "驿站名称": row["name"],
        "阵地类型": label("host_types", row["host_type_code"]),
        "责任单位": f"{world.area.name_zh}第{row['cell'] + 1}责任单位（模拟）",
        "所属网格": grid_code(row["cell"]) if rng.random() < 0.5 else grid_label(world.area, row["cell"]),
        "所在楼宇": building["local_code"] if rng.random() < 0.4 else building["name"],
        "地址": f"{ROADS[station % len(ROADS)]}{station * 3 + 1}号（虚构）",
        "经度": round(float(lon[0]), 6),
        "纬度": round(float(lat[0]), 6),
        "面积（㎡）": row["area_m2"] if rng.random() < 0.8 else f"{row['area_m2']:g}㎡",
        "座位数": row["seats"] if rng.random() < 0.85 else f"{row['seats']}个",
        "启用日期": date_cell(row["opened_on"], rng),
        "开放时间": row["hours_text"],
        "进入方式": label("access_modes", row["access_mode_code"]),
        "联系人": persons(rng, 1)[0],
        "联系电话": _phone(rng),
        "备注": "设施待更新" if rng.random() < 0.06 else None,
    }
    return cells | _ticks(world, station, int(rng.integers(0, 5)), rng)


def _ticks(world: World, station: int, style: int, rng: np.random.Generator) -> dict[str, Any]:
    """The services ticked in the row's own style; a few that are not offered are left blank."""
    declared = world.supply.declared[station]
    blank = (rng.random(len(declared)) < 0.03) & ~declared
    names = [f"服务项目/{label('services', code)}" for code in world.supply.codes]
    return {name: tick(None if blank[k] else bool(declared[k]), style) for k, name in enumerate(names)}


def _phone(rng: np.random.Generator) -> Any:
    phone = phones(rng, 1)[0]
    style = int(rng.integers(0, 5))
    return (phone, int(phone), f"{phone[:3]}-{phone[3:7]}-{phone[7:]}", f"{phone}/10000000000", phone)[style]


def _plant(rows: list[Row], kind: str, latest: bool) -> None:
    """One fault of each kind; the latest ledger keeps every station readable so that the published totals agree."""
    if kind == "integrated" and len(rows) > 2:
        rows.append(Row(dict(rows[-2].cells), (("驿站编号", "duplicate_row"),)))
    if kind == "social" and latest:
        rows.append(Row(rows[-1].cells | {"驿站编号": "S901", "驿站名称": "拟建流动暖心驿站", "驿站类别": "流动阵地"},
                        (("驿站类别", "unknown_code"),)))  # fmt: skip
    if latest or kind != "social" or len(rows) < 7:
        return
    faults = (
        ("座位数", -3, "out_of_range"), ("经度", 0, "coordinates_zero"), ("启用日期", "去年夏天", "bad_date"),
        ("开放时间", "见门口通知", "bad_hours"), ("驿站名称", None, "missing_value"),
    )  # fmt: skip
    for back, (column, value, code) in enumerate(faults, start=1):
        cells = rows[-back].cells | {column: value}
        rows[-back] = Row(cells | ({"纬度": 0} if code == "coordinates_zero" else {}), ((column, code),))


def _facilities(
    world: World, record: Record, there: np.ndarray, above: tuple[str, ...], as_of: date, rng: np.random.Generator
) -> Sheet:
    rows: list[Row] = []
    serves = {facility: service for service, facility in FACILITY_OF.items()}
    for station in there:
        known = world.stations.table.row(int(station), named=True)
        text = station_text(known["name"], known["local_code"], record, rng, tidy=0.88)
        day = as_of - timedelta(days=int(rng.integers(1, 25)))
        for facility, n, working in facilities(world, int(station), rng):
            rows.append(
                Row({"序号": len(rows) + 1, "驿站名称": text, "设施": label("facilities", facility),
                     "用途": label("services", serves[facility]),
                     "数量": f"{n}台" if rng.random() < 0.1 else n, "可用数": working, "检查日期": date_cell(day, rng)})
            )  # fmt: skip
    plant(rows, (2, "可用数", -1, "out_of_range"))
    repeat(rows, 5, "驿站名称")
    rows.append(Row(rows[-1].cells | {"设施": "按摩椅（租赁）"}, (("设施", "unknown_code"),)))
    total = sum(int(str(row.cells["数量"]).removesuffix("台")) for row in rows)
    rows.append(Row({"序号": "合计", "数量": total}, (("序号", "total_row"),)))
    columns = ("序号", "驿站名称", "设施", "用途", "数量", "可用数", "检查日期")
    return Sheet(
        "设施清单",
        columns,
        rows,
        title="驿站设施清单",
        above=above,
        below=("填表人：孙某丙",),
        merge_down=("驿站名称",),
    )


def _checks(
    world: World, record: Record, there: np.ndarray, above: tuple[str, ...], as_of: date, rng: np.random.Generator
) -> Sheet:
    services = {code: f"服务检查/{label('services', code)}" for code in world.supply.codes}
    standards = {code: f"七有标准/{label('standards', code)}" for code in STANDARDS}
    maps = {code: f"地图收录/{label('maps', code)}" for code in MAPS}
    rows = []
    for check in inspections(world, there, as_of, rng):
        known = world.stations.table.row(check.station, named=True)
        style = int(rng.integers(0, 3))
        cells: dict[str, Any] = {
            "序号": len(rows) + 1,
            "驿站名称": station_text(known["name"], known["local_code"], record, rng, tidy=0.85),
            "检查日期": date_cell(check.day, rng),
            "检查人": persons(rng, 1)[0],
        }
        cells |= {services[code]: _status(status, style) for code, status in check.services.items()}
        cells |= {standards[code]: _status(status, style) for code, status in check.standards.items()}
        cells |= {maps[code]: tick(listed, style) for code, listed in check.maps.items()}
        rows.append(Row(cells))
    plant(rows, (1, "驿站名称", "路口新开的驿站", "unknown_station"), (3, "检查日期", "上旬", "bad_date"))
    columns = ("序号", "驿站名称", "检查日期", "检查人", *services.values(), *standards.values(), *maps.values())
    return Sheet("检查记录", columns, rows, title="驿站检查记录", above=above, below=("备注：空格表示未查。",))


def _status(status: str, style: int) -> str:
    words = {
        "met": ("达到", "√", "达标"), "partly": ("部分达到", "基本达到", "部分"), "not_met": ("未达到", "×", "不达标"),
        "unknown": ("未查", "未查", "未检查"),
    }  # fmt: skip
    return words[status][style]


def _old_sheet(world: World, there: np.ndarray, above: tuple[str, ...]) -> Sheet:
    table = world.stations.table
    rows = [Row({"驿站编号": table["local_code"][int(s)], "驿站名称": table["name"][int(s)], "人数": people_text(120, np.random.default_rng(1))})
            for s in there]  # fmt: skip
    return Sheet(
        "旧表勿用",
        ("驿站编号", "驿站名称", "人数"),
        rows,
        title="2021年试运行登记（作废）",
        above=above[:1],
        hidden=True,
    )
