"""validation.html: what was checked, what failed and what that means, where every row went, which totals differ.

One self-contained page in Chinese and English; counts only, no value of any cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

import duckdb

from pipeline.errors import FILE, Problem, fail
from pipeline.validate import changes
from pipeline.validate.notices import seen, unread
from pipeline.validate.pieces import QUALIFIER, as_table, number, two
from pipeline.validate.totals import stated

_ACCOUNTS = """
select source_code, sum(n_files), sum(n_read), sum(n_clean), sum(n_duplicate), sum(n_rejected), sum(n_set_aside)
from mart.row_accounts group by source_code order by source_code = '', source_code
"""
_REASONS = """
select coalesce(s.source_code, '') as source_code, f.fate, f.reason_code, coalesce(r.label_zh, f.reason_code),
       coalesce(r.label_en, f.reason_code), count(distinct (f.source_file_id, f.source_sheet, f.source_row)) as n
from audit.row_fates as f
join audit.source_files as s on s.source_file_id = f.source_file_id
left join audit.reasons as r on r.reason_code = f.reason_code
group by all order by source_code, n desc, f.reason_code
"""
_TOTALS = """
select label_zh, label_en, published, qualifier, counted, agrees, difference, as_of
from mart.total_reconciliation order by area_code, measure_code, as_of
"""
_RULES = """
select rule_code, table_name, column_name, kind, severity, why_zh, why_en, observed, passed
from audit.rule_results
order by passed, list_position(['critical', 'warning', 'info'], severity), table_name, rule_code
"""
SEVERITY = {"critical": ("严重", "critical"), "warning": ("警告", "warning"), "info": ("提示", "note")}
FATE = {"duplicate": ("重复", "duplicate"), "rejected": ("退回", "rejected"), "set_aside": ("另存", "set aside")}
STAMP = ("模拟数据，仅供演示，不得作为决策依据", "Simulated data, for demonstration only")
STYLE = Path(__file__).with_name("page.css")

_SOURCES = """
select code, label_zh, label_en from ref.codes where list_code = 'sources'
union all select wave_code, label_zh, label_en from ref.waves
"""


def write(con: duckdb.DuckDBPyConnection, path: Path, *, is_simulated: bool) -> None:
    """Write the page of a warehouse whose audit.rule_results are filled. Raises exit 10 when it cannot be written."""
    rules = con.execute(_RULES).fetchall()
    sources = {"": ("没有合同认领的文件", "files no contract claims")}
    sources |= {code: (zh, en) for code, zh, en in con.execute(_SOURCES).fetchall()}
    parts = [
        _head(rules, is_simulated),
        _failures(rules),
        _accounts(con, sources),
        _changes(con, sources),
        _unread(con),
        _notices(con),
        stated(con),
        _totals(con),
        _all_rules(rules),
        "</main></body></html>\n",
    ]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(parts), encoding="utf-8", newline="\n")
    except OSError as error:
        fail(
            FILE,
            Problem("page_unwritable", path.name, "无法写入校验页", "the validation page cannot be written",
                    got=type(error).__name__, do_zh="请关闭打开该文件的程序", do_en="close the program that holds it"),
        )  # fmt: skip


def _head(rules: list[tuple], is_simulated: bool) -> str:
    n = {name: sum(1 for rule in rules if not rule[8] and rule[4] == name) for name in SEVERITY}
    failed = ("有严重问题：本次结果没有发布，上一次的数据库保持不变",
              "A critical rule failed: not published, the last warehouse stays")  # fmt: skip
    verdict = (
        failed
        if n["critical"]
        else ("没有严重问题：数据库可以发布", "Nothing critical: the warehouse may be published")
    )
    tiles = [
        ("通过", "passed", sum(1 for rule in rules if rule[8])),
        *((*SEVERITY[name], n[name]) for name in SEVERITY),
    ]
    stamp = f'<p class="stamp">{two(STAMP)}</p>' if is_simulated else ""
    shown = "".join(f"<div><b>{count}</b>{two((zh, en))}</div>" for zh, en, count in tiles)
    return f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>校验报告 Validation</title><style>
{STYLE.read_text(encoding="utf-8")}</style></head><body><main>
<h1>校验报告 <span class="en">Validation</span></h1>{stamp}
<p><strong>{two(verdict)}</strong></p><div class="tiles">{shown}</div>"""


