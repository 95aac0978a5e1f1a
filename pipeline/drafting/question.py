"""One question of the draft: its options and rows with codes, its marks and conditions, and what is left to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipeline.contracts import Codebook, Option, Question
from pipeline.contracts.drafting import Rules
from pipeline.drafting.closed import Typed
from pipeline.drafting.codes import is_none
from pipeline.drafting.options import Raw, finished, heading, items_of, raw_options
from pipeline.drafting.pair import Proved
from pipeline.drafting.seen import Seen
from pipeline.drafting.source import Source
from pipeline.readers.surveys.outline import Told
from pipeline.readers.surveys.survey_columns import fold

_UNNUMBERED = 900  # a heading without a number between numbered ones: above every number a questionnaire has


@dataclass(frozen=True)
class Made:
    """A question and what a person has to look at, in Chinese."""

    question: Question
    notes: tuple[str, ...] = ()


def made_question(
    code: str, place: int, view: Seen, found: Typed, source: Source, proved: Proved | None,
    books: Mapping[str, Codebook], rules: Rules,
) -> Made:  # fmt: skip
    """A question from what its columns show and what the pair proves."""
    stem, named = view.stem, source.dialect.number is None or view.stem.number is None
    raws = [] if found.personal else _raws(view, found, source, proved, rules)
    coded = source.form in ("code", "number")
    options = finished(raws, books, rules, coded=coded)
    none = next((option.code for option in options if is_none(option.text, rules)), None)
    question = Question(
        code=code,
        number=stem.number or (place if source.dialect.number is None else _UNNUMBERED + place),
        type=found.type,
        text_zh=" ".join(stem.text.split()) or stem.name,
        items=items_of(view, source.table, source.dialect),
        options=options,
        personal=found.personal,
        missing_none=none if found.type == "multiple" else None,
        column=heading(source.table, view.whole.position) if named and view.whole else None,
        missing=_missing(view, found, rules),
        joined=found.joined,
    )
    if named and view.whole is None and source.dialect.number is None:
        question = replace(question, column=None)
    return Made(question, tuple(_notes(question, found, source, proved, view)))


def _raws(view: Seen, found: Typed, source: Source, proved: Proved | None, rules: Rules) -> list[Raw]:
    """Options as the export shows them, with numbers and order as the pair proves them."""
    shown = raw_options(view, found, source.table, source.dialect, rules, numbered=source.numbered)
    if proved is None or not proved.raws or found.type in ("text", "number", "date", "place", "allocation"):
        return shown
    written = {fold(raw.text): raw for raw in shown}
    numbered = [
        replace(written[fold(raw.text)], number=raw.number, fill_in=raw.fill_in or written[fold(raw.text)].fill_in)
        if fold(raw.text) in written
        else raw
        for raw in proved.raws
    ]
    return numbered


def _missing(view: Seen, found: Typed, rules: Rules) -> dict[str, str]:
    """Marks for "not said" among the values: as the form tells, words that are known, numbers out of reach of the rest."""
    missing = dict(view.stem.told.missing)
    if found.type == "text" or found.personal:
        return missing
    values = {**view.values.counts, **view.all_items.counts}
    missing |= {word: "blank" for word in rules.not_said_words if word in values}
    if found.type == "number":
        rest = [float(text) for text in values if text not in rules.not_said_numbers and _is_number(text)]
        for mark in rules.not_said_numbers:
            if mark in values and rest and min(rest) >= 0 and not -1 <= float(mark) <= 2 * max(rest):
                missing[mark] = "blank"
    return missing


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()


def _notes(question: Question, found: Typed, source: Source, proved: Proved | None, view: Seen) -> list[str]:
    notes = []
    if found.personal:
        notes.append("题目问的是个人信息：只记录是否填写，不保存内容")
    if found.n_other and not view.stem.told.options:
        notes.append(
            f"另有 {found.n_other} 个回答的写法太少见，没有列为选项（可能是“其他”里写的话），请核对选项是否齐全"
        )
    if source.numbered and question.options and all(option.text == str(option.number) for option in question.options):
        notes.append("只有序号导出，选项的文字请对照问卷填写（或与文本导出一起起草）")
    if proved is not None and proved.n_differ:
        notes.append(f"两份导出有 {proved.n_differ} 份答卷不一致（一致 {proved.agree:.1%}），请核对")
    extra = set(question.missing) - set(view.stem.told.missing)
    if extra:
        notes.append(f"{'、'.join(sorted(extra))} 看来表示没有回答，请确认")
    return notes


def condition_of(made: Made, told: Told, by_name: Mapping[str, Question]) -> Made:
    """The question with the condition under which it was shown, where every part of it can be said in codes; else the
    condition in the form's words, to be decided."""
    condition = dict(told.shown_if)
    if not condition and not told.condition:
        return made
    shown_if = {}
    for name, wanted in condition.items():
        asked = by_name.get(name)
        codes = [_code_of(asked.options, one) for one in wanted] if asked else [None]
        if None in codes or not asked:
            said = told.condition or " 且 ".join(f"{one} = {'/'.join(codes)}" for one, codes in condition.items())
            return replace(
                made, notes=(*made.notes, f"表单里的显示条件：{' '.join(said.split())}（请改写成 shown_if）")
            )
        shown_if[asked.code] = tuple(codes)
    notes = made.notes
    if told.condition:
        notes = (*notes, f"表单里的显示条件：{' '.join(told.condition.split())}（请改写成 shown_if）")
    return Made(replace(made.question, shown_if=shown_if), notes)


def _code_of(options: tuple[Option, ...], told: str) -> str | None:
    for option in options:
        if told in (option.code, option.text) or told == str(option.number):
            return option.code
    return None
