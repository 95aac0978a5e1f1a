"""Files about the place: depots and their coverage, building leads, lockers and parking, population frame, weather."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from pipeline.simulate.assumptions import draw, split
from pipeline.simulate.defects import Record
from pipeline.simulate.geography import grid_code
from pipeline.simulate.labels import label
from pipeline.simulate.mess import date_cell
from pipeline.simulate.names import STEMS, persons, phones
from pipeline.simulate.workbook import Row, Sheet, plant, write_workbook
from pipeline.simulate.world import World
from pipeline.simulate.write_buildings import csv_bytes
from pipeline.simulate.write_operation import notes

ROLES = ("楼长（街道干部）", "楼长（物业代表）")
FIRST_LEADS = 8


def write_places(world: World, record: Record, rng: np.random.Generator) -> pl.DataFrame:
    """All files of this module; returns the depots (code, name, platform), which other files name."""
    depots = depot_table(world, rng)
    _depots(world, depots, record, rng)
    _leads(world, record, rng)
    _infrastructure(world, record, rng)
    _frame(world, record, rng)
    _weather(world, record)
    return depots


def depot_table(world: World, rng: np.random.Generator) -> pl.DataFrame:
    """The courier depots: the employers' sites, which are not warm-heart stations."""
    figures = world.assumptions["depots"]
    total, shares = figures["count"], figures["platforms"]
    platforms = np.repeat(list(shares), list(split(total, shares).values()))
    attached = world.people.table.filter("is_attached")
    counts = dict(attached["platform"].value_counts().iter_rows())
    n = np.zeros(total, dtype=int)
    for code in shares:
        here = np.flatnonzero(platforms == code)
        n[here] = rng.multinomial(counts.get(code, 0), rng.dirichlet(np.full(len(here), 6.0)))
    cells = rng.integers(0, world.geography.n_cells, total)
    names = [f"{label('platforms', code)}第{STEMS[i % 10]}{i // 10 + 1}网点" for i, code in enumerate(platforms)]
    return pl.DataFrame({
        "local_code": [f"N{i + 1:02d}" for i in range(total)], "name": names, "platform": platforms, "n": n, "cell": cells,
        "mode": draw(rng, figures["modes"], total),
        "since": [date(2021, 7, 1) + timedelta(days=int(d)) for d in rng.integers(0, 600, total)],
    })  # fmt: skip


def _depots(world: World, depots: pl.DataFrame, record: Record, rng: np.random.Generator) -> None:
    columns = (
        "序号",
        "网点编号",
        "网点名称",
        "所属平台",
        "所属网格",
        "小哥人数",
        "党建覆盖/覆盖方式",
        "党建覆盖/起始日期",
        "联系人",
        "联系电话",
    )
    for as_of, grown in ((date(2022, 12, 31), 0.94), (date(2023, 3, 31), 1.0)):
        rows = []
        for depot in depots.iter_rows(named=True):
            n = round(depot["n"] * grown)
            covered = depot["mode"] != "none" and depot["since"] <= as_of
            rows.append(Row({
                "序号": len(rows) + 1, "网点编号": depot["local_code"], "网点名称": depot["name"],
                "所属平台": label("platforms", depot["platform"]), "所属网格": grid_code(depot["cell"]),
                "小哥人数": f"约{round(n, -1)}" if rng.random() < 0.12 and n > 20 else n,
                "党建覆盖/覆盖方式": label("depot_modes", depot["mode"] if covered else "none"),
                "党建覆盖/起始日期": date_cell(depot["since"], rng) if covered else None,
                "联系人": persons(rng, 1)[0], "联系电话": int(phones(rng, 1)[0]),
            }))  # fmt: skip
        if grown < 1:
            plant(rows, (4, "小哥人数", 99999, "out_of_range"), (6, "所属平台", "已撤并", "unknown_code"))
        rows.append(Row({"序号": "合计", "小哥人数": int(depots["n"].sum())}, (("序号", "total_row"),)))
        sheet = Sheet(
            "网点名录", columns, rows, f"{world.area.label_zh}快递网点名录", notes(world, as_of, "两新工作组（模拟）")
        )
        write_workbook(record, f"网点/快递网点名录_{as_of}.xlsx", [sheet])


