"""Which platform wrote a table, by its headings; and which row of an export holds which part of the headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.readers.surveys.kobo import is_kobo
from pipeline.readers.surveys.qualtrics import is_qualtrics
from pipeline.readers.surveys.surveymonkey import is_surveymonkey
from pipeline.readers.surveys.tencent_survey import is_tencent_survey
from pipeline.readers.surveys.wenjuanxing import is_wenjuanxing

_JINSHUJU = {
    "提交人",
    "修改时间",
    "填写设备",
    "操作系统",
    "浏览器",
    "填写地区",
    "IP",
    "填写时长",
    "扩展属性",
    "微信昵称",
    "微信OpenID",
}
_WENJUANWANG = re.compile(r"^Q\d+(_A\d+|_open|_\d+)?", re.IGNORECASE)
_QUESTION = re.compile(r"[?？]| \[[^\]]+\]$|^\S+ \S+ \S+ \S+")


def survey_family(headings: Sequence[str]) -> str | None:
    """The survey platform that writes such headings, or nothing.

    >>> survey_family(["序号", "提交答卷时间", "所用时间", "来源", "1、您的性别 "])
    'wenjuanxing'
    >>> survey_family(["Timestamp", "How often do you rest in the station?"])
    'google_forms'
    >>> survey_family(["编号", "驿站名称"]) is None
    True
    """
    first = headings[0].strip() if headings else ""
    names = {heading.strip() for heading in headings}
    if is_wenjuanxing(headings):
        return "wenjuanxing"
    if is_tencent_survey(headings):
        return "tencent_survey"
    if "提交时间" in names and len(names & _JINSHUJU) >= 2:
        return "jinshuju"
    if {"start", "finish"} <= names and any(_WENJUANWANG.match(name) for name in names):
        return "wenjuanwang"
    if is_qualtrics(headings):
        return "qualtrics"
    if is_kobo(headings):
        return "kobo"
    if is_surveymonkey(headings):
        return "surveymonkey"
    if {"submitdate", "lastpage"} <= names or {"Date submitted", "Last page"} <= names:
        return "limesurvey"
    if first in ("Timestamp", "时间戳记", "時間戳記") and any(_QUESTION.search(name) for name in names - {first}):
        return "google_forms"
    return None


def family_of_rows(rows: Sequence[Sequence[str | None]]) -> str | None:
    """The platform, from the first records: older Qualtrics exports head their columns V1, V2 … and name them below."""
    heads = [[cell or "" for cell in row] for row in rows[:2]]
    if not heads:
        return None
    if len(heads) > 1 and heads[0][0] == "V1" and survey_family(heads[1]) == "qualtrics":
        return "qualtrics"
    return survey_family(heads[0])


def n_header_rows(family: str | None, rows: Sequence[Sequence[str | None]]) -> int:
    """How many of the first records are headings: Qualtrics writes three (older exports two), SurveyMonkey often two."""
    if family == "qualtrics" and len(rows) >= 3:
        return 3 if any(cell and '"ImportId"' in cell for cell in rows[2]) else 2
    if family == "surveymonkey" and len(rows) >= 2:
        first, second = rows[0], rows[1]
        respondent = next((i for i, cell in enumerate(first) if cell and "respondent" in cell.lower()), 0)
        return 2 if not second[respondent] and any(second) else 1
    return 1
