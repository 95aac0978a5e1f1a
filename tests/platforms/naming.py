"""Questions with the headings that a platform gives their columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.contracts import Question

NONE: Mapping[str, str] = {}


def with_columns(
    question: Question,
    column: str | None = None,
    *,
    items: Mapping[str, str] = NONE,
    options: Mapping[str, str] = NONE,
    fill_ins: Mapping[str, str] = NONE,
    joined: bool = False,
) -> Question:
    """The question with headings, by the code of item and option. Where rows or options have columns of their own, the
    question has none, unless the export has both (`joined`)."""
    named_items = tuple(replace(item, column=items.get(item.code)) for item in question.items)
    named_options = tuple(
        replace(
            option,
            column=options.get(option.code),
            fill_in_column=fill_ins.get(option.code) if option.fill_in else None,
        )
        for option in question.options
    )
    own = column if joined or not (items or options) else None
    return replace(question, column=own, items=named_items, options=named_options)
