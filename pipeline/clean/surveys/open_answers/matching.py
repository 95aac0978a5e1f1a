"""One open answer to its topics: keywords found by words of the segmenter, by phrases, and as the whole answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from pipeline.contracts.open_answers import OpenAnswers, Topic
from pipeline.privacy import MASK
from pipeline.privacy.segmenter import cut

_MARKS = re.compile(r"[\s，。、；：！？,.;:!?~～…·“”\"'()（）]+")
_GAP = r"[^，。；！？,.;!?\n]{0,6}"
_CLAUSE_END = "，。；！？,;!?\n"
_DEGREES = "太很真好更最老总不没"


def topic_finder(codebook: OpenAnswers) -> Callable[[str], tuple[str, ...]]:
    """A function from a text to the codes of its topics, in the order of the codebook; empty when it falls under none.

    >>> from pipeline.contracts.open_answers import load_open_answers
    >>> find = topic_finder(load_open_answers())
    >>> find("热水没有，微波炉要排队"), find("不缺水"), find("无。")
    (('queue', 'water', 'hot_meal'), (), ('nothing',))
    """
    matchers = [(topic.code, _matcher(topic, codebook.negators)) for topic in codebook.topics]

    @cache
    def find(text: str) -> tuple[str, ...]:
        plain = unicodedata.normalize("NFKC", text.replace(MASK, "，")).lower().replace(",", "，")
        words = frozenset(cut(plain))
        return tuple(code for code, matches in matchers if matches(plain, words))

    return find


def _matcher(topic: Topic, negators: tuple[str, ...]) -> Callable[[str, frozenset[str]], bool]:
    own_words, whole = frozenset(topic.words), frozenset(map(_bare, topic.whole))
    phrases = re.compile("|".join(map(_pattern, topic.phrases))) if topic.phrases else None
    troubles = re.compile("|".join(map(_pattern, topic.troubles))) if topic.troubles else None
    ends = tuple(sorted(negators, key=len, reverse=True))

    def matches(text: str, words: frozenset[str]) -> bool:
        if not own_words.isdisjoint(words) or (phrases and phrases.search(text)) or (whole and _bare(text) in whole):
            return True
        return troubles is not None and any(
            not _negated(text[: found.start()], ends)
            for found in troubles.finditer(text)
            if _stands(found.group(), words)
        )

    return matches


def _pattern(phrase: str) -> str:
    return _GAP.join(map(re.escape, phrase.split("…")))


def _stands(found: str, words: frozenset[str]) -> bool:
    """A trouble of one letter counts as a word of its own, alone or behind "too", "very": 远 is not in 永远."""
    return len(found) > 1 or found in words or any(degree + found in words for degree in _DEGREES)


def _negated(before: str, negators: tuple[str, ...]) -> bool:
    """Whether what stands before, in the same clause, ends in a negation."""
    clause = re.split(f"[{_CLAUSE_END}]", before)[-1]
    return clause.endswith(negators)


def _bare(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).lower() or text.strip()
