"""Labels of codes as the codebooks have them, so that files are written in the words the codebooks accept."""

from __future__ import annotations

from functools import cache

from pipeline.contracts.codebook import Codebook
from pipeline.contracts.codebook_files import load_codebooks


@cache
def _books() -> dict[str, Codebook]:
    return load_codebooks()


def label(book: str, code: str, lang: str = "zh") -> str:
    """The label of a code."""
    return _books()[book].label(code, lang)


def spellings(book: str, code: str) -> list[str]:
    """The label and every other accepted spelling of a code."""
    known = next(known for known in _books()[book].codes if known.code == code)
    return [known.label_zh, *known.spellings]
