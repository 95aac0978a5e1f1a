"""Which platform wrote a table, by its headings; and which row of an export holds which part of the headings."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.readers.surveys.google_forms import is_google_forms
from pipeline.readers.surveys.jinshuju import is_jinshuju
from pipeline.readers.surveys.kobo import is_kobo
from pipeline.readers.surveys.limesurvey import is_limesurvey
from pipeline.readers.surveys.qualtrics import is_qualtrics
from pipeline.readers.surveys.surveymonkey import is_surveymonkey
from pipeline.readers.surveys.tencent_survey import is_tencent_survey
from pipeline.readers.surveys.wenjuanwang import is_wenjuanwang
from pipeline.readers.surveys.wenjuanxing import is_wenjuanxing

_FAMILIES = (
    ("wenjuanxing", is_wenjuanxing), ("tencent_survey", is_tencent_survey), ("jinshuju", is_jinshuju),
    ("wenjuanwang", is_wenjuanwang), ("qualtrics", is_qualtrics), ("kobo", is_kobo),
    ("surveymonkey", is_surveymonkey), ("limesurvey", is_limesurvey), ("google_forms", is_google_forms),
)  # fmt: skip


def survey_family(headings: Sequence[str]) -> str | None:
    """The survey platform that writes such headings, or nothing.

    >>> survey_family(["序号", "提交答卷时间", "所用时间", "来源", "1、您的性别 "])
    'wenjuanxing'
    >>> survey_family(["Timestamp", "How often do you rest in the station?"])
    'google_forms'
    >>> survey_family(["编号", "驿站名称"]) is None
    True
    """
    return next((family for family, is_it in _FAMILIES if is_it(headings)), None)


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
