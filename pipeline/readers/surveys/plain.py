"""A plain table of answers with, or without, a codebook: every column is a question, headed as it likes.

A codebook is a table (CSV or sheet) with one row per variable, or one per option of a variable: columns for the variable, its label,
the value and the value's label, told by common names in Chinese and English; the variable may stand only in the first
row of its options. Options may stand in one cell instead, as `1=男;2=女`. A column named missing (缺失) marks values
that are no answers: a state (`not_shown`, 未显示, 跳过) or anything else for left blank.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.contracts.wave import QUESTION_TYPES
from pipeline.errors import CONTRACT, Problem, fail
from pipeline.readers.surveys.headings import headings_of
from pipeline.readers.surveys.layout import Dialect
from pipeline.readers.surveys.outline import Form, Outline, Part, Stem, Told, ToldOption
from pipeline.readers.text_table import TextTable

DIALECT = Dialect(
    family="table",
    meta={},
    separators=("┋", "; ", ";", "；", "|", "\n", ", ", ",", "，"),
    missing_numbers={},
)
_COLUMNS = {
    "variable": (
        "variable",
        "variablename",
        "varname",
        "name",
        "column",
        "field",
        "变量",
        "变量名",
        "字段",
        "字段名",
        "列名",
        "题号",
    ),
    "label": (
        "label",
        "variablelabel",
        "question",
        "text",
        "wording",
        "变量标签",
        "题干",
        "题目",
        "问题",
        "标签",
        "含义",
    ),
    "value": ("value", "code", "取值", "编码", "代码", "值", "选项编码"),
    "value_label": (
        "valuelabel",
        "codelabel",
        "option",
        "optiontext",
        "meaning",
        "取值标签",
        "值标签",
        "选项",
        "选项文字",
        "取值含义",
    ),
    "values": ("values", "valuelabels", "options", "codes", "取值说明", "编码说明", "选项说明"),
    "type": ("type", "questiontype", "题型", "类型"),
    "missing": ("missing", "ismissing", "缺失", "缺失值", "是否缺失"),
}
_TYPES_ZH = {
    "单选": "single", "多选": "multiple", "矩阵": "matrix", "排序": "ranking", "量表": "scale", "数字": "number", "数值": "number",
    "填空": "text", "文本": "text", "日期": "date", "地区": "place",
}  # fmt: skip
_PAIR = re.compile(r"\s*([^=:：＝;；\n]+?)\s*[=:：＝]\s*([^;；\n]+?)\s*(?:[;；\n]|$)")
_NOT_SHOWN = ("not_shown", "notshown", "skip", "skipped", "跳过", "未显示", "不适用")
_NO = ("", "0", "no", "false", "否", "n")


def outline(table: TextTable, form: Form | None = None) -> Outline:
    """Every column as a question of its own; `form` (of a codebook) tells more, by heading."""
    told = form or {}
    stems = (
        Stem(name, told[heading].text if heading in told else heading, (Part(i),), told=told.get(heading, Told()))
        for i, (name, heading) in enumerate(zip(table.columns, headings_of(table), strict=True))
    )
    return Outline({}, tuple(stems))


def form(table: TextTable) -> Form:
    """What a codebook says, by variable. Raises exit 11 when no column names the variables, or none their values or labels."""
    place = _places(table.columns)
    if "variable" not in place or len(place) < 2:
        fail(
            CONTRACT,
            Problem("codebook_columns", table.path.name, "编码表缺少列：至少要有变量名，以及标签或取值",
                    "the codebook misses a column: it needs the variable, and its label or its values",
                    got=" ".join(table.columns[:10]), expected="variable, label, value, value_label",
                    do_zh="把列名改成 variable、label、value、value_label（或 变量、题干、取值、取值标签）",
                    do_en="name the columns variable, label, value, value_label"),
        )  # fmt: skip
    rows: dict[str, list[Mapping[str, str]]] = {}
    last = ""
    for cells in table.frame.drop("source_row").rows():
        row = {role: (cells[i] or "").strip() for role, i in place.items()}
        last = row["variable"] or last
        if last:
            rows.setdefault(last, []).append(row)
    return {name: _told(found) for name, found in rows.items()}


def _places(columns: Sequence[str]) -> dict[str, int]:
    """Which column plays which role; the first that fits, each column once."""
    folded = [re.sub(r"[\s_.\-（）()]", "", column).lower() for column in columns]
    found: dict[str, int] = {}
    for role, names in _COLUMNS.items():
        place = next((i for i, name in enumerate(folded) if name in names and i not in found.values()), None)
        if place is not None:
            found[role] = place
    return found


def _told(rows: Sequence[Mapping[str, str]]) -> Told:
    def first(role: str) -> str:
        return next((row[role] for row in rows if row.get(role)), "")

    options: list[ToldOption] = []
    missing: dict[str, str] = {}
    for row in rows:
        value, label, mark = (row.get(role, "") for role in ("value", "value_label", "missing"))
        if value and mark.lower() not in _NO:
            missing[value] = "not_shown" if mark.lower() in _NOT_SHOWN or label in _NOT_SHOWN else "blank"
        elif value or label:
            options.append(_option(value or label, label or value))
    options += [_option(code, text) for code, text in _PAIR.findall(first("values"))]
    return Told(first("label"), _type(first("type"), options), tuple(options), missing=missing)


def _option(code: str, text: str) -> ToldOption:
    return ToldOption(code, text, int(code) if re.fullmatch(r"-?\d{1,9}", code) else None)


def _type(said: str, options: Sequence[ToldOption]) -> str | None:
    if said.lower() in QUESTION_TYPES:
        return said.lower()
    found = next((kind for word, kind in _TYPES_ZH.items() if said.startswith(word)), None)
    return found or ("single" if options and not said else None)
