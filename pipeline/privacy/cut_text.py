"""A text cut into its words, and what can be asked of a place in it."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.privacy.lexicon import Lexicon
from pipeline.privacy.segmenter import frequency, is_named_so, is_word, tagged


class Cut(NamedTuple):
    """A text with its words: where each begins, where it ends and what part of speech it is."""

    text: str
    words: dict[int, tuple[int, str]]


def cut_words(text: str, known: Lexicon) -> Cut:
    """The words of a text, by where they begin. A word that the dictionary does not have may hold a name and the word of
    grammar behind it (`林骁霁说`): that one stands by itself."""
    words, at = {}, 0
    for word, flag in tagged(text):
        rest = len(word)
        if rest > 2 and word[-1] in known.no_given and not is_word(word):
            rest -= 1
            words[at + rest] = (at + rest + 1, "")
        words[at] = (at + rest, flag)
        at += len(word)
    return Cut(text, words)


def is_han(letter: str) -> bool:
    """Whether a letter is a Chinese character."""
    return "\u3400" <= letter <= "\u4dbf" or "\u4e00" <= letter <= "\u9fff"


def has(letters: str, wanted: frozenset[str]) -> bool:
    """Whether any of the letters is a wanted one."""
    return any(letter in wanted for letter in letters)


def is_ordinary(text: str, at: int, size: int, known: Lexicon) -> bool:
    """Whether a word that is no name begins here: one of the list, or one of the dictionary that it knows as no name."""
    for length in range(size + 3, size, -1):
        word = text[at : at + length]
        if len(word) == length and (word in known.not_names or (is_word(word) and not is_named_so(word))):
            return True
    return False


def is_within_a_word(cut: Cut, at: int) -> bool:
    """Whether a word of the dictionary begins before and reaches over this place."""
    return any(
        at - back in cut.words
        and cut.words[at - back][0] > at
        and is_word(cut.text[at - back : cut.words[at - back][0]])
        for back in (1, 2, 3)
    )


def are_given(letters: str, known: Lexicon) -> bool:
    """Whether every letter is known from given names, or so rare that hardly anything but a name has it."""
    return bool(letters) and all(
        letter in known.given or (is_han(letter) and frequency(letter) < known.rare_below) for letter in letters
    )
