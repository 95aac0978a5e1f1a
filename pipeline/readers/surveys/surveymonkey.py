"""How SurveyMonkey writes an export: questions over options in two header rows, or one cleaned row of questions.

In two rows a question stands once and the cells to its right are empty (or repeated) as far as its columns go; below it stand
`Response`, `Open-Ended Response`, rows of a matrix, or options. Several answers stand in a column per option that holds the
option's own words (expanded), or in one cell with commas between (condensed). Names, addresses and custom data are personal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.readers.surveys.layout import Dialect, fold
from pipeline.readers.surveys.outline import Form, Outline, Part, Stem, Told
from pipeline.readers.surveys.qualtrics_ids import plain_wording
from pipeline.readers.text_table import TextTable

_ROLES = {
    "Respondent ID": "respondent", "RespondentID": "respondent", "Respondent Id": "respondent", "respondent_id": "respondent",
    "Start Date": "started_at", "StartDate": "started_at", "Date Created": "started_at", "date_created": "started_at",
    "End Date": "submitted_at", "EndDate": "submitted_at", "Date Modified": "submitted_at", "date_modified": "submitted_at",
} | dict.fromkeys((
    "Collector ID", "CollectorID", "collector_id", "IP Address", "ip_address", "Email Address", "email_address",
    "First Name", "first_name", "Last Name", "last_name", "Custom Data 1", "Custom Data 2", "Custom Data 3", "Custom Data 4",
    "Custom Data 5", "custom_1",
), "dropped")  # fmt: skip
_MARKS = {"Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name", "Last Name",
          "Custom Data 1", "collector_id", "date_created", "date_modified", "ip_address", "email_address"}  # fmt: skip
_QUESTION = re.compile(r"[?？]| \[[^\]]+\]$|^\S+ \S+ \S+ \S+")
_ANSWER = re.compile(r"^(?:Response|Open-Ended Response|回复|开放式回复)?$", re.IGNORECASE)
_WRITTEN = re.compile(r"^(?:if )?other\b.*\b(?:specify|describe|explain)|^其他.*(?:请|注明|说明|补充)", re.IGNORECASE)
_UNNAMED = re.compile(r"^(?:Unnamed: \d+.*)?$")

DIALECT = Dialect(
    family="surveymonkey",
    other_alone=True,
    meta=_ROLES,
    separators=(", ", ";"),
    not_shown=(),
    blank=("",),
    missing_numbers={},
)


def is_surveymonkey(headings: Sequence[str]) -> bool:
    """Whether the headings (of the first row) are those of a SurveyMonkey export.

    >>> is_surveymonkey(["RespondentID", "How often do you travel by plane?"]), is_surveymonkey(["Respondent ID", "q1"])
    (True, False)
    """
    names = {heading.strip() for heading in headings}
    folded = {name.lower().replace(" ", "").replace("_", "") for name in names}
    if "respondentid" not in folded:
        return False
    return len(names & _MARKS) >= 3 or any(_QUESTION.search(name) for name in names)


def outline(table: TextTable, form: Form | None = None) -> Outline:
    """Every column of the export by what it is. No form comes with these exports; one that is given is looked up by the
    wording of the question."""
    rows = [[cell.strip() for cell in row] for row in table.header_cells] or [list(table.columns)]
    names = rows[0]
    below = rows[1] if len(rows) > 1 else None
    meta: dict[str, list[int]] = {}
    questions: list[tuple[str, list[int]]] = []
    rest: list[int] = []
    for position, name in enumerate(names):
        role = _ROLES.get(name) if below is None or not below[position] else None
        if role:
            meta.setdefault(role, []).append(position)
        elif below is not None and questions and _goes_on(questions[-1], position, names, below):
            questions[-1][1].append(position)
        elif _UNNAMED.match(name):
            rest.append(position)
        else:
            questions.append((name, [position]))
    told = {fold(one.text): one for one in (form or {}).values()}
    stems = tuple(_stem(table, name, own, below, told.get(fold(name), Told())) for name, own in questions)
    return Outline({role: tuple(positions) for role, positions in meta.items()}, stems, tuple(rest))


def _goes_on(question: tuple[str, list[int]], position: int, names: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a column belongs to the question to its left: nothing stands above it, or the question again."""
    name, positions = question
    if positions[-1] != position - 1:
        return False
    if _UNNAMED.match(names[position]):
        return bool(below[position])
    return names[position] == name and below[position] not in {below[other] for other in positions}


def _stem(table: TextTable, name: str, positions: Sequence[int], below: Sequence[str] | None, told: Told) -> Stem:
    """One question of its columns. A row of words that differ is a matrix; columns that hold their own words are options."""
    words = [below[position] if below else "" for position in positions]
    written = [bool(_WRITTEN.match(word)) and len(positions) > 1 for word in words]
    values = [set(table.frame[f"c{position}"].drop_nulls()) for position in positions]
    chosen = [(own, word) for own, word, fill_in in zip(values, words, written, strict=True) if not fill_in]
    are_options = any(own for own, _ in chosen) and all(_is_own(own, word) for own, word in chosen)
    are_options = told.type in ("multiple", "ranking") if told.type else are_options
    in_rows = any(not value.isdigit() and fold(value) != fold(word) for own, word in chosen for value in own)
    parts = []
    for position, word, fill_in in zip(positions, words, written, strict=True):
        item, _, option = word.rpartition(" - ") if in_rows else ("", "", word)
        if fill_in:
            parts.append(Part(position, option=word, is_fill_in=True))
        elif _ANSWER.match(word):
            parts.append(Part(position))
        else:
            parts.append(Part(position, item=item, option=option) if are_options else Part(position, item=word))
    return Stem(name, plain_wording(name), tuple(parts), told=told)


def _is_own(values: set[str], word: str) -> bool:
    """Whether a column holds nothing but its heading (or, exported as numbers, one number)."""
    return (
        not _ANSWER.match(word)
        and len(values) <= 1
        and all(value.isdigit() or fold(word).endswith(fold(value)) for value in values)
    )
