"""How an SPSS file shows its questionnaire: variables, their labels, multiple-response sets, and names that number parts.

Cells are codes; value labels and user-missing values come with the table as its form (`pipeline.readers.spss`). Confirmed on public
files that Wenjuanxing wrote: `index`, `totalseconds`, `Q1`, `Q2_Blank1`, `Q6_Row1`, labels `题干(题干—行1)` and then `题干(行2)`, section
titles as variables labelled 标题, no user-missing value declared: there −3 was not shown and −2 left blank. Accepted: one variable
per option as `Q3_1` with labels `题干(选项)`; the bookkeeping variables of Qualtrics.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.readers.surveys.headings import bookkeeping, bracketed, headings_of, shared_stem
from pipeline.readers.surveys.layout import Dialect
from pipeline.readers.surveys.outline import Form, Outline, Part, Stem, Told, ToldOption
from pipeline.readers.surveys.part_kinds import parts_of
from pipeline.readers.surveys.wenjuanxing import without_stem
from pipeline.readers.text_table import TextTable

_DROPPED = ("IPAddress", "RecordedDate", "Status", "Progress", "Finished", "RecipientLastName", "RecipientFirstName",
            "RecipientEmail", "ExternalReference", "ExternalDataReference", "LocationLatitude", "LocationLongitude",
            "DistributionChannel", "UserLanguage", "ip", "source", "nickname", "openid")  # fmt: skip

DIALECT = Dialect(
    family="spss",
    meta={
        "index": "respondent",
        "序号": "respondent",
        "ResponseId": "respondent",
        "submittime": "submitted_at",
        "EndDate": "submitted_at",
        "StartDate": "started_at",
        "totalseconds": "duration",
        "Duration__in_seconds_": "duration",
        **dict.fromkeys(_DROPPED, "dropped"),
    },
    not_shown=(),
    blank=("",),
    missing_numbers={},
)
_PART = re.compile(r"^(Q?\d+|.+(?=_(?:Row|Blank)))_(Row|Blank|R|A)?(\d+)$", re.IGNORECASE)
_NUMBER = re.compile(r"^Q(\d{1,3})$", re.IGNORECASE)
_SECTION = "标题"
_WENJUANXING = {"index", "totalseconds"}
_WENJUANXING_MARKS = {"-3": "not_shown", "-2": "blank"}


def outline(table: TextTable, form: Form | None = None) -> Outline:
    """The questions of an SPSS file. `form` is the table's own unless another is given."""
    names = headings_of(table)
    labels = table.header_cells[1] if len(table.header_cells) > 1 else ("",) * len(names)
    told = dict(table.form or {} if form is None else form)
    meta, others = bookkeeping(names, DIALECT)
    if set(names) >= _WENJUANXING:
        told = _with_marks(told, table, names)
    rest = tuple(position for position in others if labels[position].strip() == _SECTION)
    others = [position for position in others if position not in rest]
    stems = [_stem(run, names, labels, told, table) for run in _runs(names, others, told)]
    return Outline(meta, tuple(stems), rest)


def _with_marks(form: Form, table: TextTable, names: Sequence[str]) -> dict[str, Told]:
    """The marks of Wenjuanxing where they occur."""
    told = dict(form)
    for position, name in enumerate(names):
        held = set(table.frame[f"c{position}"].unique())
        if marks := {code: state for code, state in _WENJUANXING_MARKS.items() if code in held}:
            said = told.get(name, Told())
            options = tuple(option for option in said.options if option.code not in marks)
            told[name] = replace(said, missing={**marks, **said.missing}, options=options)
    return told


def _runs(names: Sequence[str], positions: Sequence[int], told: Form) -> list[tuple[str, list[int]]]:
    """The variables of each question, in the order of the file: of a multiple-response set, or numbered parts of one name."""
    place = {names[position]: position for position in positions}
    owner: dict[int, str] = {}
    for name, said in told.items():
        members = [option.code for option in said.items or said.options]
        if (
            name not in names
            and members
            and set(members) <= set(place)
            and not {place[m] for m in members} & set(owner)
        ):
            owner |= {place[member]: name for member in members}
    runs: dict[str, list[int]] = {}
    last = ""
    for position in positions:
        found = _PART.match(names[position])
        name = owner.get(position) or (found.group(1) if found else names[position])
        if name in runs and position not in owner and name != last:
            name = names[position]
        runs.setdefault(name, []).append(position)
        last = name
    return [(name if len(run) > 1 else names[run[0]], run) for name, run in runs.items()]


def _stem(
    run: tuple[str, list[int]], names: Sequence[str], labels: Sequence[str], form: Form, table: TextTable
) -> Stem:
    name, positions = run
    found = _NUMBER.match(name)
    number = int(found.group(1)) if found else None
    if len(positions) == 1:
        told = form.get(name, Told())
        return Stem(name, labels[positions[0]].strip() or told.text, (Part(positions[0]),), number, told)
    members = [form.get(names[position], Told()) for position in positions]
    if name in form:
        told, text, words = form[name], form[name].text, [labels[position] or names[position] for position in positions]
        parts = tuple(
            Part(position, item=word) if told.items else Part(position, option=word)
            for position, word in zip(positions, words, strict=True)
        )
        return Stem(name, text, parts, number, told)
    text, words = _worded([labels[position].strip() or names[position] for position in positions])
    rows = any(re.search(r"_(?:Row|Blank)\d+$", names[position], re.IGNORECASE) for position in positions)
    parts = (
        tuple(Part(position, item=word) for position, word in zip(positions, words, strict=True))
        if rows
        else parts_of(table.frame, positions, words, replace(DIALECT, missing_numbers=_missing(members)))
    )
    return Stem(name, text, parts, number, _merged(text, [names[position] for position in positions], parts, members))


def _missing(members: Sequence[Told]) -> Mapping[str, str]:
    return {code: state for told in members for code, state in told.missing.items()}


def _merged(text: str, names: Sequence[str], parts: Sequence[Part], members: Sequence[Told]) -> Told:
    """What the variables of one question say together: options are ticked variables, or shared by the rows of a matrix."""
    missing = _missing(members)
    if any(part.option for part in parts):
        options = tuple(ToldOption(name, part.option) for name, part in zip(names, parts, strict=True))
        return Told(text, "multiple", options, missing=missing)
    shared = {option.code: option for told in members for option in told.options}
    items = tuple(ToldOption(name, part.item) for name, part in zip(names, parts, strict=True))
    kinds = {told.type for told in members}
    kind = "matrix" if shared else kinds.pop() if len(kinds) == 1 else None
    return Told(text, kind, tuple(shared.values()), items, missing)


def _worded(labels: Sequence[str]) -> tuple[str, list[str]]:
    """Stem and parts from labels such as `题干(题干—行1)`, `题干(行2)`, or ones that begin alike."""
    found = [bracketed(label) for label in labels]
    if None in found or len({before for before, _ in found}) > 1:
        return shared_stem(labels)
    stem, first = found[0]
    return stem, [without_stem(first, stem), *(inside for _, inside in found[1:])]
