"""A wave file proposed from its exports: read this first.

`draft_wave` goes question by question — type, options, codes — then lets a pair of exports speak, links what is sure to
standard variables, lints the questionnaire and sets it beside an earlier wave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.contracts import Codebook, Option, Question, Wave, load_variables
from pipeline.contracts.drafting import Rules, drafting_rules
from pipeline.contracts.linked import link_problems
from pipeline.drafting.against import Comparison, compare, laid_over
from pipeline.drafting.bands import representative
from pipeline.drafting.codes import question_code
from pipeline.drafting.links import Proposal, propose
from pipeline.drafting.lint import Lint, lint
from pipeline.drafting.pair import prove, with_proof
from pipeline.drafting.question import Made, condition_of, made_question
from pipeline.drafting.seen import one_stem_per_item, seen
from pipeline.drafting.source import Source
from pipeline.drafting.types import typed
from pipeline.drafting.wave_facts import wave_of

MEASURED, PLACES = ("visits_per_week", "hours_per_day"), ("station", "grid")
QUOTES = ("“”", "「」", '""', "''", "‘’", "【】")


@dataclass(frozen=True)
class Draft:
    """The proposed wave, and beside it what a person has to decide: `notes` by question, `proposals` of links, lints of the
    questionnaire, and how it compares with an earlier wave."""

    wave: Wave
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    proposals: tuple[Proposal, ...] = ()
    lints: tuple[Lint, ...] = ()
    comparison: Comparison | None = None


def draft_wave(
    sources: Sequence[Source], books: Mapping[str, Codebook], earlier: Wave | None = None, rules: Rules | None = None
) -> Draft:
    """Propose a wave from one export, or from a text and a number export of the same answers.

    Raises exit 11 (`pair_mismatch`) where two exports are no pair.
    """
    rules = rules or drafting_rules()
    made = _questions(_divided(sources), books, rules)
    questions = tuple(one.question for one in made)
    comparison = compare(questions, earlier, rules) if earlier else None
    if comparison and earlier:
        questions = laid_over(questions, comparison, rules)
    notes = {q.code: one.notes for q, one in zip(questions, made, strict=True) if one.notes}
    proposals = propose(questions, books, rules)
    wave = wave_of(sources, questions, earlier)
    linked, proposals = _linked(wave, proposals, books)
    return Draft(linked, notes, tuple(proposals), tuple(lint(linked.questions, books, rules)), comparison)


def _divided(sources: Sequence[Source]) -> list[Source]:
    """Grids of tick boxes as one question per row; the text export first."""
    ordered = sorted(sources, key=lambda source: ("text", "code", "number").index(source.form))
    return [
        replace(source, outline=replace(
            source.outline, stems=tuple(one for stem in source.outline.stems for one in one_stem_per_item(stem))))
        for source in ordered
    ]  # fmt: skip


def _questions(sources: Sequence[Source], books: Mapping[str, Codebook], rules: Rules) -> list[Made]:
    """Every question of the first export, with what the second proves of it."""
    first = sources[0]
    views = [seen(first.table, stem, first.dialect) for stem in first.outline.stems]
    types = [typed(view, first.dialect, rules, numbered=first.numbered) for view in views]
    proved = prove(first, sources[1], dict(enumerate(types)), rules) if len(sources) > 1 else {}
    types = [
        with_proof(found, proved.get(place), has_items=bool(view.items))
        for place, (view, found) in enumerate(zip(views, types, strict=True))
    ]
    used: set[str] = set()
    made = []
    for place, (view, found) in enumerate(zip(views, types, strict=True)):
        code = question_code(view.stem.name, view.stem.number, place + 1, used)
        made.append(made_question(code, place + 1, view, found, first, proved.get(place), books, rules))
    by_name = {view.stem.name: one.question for view, one in zip(views, made, strict=True)}
    return [condition_of(one, view.stem.told, by_name) for view, one in zip(views, made, strict=True)]


def _linked(wave: Wave, proposals: Sequence[Proposal], books: Mapping[str, Codebook]) -> tuple[Wave, list[Proposal]]:
    """The wave with its sure links; a link that its options cannot hold is left to a person."""
    variables = load_variables(codebooks=books)
    kept: list[Proposal] = []
    questions = {question.code: question for question in wave.questions}
    for proposal in proposals:
        if proposal.is_sure:
            linked = _with_values(replace(questions[proposal.question], variable=proposal.variable))
            trial = {wave.code: replace(wave, questions=(linked,))}
            if link_problems(trial, variables, books):
                proposal = replace(proposal, is_sure=False)
            else:
                questions[linked.code] = linked
        kept.append(proposal)
    return replace(wave, questions=tuple(questions.values())), kept


def _with_values(question: Question) -> Question:
    """What a linked question's options stand for: the number of a band, the name of a place; and what an attention check
    asks for, where its stem quotes an option."""
    options = question.options
    if question.variable in MEASURED:
        options = tuple(_standing_for(option, representative(option.text)) for option in options)
    if question.variable in PLACES:
        options = tuple(_standing_for(option, None if option.fill_in else option.text) for option in options)
    quoted = [option.code for option in options if any(f"{a}{option.text}{b}" in question.text_zh for a, b in QUOTES)]
    expected = quoted[0] if question.variable == "attention" and len(quoted) == 1 else question.expected
    return replace(question, options=options, expected=expected)


def _standing_for(option: Option, value: str | float | None) -> Option:
    return replace(option, value=value) if option.value is None else option
