"""Builds the town: a study folder (raw/ and place/) from the plain tables in ledgers.py and people.py."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

import xlsxwriter
from ledgers import GRIDS, UNCLAIMED
from people import LINES, SCANS, SHEETS, USES, cells

HERE = Path(__file__).resolve().parent
SERVICES = {"C": "手机充电", "W": "饮水", "H": "热饭", "N": "以上都没有"}
META = ("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP")
STEMS = ("1、您的职业是？", "2、您主要在哪个网格跑单？", "3、您最常去哪个驿站？", "4、您需要哪些服务？", "5、哪些在您干活的地方就能得到？",
         "6、本题请选“同意”", "7、手机号", "8、还有什么建议？")  # fmt: skip
NUMBERS = {"快递员": 1, "外卖骑手": 2, "楼宇职工": 3, "同意": 1, "不同意": 2}


def make_town(root: Path) -> Path:
    """Write the town into a new folder `root` and return it."""
    shutil.copytree(HERE / "place", root / "place")
    for path, sheets in GRIDS.items():
        write_xlsx(root / "raw" / path, {name: grid(text) for name, text in sheets.items()})
    write_pair(root / "raw" / "东里" / "调查")
    write_text(root / "raw" / "东里" / "门禁" / "门禁开门记录_2023-05.csv", scans(), "gb18030")
    write_text(root / "raw" / "东里" / "小程序" / "events_2023-05.jsonl", uses(), "utf-8")
    write_xlsx(root / "raw" / "西里" / "登记" / "纸质登记表_2023-05.xlsx", {"登记": register()})
    write_text(root / "raw" / UNCLAIMED[0], UNCLAIMED[1], "utf-8")
    return root


def canaries() -> list[str]:
    """Every personal value of the raw files: phones, names, nicknames, addresses on the net, open ids."""
    text = repr([GRIDS, SHEETS, SCANS, USES, LINES, UNCLAIMED])
    found = set(
        re.findall(
            r"199\d{8}|oTOWN\d{5}|[吴郑][\u4e00-\u9fff]生|吴填表|吴检查|吴[甲乙丙]|[吴郑]名单|周[一二][甲-癸]", text
        )
    )
    found |= {line[4] for line in cells(LINES) if line[4]}
    found |= {value for number in range(1, 26) for value in (nickname(number), address(number))}
    return sorted(found)


def nickname(number: int) -> str:
    """A made-up nickname of the messenger."""
    return f"小镇昵称{number:02d}"


def address(number: int) -> str:
    """An address from the block reserved for documentation."""
    return f"203.0.113.{100 + number}"


def grid(text: str) -> list[list[str]]:
    """Lines of a grid: title, notes, headings (one or two rows), records."""
    title, notes, headings, *records = [
        [cell.strip() for cell in line.split("|")] for line in text.strip("\n").splitlines()
    ]
    upper = [heading.split("/")[0] for heading in headings]
    lower = [heading.split("/")[1] if "/" in heading else "" for heading in headings]
    return [title, notes, upper, *([lower] if any(lower) else []), *records]


def write_xlsx(path: Path, sheets: dict[str, list[list[object]]]) -> None:
    """A workbook with the same bytes each time; merges as people make them; a name ending in * hides the sheet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"created": datetime(2023, 6, 1)})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name.rstrip("*"))
            if name.endswith("*"):
                sheet.hide()
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value != "":
                        write_cell(sheet, number, column, value)
            if len(rows[0]) == 1:
                merge_headings(sheet, rows)


def write_cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object) -> None:
    """A date as a date, a plain number as a number, anything else as text; phones and codes stay text."""
    if isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day))
    elif isinstance(value, int) or re.fullmatch(r"-?\d{1,4}(\.\d+)?", str(value)):
        sheet.write_number(row, column, float(value))
    else:
        sheet.write_string(row, column, str(value))


