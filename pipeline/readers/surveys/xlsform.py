"""An XLSForm as a form: the sheets `survey` and `choices` (of one workbook, or two CSV files) say of each question its
wording, type, options and when it is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from pipeline.readers.surveys.outline import Told, ToldOption
from pipeline.readers.surveys.xlsform_conditions import clauses_of, together
from pipeline.readers.text_table import TextTable

TYPES = {
    "select_one": "single", "select_multiple": "multiple", "rank": "ranking", "select_one_from_file": "single",
    "select_multiple_from_file": "multiple", "integer": "number", "decimal": "number", "range": "number", "text": "text",
    "barcode": "text", "time": "text", "date": "date", "datetime": "date", "today": "date", "geopoint": "place",
    "geotrace": "place", "geoshape": "place", "acknowledge": "single", "trigger": "single",
}  # fmt: skip
_SILENT = frozenset({
    "start", "end", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email", "audit", "caseid",
    "calculate", "hidden", "xml-external", "csv-external", "start-geopoint", "background-audio",
})  # fmt: skip
_OTHER = ToldOption("other", "Other")
_Row = Mapping[str, str]


def find(tables: Sequence[TextTable]) -> tuple[TextTable, TextTable | None] | None:
    """The sheets `survey` and `choices` among some tables, or nothing when no table is an XLSForm's survey sheet."""
    survey = next((table for table in tables if {"type", "name"} <= set(table.columns) and _label(table.columns)), None)
    lists = ({"list_name", "name"}, {"list name", "name"}, {"list_name", "value"})
    choices = next((table for table in tables if any(names <= set(table.columns) for names in lists)), None)
    return (survey, choices) if survey is not None else None


def form(survey: TextTable, choices: TextTable | None = None) -> dict[str, Told]:
    """What an XLSForm says of its questions, by their names (by `group/name` where a name stands in two groups).

    Notes are left out. What nobody is asked (device, calculations) is told with neither wording nor type. A condition of a
    group holds for every question inside. `shown_if` holds only what `clauses_of` understands and names options of
    the form; else `condition` is the text. Source: the XLSForm specification (xlsform.org), questions, groups, relevant.
    """
    lists = _lists(choices) if choices is not None else {}
    rows = list(_questions(survey))
    seen = Counter(row["name"] for _, _, row in rows)
    told: dict[str, Told] = {}
    conditions: dict[str, list[str]] = {}
    for path, inherited, row in rows:
        name = row["name"] if seen[row["name"]] == 1 else "/".join((*path, row["name"]))
        told[name] = _told(row, lists, _label(survey.columns))
        conditions[name] = [*inherited, row.get("relevant", row.get("relevance", ""))]
    return {name: _with_condition(one, conditions[name], told) for name, one in told.items()}


def _questions(survey: TextTable) -> Iterator[tuple[list[str], list[str], _Row]]:
    """Every question with the groups it stands in and their conditions."""
    path: list[str] = []
    inherited: list[str] = []
    for row in _rows(survey):
        kind = row["type"].replace("_", " ").lower().split()
        if kind[:1] == ["begin"]:
            path.append(row["name"])
            inherited.append(row.get("relevant", row.get("relevance", "")))
        elif kind[:1] == ["end"] and len(kind) > 1:
            del path[-1:], inherited[-1:]
        elif kind and kind != ["note"] and row["name"]:
            yield list(path), list(inherited), row


def _rows(table: TextTable) -> list[dict[str, str]]:
    """The rows of a sheet as they stand in it: a row that begins a group may look like a heading among records."""
    frame = (
        pl.concat([table.frame, table.aside.drop("reason_code")], how="diagonal_relaxed")
        if table.aside.height
        else table.frame
    )
    cells = frame.sort("source_row").select(f"c{i}" for i in range(len(table.columns))).rows()
    return [{name: (cell or "").strip() for name, cell in zip(table.columns, row, strict=True)} for row in cells]


def _label(headings: Sequence[str]) -> list[str]:
    """Label columns, the best first: Chinese, then English, then as they stand.

    >>> _label(["name", "label::Arabic (ar)", "label::English (en)", "label::中文 (zh)"])
    ['label::中文 (zh)', 'label::English (en)', 'label::Arabic (ar)']
    """
    labels = [heading for heading in headings if heading.split(":")[0].strip().lower() == "label"]

    def rank(heading: str) -> int:
        language = heading.partition(":")[2].strip(": ").lower()
        if any(mark in language for mark in ("zh", "chinese", "中文", "汉语")):
            return 0
        return 1 if language in ("", "en") or "english" in language or "(en" in language else 2

    return sorted(labels, key=rank)


def _first(row: _Row, columns: Sequence[str]) -> str:
    return next((row[column] for column in columns if row[column]), "")


def _lists(choices: TextTable) -> dict[str, tuple[ToldOption, ...]]:
    """Options by the name of their list."""
    labels = _label(choices.columns)
    found: dict[str, list[ToldOption]] = {}
    for row in _rows(choices):
        code = row.get("name", row.get("value", ""))
        if code:
            number = int(code) if code.lstrip("-").isdecimal() else None
            option = ToldOption(code, _first(row, labels) or code, number)
            found.setdefault(row.get("list_name", row.get("list name", "")), []).append(option)
    return {name: tuple(options) for name, options in found.items()}


def _told(row: _Row, lists: Mapping[str, tuple[ToldOption, ...]], labels: Sequence[str]) -> Told:
    words = row["type"].split()
    kind = words[0].lower() if words[0].lower() != "select" else f"select_{words[1].lower()}"
    if kind in _SILENT:
        return Told()
    options = lists.get(words[1], ()) if kind in ("select_one", "select_multiple", "rank") and len(words) > 1 else ()
    if words[-1] == "or_other" and all(option.code != "other" for option in options):
        options = (*options, _OTHER)
    return Told(_first(row, labels), TYPES.get(kind, "text"), options)


def _with_condition(one: Told, written: Sequence[str], form: Mapping[str, Told]) -> Told:
    """The condition understood, when every part of it is about options the form has; else as it is written."""
    found = [clauses_of(condition) for condition in written]
    shown_if: dict[str, tuple[str, ...]] = {}
    for clause in [clause for clauses in found for clause in clauses or ()]:
        asked = form.get(clause.question, Told())
        known = {option.code for option in asked.options}
        is_other = shown_if.get(clause.question, clause.codes) != clause.codes
        if is_other or not set(clause.codes) <= known or (clause.is_exact and asked.type != "single"):
            found.append(None)
        shown_if[clause.question] = clause.codes
    if None in found:
        return Told(one.text, one.type, one.options, condition=together(list(written)))
    return Told(one.text, one.type, one.options, shown_if=shown_if)
