"""Names of persons in free text: by what stands around them, by a surname, and by the segmenter's part of speech.

More is masked rather than less, but a place, a dish and an ordinary word that begins with a surname are not names.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.privacy.cut_text import Cut, are_given, cut_words, has, is_ordinary, is_within_a_word
from pipeline.privacy.given_names import given_end, one_given_end, titled_end, two_given_end
from pipeline.privacy.lexicon import Lexicon, lexicon
from pipeline.privacy.segmenter import is_word
from pipeline.privacy.signs import HIDDEN


def without_names(text: str) -> str:
    """A text with the names of persons replaced by the sign for what is hidden.

    >>> without_names("感谢李秀英，王府井站太远").replace(HIDDEN, "*")
    '感谢*，王府井站太远'
    """
    for pattern in lexicon().told:
        text = pattern.sub(HIDDEN, text)
    if not any(_may_begin(text, found.start(), lexicon()) for found in lexicon().candidate.finditer(text)):
        return text
    return _hide(text, list(_names(cut_words(text, lexicon()), lexicon())))


def _may_begin(text: str, at: int, known: Lexicon) -> bool:
    """Whether it is worth asking the segmenter: what follows the surname may be a name, and is not plainly a word."""
    size = _surname(text, at, known)
    given = text[at + size : at + size + 2]
    if known.title.match(given) or known.title.match(text, at + size + 1) or are_given(given, known):
        return True
    return bool(given) and given[0] not in known.no_given and not is_ordinary(text, at, size, known)


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
    if at and text[at - 1] == text[at] != text[at - 2 : at - 1] and text[at - 2 : at] != "感谢":
        return None  # 谢谢, but neither 谢谢谢师傅 nor 感谢谢师傅
    titled = titled_end(cut, at, size, known, announced=announced)
    if titled is not None:
        return titled
    if not announced and (is_within_a_word(cut, at) or _is_place(text, at + size, known)):
        return None
    clear = first in known.clear or (size == 2 and first not in known.wide)
    if not clear and first not in known.frequent and not are_given(text[at + size : at + size + 1], known):
        return None
    two = two_given_end(cut, at, size, known) if clear or announced or first in known.frequent else None
    if _is_new_name(cut, at, size, known):
        return max(cut.words[at][0], two or 0)
    if two is not None or is_ordinary(text, at, size, known):
        return two
    if clear and not announced and at and text[at - 1] in known.counting:
        return None  # 一张
    if clear or announced:
        return given_end(cut, at + size, known)
    return one_given_end(cut, at, known) if first in known.frequent else None


def _is_new_name(cut: Cut, at: int, size: int, known: Lexicon) -> bool:
    """Whether the segmenter takes the word that begins here for a name that its dictionary does not have."""
    end, flag = cut.words.get(at, (at, ""))
    word = cut.text[at:end]
    return (
        flag.startswith("nr")
        and size < len(word) <= size + 2
        and not (is_word(word) or word in known.not_names or has(word[size:], known.no_given))
    )


def _is_place(text: str, at: int, known: Lexicon) -> bool:
    """Whether what follows a surname makes it a village, a road or a shop: 宋庄, 张家湾, 林萃路."""
    return known.place.match(text, at) is not None


def _hide(text: str, spans: list[tuple[int, int]]) -> str:
    shown, at = [], 0
    for start, end in spans:
        shown += [text[at : max(start, at)], HIDDEN]
        at = end
    return "".join([*shown, text[at:]])
