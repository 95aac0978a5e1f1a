"""The survey platforms by family: how each writes, and what each export shows of its questionnaire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.readers.surveys import tencent_survey, wenjuanxing
from pipeline.readers.surveys.layout import Dialect
from pipeline.readers.surveys.outline import Form, Outline

if TYPE_CHECKING:
    from pipeline.readers.text_table import TextTable

PLATFORMS = {module.DIALECT.family: module for module in (wenjuanxing, tencent_survey)}


def dialect_of(family: str) -> Dialect:
    """How a platform writes."""
    return PLATFORMS[family].DIALECT


def outline_of(table: TextTable, family: str | None = None, form: Form | None = None) -> Outline:
    """What an export shows of its questionnaire."""
    module = PLATFORMS[family or table.family]
    return module.outline(table, form) if hasattr(module, "outline") else Outline({}, ())
