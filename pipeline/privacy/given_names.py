"""Where a name ends: the given name behind a surname, and the title behind both."""

from __future__ import annotations

from itertools import takewhile

from pipeline.privacy.cut_text import Cut, are_given, has, is_han, is_ordinary, is_within_a_word
from pipeline.privacy.lexicon import Lexicon
from pipeline.privacy.segmenter import frequency, is_named_so, is_word


def titled_end(cut: Cut, at: int, size: int, known: Lexicon, *, announced: bool) -> int | None:
    """A surname, with or without a given name, straight before a title: 王师傅, 李明大哥."""
    text, first = cut.text, cut.text[at : at + size]
    sure = first in known.clear or size == 2 or announced
    before = text[at - 1] if at else "，"
    if not sure and (is_within_a_word(cut, at) or (is_han(before) and before not in known.before_title)):
        return None  # 了解小哥, 修车师傅
    for end in range(at + size, min(at + size + 3, len(text))):
        title, given = known.title.match(text, end), text[at + size : end]
        if title is None:
            continue
        is_short = title.end() - title.start() == 1  # 姐, 总, 工
        if not given:
            if _begins(text, at, known.not_names, title.end() - at) or (first in known.never_titled and not announced):
                return None  # 康师傅方便面, 向站长反映
            if not is_short or (first in known.familiar and not is_han(before)):
                return end
        elif (
            not is_short and (sure or first in known.frequent) and _may_be_given(cut, at, size, given, known, sure=sure)
        ):
            return end
    return None


def _may_be_given(cut: Cut, at: int, size: int, given: str, known: Lexicon, *, sure: bool) -> bool:
    """Whether letters between a surname and a title are a given name, as in 李明大哥, and no word, as in 陈旧小区经理."""
    if are_given(given, known):
        return True
    return sure and not has(given, known.no_given) and not is_ordinary(cut.text, at, size, known)


def _begins(text: str, at: int, words: frozenset[str], least: int) -> bool:
    """Whether one of the words, as long as `least` or longer, begins here."""
    return any(text[at : at + length] in words for length in range(least, 7))


def two_given_end(cut: Cut, at: int, size: int, known: Lexicon) -> int | None:
    """Two letters that are known from given names, where the segmenter makes no longer word of them and the next ones."""
    end = at + size + 2
    whole = end in cut.words or end == len(cut.text)
    letters = cut.text[at + size : end]
    if not whole or len(letters) < 2 or not are_given(letters, known):
        return None
    word = cut.text[at:end]
    return None if word in known.not_names or (is_word(word) and not is_named_so(word)) else end


def one_given_end(cut: Cut, at: int, known: Lexicon) -> int | None:
    """One letter that is known from given names behind a surname that is a word as well, where the segmenter makes a name
    of the two or leaves both by themselves, and what follows is said of persons."""
    end = at + 2
    letter, after = cut.text[at + 1 : end], cut.text[end : end + 1]
    if not are_given(letter, known) or not (end in cut.words or end == len(cut.text)):
        return None
    is_rare = frequency(letter) < known.rare_below
    return end if is_rare or not is_han(after) or after in known.of_persons else None


def given_end(cut: Cut, at: int, known: Lexicon) -> int | None:
    """The end of one or two letters of a given name: letters of their own, or one word of two."""
    letters = "".join(takewhile(is_han, cut.text[at : at + 2]))
    if not letters or known.title.match(cut.text, at):
        return None
    if (
        letters[0] in known.no_given
    ):  # 陈可屿: a letter of grammar, but the next one is of names and no word's beginning
        alone = cut.words.get(at + 1, (at + 2, ""))[0] == at + 2
        return at + 2 if alone and len(letters) == 2 and are_given(letters[1], known) else None
    end = cut.words.get(at, (at + 1, ""))[0]
    if end >= at + 2:  # a word that is no name may follow a surname and one letter, but then it does not begin here
        if len(letters) == 2 and letters[1] not in known.no_given:
            return at + 2
        return at + 1 if are_given(letters[0], known) else None
    second = cut.words.get(at + 1, (0, ""))[0]
    if len(letters) == 2 and second == at + 2 and letters[1] not in known.no_given:
        return at + 2
    return at + 1
