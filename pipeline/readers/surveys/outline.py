"""What an export shows of its questionnaire: which columns make up which question, before anybody wrote a wave file.

Every platform module reads its own headings into an `Outline`; a form that came with the export (XLSForm, .qsf, the labels
of an SPSS file) says more about each question, as `Told`. Drafting a wave file starts from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ToldOption:
    """One option of a list as the platform's form has it: `code` as it stands in a cell of a coded export."""

    code: str
    text: str
    number: int | None = None


@dataclass(frozen=True)
class Told:
    """What a form says of a question. `type` is one of QUESTION_TYPES, or None where the form does not tell; `missing` maps
    marks in a cell to a state; `shown_if` maps names of questions to codes of options, all of which must hold;
    `condition` is the condition as the form writes it, where it is too involved for that."""

    text: str = ""
    type: str | None = None
    options: tuple[ToldOption, ...] = ()
    items: tuple[ToldOption, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    shown_if: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    condition: str = ""


Form = Mapping[str, Told]
"""What a form says, by the name of the question in the export."""


@dataclass(frozen=True)
class Part:
    """One column of a question. `position` is its index in the table; `item` the row of a matrix, `option` the option of a
    layout with one column per option, as the heading words them; `is_fill_in`: the column holds what was written beside
    the option (or, where no option is named, beside the last one)."""

    position: int
    item: str = ""
    option: str = ""
    is_fill_in: bool = False


@dataclass(frozen=True)
class Stem:
    """One question as the headings show it. `name` is how the export calls it (`Q2`, `primary_livelihood`, the heading),
    `text` its wording, `number` its number where the headings carry one, `told` what a form says of it."""

    name: str
    text: str
    parts: tuple[Part, ...]
    number: int | None = None
    told: Told = field(default_factory=Told)


@dataclass(frozen=True)
class Outline:
    """Every column of an export accounted for: bookkeeping columns by role (positions), questions in their order, and the
    rest (timings, page marks) that belongs to no question."""

    meta: Mapping[str, tuple[int, ...]]
    stems: tuple[Stem, ...]
    rest: tuple[int, ...] = ()
