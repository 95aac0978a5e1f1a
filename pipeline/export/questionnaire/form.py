"""The questions of the questionnaire, numbered: the question bank with the codebooks and places of a study filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from pipeline.contracts import Codebook, Option, Question
from pipeline.contracts.questionnaire import Asked, Bank, question_bank
from pipeline.export.questionnaire.timing import minutes


@dataclass(frozen=True)
class Form:
    """A questionnaire as it is handed out: `asked[i]` is what the bank says of `questions[i]`; `title` names the area;
    `consent` is the text at its head with the minutes filled in; `stamp` is the line of simulated data ('')."""

    bank: Bank
    title: str
    questions: tuple[Question, ...]
    asked: tuple[Asked, ...]
    consent: tuple[str, ...]
    minutes: float
    area_code: str | None = None
    stamp: str = ""

    def number(self, variable: str) -> int:
        """The number of the question on a variable."""
        return next(question.number for question in self.questions if question.variable == variable)


def build_form(
    codebooks: Mapping[str, Codebook], places: Mapping[str, Sequence[str]], *, area_label: str = "",
    area_code: str | None = None, stamp: str = "",
) -> Form:  # fmt: skip
    """The questionnaire with the codes of `codebooks`; where `places` knows no stations (grid cells), the question after
    the station (cell) is one to write in.

    >>> from pipeline.contracts import load_codebooks
    >>> form = build_form(load_codebooks(), {"grid": ["一网格"]})
    >>> [form.questions[form.number(name) - 1].type for name in ("grid", "station")]
    ['single', 'text']
    """
    bank = question_bank()
    made: dict[str, Question] = {}
    for number, asked in enumerate(bank.questions, start=1):
        made[asked.variable] = _question(asked, number, _options(asked, bank, codebooks, places), made)
    questions = tuple(made.values())
    takes = minutes(bank, questions)
    consent = tuple(line.format(minutes=ceil(takes)) for line in bank.consent)
    return Form(bank, f"{area_label}{bank.title}", questions, bank.questions, consent, takes, area_code, stamp)


def _question(asked: Asked, number: int, options: tuple[Option, ...], before: Mapping[str, Question]) -> Question:
    return Question(
        code=asked.variable, number=number, variable=asked.variable, text_zh=asked.text_zh, text_en=asked.text_en,
        type="text" if asked.place and not options else asked.type, options=options, items=asked.items,
        personal=asked.personal, missing_none=asked.missing_none, expected=asked.expected, min=asked.min, max=asked.max,
        shown_if=_shown_if(asked, before),
    )  # fmt: skip


def _options(
    asked: Asked, bank: Bank, codebooks: Mapping[str, Codebook], places: Mapping[str, Sequence[str]]
) -> tuple[Option, ...]:
    found: list[Option] = []
    if asked.place:
        found = [Option(code=name, text=name, value=name) for name in places.get(asked.place, ())]
    elif asked.codebook:
        found = _coded(asked, bank, codebooks[asked.codebook])
    return tuple(replace(option, number=number) for number, option in enumerate([*found, *asked.options], start=1))


def _coded(asked: Asked, bank: Bank, book: Codebook) -> list[Option]:
    """Options of a codebook, in its order."""
    words = {**(bank.services if asked.codebook == "services" else {}), **(asked.words or {})}
    return [
        Option(
            code=code.code, text=words.get(code.code, code.label_zh), text_en=code.label_en, value=code.code,
            fill_in=code.code in asked.fill_in,
        )
        for code in book.codes if not asked.codes or code.code in asked.codes
    ]  # fmt: skip


def _shown_if(asked: Asked, before: Mapping[str, Question]) -> dict[str, tuple[str, ...]]:
    """The condition as a wave file has it: the options with which the question is asked."""
    shown = dict(asked.asked_if or {})
    for other, codes in (asked.skipped_if or {}).items():
        shown[other] = tuple(option.code for option in before[other].options if option.code not in codes)
    return shown
