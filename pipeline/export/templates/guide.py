"""The sheet 填写说明: how to fill in the workbook, and every column of its sheets; made from the contracts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from pipeline.contracts import Source
from pipeline.contracts.forms import Form, form_facts
from pipeline.export.templates.layout import FormColumn, Setting
from pipeline.export.templates.looks import lines_high, print_setup
from pipeline.export.templates.sheet import across
from pipeline.export.templates.words import duty, meaning, values

_COLUMNS = (("sheet", 14), ("column", 24), ("fill", 10), ("meaning", 52), ("values", 52), ("known", 34))
_LAST = len(_COLUMNS) - 1


def write_guide(
    page: Any,
    form: Form,
    sheets: Sequence[tuple[str, Source, Sequence[FormColumn]]],
    setting: Setting,
    *,
    folder: str,
    looks: Mapping[str, Any],
    stamp: str,
) -> None:
    """Write the guide of a workbook; `sheets` are its blank sheets by name, `folder` is where it goes below raw/."""
    facts, lang = form_facts(), setting.lang
    for place, (_, width) in enumerate(_COLUMNS):
        page.set_column(place, place, width)
    across(page, 0, _LAST, facts.own_sheets["guide"].sign, looks["title"])
    page.set_row(0, 28)
    lines = [line.format(**_filled(form, sheets, folder, lang)) for line in facts.guide[lang]]
    wide = sum(width for _, width in _COLUMNS)
    for row, text in enumerate([stamp, *lines] if stamp else lines, start=1):
        across(page, row, _LAST, text, looks["stamp" if text == stamp else "text"])
        page.set_row(row, 18 * lines_high(text, wide))
    top = len(lines) + bool(stamp) + 2
    for place, (name, _) in enumerate(_COLUMNS):
        page.write_string(top, place, facts.word(name, lang), looks["optional"])
    labels = _labels(setting)
    rows = [_row(name, column, lang, labels) for name, _, columns in sheets for column in _once(columns)]
    for row, cells in enumerate(rows, start=top + 1):
        for place, text in enumerate(cells):
            page.write_string(row, place, text, looks["cell"])
        page.set_row(
            row, 16 * max(lines_high(text, width) for text, (_, width) in zip(cells, _COLUMNS, strict=True)) + 2
        )
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)
    page.hide_gridlines(2)
    print_setup(page, title=PurePosixPath(form.file).stem, stamp=stamp)


def _filled(
    form: Form, sheets: Sequence[tuple[str, Source, Sequence[FormColumn]]], folder: str, lang: str
) -> dict[str, str]:
    """What the lines of the guide name: how the file will be called, where it goes, what the date means."""
    facts, name = form_facts(), PurePosixPath(form.file).name
    dated = any(source.as_of != "none" for _, source, _ in sheets)
    return {
        "example": name.replace(facts.suffix, f"_{facts.example_date:%Y-%m-%d}"),
        "folder": PurePosixPath(folder, PurePosixPath(form.file).parent).as_posix(),
        "date": facts.guide[f"date_note_{lang}" if dated else f"date_none_{lang}"],
    }


def _once(columns: Sequence[FormColumn]) -> list[tuple[str, FormColumn]]:
    """(heading, column): every plain column, and each group once for all its columns."""
    groups: dict[str, list[FormColumn]] = {}
    for column in columns:
        groups.setdefault(column.group or f"\x00{column.heading}", []).append(column)
    return [
        (
            f"{found[0].group}（{'、'.join(column.heading for column in found)}）"
            if found[0].group
            else found[0].heading,
            found[0],
        )
        for found in groups.values()
    ]


def _row(sheet: str, entry: tuple[str, FormColumn], lang: str, labels: dict[str, str]) -> list[str]:
    heading, column = entry
    return [
        sheet, heading, duty(column, lang), meaning(column, lang), values(column, lang, labels), "、".join(column.known_as)
    ]  # fmt: skip


def _labels(setting: Setting) -> dict[str, str]:
    """In English explanations a choice stands with its English label."""
    if setting.lang == "zh":
        return {}
    return {code.label_zh: code.label_en for book in setting.codebooks.values() for code in book.codes}
