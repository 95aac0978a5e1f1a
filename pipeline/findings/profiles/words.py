"""The words of the station pages (metadata/profile_words.toml)."""

from __future__ import annotations

import tomllib
from functools import cache

from pipeline.findings.finding import Context
from pipeline.paths import METADATA


@cache
def profile_words() -> dict[str, dict[str, list[str]]]:
    """metadata/profile_words.toml."""
    return tomllib.loads((METADATA / "profile_words.toml").read_text(encoding="utf-8"))


def word(context: Context, part: str, name: str, **values: object) -> str:
    """One wording of a part, in the reader's language, filled in."""
    return context.pick(*profile_words()[part][name]).format(**values)
