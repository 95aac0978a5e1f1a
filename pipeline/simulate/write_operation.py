"""Files about running the stations: closures, stock-outs, what staff rank first, monthly reports, paper registers."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl

from pipeline.simulate.defects import Record
from pipeline.simulate.labels import spellings
from pipeline.simulate.mess import date_cell, moment, moment_cell, month_cell, serial, station_text
from pipeline.simulate.names import ROADS, persons
from pipeline.simulate.visits import GROUPS
from pipeline.simulate.workbook import Row, Sheet, plant, repeat, write_workbook
from pipeline.simulate.world import World
from pipeline.simulate.write_logs import MONTHS, phone_of

RANKED_ON = (date(2023, 3, 31), date(2023, 5, 14))


def write_operation(world: World, record: Record, rng: np.random.Generator) -> None:
    """All files of this module."""
    _closures(world, record, rng)
    _stock_outs(world, record, rng)
    for as_of in RANKED_ON:
        _rankings(world, record, as_of, rng)
    for year, months in ((2022, range(1, 13)), (2023, range(1, 3))):
        _monthly(world, record, [date(year, month, 1) for month in months], rng)
    for month, first, last in MONTHS:
        _register(world, record, month, first, last, rng)


def notes(world: World, as_of: date, unit: str = "暖心驿站工作专班（模拟）") -> tuple[str, str]:
    """The two lines above a ledger: who filled it in, and the day it speaks of."""
    return (f"填报单位：{world.area.name_zh}{unit}", f"填表日期：{as_of.year}年{as_of.month}月{as_of.day}日")


def _named(world: World, record: Record, station: int, rng: np.random.Generator, tidy: float = 0.85) -> str:
    known = world.stations.table.row(station, named=True)
    return station_text(known["name"], known["local_code"], record, rng, tidy=tidy)


def _closures(world: World, record: Record, rng: np.random.Generator) -> None:
    rows = []
    for closure in world.operation.closures.iter_rows(named=True):
        over = rng.random() > 0.04
        rows.append(Row({
            "序号": len(rows) + 1, "驿站名称": _named(world, record, closure["station"], rng),
            "关闭开始": moment_cell(closure["start"], rng), "恢复开放": moment_cell(closure["end"], rng) if over else None,
            "关闭原因": closure["reason"], "登记人": persons(rng, 1)[0],
        }))  # fmt: skip
    plant(rows, (2, "关闭开始", "周三下午", "bad_time"))
    repeat(rows, 4, "驿站名称")
    columns = ("序号", "驿站名称", "关闭开始", "恢复开放", "关闭原因", "登记人")
    sheet = Sheet(
        "临时关闭登记",
        columns,
        rows,
        "驿站临时关闭登记",
        notes(world, date(2023, 5, 31)),
        ("备注：节假日按公告执行。",),
    )
    write_workbook(record, "运行/临时关闭登记_2023-05-31.xlsx", [sheet])


def _stock_outs(world: World, record: Record, rng: np.random.Generator) -> None:
    rows = []
    for out in world.operation.stock_outs.sort("start", "station", "service").iter_rows(named=True):
        if rng.random() > 0.6:  # nobody wrote it down
            continue
        code = world.supply.codes[out["service"]]
        words = spellings("services", code)
        rows.append(Row({
            "序号": len(rows) + 1, "驿站名称": _named(world, record, out["station"], rng, 0.93),
            "缺货项目": words[0] if rng.random() < 0.7 else words[int(rng.integers(len(words)))],
            "缺货开始": moment_cell(out["start"], rng), "补货时间": moment_cell(out["end"], rng) if rng.random() < 0.92 else None,
        }))  # fmt: skip
    plant(rows, (3, "缺货项目", "瓜子花生", "unknown_code"), (7, "驿站名称", "东边那家中介", "unknown_station"))
    repeat(rows, 10, "驿站名称")
    rows.append(Row({"序号": "合计", "驿站名称": f"{len(rows)}次"}, (("序号", "total_row"),)))
    columns = ("序号", "驿站名称", "缺货项目", "缺货开始", "补货时间")
    sheet = Sheet("缺货登记", columns, rows, "驿站缺货停用登记", notes(world, date(2023, 5, 31)))
    write_workbook(record, "运行/缺货登记_2023-05-31.xlsx", [sheet])


def _rankings(world: World, record: Record, as_of: date, rng: np.random.Generator) -> None:
    """Three services per station, in the order staff believe: near the officials' top three, not what couriers say."""
    view = {code: block for code, block in world.assumptions["staff_view"].items() if isinstance(block, dict)}
    codes, season = list(view), "march" if as_of.month < 5 else "may"
    weights = np.array([view[code][season] for code in codes])
    there = np.flatnonzero(world.stations.table["opened_on"].to_numpy() <= np.datetime64(as_of))
    rows = []
    for station in there:
        if rng.random() < 0.12:
            continue
        text = _named(world, record, int(station), rng)
        order = np.argsort(-(np.log(weights) + rng.gumbel(size=len(weights)) * 0.7), kind="stable")[:3]
        for rank, number in enumerate(order, start=1):
            words = spellings("services", codes[number])
            rows.append(Row({"序号": len(rows) + 1, "驿站名称": text, "名次": rank, "服务": words[int(rng.integers(min(2, len(words))))],
                             "填表人": persons(rng, 1)[0]}))  # fmt: skip
    plant(rows, (4, "服务", "都需要", "unknown_code"))
    columns = ("序号", "驿站名称", "名次", "服务", "填表人")
    sheet = Sheet(
        "需求排序", columns, rows, "站点人员眼中小哥最需要的服务", notes(world, as_of), merge_down=("驿站名称",)
    )
    write_workbook(record, f"运行/需求排序_{as_of}.xlsx", [sheet])