def merge_headings(sheet: xlsxwriter.worksheet.Worksheet, rows: list[list[str]]) -> None:
    """The title across the table, groups across their names, plain headings down over both heading rows."""
    last = len(rows[2]) - 1
    sheet.merge_range(0, 0, 0, last, rows[0][0])
    if not any(rows[3][column] == "" and rows[2][column] for column in range(min(len(rows[3]), last + 1))):
        return
    if not is_second_heading(rows):
        return
    for heading, group in groupby(range(last + 1), key=lambda column: rows[2][column]):
        columns = list(group)
        if rows[3][columns[0]]:
            if len(columns) > 1:
                sheet.merge_range(2, columns[0], 2, columns[-1], heading)
        else:
            sheet.merge_range(2, columns[0], 3, columns[0], heading)


def is_second_heading(rows: list[list[str]]) -> bool:
    """Whether the fourth line is a heading row: names below groups, nothing below the rest."""
    return len(set(rows[2])) < len(rows[2]) and rows[3][0] == ""


def write_text(path: Path, text: str, encoding: str) -> None:
    """A text file with the line ends it has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))


def scans() -> str:
    """The smart-lock export: CSV."""
    lines = ["流水号,驿站编号,驿站名称,开门时间,手机号,人员类别,结果,设备号"]
    lines += [
        f"k{int(n):03d},{station},,{at},{phone},{group},{result},d1"
        for n, station, at, phone, group, result in cells(SCANS)
    ]
    return "\r\n".join(lines) + "\r\n"


def uses() -> str:
    """The mini-program export: one JSON object per line."""
    keys = ("id", "ev", "st", "svc", "ts", "openid", "ut", "res")
    return "".join(json.dumps(dict(zip(keys, row, strict=True)), ensure_ascii=False) + "\n" for row in cells(USES))


def register() -> list[list[object]]:
    """The paper register as typed up; line 10 has a real date cell."""
    rows: list[list[object]] = [
        ["序号", "驿站", "日期", "时间", "姓名", "电话", "人员类别", "服务项目", "人数", "结果"]
    ]
    for row in cells(LINES):
        rows.append([date(2023, 5, 16) if cell == "45062" else cell for cell in row])
    return rows


def write_pair(folder: Path) -> None:
    """The Wenjuanxing pair: by text with joined answers (25 sheets), by number with a column per option (24)."""
    wide = [
        [f"{stem}({SERVICES['C']})", *(f"{stem[0]}、({SERVICES[letter]})" for letter in "WHN")]
        if stem[0] in "45"
        else [stem]
        for stem in STEMS
    ]
    text: list[list[object]] = [[*META, *STEMS]]
    number: list[list[object]] = [[*META, *(heading for group in wide for heading in group)]]
    for sheet, group, place, need, met, attention, phone, *said in cells(SHEETS):
        n, suggestion = int(sheet), said[0] if said else ""
        meta = [
            n,
            f"2023/5/{15 + n % 6} 10:{n:02d}:00",
            f"{30 if n == 5 else 120}秒",
            "微信",
            nickname(n),
            f"{address(n)}(北京-北京)",
        ]
        names = ("一网格", "二网格")[int(place) - 1], ("东门驿站", "南门驿站")[int(place) - 1]
        answers = [group, *names, joined(need), joined(met), attention, phone, suggestion or "(空)"]
        text.append([*meta, *answers])
        if n < 25:
            codes = [
                NUMBERS[group],
                int(place),
                int(place),
                *ticked(need),
                *ticked(met),
                NUMBERS[attention],
                phone,
                suggestion or -2,
            ]
            number.append([*meta, *codes])
    write_xlsx(folder / "230521_按文本_东里小哥调查_25_25.xlsx", {"Sheet1": text})
    write_xlsx(folder / "230521_按序号_东里小哥调查_24_24.xlsx", {"Sheet1": number})


def joined(letters: str) -> str:
    """Options ticked, as the text export joins them."""
    return "(空)" if letters == "-" else "┋".join(SERVICES[letter] for letter in letters)


def ticked(letters: str) -> list[int]:
    """Options ticked, one 0/1 per option; −2 is the platform's mark for left blank."""
    return [-2] * 4 if letters == "-" else [int(letter in letters) for letter in "CWHN"]