def _failures(rules: list[tuple]) -> str:
    shown = "".join(_failure(rule) for rule in rules if not rule[8]) or f"<p>{two(('没有', 'none'))}</p>"
    return f"<h2>{two(('未通过的规则', 'Rules that failed'))}</h2>{shown}"


def _failure(rule: tuple) -> str:
    code, table, column, kind, severity, why_zh, why_en, observed, _ = rule
    where = f"{table}.{column}" if column else table
    return (
        f'<div class="rule {severity}"><p><strong>{two(SEVERITY[severity])}</strong> · {two((why_zh, why_en))}</p>'
        f"<p>{two(_observed(kind, observed))} · <code>{escape(where)}</code> · <code>{escape(code)}</code></p></div>"
    )


def _observed(kind: str, observed: str) -> tuple[str, str]:
    """Counts in words: `3 / 60` rows, or the number of rows there are."""
    if kind == "row_count_between":
        return f"表中共 {observed} 行", f"{observed} rows in the table"
    unexpected, _, rows = observed.partition(" / ")
    if kind == "rows_sql":  # may count groups of rows
        return f"不符 {unexpected} 处（表中共 {rows} 行）", f"{unexpected} places (the table has {rows} rows)"
    return f"不符 {unexpected} 行，共 {rows} 行", f"{unexpected} of {rows} rows"


def _accounts(con: duckdb.DuckDBPyConnection, sources: Mapping[str, tuple[str, str]]) -> str:
    heads = [("来源", "source"), ("文件", "files"), ("读入", "read"), ("采用", "clean"), *FATE.values()]
    rows = [
        [_source(row[0], sources), *(number(value) for value in row[1:])] for row in con.execute(_ACCOUNTS).fetchall()
    ]
    reasons = [
        [_source(source, sources), two(FATE[fate]), two((zh, en)), number(n)]
        for source, fate, _, zh, en, n in con.execute(_REASONS).fetchall()
    ]
    reason_heads = [("来源", "source"), ("去向", "fate"), ("原因", "reason"), ("行数", "rows")]
    return (
        f"<h2>{two(('每一行的去向', 'Where every row went'))}</h2>"
        f"<p>{two(('读入 ＝ 采用 ＋ 重复 ＋ 退回 ＋ 另存', 'read = clean + duplicate + rejected + set aside'))}</p>"
        f"{as_table(heads, rows, first_number=1)}"
        f"<details><summary>{two(('按原因', 'By reason'))}</summary>{as_table(reason_heads, reasons, first_number=3)}</details>"
    )


def _changes(con: duckdb.DuckDBPyConnection, sources: Mapping[str, tuple[str, str]]) -> str:
    heads = [("地区", "area"), ("台账", "ledger"), ("上期", "before"), ("本期", "now"), ("驿站", "stations"), *changes.words(con),
             ("内容有变化", "said otherwise"), ("只是填写多了或少了", "only more or less said")]  # fmt: skip
    rows = [
        [two((zh, en)), _source(source, sources), before, now, *(number(value) for value in counts)]
        for zh, en, source, before, now, *counts in changes.stations(con)
    ]
    item_heads = [
        ("项目", "item"),
        ("有变化", "said otherwise"),
        ("新填写", "newly said"),
        ("不再填写", "no longer said"),
    ]
    items = [[two((zh, en)), *(number(value) for value in counts)] for zh, en, *counts in changes.items(con)]
    note = ("单位：驿站。本期未见不等于关闭，没有填写不等于没有。逐条见 mart.ledger_changes。",
            "Stations. Not seen is not closed, not said is not no. Line by line in mart.ledger_changes.")  # fmt: skip
    return (
        f"<h2>{two(('与上一期台账相比', 'Against the ledger before'))}</h2><p>{two(note)}</p>{as_table(heads, rows, first_number=4)}"
        f"<details><summary>{two(('按项目', 'By item'))}</summary>{as_table(item_heads, items, first_number=1)}</details>"
    )


