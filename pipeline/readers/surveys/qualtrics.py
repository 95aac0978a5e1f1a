"""How Qualtrics writes an export: three header rows (names, wording, ImportIds), older ones two (V1 … V10, wording).

A matrix has a column per row, headed `题干 - 行`; several choices stand in one column, comma between, or in a column each.
`_TEXT` columns hold what was written beside a choice, or a text question's answer. Timings, browser data, topics and
embedded data are no answers. Previews and tests made by the authors are no respondents: `preview_rows`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from pipeline.readers.surveys.layout import Dialect, fold
from pipeline.readers.surveys.outline import Form, Outline, Part, Stem, Told
from pipeline.readers.surveys.qualtrics_ids import (
    Column,
    column_of,
    columns_by_name,
    common,
    import_id,
    intro,
    is_technical,
    plain_wording,
)
from pipeline.readers.text_table import TextTable

_ROLES = {
    "ResponseId": "respondent", "ResponseID": "respondent", "StartDate": "started_at", "EndDate": "submitted_at",
    "RecordedDate": "submitted_at", "Duration (in seconds)": "duration",
} | dict.fromkeys((
    "Status", "IPAddress", "Progress", "Finished", "RecipientLastName", "RecipientFirstName", "RecipientEmail",
    "ExternalReference", "ExternalDataReference", "LocationLatitude", "LocationLongitude", "LocationAccuracy",
    "DistributionChannel", "UserLanguage", "ResponseSet", "Name", "EmailAddress",
), "dropped")  # fmt: skip
_ROLES_BY_ID = {
    "_recordId": "respondent", "startDate": "started_at", "endDate": "submitted_at", "recordedDate": "submitted_at",
    "duration": "duration",
} | dict.fromkeys((
    "status", "ipAddress", "progress", "finished", "recipientLastName", "recipientFirstName", "recipientEmail",
    "externalDataReference", "locationLatitude", "locationLongitude", "distributionChannel", "userLanguage",
), "dropped")  # fmt: skip
_LEGACY = ("ResponseID", "ResponseSet", "Name", "ExternalDataReference", "EmailAddress", "IPAddress", "Status", "StartDate",
           "EndDate", "Finished")  # fmt: skip
_PREVIEW_STATUS = {
    "1": "survey preview", "2": "survey test", "8": "spam", "9": "survey preview spam", "12": "imported spam",
    "17": "offline survey preview", "40": "ex spam", "256": "synthetic",
}  # fmt: skip
_PREVIEW_CHANNELS = {"preview", "test"}
_MARKS = {"StartDate", "EndDate", "IPAddress", "RecordedDate", "ResponseId", "ResponseID", "ResponseSet", "Finished",
          "ExternalDataReference", "UserLanguage", "DistributionChannel"}  # fmt: skip
_LEGACY_NAME = re.compile(r"^V\d{1,2}$")
_NUMBER = re.compile(r"^Q(\d{1,3})$", re.IGNORECASE)
_SELECTED = re.compile(r"\s+-\s+(?:Selected Choice|所选选项|选定的选项|选择的选项)$")
_WRITTEN = re.compile(r"\s+-\s+(?:Text|文本|文字)$")
_FEWEST_RANKED = 5  # rows that all rank 1..k: fewer may do so by chance

DIALECT = Dialect(
    family="qualtrics",
    meta={name: role for name, role in _ROLES.items() if name != "Name"}
    | {f"V{i}/{name}": _ROLES[name] for i, name in enumerate(_LEGACY, start=1)},
    separators=(",",),
    not_shown=(),
    blank=("",),
    missing_numbers={},
)


def is_qualtrics(headings: Sequence[str]) -> bool:
    """Whether the headings (names, not wording) are those of a Qualtrics export.

    >>> is_qualtrics(["StartDate", "EndDate", "Status", "ResponseId", "Q1"]), is_qualtrics(["ResponseId", "Q1"])
    (True, False)
    """
    names = {heading.strip() for heading in headings}
    return bool(names & {"ResponseId", "ResponseID"}) and len(names & _MARKS) >= 3


def preview_rows(table: TextTable) -> pl.Series:
    """`source_row` of the records that no respondent made: previews and tests by the authors, and what the platform
    itself marked as spam, told from Status (words or codes) and from DistributionChannel."""
    names, texts, ids = _header(table)
    is_preview = pl.lit(False)
    for position, name in enumerate(names):
        known = {name, ids[position]} | ({texts[position]} if _LEGACY_NAME.match(name) else set())
        cells = pl.col(f"c{position}").str.strip_chars().str.to_lowercase()
        if known & {"Status", "status"}:
            is_preview |= cells.is_in([*_PREVIEW_STATUS, *_PREVIEW_STATUS.values()]).fill_null(False)
        elif known & {"DistributionChannel", "distributionChannel"}:
            is_preview |= cells.is_in(_PREVIEW_CHANNELS).fill_null(False)
    return table.frame.filter(is_preview)["source_row"]


def outline(table: TextTable, form: Form | None = None) -> Outline:
    """Every column of the export by what it is. With a form (`qsf.form`) questions are looked up by their export tags."""
    names, texts, ids = _header(table)
    meta: dict[str, list[int]] = {}
    rest: list[int] = []
    columns: list[Column] = []
    has_ids = any(ids)
    for position, (name, text, identity) in enumerate(zip(names, texts, ids, strict=True)):
        role = _ROLES_BY_ID.get(identity) if identity else _ROLES.get(text if _LEGACY_NAME.match(name) else name)
        column = column_of(position, name, text, identity) if has_ids else Column(position, name, text, name)
        if role:
            meta.setdefault(role, []).append(position)
        elif column is None or is_technical(name, identity) or (not has_ids and name in (text, "")):
            rest.append(position)
        else:
            columns.append(column)
    questions: dict[str, list[Column]] = {}
    for column in columns if has_ids else columns_by_name(columns):
        questions.setdefault(column.question, []).append(column)
    stems = tuple(_stem(table, own, form or {}) for own in questions.values())
    return Outline({role: tuple(positions) for role, positions in meta.items()}, stems, tuple(rest))


def _header(table: TextTable) -> tuple[list[str], list[str], list[str]]:
    """Names, wordings and ImportIds, column by column; empty where the export has no such row."""
    rows = [list(row) for row in table.header_cells] or [list(table.columns)]
    names = [cell.strip() for cell in rows[0]]
    texts = [plain_wording(cell) for cell in rows[1]] if len(rows) > 1 else [""] * len(names)
    ids = [import_id(cell) for cell in rows[2]] if len(rows) > 2 else [""] * len(names)
    return names, texts, ids


def _stem(table: TextTable, columns: Sequence[Column], form: Form) -> Stem:
    """One question of its columns."""
    name = _name(columns)
    told = form.get(name) or form.get(_without_part(columns[0])) or form.get(columns[0].question) or Told()
    shared = intro([column.text for column in columns]) if len(columns) > 1 or columns[0].part else ""
    text = shared.removesuffix("-").rstrip().removesuffix("-").rstrip() or _SELECTED.sub("", columns[0].text) or name
    choices = [column for column in columns if not column.is_text]
    are_options = _are_options(table, [column for column in choices if column.part], shared, told)
    parts = [_part(column, shared, are_options, bool(choices), len(columns)) for column in columns]
    number = _NUMBER.match(name)
    return Stem(name, told.text or text, tuple(parts), int(number.group(1)) if number else None, told)


def _name(columns: Sequence[Column]) -> str:
    """How the export calls the question: the names of its columns without their parts."""
    if len(columns) == 1 and not columns[0].part:
        return columns[0].name
    names = {_without_part(column) for column in columns}
    return (names.pop() if len(names) == 1 else common(sorted(names)).rstrip("_-. ")) or columns[0].question


def _without_part(column: Column) -> str:
    """`legitimacy_1_3` is part 3 of `legitimacy_1`: the name loses as many numbers as the part has."""
    name = column.name.removesuffix("_TEXT") if column.is_text else column.name
    n_numbers = column.part.count("_") + 1 if column.part else 0
    return re.sub(rf"(?:_x?\d+){{{n_numbers}}}$", "", name) if n_numbers else name


def _part(column: Column, shared: str, are_options: bool, has_choices: bool, n_columns: int) -> Part:
    wording = column.text.removeprefix(shared)
    if n_columns == 1 and not shared:
        return Part(column.position)
    if column.is_text and has_choices:
        return Part(column.position, option=_WRITTEN.sub("", wording) if column.part else "", is_fill_in=True)
    if not column.part and not column.is_text:
        return Part(column.position)
    if not are_options:
        return Part(column.position, item=wording or column.part)
    item, _, option = wording.rpartition(" - ") if "_" in column.part else ("", "", wording)
    return Part(column.position, item=item, option=option or column.part)


def _are_options(table: TextTable, columns: Sequence[Column], shared: str, told: Told) -> bool:
    """Whether columns are choices (ticked or ranked) rather than rows of a matrix: the form says so, or each holds one value
    only, its own wording or a number; or the numbers in every row are ranks."""
    has_both = any("_" in column.part for column in columns)  # rows and choices: a form that says matrix says no more
    if (told.type and not (told.type == "matrix" and has_both)) or not columns:
        return told.type in ("multiple", "ranking", "allocation")
    cells = [table.frame[f"c{column.position}"] for column in columns]
    values = [set(series.drop_nulls()) for series in cells]
    ticked = all(
        len(own) <= 1
        and all(value.isdigit() or fold(column.text.removeprefix(shared)).endswith(fold(value)) for value in own)
        for own, column in zip(values, columns, strict=True)
    )
    rows = [row for row in zip(*cells, strict=True) if any(cell is not None for cell in row)]
    if ticked and rows and any(None in row for row in rows):
        return True
    ranks = [sorted(cell for cell in row if cell is not None) for row in rows]
    n_columns = len(columns)
    orders = [sorted(str(i) for i in range(1, n + 1)) for n in range(n_columns + 1)]
    return n_columns > 1 and len(rows) >= _FEWEST_RANKED and all(row == orders[len(row)] for row in ranks)
