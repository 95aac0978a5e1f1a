"""The words that privacy knows, from metadata/privacy.toml: surnames, titles, what is no name."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from pipeline.paths import METADATA


@cache
def privacy_words() -> dict[str, Any]:
    """metadata/privacy.toml; every text in it that is a run of single letters is given as a list of letters."""
    return tomllib.loads((METADATA / "privacy.toml").read_text(encoding="utf-8"))