def expected_per_day(world: World) -> np.ndarray:
    """Mean visits a day of every station over the days it was open to the public in the months of logs."""
    counts = np.bincount(world.visits.visits["station"].to_numpy(), minlength=world.stations.n)
    opened = world.stations.table["opened_on"].to_numpy()
    there = np.array([(world.weather["day_on"].to_numpy() >= day).sum() for day in opened])
    return counts / np.maximum(there, 1)


def _monthly(world: World, record: Record, months: list[date], rng: np.random.Generator) -> None:
    figures = world.assumptions["reported"]
    daily = expected_per_day(world)
    season = world.assumptions["season"]["months"]
    rows: list[Row] = []
    for month in months:
        total, written = 0, month_cell(month, rng)
        for station in range(world.stations.n):
            if world.stations.table["opened_on"][station] > month or rng.random() < 0.03:
                continue
            visits = int(rng.poisson(daily[station] * 30 * season[month.month - 1] * figures["inflation"]))
            people = int(rng.binomial(visits, figures["persons_per_visit"]))
            total += visits
            rows.append(Row({
                "序号": len(rows) + 1, "月份": written, "驿站名称": _named(world, record, station, rng, 0.95),
                "服务情况/服务人次": _reported(visits, rng), "服务情况/服务人数": people if rng.random() < 0.9 else None,
                "服务情况/活动场次": int(rng.poisson(0.4)), "服务情况/优惠餐份数": int(rng.poisson(3)) if rng.random() < 0.3 else None,
            }))  # fmt: skip
        rows.append(Row({"序号": "小计", "服务情况/服务人次": total}, (("序号", "total_row"),)))
    plant(rows, (3, "服务情况/服务人次", "很多", "bad_number"), (5, "驿站名称", "流动服务点", "unknown_station"))
    columns = (
        "序号",
        "月份",
        "驿站名称",
        "服务情况/服务人次",
        "服务情况/服务人数",
        "服务情况/活动场次",
        "服务情况/优惠餐份数",
    )
    as_of = date(2023, 1, 10) if months[0].year == 2022 else date(2023, 3, 8)
    sheet = Sheet(
        "月报",
        columns,
        rows,
        "暖心驿站服务月报汇总",
        notes(world, as_of),
        ("备注：人次按次计，人数按人计，不可相加。",),
        ("月份",),
    )
    write_workbook(record, f"月报/驿站服务月报_{months[0].year}年.xlsx", [sheet])


def _reported(visits: int, rng: np.random.Generator) -> Any:
    if visits > 60 and rng.random() < 0.06:
        return f"约{round(visits, -1)}" if rng.random() < 0.5 else f"{visits // 10 * 10}余"
    return visits