def _leads(world: World, record: Record, rng: np.random.Generator) -> None:
    buildings = world.geography.buildings
    first = np.sort(rng.choice(buildings.height, FIRST_LEADS, replace=False))
    rows = []
    for i in range(buildings.height):
        if i in first:
            rows.append(_lead(buildings["name"][i], "first", "区派干部", rng))
        if rng.random() < 0.93:
            rows += [_lead(buildings["name"][i], "dual", role, rng) for role in ROLES]
    plant(rows, (5, "楼宇", "新盖的那栋楼", "unknown_place"))
    rows = [Row(row.cells | {"序号": i}, row.defects) for i, row in enumerate(rows, start=1)]
    columns = ("序号", "楼宇", "层级", "角色", "任职日期", "姓名", "联系电话")
    sheet = Sheet(
        "楼长名单",
        columns,
        rows,
        "双楼长、第一楼长名单",
        notes(world, date(2023, 3, 31), "楼宇党委（模拟）"),
        merge_down=("楼宇",),
    )
    write_workbook(record, "楼宇/楼长名单_2023-03-31.xlsx", [sheet])


def _lead(building: str, tier: str, role: str, rng: np.random.Generator) -> Row:
    since = date(2022, 1, 10) + timedelta(days=int(rng.integers(0, 400)))
    return Row({"楼宇": building, "层级": label("lead_tiers", tier), "角色": role, "任职日期": date_cell(since, rng),
                "姓名": persons(rng, 1)[0], "联系电话": phones(rng, 1)[0]})  # fmt: skip


def _infrastructure(world: World, record: Record, rng: np.random.Generator) -> None:
    buildings, rows = world.geography.buildings, []
    for i, kind in enumerate(rng.choice(["locker", "parking", "battery_swap"], 26, p=[0.5, 0.34, 0.16])):
        capacity = int(rng.integers(40, 160) if kind == "locker" else rng.integers(8, 40))
        day = date(2021, 5, 1) + timedelta(days=int(rng.integers(0, 720)))
        rows.append(Row({"序号": i + 1, "点位编号": f"I{i + 1:02d}", "所在楼宇": buildings["name"][int(rng.integers(buildings.height))],
                         "种类": label("infrastructure_kinds", kind), "容量": f"{capacity}个" if rng.random() < 0.2 else capacity,
                         "启用日期": date_cell(day, rng)}))  # fmt: skip
    plant(rows, (3, "种类", "打气站", "unknown_code"), (9, "容量", -1, "out_of_range"))
    columns = ("序号", "点位编号", "所在楼宇", "种类", "容量", "启用日期")
    write_workbook(record, "楼宇/配套设施点位_2023-03-31.xlsx",
                   [Sheet("配套设施", columns, rows, "快递柜、停放区、换电柜点位", notes(world, date(2023, 3, 31)))])  # fmt: skip


def _frame(world: World, record: Record, rng: np.random.Generator) -> None:
    attached = world.people.table.filter("is_attached")
    counts = (
        attached.group_by("user_group", "platform", "employment_type")
        .len()
        .sort("user_group", "platform", "employment_type")
    )
    rows = []
    for group, platform, employment, n in counts.iter_rows():
        rows.append(Row({"序号": len(rows) + 1, "人群": label("user_groups", group), "平台": label("platforms", platform),
                         "用工形式": label("employment_types", employment), "人数": f"约{n}" if n % 10 == 0 else n}))  # fmt: skip
    rows.append(Row(dict(rows[1].cells), (("人群", "duplicate_row"),)))
    rows.append(Row({"序号": "合计", "人数": attached.height}, (("序号", "total_row"),)))
    columns = ("序号", "人群", "平台", "用工形式", "人数")
    sheet = Sheet("总体框", columns, rows, "新就业群体人数统计", notes(world, date(2023, 3, 31), "两新工作组（模拟）"),
                  ("填表人：吴某己",), merge_down=("人群", "平台"))  # fmt: skip
    write_workbook(record, "总体/小哥总体框_2023-03-31.xlsx", [sheet])


def _weather(world: World, record: Record) -> None:
    file = "天气/逐日天气_2023-03至05.csv"
    rows: list[list[object]] = [["日期", "最高气温", "最低气温", "降水量"]]
    for i, (day, high, low, rain) in enumerate(world.weather.iter_rows()):
        rows.append([f"{day:%Y/%m/%d}", high, low, rain])
        if i in (17, 63):  # a reading that failed, then the one repaired
            rows.insert(-1, [f"{day:%Y/%m/%d}", 999, low, rain])
            record.add(file, "", len(rows) - 1, "最高气温", "out_of_range")
    record.path(file).write_bytes(csv_bytes(rows, "utf-8-sig"))
