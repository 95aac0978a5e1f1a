"""A made-up station ledger of many rows and forty columns, in the notations keepers use; every name is invented."""

from __future__ import annotations

import random
import sys
from datetime import datetime
from pathlib import Path

import xlsxwriter

SERVICES = (
    "饮水", "如厕", "歇脚", "纳凉", "取暖", "避雨", "应急药品", "优惠用餐", "手机充电", "热饭", "冷藏", "义诊", "心理咨询",
    "法律咨询", "理财咨询", "理发", "培训学习", "文体活动",
)  # fmt: skip
PLAIN = (
    "序号", "驿站编号", "驿站名称", "驿站类别", "阵地类型", "责任单位", "地址", "经度", "纬度", "面积（㎡）", "座位数", "启用日期",
    "开放时间", "进入方式", "联系人", "联系电话", "填表人", "备注", "附注一", "附注二", "附注三", "附注四",
)  # fmt: skip
HOURS = ("8:00-20:00", "周一至周五9:00-18:00，周末休息", "24小时（扫码进入）", "8:30—11:30、13:00–17:30")
CLASSES = ("固定阵地", "整合式阵地", "社会化阵地")
TICKS = ("√", "×", "是", "否", "有", "无", None)


def write(path: Path, n_rows: int) -> None:
    """Write the ledger: title, notes, two heading rows with a merged group, `n_rows` records."""
    chance = random.Random(20230514)
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("驿站台账")
        sheet.write_string(0, 0, "暖心驿站台账（模拟）")
        sheet.write_string(1, 0, "填报单位：甲街道　填表日期：2023年3月31日")
        for column, heading in enumerate(PLAIN):
            sheet.merge_range(2, column, 3, column, heading)
        sheet.merge_range(2, len(PLAIN), 2, len(PLAIN) + len(SERVICES) - 1, "服务项目")
        for column, service in enumerate(SERVICES, start=len(PLAIN)):
            sheet.write_string(3, column, service)
        for number in range(n_rows):
            for column, value in enumerate(record(number, chance)):
                if isinstance(value, datetime):
                    sheet.write_datetime(number + 4, column, value)
                elif value is not None:
                    sheet.write(number + 4, column, value)


def record(number: int, chance: random.Random) -> list[object]:
    """One row, with numbers, dates and ticks in several notations."""
    day = chance.randint(1, 28)
    opened = chance.choice([datetime(2022, 3, day), f"2021年5月{day}日", f"2022.7.{day}", 44700 + day])
    plain: list[object] = [
        number + 1, f"S{number:06d}", f"第{number}号驿站", chance.choice(CLASSES), "沿街商户", f"第{number % 99}责任单位",
        f"虚构路{number}号", round(116.44 + 0.04 * chance.random(), 6), round(39.90 + 0.03 * chance.random(), 6),
        chance.choice(["12㎡", 15, "约20", 33.5]), chance.choice([4, "5个", 8]), opened, chance.choice(HOURS), "有人值守",
        "某某", 19900000000 + number, "某某", None, None, "说明", None, number % 7,
    ]  # fmt: skip
    return plain + [chance.choice(TICKS) for _ in SERVICES]


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
