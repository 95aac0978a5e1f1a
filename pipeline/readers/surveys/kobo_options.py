"""Which columns of a Kobo or ODK export are the options of one select-multiple question: `q` with the ticked options joined,
then `q/a`, `q/b` … (`q.a`, `q:a`); or only the latter, told from a group of questions by the form or by their ticks."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.readers.surveys.layout import fold
from pipeline.readers.surveys.outline import Form, Part, Told
from pipeline.readers.text_table import TextTable

TICKS = frozenset({"true", "false", "1", "0"})
EMPTY = frozenset({"", "n/a", "NULL"})
_SEPARATORS = "/:."


@dataclass(frozen=True)
class Headed:
    """The columns of an export: their plain names, the distinct values of each, and what a form says by name or wording."""

    names: Sequence[str]
    values: Sequence[frozenset[str]]
    form: Mapping[str, Told]
    by_wording: Mapping[str, Told]

    def told(self, heading: str) -> Told | None:
        """What the form says of a column: by its name, its path, or its wording, with or without the groups before it."""
        parts = heading.split("/")
        for start in range(len(parts)):
            tail = "/".join(parts[start:])
            found = self.form.get(tail) or self.form.get(re.split("[:.]", tail)[-1]) or self.by_wording.get(fold(tail))
            if found is not None:
                return found
        return None


def headed(table: TextTable, names: Sequence[str], form: Form | None) -> Headed:
    """The columns of a table with what is known of them."""
    values = [frozenset(table.frame[f"c{i}"].drop_nulls().unique()) for i in range(len(names))]
    told = dict(form or {})
    return Headed(names, values, told, {fold(one.text): one for one in told.values() if one.text})


def question_at(columns: Headed, position: int, taken: Collection[int]) -> tuple[str, tuple[Part, ...]]:
    """The heading of the question that begins at `position`, and its columns: the joined one first, then one per option.

    >>> columns = Headed(["g/q", "g/q/a", "g/q/b"], [frozenset({"a b"}), frozenset({"1"}), frozenset({"0"})], {}, {})
    >>> question_at(columns, 0, ())
    ('g/q', (Part(position=0, item='', option='', is_fill_in=False), Part(position=1, item='', option='a', is_fill_in=False), Part(position=2, item='', option='b', is_fill_in=False)))
    """
    name = columns.names[position]
    below = _options(columns, position + 1, name, taken)
    if below:
        return name, (Part(position), *below)
    for stem in _stems_of(columns, position, taken):
        parts = _options(columns, position, stem, taken)
        if len(parts) > 1:
            return stem, tuple(parts)
    return name, (Part(position),)


def _options(columns: Headed, start: int, stem: str, taken: Collection[int]) -> list[Part]:
    """The columns from `start` on whose headings go on from the stem and whose cells are ticks."""
    parts: list[Part] = []
    for position in range(start, len(columns.names)):
        name = columns.names[position]
        after = name[len(stem) :]
        if position in taken or not name.startswith(stem) or len(after) < 2 or after[0] not in _SEPARATORS:
            break
        if after[1].isspace() or not _is_ticks(columns.values[position], after[1:]):
            break
        parts.append(Part(position, option=after[1:]))
    return parts


def _is_ticks(values: frozenset[str], option: str) -> bool:
    """Whether a column ticks one option: TRUE/FALSE or 1/0, or the option itself."""
    return all(value.lower() in TICKS or value in EMPTY or value == option for value in values)


def _stems_of(columns: Headed, position: int, taken: Collection[int]) -> list[str]:
    """What the heading may share with its neighbour: the stems a form calls a select-multiple, else the longest one
    before ticks (an empty column shows none)."""
    name = columns.names[position]
    cuts = [i for i, sign in enumerate(name) if sign in _SEPARATORS and i]
    told = [name[:cut] for cut in cuts if (found := columns.told(name[:cut])) is not None and found.type == "multiple"]
    if told:
        return told
    after = position + 1
    if after == len(columns.names) or after in taken or not columns.values[position] - EMPTY:
        return []
    return [name[:cut] for cut in reversed(cuts) if columns.names[after].startswith(name[: cut + 1])]
