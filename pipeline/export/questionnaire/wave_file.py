"""The questionnaire's wave file for exports of Wenjuanxing: every question, option and number as it was handed out."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from pipeline.contracts import Item, Option, Question
from pipeline.contracts.toml_text import toml_block
from pipeline.export.questionnaire.form import Form

_TO_FILL = "待填"
_LATER = date(2099, 1, 1)  # no day of any survey: a date left as it is shows at once
_HEAD = """# {title}：问卷星导出文件的对照表。问卷按《{title}》导入问卷星、没有改题号和选项时，改好标着“{to_fill}”的几行，
# 复制到研究的 place/waves/ 就能用；改过题目的，请在下面改成一样。Ready question map for exports of Wenjuanxing.
{stamp}"""
_NOTES = {
    "code": "换成自己的代码，例如 2026q2_courier，每波不同",
    "label_zh": "换成这一波的名称，例如 2026年5月某某街道小哥服务需求调查",
    "population_code": "attached 辖区网点所属小哥；delivering 当日在辖区配送的小哥",
    "opened_on": "开始日期", "closed_on": "结束日期", "retain_until": "原始答卷保存到哪一天，和问卷开头写的一致",
    "files": "第二波起，把问卷名称里的年月也写进去，两波才分得开",
}  # fmt: skip


def wave_text(form: Form) -> str:
    """The wave file as text; it loads as it is, lines to fill in say so."""
    stamp = f"# {form.stamp}\n" if form.stamp else ""
    head = toml_block(_settings(form))
    lines = [_noted(line) for line in head.splitlines()]
    lines.append(f"# frame_total = 1100   # {_TO_FILL}（可不填）：调查对象的总人数，知道才写，去掉行首的 #")
    blocks = [toml_block(_question(question), "[[question]]") for question in form.questions]
    return "\n".join([_HEAD.format(title=form.title, to_fill=_TO_FILL, stamp=stamp), *lines, "", "\n".join(blocks)])


def _settings(form: Form) -> dict[str, Any]:
    bank = form.bank
    glob = f"{bank.raw_folder}/*{{}}*{form.title}*.xls*"
    return {
        "code": f"{form.area_code.lower()}_courier" if form.area_code else "courier",
        "label_zh": form.title, "label_en": bank.label_en, "platform_family": "wenjuanxing", "area_code": form.area_code,
        "population_code": "attached", "mode_code": "qr", "opened_on": _LATER, "closed_on": _LATER,
        "consent_version": bank.consent_version, "purpose": bank.purpose, "legal_basis": bank.legal_basis,
        "retain_until": _LATER, "files": {"text": glob.format("按文本"), "number": glob.format("按序号")},
        "drop_flags": list(bank.drop_flags), "poststratify_by": list(bank.poststratify_by),
    }  # fmt: skip


def _noted(line: str) -> str:
    note = _NOTES.get(line.partition(" = ")[0])
    return f"{line}   # {_TO_FILL}：{note}" if note else line


def _question(question: Question) -> dict[str, Any]:
    """What differs from a question's defaults."""
    table = {}
    for field in fields(Question):
        value = getattr(question, field.name)
        if value == field.default or value in ((), {}):
            continue
        if field.name in ("items", "options"):
            value = [_part(part) for part in value]
        table[field.name] = value
    return table


def _part(part: Option | Item) -> dict[str, Any]:
    found = {field.name: getattr(part, field.name) for field in fields(part)}
    return {name: value for name, value in found.items() if value is not None and value is not False}
