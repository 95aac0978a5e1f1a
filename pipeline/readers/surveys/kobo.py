"""How KoboToolbox and ODK write an export: XML names or labels, group prefixes, select-multiple in one column and in many.

`_uuid` is the respondent, never `_index`, which is made anew at each export. Where a joined column and one column per
option stand together they are one question; the columns of the options say the same again. Exact coordinates of an
interview are personal and go in the first step. Repeat groups are sheets of their own (`is_repeat`), or lists in JSON.
R prefixes `X` to names that begin with `_`, and writes a swallowed byte order mark as `X.U.FEFF.`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.readers.surveys.kobo_options import EMPTY, Headed, headed, question_at
from pipeline.readers.surveys.layout import Dialect
from pipeline.readers.surveys.outline import Form, Outline, Part, Stem, Told
from pipeline.readers.text_table import TextTable

_RESPONDENT = ("_uuid", "meta/instanceID", "meta:instanceID", "meta-instanceID", "meta.instanceID", "instanceID", "KEY",
               "_id")  # fmt: skip
_ROLES = {
    "start": "started_at",
    "starttime": "started_at",
    "end": "submitted_at",
    "endtime": "submitted_at",
    "CompletionDate": "submitted_at",
    "_submission_time": "submitted_at",
    "SubmissionDate": "submitted_at",
}
_DROPPED = (
    "_index", "_validation_status", "_notes", "_status", "_submitted_by", "_tags", "_version_", "__version__",
    "_attachments", "_geolocation", "_xform_id_string", "_xform_id", "_total_media", "_media_count", "_media_all_received",
    "_bamboo_dataset_id", "_edited", "_duration", "_date_modified", "formhub/uuid", "formhub.uuid", "_parent_index",
    "_parent_table_name", "_submission__id", "_submission__uuid", "_submission__submission_time",
    "_submission__validation_status", "_submission__notes", "_submission__status", "_submission__submitted_by",
    "_submission___version__", "_submission__tags", "meta/instanceName", "meta:instanceName", "meta-instanceName",
    "meta.instanceName", "instanceName", "meta/rootUuid", "meta.rootUuid", "meta/deprecatedID", "meta.deprecatedID",
    "meta/audit", "PARENT_KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent", "AttachmentsExpected", "ReviewState",
    "DeviceID", "Edits", "FormVersion", "formdef_version", "isValidated", "today", "deviceid", "subscriberid", "simid",
    "simserial", "phonenumber", "devicephonenum", "username", "email", "audit", "audit_URL", "caseid", "bg-start",
)  # fmt: skip
_META = _ROLES | dict.fromkeys(_RESPONDENT, "respondent") | dict.fromkeys(_DROPPED, "dropped")
_META["_id"] = "dropped"  # the respondent only where nothing better stands in the export: `outline` says so
_BOM = re.compile(r"^(?:X\.U\.FEFF\.|\ufeff|ï»¿)")
_KOBO = {
    "_uuid",
    "_id",
    "_index",
    "_submission_time",
    "_validation_status",
    "meta/instanceID",
    "_submitted_by",
    "__version__",
}
_ODK = {"SubmissionDate", "KEY", "meta-instanceID", "instanceID", "meta:instanceID"}
_GPS = re.compile(r"^(.+)[_:.\-/](?:latitude|longitude|altitude|precision|accuracy)$", re.IGNORECASE)
_LATITUDE = re.compile(r"^(.+)[_:.\-/]latitude$", re.IGNORECASE)
_COORDINATES = r"^-?\d{1,3}\.\d+ -?\d{1,3}\.\d+ -?\d+(?:\.\d+)? \d+(?:\.\d+)?$"
_NOTE = re.compile(r"(?:^|_)notes?(?:_|\d|$)")
_TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d"

DIALECT = Dialect(
    family="kobo",
    meta=_META
    | {f"X{name}": role for name, role in _META.items() if name.startswith("_")}
    | {"X.U.FEFF.start": "started_at"},
    separators=(" ",),
    not_shown=(),
    blank=("", *sorted(EMPTY - {""})),
    missing_numbers={},
)


def is_kobo(headings: Sequence[str]) -> bool:
    """Whether the headings are those of a KoboToolbox or ODK export.

    >>> is_kobo(["X.U.FEFF.start", "end", "water_sources", "X_id", "X_uuid"])
    True
    >>> is_kobo(["A04_start", "A05_end", "instanceID", "A08_ward"]), is_kobo(["start", "end", "finish"])
    (True, False)
    """
    names = {plain_name(heading) for heading in headings}
    if len(names & _KOBO) >= 2 or len(names & _ODK) >= 2 or ({"start", "end"} <= names and names & _KOBO):
        return True
    ends = {name.rsplit("_", 1)[-1] for name in names}
    return bool({"start", "end"} <= ends and names & _ODK)


def is_repeat(table: TextTable) -> bool:
    """Whether a table holds the records of a repeat group: several rows of one respondent, no answers of the form's own.

    >>> from pathlib import Path
    >>> import polars as pl
    >>> is_repeat(TextTable(Path("a.xlsx"), "members", ("age", "_index", "_parent_index"), pl.DataFrame()))
    True
    """
    return bool({"_parent_index", "PARENT_KEY"} & set(_names(table)))


def plain_name(heading: str) -> str:
    """A heading without a swallowed byte order mark, and without the X that R puts before the names of bookkeeping columns.

    >>> plain_name("X.U.FEFF.start"), plain_name("X_uuid"), plain_name("X_ray")
    ('start', '_uuid', 'X_ray')
    """
    name = _BOM.sub("", heading.strip())
    return name[1:] if name.startswith("X_") and name[1:] in _META else name


def outline(table: TextTable, form: Form | None = None) -> Outline:
    """Every column of the export by what it is. With a form (`xlsform.form`) its names and labels are looked up, by name
    and by wording; without one a question's wording is its name."""
    names = _names(table)
    meta = _bookkeeping(table, names)
    taken = {position for positions in meta.values() for position in positions}
    columns = headed(table, names, form)
    found: list[tuple[str, tuple[Part, ...]]] = []
    rest: list[int] = []
    position = 0
    while position < len(names):
        if position in taken:
            position += 1
        elif _is_rest(columns, position):
            rest.append(position)
            position += 1
        else:
            found.append(question_at(columns, position, taken))
            position += len(found[-1][1])
    return Outline(meta, _with_fill_ins(_stems(found, columns), columns), tuple(rest))


