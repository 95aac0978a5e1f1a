"""The survey platforms: how each writes an export, and what an export shows of its questionnaire."""

from __future__ import annotations

from types import ModuleType

from pipeline.readers.surveys import (
    google_forms,
    jinshuju,
    kobo,
    limesurvey,
    plain,
    qualtrics,
    spss,
    surveymonkey,
    tencent_survey,
    wenjuanwang,
    wenjuanxing,
)
from pipeline.readers.surveys.layout import Dialect
from pipeline.readers.surveys.outline import Form, Outline
from pipeline.readers.text_table import TextTable

_MODULES = (
    wenjuanxing,
    tencent_survey,
    wenjuanwang,
    jinshuju,
    google_forms,
    limesurvey,
    kobo,
    qualtrics,
    surveymonkey,
    spss,
    plain,
)
PLATFORMS: dict[str, ModuleType] = {module.DIALECT.family: module for module in _MODULES}


def dialect_of(family: str) -> Dialect:
    """How a platform writes; a family that is no platform (ledger, json, parquet) is a plain table.

    >>> dialect_of("wenjuanxing").separators, dialect_of("parquet").family
    (('┋',), 'table')
    """
    return PLATFORMS.get(family, plain).DIALECT


def outline_of(table: TextTable, family: str | None = None, form: Form | None = None) -> Outline:
    """The questions that a table shows. `family` where the table's own is not the one meant, `form` what is known of the
    questions besides (by default what the file itself says)."""
    return PLATFORMS.get(family or table.family, plain).outline(table, table.form if form is None else form)
