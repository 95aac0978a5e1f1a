"""Chinese text cut into words, and words with their part of speech: jieba (MIT), loaded at first use.

Loaded from its own dictionary each time (half a second): its cache would lie in a folder that others can write to.
"""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

from pipeline.privacy.words import privacy_words


@cache
def _tokenizers() -> tuple[Any, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its source has escapes that newer Pythons warn of
        import jieba
        import jieba.posseg
    plain = jieba.Tokenizer()
    plain.FREQ, plain.total = plain.gen_pfdict(plain.get_dict_file())
    plain.initialized = True
    tagging = jieba.posseg.POSTokenizer(plain)
    for word in privacy_words()["own_words"]:
        plain.add_word(word, freq=20_000, tag="n")
        tagging.word_tag_tab[word] = "n"
    return plain, tagging


def cut(text: str) -> list[str]:
    """The words of a text, in order; nothing is lost.

    >>> cut("希望多放几个充电口")
    ['希望', '多放', '几个', '充电口']
    """
    return list(_tokenizers()[0].cut(text))


def tagged(text: str) -> list[tuple[str, str]]:
    """The words of a text with their part of speech (`nr` is a person's name).

    >>> tagged("感谢李秀英")
    [('感谢', 'v'), ('李秀英', 'nr')]
    """
    return [(pair.word, pair.flag) for pair in _tokenizers()[1].cut(text)]


def is_word(text: str) -> bool:
    """Whether the dictionary has this word.

    >>> is_word("充电"), is_word("充饥电")
    (True, False)
    """
    return frequency(text) > 0


def frequency(text: str) -> int:
    """How often the dictionary counted this word or letter; 0 when it has none such."""
    return _tokenizers()[0].FREQ.get(text, 0)


def is_named_so(text: str) -> bool:
    """Whether the dictionary has this word as the name of a person."""
    return _tokenizers()[1].word_tag_tab.get(text, "").startswith("nr")
