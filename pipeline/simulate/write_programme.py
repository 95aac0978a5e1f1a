"""Files of the programme around the stations: partners of depots and their actions, offers, cases, activity days,
contact events, suggestions."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from pipeline.simulate.assumptions import draw
from pipeline.simulate.defects import Record
from pipeline.simulate.events import AS_OF, DAYS, ELSEWHERE, START
from pipeline.simulate.geography import grid_code
from pipeline.simulate.labels import label
from pipeline.simulate.mess import date_cell, moment_cell, month_cell, station_text
from pipeline.simulate.names import STEMS, persons, phones
from pipeline.simulate.workbook import Row, Sheet, plant, repeat, write_workbook
from pipeline.simulate.world import World
from pipeline.simulate.write_operation import notes

UNITS = {"government": "街道科室", "company": "物业企业", "organisation": "公益组织", "legal_team": "律师事务所"}
TOPICS = ("pay", "injury", "contract", "traffic", "access", "facility", "hours", "family", "health", "other")


def write_programme(world: World, depots: pl.DataFrame, record: Record, rng: np.random.Generator) -> None:
    """All files of this module."""
    codes = _partnerships(world, depots, record, rng)
    _actions(world, codes, record, rng)
    _offers(world, record, rng)
    _cases(world, record, rng)
    _activities(world, record, rng)
    _contacts(world, record, rng)
    _suggestions(world, record, rng)


def _write(
    world: World,
    record: Record,
    file: str,
    sheet: str,
    title: str,
    rows: list[Row],
    spoil: tuple = (),
    merge: tuple = (),
) -> None:
    """Number the rows, plant the faults (row index, column, value, code), and write one sheet under its two notes."""
    plant(rows, *spoil)
    repeated = [i > 0 and row.cells == rows[i - 1].cells for i, row in enumerate(rows)]  # copied with its number
    rows = [Row({"序号": i + 1 - sum(repeated[: i + 1])} | row.cells, row.defects) for i, row in enumerate(rows)]
    columns = tuple(dict.fromkeys(name for row in rows for name in row.cells))
    write_workbook(record, file, [Sheet(sheet, columns, rows, title, notes(world, AS_OF), ("填表人：郑某庚",), merge)])


def _station(world: World, record: Record, rng: np.random.Generator) -> str:
    return _named(world, int(rng.integers(world.stations.n)), record, rng) or ""


def _named(world: World, station: int, record: Record, rng: np.random.Generator) -> str | None:
    """How the station is written down; nothing where it is none."""
    if station == ELSEWHERE:
        return None
    known = world.stations.table.row(station, named=True)
    return station_text(known["name"], known["local_code"], record, rng, tidy=0.9)


def _partnerships(world: World, depots: pl.DataFrame, record: Record, rng: np.random.Generator) -> list[str]:
    rows: list[Row] = []
    figures = world.assumptions["programme"]
    for depot in depots.iter_rows(named=True):
        kinds = ["government", "company", "company", "organisation", "legal_team"]  # five units of four kinds
        for kind in kinds[: 5 - int(rng.random() < figures["missing_unit"])]:
            since = date(2022, 3, 1) + timedelta(days=int(rng.integers(0, 360)))
            ended = since + timedelta(days=200) if rng.random() < figures["ended"] else None
            number = len(rows) + 1
            rows.append(Row({
                "结对编号": f"{world.area.code}-JD{number:03d}", "快递网点": depot["name"] if rng.random() < 0.7 else depot["local_code"],
                "结对单位": f"{UNITS[kind]}{STEMS[number % 10]}{number}（虚构）", "单位类型": label("partner_types", kind),
                "结对日期": date_cell(since, rng), "终止日期": date_cell(ended, rng), "联系人": persons(rng, 1)[0],
                "联系电话": phones(rng, 1)[0],
            }))  # fmt: skip
    codes = [row.cells["结对编号"] for row in rows]
    spoil = ((7, "快递网点", "撤销的网点", "unknown_place"), (12, "单位类型", "个人", "unknown_code"))
    file = "五企包一站/结对台账_2023-05-31.xlsx"
    _write(world, record, file, "结对台账", "“五企包一站”结对台账", rows, spoil, ("快递网点",))
    return [code for i, code in enumerate(codes) if i not in (7, 12)]


def _actions(world: World, codes: list[str], record: Record, rng: np.random.Generator) -> None:
    contents = draw(rng, world.assumptions["programme"]["contents"], 170)
    rows: list[Row] = []
    for i, content in enumerate(contents):
        day = START + timedelta(days=int(rng.integers(0, DAYS)))
        rows.append(Row({"行动编号": f"XD{i + 1:03d}", "结对编号": codes[int(rng.integers(len(codes)))],
                         "结对内容": label("partnership_contents", str(content)), "日期": date_cell(day, rng),
                         "受益人数": f"{int(rng.integers(3, 60))}人" if rng.random() < 0.15 else int(rng.integers(3, 60))}))  # fmt: skip
    repeat(rows, 30, "行动编号")
    spoil = (
        (5, "结对内容", "团购", "unknown_code"),
        (9, "日期", "年底", "bad_date"),
        (14, "受益人数", -5, "out_of_range"),
    )
    _write(world, record, "五企包一站/行动记录_2023-05-31.xlsx", "行动记录", "结对行动记录", rows, spoil)


def _offers(world: World, record: Record, rng: np.random.Generator) -> None:
    rows = []
    for i in range(64):
        code = str(rng.choice(["meal_discount", "haircut", "legal_advice", "clinic", "financial_advice", "counselling", "training", "sports"],
                              p=[0.42, 0.13, 0.1, 0.1, 0.07, 0.06, 0.06, 0.06]))  # fmt: skip
        since = date(2022, 9, 1) + timedelta(days=int(rng.integers(0, 230)))
        until = since + timedelta(days=int(rng.integers(60, 400))) if rng.random() < 0.75 else None
        rows.append(Row({"优惠编号": f"YH{i + 1:02d}", "驿站": _station(world, record, rng), "服务": label("services", code),
                         "提供单位": f"邻里商户{STEMS[i % 10]}{i}（虚构）", "开始日期": date_cell(since, rng), "截止日期": date_cell(until, rng),
                         "核销次数": int(rng.negative_binomial(0.6, 0.02))}))  # fmt: skip
    spoil = (
        (6, "驿站", "待定", "unknown_station"),
        (11, "服务", "抽奖", "unknown_code"),
        (17, "核销次数", -1, "out_of_range"),
    )
    _write(world, record, "优惠/伙伴优惠_2023-05-31.xlsx", "伙伴优惠", "驿站伙伴优惠", rows, spoil)


def _cases(world: World, record: Record, rng: np.random.Generator) -> None:
    rows = []
    for i in range(46):
        opened = (
            date(2022, 1 + int(rng.integers(0, 12)), 1)
            if rng.random() < 0.5
            else date(2023, 1 + int(rng.integers(0, 5)), 1)
        )
        closed = opened + timedelta(days=31 * int(rng.integers(0, 4))) if rng.random() < 0.78 else None
        closed = closed if closed and closed <= AS_OF else None
        topic = str(
            rng.choice(
                ["pay", "injury", "contract", "family", "health", "other"], p=[0.28, 0.27, 0.14, 0.12, 0.1, 0.09]
            )
        )
        rows.append(Row({"个案编号": f"GA{i + 1:02d}", "当事人": persons(rng, 1)[0], "联系电话": phones(rng, 1)[0],
                         "事项": label("topics", topic), "渠道": label("channels", str(rng.choice(["online", "station", "wechat", "foot"]))),
                         "受理月份": month_cell(opened, rng), "办结月份": month_cell(closed, rng) if closed else None,
                         "结果": ("调解成功", "转介法律援助", "已答复")[int(rng.integers(3))] if closed else "办理中"}))  # fmt: skip
    spoil = ((4, "事项", "私事", "unknown_code"), (8, "受理月份", "去年", "bad_date"))
    _write(world, record, "诉求/帮扶个案_2023-05-31.xlsx", "帮扶个案", "法律与生活帮扶个案", rows, spoil)


def _activities(world: World, record: Record, rng: np.random.Generator) -> None:
    rows = []
    for i, known in enumerate(world.events.activities.iter_rows(named=True), start=1):
        items = known["n_items"]
        rows.append(Row({"活动编号": f"HD{i:02d}", "地点": _named(world, known["station"], record, rng) or "下沉广场（虚构）",
                         "日期": date_cell(known["held_on"], rng),
                         "活动名称": "集中活动日·免费冷饮" if known["is_summer"] else "便民服务日",
                         "发放件数": f"约{round(items, -1)}" if rng.random() < 0.2 else items, "人次": known["n_visits"]}))  # fmt: skip
    spoil = ((3, "人次", "人山人海", "bad_number"),)
    _write(world, record, "活动/活动日记录_2023-05-31.xlsx", "活动日", "“沁心”活动日记录", rows, spoil)


def _contacts(world: World, record: Record, rng: np.random.Generator) -> None:
    rows = []
    first = (START - date(2023, 3, 1)).days * 1440
    for i in range(150):
        channel = str(rng.choice(["grid", "foot", "wechat"], p=[0.4, 0.22, 0.38]))
        raised = first + int(rng.integers(0, DAYS)) * 1440 + int(rng.integers(8 * 60, 20 * 60))
        hours = rng.lognormal({"grid": 3.2, "foot": 2.6, "wechat": 2.0}[channel], 0.9)
        closed = raised + int(hours * 60)
        done = rng.random() < 0.9 and closed < 92 * 1440
        rows.append(Row({"编号": f"LX{i + 1:03d}", "网格": grid_code(int(rng.integers(world.geography.n_cells))),
                         "渠道": label("channels", channel), "事项": label("topics", TOPICS[int(rng.integers(len(TOPICS)))]),
                         "提出时间": moment_cell(raised, rng), "办结时间": moment_cell(closed, rng) if done else None,
                         "反映人": persons(rng, 1)[0], "微信昵称": f"模拟昵称{i:04d}"}))  # fmt: skip
    repeat(rows, 20, "编号")
    spoil = ((6, "提出时间", "前天", "bad_time"), (13, "渠道", "托梦", "unknown_code"))
    _write(
        world, record, "诉求/诉求联络记录_2023-05-31.xlsx", "诉求联络", "网格、走访、微信群诉求联络记录", rows, spoil
    )


def _suggestions(world: World, record: Record, rng: np.random.Generator) -> None:
    rows = []
    for i, known in enumerate(world.events.suggestions.iter_rows(named=True), start=1):
        service = known["service"]
        rows.append(Row({"编号": f"JY{i:02d}", "涉及驿站": _named(world, known["station"], record, rng),
                         "月份": month_cell(known["month_on"], rng), "类别": label("topics", known["topic"]),
                         "涉及服务": label("services", world.supply.codes[service]) if service != ELSEWHERE else None,
                         "状态": label("suggestion_statuses", known["status"]), "答复天数": known["reply_days"],
                         "办结日期": date_cell(known["closed_on"], rng), "建议人": persons(rng, 1)[0]}))  # fmt: skip
    spoil = ((5, "状态", "研究研究", "unknown_code"), (10, "答复天数", -2, "out_of_range"))
    _write(world, record, "诉求/建言献策台账_2023-05-31.xlsx", "建言献策", "小哥建言献策台账", rows, spoil)