def _unread(con: duckdb.DuckDBPyConnection) -> str:
    heads = [("文件", "file"), ("原因", "reason")]
    rows = [[escape(path), two((zh, en))] for path, zh, en in unread(con)]
    return f"<h2>{two(('没有读入的文件', 'Files not read'))}</h2>{as_table(heads, rows)}"


def _notices(con: duckdb.DuckDBPyConnection) -> str:
    heads = [("文件", "file"), ("工作表", "sheet"), ("列", "column"), ("提示", "notice"), ("次数", "times")]
    rows = [
        [escape(path), escape(sheet) or "—", escape(column) or "—", two((zh, en)), number(n)]
        for path, sheet, column, zh, en, n in seen(con)
    ]
    note = (
        "不影响行的去向，但值得看一眼；只列文件、工作表和列名，不列单元格内容。",
        "No row's fate depends on these; file, sheet and heading only, no cell.",
    )
    title = ("读入时的提示", "Seen on reading")
    return f"<h2>{two(title)}</h2><p>{two(note)}</p>{as_table(heads, rows, first_number=4)}"


def _totals(con: duckdb.DuckDBPyConnection) -> str:
    heads = [("指标", "measure"), ("公布数", "published"), ("清点数", "counted"), ("差", "difference"),
             ("判断", "reading")]  # fmt: skip
    rows = []
    for zh, en, published, qualifier, counted, agrees, difference, as_of in con.execute(_TOTALS).fetchall():
        reading = {
            True: ("相符", "agrees"),
            False: ("口径或时点差异", "difference of definition or date"),
            None: ("文件中无此数", "not in the files"),
        }[agrees]
        shown = f"{QUALIFIER[qualifier]}{number(published)} <span class='en'>{as_of}</span>"
        rows.append([two((zh, en)), shown, number(counted), number(difference), two(reading)])
    note = (
        "公布数与文件中清点的数可能口径不同、时点不同；两个数都列出，不作改动。",
        "Published figures and ours may differ in definition or date; both are shown, neither is changed.",
    )
    return f"<h2>{two(('与公布数对照', 'Against published totals'))}</h2><p>{two(note)}</p>{as_table(heads, rows, first_number=1)}"


def _all_rules(rules: list[tuple]) -> str:
    heads = [("表", "table"), ("规则", "rule"), ("级别", "severity"), ("实测", "observed"), ("结果", "result")]
    rows = [
        [
            f"<code>{escape(table + ('.' + column if column else ''))}</code>",
            f"{two((why_zh, why_en))} <code>{escape(code)}</code>",
            two(SEVERITY[severity]),
            escape(observed),
            two(("通过", "passed") if passed else ("未通过", "failed")),
        ]
        for code, table, column, _, severity, why_zh, why_en, observed, passed in rules
    ]
    title = (f"全部 {len(rules)} 条规则", f"All {len(rules)} rules")
    note = ("“实测”为不符行数 / 表中行数。", "“Observed” is rows that break the rule / rows in the table.")
    return f"<h2>{two(title)}</h2><details><summary>{two(('展开', 'open'))}</summary><p>{two(note)}</p>{as_table(heads, rows)}</details>"


def _source(code: str, sources: Mapping[str, tuple[str, str]]) -> str:
    shown = f" <code>{escape(code)}</code>" if code else ""
    return (two(sources[code]) if code in sources else "") + shown
