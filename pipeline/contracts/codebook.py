"""Codebooks: the accepted codes of one list, their labels and spellings, what means missing, what is known junk."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

_REPEATED = re.compile(r"(.)\1+")
_IGNORED = re.compile(r"[\s\"'“”‘’()（）\[\]【】〔〕《》·、,，.。:：;；_\-—–]+")


def normal(text: str) -> str:
    """A spelling reduced for matching only (never stored): width, case, spaces, quotes and punctuation do not count.

    >>> normal(" 建外ＳＯＨＯ（18号楼）") == normal("建外soho 18号楼")
    True
    """
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).casefold()


def spelled(text: str) -> str:
    """How a spelling is looked up: `normal`, or for a bare sign (`-`, `——`), of which nothing would be left, the sign.

    >>> spelled("√"), spelled(" － "), spelled("——")
    ('√', '-', '—')
    """
    return normal(text) or _REPEATED.sub(r"\1", "".join(unicodedata.normalize("NFKC", text).split()))


@dataclass(frozen=True)
class Code:
    """One accepted code."""

    code: str
    label_zh: str
    label_en: str
    family: str | None = None
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Codebook:
    """One list of codes.

    `missing` are spellings that mean "not said"; `junk` are values known to be rubbish. Anything that is in none of
    the three boxes is news: `lookup()` does not know it.
    """

    name: str
    label_zh: str
    label_en: str
    codes: tuple[Code, ...]
    missing: tuple[str, ...] = ()
    junk: tuple[str, ...] = ()
    _by_spelling: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def spellings(self) -> dict[str, str]:
        """Every accepted spelling, normalised, with its code: the code itself, both labels, and all spellings."""
        if not self._by_spelling:
            for code in self.codes:
                for text in (code.code, code.label_zh, code.label_en, *code.spellings):
                    self._by_spelling.setdefault(spelled(text), code.code)
        return self._by_spelling

    def lookup(self, text: str) -> str | None:
        """The code of a spelling, or None when it is not known."""
        return self.spellings().get(spelled(text))

    def is_missing(self, text: str) -> bool:
        """Whether a value means "not said"."""
        return text.strip() == "" or spelled(text) in {spelled(value) for value in self.missing}

    def is_junk(self, text: str) -> bool:
        """Whether a value is known rubbish: it is never accepted, and nobody needs to be asked what it means."""
        return spelled(text) in {spelled(value) for value in self.junk}

    def label(self, code: str, lang: str = "zh") -> str:
        """The label of a code; the code itself when it is not in the list."""
        for known in self.codes:
            if known.code == code:
                return known.label_zh if lang == "zh" else known.label_en
        return code
