"""Names of persons in free text: by what stands around them, by a surname, and by the segmenter's part of speech.

More is masked rather than less, but a place, a dish and an ordinary word that begins with a surname are not names.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

from pipeline.privacy.lexicon import Lexicon, lexicon
from pipeline.privacy.segmenter import is_named_so, is_word, tagged
from pipeline.privacy.signs import HIDDEN


class Cut(NamedTuple):
    """A text with its words: where each begins, where it ends and what part of speech it is."""

    text: str
    words: dict[int, tuple[int, str]]


def without_names(text: str) -> str:
    """A text with the names of persons replaced by the sign for what is hidden.

    >>> without_names("感谢李秀英，王府井站太远").replace(HIDDEN, "*")
    '感谢*，王府井站太远'
    """
    for pattern in lexicon().told:
        text = pattern.sub(HIDDEN, text)
    if not lexicon().candidate.search(text):
        return text
    return _hide(text, list(_names(_cut(text), lexicon())))


def _cut(text: str) -> Cut:
    words, at = {}, 0
    for word, flag in tagged(text):
        words[at] = (at + len(word), flag)
        at += len(word)
    return Cut(text, words)


def _names(cut: Cut, known: Lexicon) -> Iterator[tuple[int, int]]:
    """The places of names, with the words that announce them and the title behind them."""
    at = 0
    while at < len(cut.text):
        size = _surname(cut.text, at, known)
        before = known.announced.search(cut.text[max(0, at - 6) : at]) if size else None
        end = _end_of_name(cut, at, size, known, announced=before is not None) if size else None
        if end is None:
            at += 1
            continue
        title = known.title.match(cut.text, end)
        told = before is not None and before.group() in known.swallowed
        yield at - (len(before.group()) if before and told else 0), title.end() if title else end
        at = title.end() if title else end


def _surname(text: str, at: int, known: Lexicon) -> int:
    """Length of the surname that stands here; 0 for none."""
    if text[at : at + 2] in known.compound:
        return 2
    return int(text[at] in known.surnames)


def _end_of_name(cut: Cut, at: int, size: int, known: Lexicon, *, announced: bool) -> int | None:
    """Where the name ends that begins here; None when it is none."""
    text, first = cut.text, cut.text[at : at + size]
    if at and text[at - 1] == text[at] != text[at - 2 : at - 1]:
        return None  # 谢谢, but not 谢谢谢师傅
    titled = _titled_end(cut, at, size, known, announced=announced)
    if titled is not None:
        return titled
    if not announced and (_is_within_a_word(cut, at) or _is_place(text, at + size, known)):
        return None
    clear = first in known.clear or (size == 2 and first not in known.wide)
    if not clear and first not in known.frequent and text[at + size : at + size + 1] not in known.given:
        return None
    if _is_new_name(cut, at, size, known):
        return cut.words[at][0]
    two = _two_given_end(cut, at, size, known) if clear or announced or first in known.frequent else None
    if two is not None or _is_ordinary(text, at, size, known):
        return two
    if clear and not announced and at and text[at - 1] in known.counting:
        return None  # 一张
    if clear or announced:
        return _given_end(cut, at + size, known)
    return _one_given_end(cut, at, known) if first in known.frequent else None


def _is_new_name(cut: Cut, at: int, size: int, known: Lexicon) -> bool:
    """Whether the segmenter takes the word that begins here for a name that its dictionary does not have."""
    end, flag = cut.words.get(at, (at, ""))
    word = cut.text[at:end]
    return (
        flag.startswith("nr")
        and size < len(word) <= size + 2
        and not (is_word(word) or word in known.not_names or _has(word[size:], known.no_given))
    )


def _is_within_a_word(cut: Cut, at: int) -> bool:
    """Whether a word of the dictionary begins before and reaches over this place."""
    return any(
        at - back in cut.words
        and cut.words[at - back][0] > at
        and is_word(cut.text[at - back : cut.words[at - back][0]])
        for back in (1, 2, 3)
    )


def _is_place(text: str, at: int, known: Lexicon) -> bool:
    """Whether what follows a surname makes it a village, a road or a shop: 宋庄, 张家湾, 林萃路."""
    return known.place.match(text, at) is not None


def _titled_end(cut: Cut, at: int, size: int, known: Lexicon, *, announced: bool) -> int | None:
    """A surname, with or without a given name, straight before a title: 王师傅, 李明大哥."""
    text, first = cut.text, cut.text[at : at + size]
    sure = first in known.clear or size == 2 or announced
    before = text[at - 1] if at else "，"
    if not sure and (_is_within_a_word(cut, at) or (is_han(before) and before not in known.before_title)):
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
    if known.given.issuperset(given):
        return True
    return sure and not _has(given, known.no_given) and not _is_ordinary(cut.text, at, size, known)


def _begins(text: str, at: int, words: frozenset[str], least: int) -> bool:
    """Whether one of the words, as long as `least` or longer, begins here."""
    return any(text[at : at + length] in words for length in range(least, 7))


def _two_given_end(cut: Cut, at: int, size: int, known: Lexicon) -> int | None:
    """Two letters that are known from given names, where the segmenter makes no longer word of them and the next ones."""
    end = at + size + 2
    whole = end in cut.words or end == len(cut.text)
    letters = cut.text[at + size : end]
    if not whole or len(letters) < 2 or not known.given.issuperset(letters):
        return None
    word = cut.text[at:end]
    return None if word in known.not_names or (is_word(word) and not is_named_so(word)) else end


def _one_given_end(cut: Cut, at: int, known: Lexicon) -> int | None:
    """One letter that is known from given names behind a surname that is a word as well, where the segmenter makes a name
    of the two or leaves both by themselves, and what follows is said of persons."""
    end = at + 2
    letter, after = cut.text[at + 1 : end], cut.text[end : end + 1]
    if letter not in known.given or not (end in cut.words or end == len(cut.text)):
        return None
    return end if not is_han(after) or after in known.of_persons else None


def _given_end(cut: Cut, at: int, known: Lexicon) -> int | None:
    """The end of one or two letters of a given name: letters of their own, or one word of two."""
    letters = "".join(takewhile(is_han, cut.text[at : at + 2]))
    if not letters or letters[0] in known.no_given or known.title.match(cut.text, at):
        return None
    end = cut.words.get(at, (at + 1, ""))[0]
    if end >= at + 2:  # a word that is no name may follow a surname and one letter, but then it does not begin here
        return None if len(letters) < 2 or letters[1] in known.no_given else at + 2
    second = cut.words.get(at + 1, (0, ""))[0]
    if len(letters) == 2 and second == at + 2 and letters[1] not in known.no_given:
        return at + 2
    return at + 1


def is_han(letter: str) -> bool:
    """Whether a letter is a Chinese character."""
    return "\u3400" <= letter <= "\u4dbf" or "\u4e00" <= letter <= "\u9fff"


def _has(letters: str, wanted: frozenset[str]) -> bool:
    return any(letter in wanted for letter in letters)


def _is_ordinary(text: str, at: int, size: int, known: Lexicon) -> bool:
    """Whether a word that is no name begins here: one of the list, or one of the dictionary that it knows as no name."""
    for length in range(size + 3, size, -1):
        word = text[at : at + length]
        if len(word) == length and (word in known.not_names or (is_word(word) and not is_named_so(word))):
            return True
    return False


def _hide(text: str, spans: list[tuple[int, int]]) -> str:
    shown, at = [], 0
    for start, end in spans:
        shown += [text[at : max(start, at)], HIDDEN]
        at = end
    return "".join([*shown, text[at:]])
