"""Who decided and when: both stand on the first sheet, and no decision counts without them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from pipeline.clean.values import dates
from pipeline.contracts.review import GUIDE, REVIEWED_ON, REVIEWER, Review
from pipeline.errors import Problem

Signature = tuple[str, date]
_NOBODY = ("", date(1, 1, 1))


def signature(review: Review, path: Path) -> tuple[Signature, list[Problem]]:
    """Reviewer and date, and what is missing of them."""
    on = review.reviewed_on
    if isinstance(on, str):
        on = dates(pl.Series([on], dtype=pl.String)).item() if on else None
    problems = []
    if not review.reviewer:
        problems.append(_unsigned(path, REVIEWER, "", "审核员甲"))
    if on is None:
        problems.append(_unsigned(path, REVIEWED_ON, str(review.reviewed_on), "2023-06-01"))
    return (_NOBODY if problems else (review.reviewer, on)), problems


def _unsigned(path: Path, label: str, got: str, expected: str) -> Problem:
    return Problem("review_unsigned", f"{path.name} [{GUIDE}]「{label}」", "没有写明审核人或日期", "reviewer or date is missing",
                   got=got, expected=expected, do_zh="请在“说明”表中填写", do_en="fill it in on the first sheet")  # fmt: skip
