"""Survey waves: one questionnaire in the field once — its files, population, questions and options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

QUESTION_TYPES = (
    "single", "multiple", "matrix", "ranking", "scale", "number", "text", "date", "place", "allocation",
)  # fmt: skip
FLAGS = (
    "speeder", "straightliner", "attention_failed", "duplicate", "contradiction", "machine_timed", "burst",
)  # fmt: skip
FAMILIES = (
    "wenjuanxing", "tencent_survey", "wenjuanwang", "jinshuju", "kobo", "qualtrics", "surveymonkey", "google_forms",
    "limesurvey", "spss", "table",
)  # fmt: skip
WEIGHT_SETS = ("equal", "poststratified", "raked", "visit_adjusted")  # the last there is is used; they sort so
FORMS = ("text", "number", "code")
STATES = ("answered", "blank", "not_shown")
META_ROLES = ("respondent", "submitted_at", "started_at", "duration", "ip_place", "place", "dropped")


@dataclass(frozen=True)
class Option:
    """One answer option: its code, its number in the platform's export, its wording, the standard value it stands for.

    `fill_in`: the answer may be written beside it ("其他：…"). `column` is the heading of its own column in an export with
    one column per option, `fill_in_column` the heading of the column that holds what was written beside it.
    """

    code: str
    text: str
    number: int | None = None
    text_en: str | None = None
    value: str | float | None = None
    fill_in: bool = False
    column: str | None = None
    fill_in_column: str | None = None


@dataclass(frozen=True)
class Item:
    """One row of a matrix; `reversed` when agreement means the opposite of the other rows; `column` the heading of its
    column where the platform names every column."""

    code: str
    text: str
    reversed: bool = False
    text_en: str | None = None
    column: str | None = None


@dataclass(frozen=True)
class Question:
    """One question.

    `number` is its number in the questionnaire; `column` the heading of its column where the platform names columns instead
    of numbering questions. `variable` links it to a standard variable (need, met, platform …); `comparable_with` names
    earlier waves whose question for that variable means the same although it was worded otherwise. `expected` is the
    option an attention check asks for; `missing_none` the option that means "none of these". `missing` maps marks that
    stand in the cell to a state (`"-9" = "blank"`); `shown_if` maps question codes to option codes: the question was asked
    only where every one of them was answered so — an empty cell elsewhere was not shown. `joined` says how several answers
    stand in one cell — before, between, after — where it is not the platform's usual way: `["['", "' ;  '", "']"]`.
    """

    code: str
    number: int
    type: str
    text_zh: str
    variable: str | None = None
    text_en: str | None = None
    items: tuple[Item, ...] = ()
    options: tuple[Option, ...] = ()
    personal: bool = False
    missing_none: str | None = None
    on_unknown: str = "stop"
    expected: str | None = None
    min: float | None = None
    max: float | None = None
    column: str | None = None
    missing: Mapping[str, str] = field(default_factory=dict)
    shown_if: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    comparable_with: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wave:
    """One wave.

    `files` maps a form to a glob below raw/: `text` (options as words), `number` (options as their numbers), `code`
    (options as their codes); a text and a number export of the same answers are a pair. `columns` maps bookkeeping roles
    (respondent, submitted_at …) to headings, where the platform's own are not the ones used; `ignore_columns` are headings
    of the export that are left out on purpose. `drop_flags` are the quality flags that make a respondent invalid;
    `poststratify_by` the variables whose known totals weigh the sample; `weight_set` the weights estimates are made with,
    where it is not to be the best there are. `consent_version, purpose, legal_basis,
    retain_until` say why the answers may be kept, and how long.
    """

    code: str
    label_zh: str
    label_en: str
    platform_family: str
    population_code: str
    mode_code: str
    opened_on: date
    closed_on: date
    consent_version: str
    purpose: str
    files: Mapping[str, str]
    questions: tuple[Question, ...]
    area_code: str | None = None
    frame_total: int | None = None
    drop_flags: tuple[str, ...] = ()
    poststratify_by: tuple[str, ...] = ()
    weight_set: str | None = None
    legal_basis: str = ""
    retain_until: date | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    ignore_columns: tuple[str, ...] = ()
    path: Path | None = None

    def question_of(self, variable: str) -> Question | None:
        """The question that measures a standard variable, if the wave asks it."""
        return next((question for question in self.questions if question.variable == variable), None)
