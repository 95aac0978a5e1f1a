"""What is questionable about the questionnaire itself: hints for whoever words the next one, never a reason to stop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.contracts import Codebook, Question
from pipeline.contracts.drafting import Rules
from pipeline.drafting.bands import overlaps_and_gaps
from pipeline.drafting.codes import is_word, standard_codes, wording_key

_SLIP = 92


@dataclass(frozen=True)
class Lint:
    """One hint. `code`: stem_twice, bands_overlap, bands_gap, scale_unbalanced, none_missing, option_twice,
    double_barrelled or leading."""

    code: str
    question: str
    zh: str
    en: str


def lint(questions: Sequence[Question], books: Mapping[str, Codebook], rules: Rules) -> list[Lint]:
    """Every hint, in the order of the questions.

    >>> from pipeline.contracts import Option
    >>> from pipeline.contracts.drafting import drafting_rules
    >>> ask = Question("q1", 1, "single", "年龄", options=(Option("1", "18~20岁"), Option("2", "20～22岁")))
    >>> [one.code for one in lint([ask], {}, drafting_rules())]
    ['bands_overlap']
    """
    stems = Counter(wording_key(question.text_zh) for question in questions)
    found: list[Lint] = []
    for question in questions:
        if stems[wording_key(question.text_zh)] > 1:
            found.append(
                Lint(
                    "stem_twice",
                    question.code,
                    f"题干重复：{question.text_zh}",
                    f"the stem stands twice: {question.text_zh}",
                )
            )
        found += [*_bands(question), *_scale(question, rules), *_none(question, books, rules)]
        found += [*_repeats(question), *_wording(question, rules)]
    return found


def _bands(question: Question) -> Iterator[Lint]:
    overlap, gap = overlaps_and_gaps([option.text for option in question.options])
    for one, other in overlap:
        yield Lint("bands_overlap", question.code, f"分段重叠：{one} 与 {other}", f"bands overlap: {one} and {other}")
    for one, other in gap:
        yield Lint(
            "bands_gap", question.code, f"分段之间有空档：{one} 与 {other}", f"a gap between bands: {one} and {other}"
        )


def _scale(question: Question, rules: Rules) -> Iterator[Lint]:
    if question.type not in ("single", "scale", "matrix") or question.variable == "attention":
        return
    positive = sum(_is_pole(option.text, rules.positive_words) for option in question.options)
    negative = sum(_is_pole(option.text, rules.negative_words) for option in question.options)
    if positive + negative > 1 and positive != negative:
        yield Lint(
            "scale_unbalanced", question.code, f"量表不对称：{positive} 个正面、{negative} 个负面选项",
            f"the scale is unbalanced: {positive} positive and {negative} negative options",
        )  # fmt: skip


def _is_pole(text: str, words: Sequence[str]) -> bool:
    """Whether a wording is one of some words, a slip of the pen in a long one aside (`stronlgy disagree`)."""
    said = text.strip().casefold()
    return is_word(text, words) or any(fuzz.ratio(said, word) > _SLIP for word in words if len(word) > 10)


def _none(question: Question, books: Mapping[str, Codebook], rules: Rules) -> Iterator[Lint]:
    if question.type != "multiple" or not question.options or question.missing_none:
        return
    texts = [option.text for option in question.options]
    if standard_codes(texts, books, rules)[0] == "services":
        yield Lint(
            "none_missing", question.code, "服务多选题没有“以上都没有”：没勾的和没答的分不开",
            "no \"none of these\": nothing ticked cannot be told from not answered",
        )  # fmt: skip


def _repeats(question: Question) -> Iterator[Lint]:
    for name, texts in (("选项", [o.text for o in question.options]), ("行", [i.text for i in question.items])):
        counted = Counter(wording_key(text) for text in texts)
        for text in dict.fromkeys(text for text in texts if counted[wording_key(text)] > 1):
            yield Lint("option_twice", question.code, f"{name}重复：{text}", f"the option stands twice: {text}")


def _wording(question: Question, rules: Rules) -> Iterator[Lint]:
    stem = question.text_zh.casefold()
    if stem.rstrip("？?。 ").endswith("吗") and any(word in stem for word in rules.joining_words):
        yield Lint(
            "double_barrelled", question.code, f"可能一题问了两件事：{question.text_zh}",
            f"may ask two things at once: {question.text_zh}",
        )  # fmt: skip
    leading = [word for word in rules.leading_words if word in stem]
    if leading:
        yield Lint(
            "leading", question.code, f"措辞可能有引导：{'、'.join(leading)}", f"wording may lead: {', '.join(leading)}"
        )
