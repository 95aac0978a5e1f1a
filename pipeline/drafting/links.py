"""Which standard variable a question probably measures: by words in its stem and by what its options are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from pipeline.contracts import Codebook, Question
from pipeline.contracts.drafting import Hint, Rules
from pipeline.drafting.bands import band_of
from pipeline.drafting.codes import is_none, is_word, standard_of

PROPOSALS = {
    "question_code": pl.String, "question": pl.String, "variable": pl.String, "score": pl.Float64, "is_sure": pl.Boolean,
}  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """A likely link. `score` is 0 to 1; `is_sure` when it is high enough and no other question is as likely."""

    question: str
    variable: str
    score: float
    is_sure: bool


def propose(
    questions: Iterable[Question], books: Mapping[str, Codebook], rules: Rules, taken: Iterable[str] = ()
) -> list[Proposal]:
    """The likeliest variable of each question that has none, each variable once, in the order of the questions; `taken`
    are variables that other questions are linked to.

    >>> from pipeline.contracts import Option, load_codebooks
    >>> from pipeline.contracts.drafting import drafting_rules
    >>> ask = Question("q1", 1, "single", "您的性别？", options=(Option("1", "男"), Option("2", "女")))
    >>> propose([ask], load_codebooks(), drafting_rules())
    [Proposal(question='q1', variable='gender', score=1.0, is_sure=True)]
    """
    questions = list(questions)
    taken = {*taken} | {question.variable for question in questions if question.variable}
    on_topic = any(word in question.text_zh.casefold() for question in questions for word in rules.topic_words)
    scored = [
        (
            score_of(question, hint, books, rules) - (rules.off_topic if hint.of_station and not on_topic else 0),
            place,
            question,
            hint,
        )
        for place, question in enumerate(questions)
        if question.variable is None and not (question.personal and question.type != "text")
        for hint in rules.hints
        if hint.name not in taken
    ]
    scored.sort(key=lambda one: (-one[0], one[1]))
    found: dict[int, Proposal] = {}
    for score, place, question, hint in scored:
        if score < rules.least_score or place in found or hint.name in taken:
            continue
        rivals = [s for s, other, _, name in scored if name is hint and other != place and other not in found]
        alone = not any(rival >= score - 0.05 for rival in rivals)
        own = sorted((s for s, other, _, name in scored if other == place and name is not hint), reverse=True)
        clear = not own or own[0] < score
        taken.add(hint.name)
        sure = score >= rules.sure_score and alone and clear and not question.personal
        found[place] = Proposal(question.code, hint.name, round(score, 2), sure)
    return [found[place] for place in sorted(found)]


def score_of(question: Question, hint: Hint, books: Mapping[str, Codebook], rules: Rules) -> float:
    """How likely a question measures a variable: keyword in the stem, options in the codebook, type. 0 to 1."""
    if question.type not in hint.types:
        return 0.0
    stem = question.text_zh.casefold()
    told = any(_holds(stem, word) for word in hint.words)
    against = any(_holds(stem, word) for word in hint.not_words)
    if against or (not told and hint.codebook is None):
        return 0.0
    words = rules.word_score if told else 0.0
    if hint.codebook is None:
        return words + rules.type_score + (rules.type_score if _short(question) else 0.0)
    share = _share_known(question, hint, books, rules)
    if hint.codebook == "ticks" and not told:
        return 0.0
    return words + rules.option_score * share


def _holds(stem: str, word: str) -> bool:
    """Whether a stem holds a word; a word in Latin letters only as a whole word's beginning."""
    word = word.casefold()
    if not word.isascii():
        return word in stem
    at = stem.find(word)
    while at >= 0:
        if at == 0 or not stem[at - 1].isascii() or not stem[at - 1].isalpha():
            return True
        at = stem.find(word, at + 1)
    return False


def _short(question: Question) -> bool:
    """Whether a stem asks one plain thing."""
    return len(question.text_zh) <= 40


def _share_known(question: Question, hint: Hint, books: Mapping[str, Codebook], rules: Rules) -> float:
    """Share of the options that the codebook knows; bands count for ages. "Other" and "none" are left out, but "none" of a
    list of ticks is an answer."""
    texts = [option.text for option in question.options if not is_word(option.text, rules.other_words)
             and (hint.codebook == "ticks" or not is_none(option.text, rules))]  # fmt: skip
    texts = texts or [item.text for item in question.items]
    book = books.get(hint.codebook or "")
    if not texts or book is None:
        return 0.0
    if hint.codebook == "age_bands":
        return sum(band_of(text) is not None for text in texts) / len(texts)
    return sum(standard_of(text, book) is not None for text in texts) / len(texts)


def frame_of(proposals: Iterable[Proposal], questions: Iterable[Question]) -> pl.DataFrame:
    """Proposals as a table: question_code, question, variable, score, is_sure."""
    wording = {question.code: question.text_zh for question in questions}
    rows = [(one.question, wording[one.question], one.variable, one.score, one.is_sure) for one in proposals]
    return pl.DataFrame(rows, schema=PROPOSALS, orient="row")