def _names(table: TextTable) -> list[str]:
    return [plain_name(heading) for heading in (table.header_cells[0] if table.header_cells else table.columns)]


def _bookkeeping(table: TextTable, names: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Positions by role; the time a respondent ended goes before the time a device reached the server."""
    found: dict[str, list[int]] = {}
    respondent = next((name for name in _RESPONDENT if name in names), None)
    for position, name in enumerate(names):
        role = _META.get(name)
        if name in _RESPONDENT:
            role = "respondent" if name == respondent else "dropped"
        elif role is None and respondent and name.endswith(("_start", "_end")) and _is_time(table, position):
            role = _ROLES[name.rsplit("_", 1)[1]]
        elif role is None and _is_exact_place(table, names, position):
            role = "dropped"
        if role:
            found.setdefault(role, []).append(position)
    if "submitted_at" in found:
        found["submitted_at"].sort(key=lambda i: list(_ROLES).index(names[i]) if names[i] in _ROLES else -1)
    return {role: tuple(positions) for role, positions in found.items()}


def _is_exact_place(table: TextTable, names: Sequence[str], position: int) -> bool:
    """Whether a column is a part of coordinates (its latitude stands in the export), or holds `lat lon alt accuracy`."""
    part = _GPS.match(names[position])
    if part:
        base = part.group(1).lower()
        return any((found := _LATITUDE.match(name)) and found.group(1).lower() == base for name in names)
    values = table.frame[f"c{position}"].drop_nulls()
    return bool(values.len() and values.str.contains(_COORDINATES).all())


def _is_time(table: TextTable, position: int) -> bool:
    values = table.frame[f"c{position}"].drop_nulls()
    return bool(values.len() and values.str.contains(_TIME).all())


def _is_rest(columns: Headed, position: int) -> bool:
    """A list of records (repeat group in JSON), an empty note, or what the form computes without asking anybody."""
    values = columns.values[position]
    if any(value.startswith("[{") for value in values) and all(value.startswith("[") for value in values):
        return True
    name = columns.names[position]
    told = columns.told(name)
    if told is not None:
        return told == Told()
    return bool(_NOTE.search(name.rsplit("/", 1)[-1].lower())) and values <= EMPTY


def _stems(found: Sequence[tuple[str, tuple[Part, ...]]], columns: Headed) -> list[Stem]:
    """Questions by the name the form gives them, or by the whole heading where two groups have one of that name."""
    short = [heading if " " in heading else heading.rsplit("/", 1)[-1] for heading, _ in found]
    stems = []
    for (heading, parts), name in zip(found, short, strict=True):
        told = columns.told(heading) or Told()
        stems.append(Stem(name if short.count(name) == 1 else heading, told.text or name, parts, told=told))
    return stems


def _with_fill_ins(stems: Sequence[Stem], columns: Headed) -> tuple[Stem, ...]:
    """`or_other` in a form makes a column `q_other` that the form does not list: it belongs to `q`."""
    owners = {stem.name: i for i, stem in enumerate(stems)}
    result: list[Stem | None] = list(stems)
    for i, stem in enumerate(stems):
        owner = owners.get(stem.name.removesuffix("_other"), i)
        if owner == i or stem.told != Told() or all(option.code != "other" for option in stems[owner].told.options):
            continue
        fill_in = Part(stem.parts[0].position, option="other", is_fill_in=True)
        result[owner] = replace(stems[owner], parts=(*stems[owner].parts, fill_in))
        result[i] = None
    return tuple(stem for stem in result if stem is not None)
