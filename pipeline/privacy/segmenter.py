"""Chinese text cut into words, and words with their part of speech: jieba's dictionary and method in the build of rjieba
(MIT), loaded at first use."""

from __future__ import annotations

from functools import cache
from typing import Any

from pipeline.privacy.words import privacy_words


@cache
def _tokenizer() -> Any:
    import rjieba

    tokenizer = rjieba.Jieba()
    for word in privacy_words()["own_words"]:
        tokenizer.add_word(word, 20_000, "n")
    return tokenizer


def cut(text: str) -> list[str]:
    """The words of a text, in order; nothing is lost.

    >>> cut("希望多放几个充电口")
    ['希望', '多放', '几个', '充电口']
    """
    return list(_tokenizer().cut(text, True))


def tagged(text: str) -> list[tuple[str, str]]:
    """The words of a text with their part of speech (`nr` is a person's name).

    >>> tagged("感谢李秀英")
    [('感谢', 'v'), ('李秀英', 'nr')]
    """
    return list(_tokenizer().tag(text, True))


def is_word(text: str) -> bool:
    """Whether the dictionary has this word.

    >>> is_word("充电"), is_word("充饥电")
    (True, False)
    """
    return bool(_tokenizer().has_word(text))


def frequency(text: str) -> int:
    """How often the dictionary counted this word or letter; 0 when it has none such."""
    return _tokenizer().suggest_freq(text) if is_word(text) else 0


def is_named_so(text: str) -> bool:
    """Whether the dictionary has this word as the name of a person."""
    return is_word(text) and [tag[:2] for _, tag in tagged(text)] == ["nr"]
