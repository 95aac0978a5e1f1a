"""data/raw/README.md: says first that all is simulated, then lists files, planted mess and assumptions.

Written from what was written and from simulation.toml, so that it cannot disagree with either.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.simulate.assumptions import Assumptions
from pipeline.simulate.stream.timeline import first_day

KINDS = (
    ("台账/驿站台账_*.xlsx", "驿站台账：每季度一份；登记、设施清单、检查记录，另有一张隐藏的旧表"),
    ("楼宇/楼宇名录_*.csv", "楼宇名录（GBK 文本，坐标 GCJ-02）"),
    ("楼宇/小哥出现量_*.csv", "楼宇 × 周内小时的预计小哥数（UTF-8 带 BOM）"),
    ("楼宇/楼长名单_*.xlsx", "双楼长、第一楼长名单"),
    ("楼宇/配套设施点位_*.xlsx", "快递柜、停放区、换电柜"),
    ("网点/快递网点名录_*.xlsx", "快递网点（不是驿站）与党组织覆盖，两个时点"),
    ("总体/小哥总体框_*.xlsx", "人群 × 平台 × 用工形式的人数"),
    ("调查/腾讯问卷_*.csv", "2023年3月调查：腾讯问卷导出（GB18030）"),
    ("调查/*_按文本_*.xlsx", "2023年5月调查：问卷星按文本导出"),
    ("调查/*_按序号_*.xlsx", "2023年5月调查：问卷星按序号导出，与按文本成对"),
    ("门禁/门禁开门记录_*.csv", "智能门禁逐次开门（GBK），另有一份重复补传"),
    ("小程序/events_*.jsonl", "小程序使用与求助（每行一个 JSON，UTC 时间）"),
    ("登记/登记表_*.xlsx", "纸质登记的录入表，一行可为数人"),
    ("月报/驿站服务月报_*.xlsx", "2022年1月至2023年2月的月报：人次与人数分列"),
    ("运行/*.xlsx", "临时关闭、缺货停用、站点人员需求排序"),
    ("五企包一站/*.xlsx", "结对台账与行动记录"),
    ("优惠/*.xlsx", "伙伴优惠与核销"),
    ("活动/*.xlsx", "活动日"),
    ("诉求/*.xlsx", "帮扶个案、诉求联络、建言献策"),
    ("天气/*.csv", "逐日天气（UTF-8 带 BOM）"),
)
MESS = (
    "合并的标题行、两行表头（“服务项目”等分组之下分列）、纵向合并单元格、隐藏的旧工作表",
    "小计、合计、备注、填表人行；表格上方的填报单位与填表日期",
    "同一列里的真日期、2023.5.14、2023年5月14日、2023-05-14 与 Excel 序列号（45060）；月份与时刻也有多种写法",
    "√ ✓ 是 有 1 与 × 否 无 / 混用；空格表示没说，不表示“否”",
    "驿站名称的简称、错字、半角括号与多余空格：多数可由规则或 place/aliases.toml 对上，少数对不上",
    "约20、20余、2台、12㎡ 等带字的数；全角数字；电话写成数字、带空格、一格两个",
    "网络地图坐标（GCJ-02）；坐标 0,0",
    "重复行、同一批次再次补传、几秒内的重复扫码、重复上报的事件",
    "不可能的值：气温 999、座位 -3、2099 年的时刻、0000-00-00；不认识的驿站、服务、类别代码；撕断的 JSON 行",
    "停用、缺货、临时关闭；个别驿站某一季度未出现在台账中（未见，不等于关闭）；个别驿站提前关门",
    "问卷：〖〗填空、┋ 连接的多选、(跳过) 与 (空)、-3 与 -2、删除答卷后的序号缺口、答题过快、直线作答、注意力题未过、重复提交",
    "公布的快递网点数与台账不同（时点不同）：用于演示“口径或时点差异”",
)


STREAMED = (
    "服务记录（门禁、小程序）按所要的行数写出：从 {first} 起逐月，与其他文件同属一个研究；台账、调查、登记与月报仍是小样本的规模",
    "框内小哥照小样本的频率来站，其余到访者是框外的人：人数随行数增加，每人隔几天来一次",
    "埋下的毛病与小样本同类、同频率；只按文件与种类计数，见 `truth/log_defects.csv`（n_defects 为处数；"
    "resent_batch 为补传文件的行数，duplicate_row 为重复的行数），每个文件的行数（不计标题行）见 `truth/log_rows.csv`",
    "`truth/use.csv`、`truth/stock_outs.csv` 与 `truth/closures.csv` 包括全部月份",
)


def write_readme(raw: Path, assumptions: Assumptions, seed: int, *, streamed: bool = False) -> None:
    """Write README.md beside the raw files; what concerns streamed logs only if there are any."""
    if streamed:
        first = first_day(assumptions["streamed_logs"]["months"])
        more = ["", "## 大体量服务记录", "", *[f"- {text.format(first=first)}。" for text in STREAMED]]
    else:
        assumptions = {name: block for name, block in assumptions.items() if name != "streamed_logs"}
        more = []
    lines = [
        "# 模拟数据，仅供演示，不得作为决策依据",
        "",
        "SIMULATED DATA, for demonstration only; not a basis for any decision.",
        "",
        f"本文件夹全部由 `python -m pipeline simulate` 以种子 {seed} 生成；同样的参数得到同样的字节。人名、单位、楼宇、道路、"
        "平台均为虚构。电话一律以 100 开头（没有这样的号段），网络地址只用 RFC 5737 保留给文档的三个网段，"
        "昵称都叫“模拟昵称”。",
        "",
        "## 文件",
        "",
        *[f"- `{pattern}` — {what}" for pattern, what in KINDS],
        "- `MANIFEST.csv` — 每个文件的哈希与大小",
        "",
        "## 埋下的毛病",
        "",
        *[f"- {text}。" for text in MESS],
        "",
        "每一处毛病的文件、工作表、行、列见 `simulate` 另写的 `truth/defects.csv`（不在本文件夹，也不在版本库）。",
        *more,
        "",
        "## 假设：没有公布来源的比例",
        "",
        *_list(assumptions, assumed=True),
        "",
        "## 有公布来源的数字",
        "",
        *_list(assumptions, assumed=False),
    ]
    (raw / "README.md").write_bytes(("\n".join(lines) + "\n").encode("utf-8"))


def _list(assumptions: Assumptions, *, assumed: bool) -> list[str]:
    lines = []
    for name, block in assumptions.items():
        if bool(block.get("assumption")) != assumed:
            continue
        source = "" if assumed else f"（来源：{block['source']}）"
        lines.append(f"- **{block['label_zh']}** `[{name}]`{source}：{_values(block)}")
    return lines


def _values(block: dict[str, Any]) -> str:
    parts = []
    for name, value in block.items():
        if name in ("label_zh", "source", "assumption"):
            continue
        if isinstance(value, list):
            parts.append(f"{name} " + "、".join(f"{number:g}" for number in value))
        elif isinstance(value, dict):
            value = "（" + "，".join(f"{key} {number:g}" for key, number in value.items()) + "）"
            parts.append(f"{name}{value}")
        else:
            parts.append(f"{name} {value}" if isinstance(value, int) else f"{name} {value:g}")
    return "；".join(parts) + "。"