def _register(world: World, record: Record, month: int, first: int, last: int, rng: np.random.Generator) -> None:
    """Lines of the stations that keep a paper register; one line may stand for several people."""
    keeps = np.flatnonzero(world.stations.table["has_register"].to_numpy())
    uses = world.visits.uses.join(world.visits.visits, on="visit", how="left", maintain_order="left")
    uses = uses.filter(pl.col("day").is_between(first, last - 1) & pl.col("station").is_in(keeps))
    uses = uses.filter(
        pl.Series(rng.random(uses.height) < world.assumptions["capture"]["register_logged"], dtype=pl.Boolean)
    )
    uses = uses.sort("day", "station", "minute", "visit", "service")
    names, phone_numbers = persons(rng, uses.height), phone_of(world, uses["person"].to_numpy())
    rows: list[Row] = []
    written: dict[int, Any] = {}
    for i, use in enumerate(uses.iter_rows(named=True)):
        day = moment(use["day"] * 1440).date()
        written.setdefault(use["day"], date_cell(day, rng, tidy=0.6))
        rows.append(
            Row(_line(world, record, use, written[use["day"]], names[i], str(phone_numbers[i]), len(rows) + 1, rng))
        )
    if len(rows) > 40:
        _spoil(rows, month, rng)
    columns = ("序号", "日期", "时间", "驿站", "姓名", "电话", "单位", "人员类别", "服务项目", "人数", "结果", "备注")
    as_of = moment(last * 1440 - 1).date()
    sheet = Sheet(
        "登记表", columns, rows, f"{month}月暖心驿站服务登记表", notes(world, as_of), ("登记人：周某戊",), ("日期",)
    )
    write_workbook(record, f"登记/登记表_2023-{month:02d}.xlsx", [sheet])


def _line(
    world: World,
    record: Record,
    use: dict[str, Any],
    day: Any,
    name: str,
    phone: str,
    number: int,
    rng: np.random.Generator,
) -> dict[str, Any]:
    code, group = world.supply.codes[use["service"]], GROUPS[use["group"]]
    hour, minute = divmod(use["minute"], 60)
    several = rng.random() < 0.09
    words, kinds = spellings("services", code), spellings("user_groups", group)
    outcome = {"served": "已服务", "stocked_out": "用完", "closed": "未开放", "refused": "被拒绝"}[use["outcome"]]
    cells: dict[str, Any] = {
        "序号": number, "日期": day, "时间": f"{hour}:{minute:02d}" if rng.random() < 0.85 else f"{hour}点{minute:02d}分",
        "驿站": _named(world, record, use["station"], rng, 0.9), "姓名": name, "电话": _phone_cell(phone, rng),
        "单位": ROADS[use["station"] % len(ROADS)] + "网点（虚构）" if rng.random() < 0.3 else None,
        "人员类别": kinds[int(rng.integers(min(3, len(kinds))))], "服务项目": words[int(rng.integers(len(words)))],
        "人数": int(rng.integers(2, 5)) if several else 1, "结果": outcome,
    }  # fmt: skip
    if several:
        cells["姓名"] = f"{name}等"
    return cells


def _phone_cell(phone: str, rng: np.random.Generator) -> Any:
    style = int(rng.integers(0, 12))
    if not phone or style == 0:
        return None
    if style == 1:
        return int(phone)
    if style == 2:
        return f"{phone[:3]} {phone[3:7]} {phone[7:]}"
    if style == 3:
        return phone.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
    return phone


def _spoil(rows: list[Row], month: int, rng: np.random.Generator) -> None:
    faults = (
        ("日期", serial(date(2099, 1, 1)), "future_time"), ("日期", "上周三", "bad_time"), ("驿站", "路口新开的驿站", "unknown_station"),
        ("服务项目", "看报纸", "unknown_code"), ("人数", -3, "out_of_range"), ("时间", "上午", "bad_time"),
    )  # fmt: skip
    at = np.sort(rng.choice(len(rows) - 5, len(faults), replace=False))
    plant(rows, *((int(i), *fault) for i, fault in zip(at, faults, strict=True)))
    repeat(rows, len(rows) - 3, "")
