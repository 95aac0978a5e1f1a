"""The account a run ends with: every row per source, the rules, and what to do about the rest."""

from __future__ import annotations

import duckdb

from pipeline.paths import Study
from pipeline.terminal import table
from pipeline.validate.notices import unread

UNREAD_SHOWN = 20  # the terminal is read at a glance

_ACCOUNTS = """
select coalesce(w.label_{lang}, c.label_{lang}, f.source_code, '—') as source, count(distinct f.source_file_id) as n_files,
       sum(l.n_read) as n_read, sum(l.n_clean) as n_clean, sum(l.n_duplicate) as n_duplicate,
       sum(l.n_rejected) as n_rejected, sum(l.n_set_aside) as n_set_aside
from audit.row_ledger as l join audit.source_files as f using (source_file_id)
left join ref.waves as w on w.wave_code = f.source_code
left join ref.codes as c on c.list_code = 'sources' and c.code = f.source_code
group by f.source_code, 1 order by f.source_code
"""
_RULES = """
select count(*) filter (passed) as n_passed,
       count(*) filter (not passed and severity = 'warning') as n_warned,
       count(*) filter (not passed and severity = 'critical') as n_failed,
       count(*) filter (not passed and severity = 'info') as n_noted
from audit.rule_results
"""


def lines(con: duckdb.DuckDBPyConnection, study: Study, lang: str) -> list[str]:
    """The summary in one language: `读入 = 采用 + 重复 + 退回 + 另存` per source, then the rules."""
    zh = lang == "zh"
    header = ["来源", "文件", "读入", "采用", "重复", "退回", "另存"] if zh else [
        "source", "files", "read", "clean", "duplicate", "rejected", "set aside"]  # fmt: skip
    rows = [
        [str(row[0]), *(f"{int(value):,}" for value in row[1:])]
        for row in con.sql(_ACCOUNTS.format(lang=lang)).fetchall()
    ]
    passed, warned, failed, noted = con.sql(_RULES).fetchall()[0]
    rules = (
        f"校验规则：通过 {passed}，警告 {warned}，严重 {failed}，提示 {noted}（{study.validation}）"
        if zh
        else f"Rules: {passed} passed, {warned} warned, {failed} failed, {noted} noted ({study.validation})"
    )
    return ["", *table(header, rows), *_unread(con, zh), *_overdue(con, zh), "", rules]


def _overdue(con: duckdb.DuckDBPyConnection, zh: bool) -> list[str]:
    """Waves whose answer sheets should have been deleted by now: the term the respondents were told is over."""
    found = con.sql(
        "select label_zh, label_en, retain_until from ref.waves where retain_until < current_date order by all"
    ).fetchall()
    return [
        f"已过保存期限（{until}）的问卷：{label_zh}。请删除 raw/ 中的答卷，或写明依据后修改 retain_until"
        if zh
        else f"Kept beyond its term ({until}): {label_en}. Delete its answer sheets in raw/, or give the ground for a later retain_until"
        for label_zh, label_en, until in found
    ]


def _unread(con: duckdb.DuckDBPyConnection, zh: bool) -> list[str]:
    """The files that no contract claims, by path, with the reason; the validation page has them all."""
    files = unread(con)
    if not files:
        return []
    more = len(files) - UNREAD_SHOWN
    tail = (
        [f"  … 另有 {more} 份，见校验页" if zh else f"  … and {more} more, see the validation page"] if more > 0 else []
    )
    shown = [f"  {path}{'：' if zh else ': '}{why[0 if zh else 1]}" for path, *why in files[:UNREAD_SHOWN]]
    return ["", f"没有读入的文件：{len(files)}" if zh else f"Files not read: {len(files)}", *shown, *tail]
