"""How LimeSurvey writes responses: headings as question codes, as code and wording, or as wording.

Confirmed on public exports: `id, submitdate, lastpage, startlanguage, seed, startdate, datestamp, ipaddr, refurl`, then
`Q1`, `Q1[other]`, `Q1[SQ001]`, and timings (`interviewtime`, `groupTime12`, `Q1Time`). Accepted, from general knowledge of the
product: `Q1[SQ001][comment]` (written beside an option), `Q1[SQ001][1]` (two scales), `Q1[SQ001_SQ002]`, `Q1[1]` (a ranking: one
column per rank, with the option in the cell, so its columns are rows of the question), `Q1. 题干` and `Q1[SQ001]. 题干 [选项]`, or
the wording alone `题干 [选项]`. A ticked option is Y, Yes, 是, Checked or 1, an unticked one N, No, 否, 0 or empty. Empty is left
blank; `N/A` and `{question_not_shown}` were not shown, where the export says so. Addresses, tokens and names are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.readers.surveys.headings import bookkeeping, bracketed, headings_of
from pipeline.readers.surveys.layout import Dialect
from pipeline.readers.surveys.outline import Form, Outline, Part, Stem, Told
from pipeline.readers.surveys.part_kinds import TICKS, parts_of
from pipeline.readers.surveys.repeated_stems import grid_stem, grouped
from pipeline.readers.text_table import TextTable

_DROPPED = ("lastpage", "startlanguage", "seed", "datestamp", "ipaddr", "refurl", "token", "firstname", "lastname", "email",
            "Last page", "Start language", "Seed", "Date last action", "IP address", "Referrer URL", "Access code", "Token",
            "First name", "Last name", "Email address")  # fmt: skip
_CODE = re.compile(r"^([A-Za-z][A-Za-z0-9_]*)((?:\[[^\]]*\])*)(?:\.\s+(.*))?$", re.DOTALL)
_TIMING = re.compile(r"^(?:groupTime\d+|(?:Group|Question) time: .*)$")
_BESIDE = ("other", "comment", "othercomment")
_TICKS = TICKS | {"Y", "N", "Yes", "No", "Checked", "Not checked", "是", "否", "选中", "未选中"}

DIALECT = Dialect(
    family="limesurvey",
    meta={
        "id": "respondent",
        "Response ID": "respondent",
        "submitdate": "submitted_at",
        "Date submitted": "submitted_at",
        "startdate": "started_at",
        "Date started": "started_at",
        "interviewtime": "duration",
        "Total time": "duration",
        **dict.fromkeys(_DROPPED, "dropped"),
    },
    not_shown=("N/A", "{question_not_shown}"),
    blank=("",),
    missing_numbers={},
)


@dataclass(frozen=True)
class _Column:
    position: int
    code: str
    marks: tuple[str, ...]
    text: str
    label: str


def is_limesurvey(headings: Sequence[str]) -> bool:
    """Whether the headings are those of a LimeSurvey export.

    >>> is_limesurvey(["id", "submitdate", "lastpage", "startlanguage", "Q1"])
    True
    """
    names = {heading.strip() for heading in headings}
    return {"submitdate", "lastpage"} <= names or {"Date submitted", "Last page"} <= names


def outline(table: TextTable, form: Form | None = None) -> Outline:
    """The questions of an export. `form` may tell more, by code (by wording where the headings bear no codes)."""
    headings = headings_of(table)
    meta, others = bookkeeping(headings, DIALECT)
    timings = _timings(headings, others)
    others = [position for position in others if position not in timings]
    stems: list[Stem] = []
    for run in _runs(headings, others):
        first = run[0]
        told = (form or {}).get(first.code, Told())
        stems.append(Stem(first.code, first.text or told.text, _parts(run, table), told=told))
    return Outline(meta, tuple(stems), tuple(timings))


def _timings(headings: Sequence[str], positions: Sequence[int]) -> list[int]:
    codes = {match.group(1) for position in positions if (match := _CODE.match(headings[position]))}
    return [
        position
        for position in positions
        if _TIMING.match(headings[position])
        or (headings[position].endswith("Time") and headings[position].removesuffix("Time") in codes)
    ]


def _runs(headings: Sequence[str], positions: Sequence[int]) -> list[list[_Column]]:
    """The columns of each question: neighbours with one code, or, without codes, one wording."""
    runs: list[list[_Column]] = []
    for stem, group, labels in grouped(headings, positions, grid_stem):
        for position, label in zip(group, labels, strict=True):
            column = _column(position, headings[position]) or _Column(
                position, stem, (label,) if label else (), stem, label
            )
            if runs and runs[-1][0].code == column.code and runs[-1][-1].position == position - 1:
                runs[-1].append(column)
            else:
                runs.append([column])
    return runs


def _column(position: int, heading: str) -> _Column | None:
    found = _CODE.match(heading)
    if found is None:
        return None
    marks = tuple(re.findall(r"\[([^\]]*)\]", found.group(2)))
    words = (found.group(3) or "").strip()
    split = bracketed(words, "[", "]") if marks else None
    text, label = split if split else (words, " ".join(marks))
    return _Column(position, found.group(1), marks, text, label)


def _parts(run: Sequence[_Column], table: TextTable) -> tuple[Part, ...]:
    """The columns of one question; what was written beside an option follows its option."""
    beside = [column for column in run if column.marks and column.marks[-1] in _BESIDE]
    main = [column for column in run if column not in beside]
    named = [column for column in main if column.marks]
    parts = list(
        parts_of(table.frame, [c.position for c in named], [c.label for c in named], DIALECT, _TICKS) if named else ()
    )
    parts += [Part(column.position) for column in main if not column.marks]
    options = {column.marks[0]: column.label for column in named}
    for column in beside:
        option = "" if len(column.marks) == 1 else options.get(column.marks[0], column.marks[0])
        parts.append(Part(column.position, option=option, is_fill_in=True))
    return tuple(sorted(parts, key=lambda part: part.position))
