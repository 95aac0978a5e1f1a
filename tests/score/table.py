"""Figures as a table, on the screen and between two marks of a page."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from tests.score.figures import Figure

BEGIN, END = "<!-- score: begin -->", "<!-- score: end -->"
VERDICT = {True: "met", False: "**not met**", None: ""}


def markdown(figures: Iterable[Figure]) -> str:
    """One row per figure.

    >>> print(markdown([Figure("random", "coverage", 0.95, 0.01, 1000, 0.93, 0.97)]).splitlines()[-1])
    | random | coverage | 0.950 | ± 0.010 | .93 to .97 | met | 1,000 |
    """
    lines = [
        "| samples | figure | value | Monte-Carlo error | target | | single values |",
        "|---|---|---|---|---|---|---|",
    ]
    part = None
    for one in figures:
        error = f"± {one.error:.3f}" if np.isfinite(one.error) else "–"
        value = f"{one.value:.3f}" if np.isfinite(one.value) else "–"
        head = one.part if one.part != part else ""
        part = one.part
        lines.append(
            f"| {head} | {one.name} | {value} | {error} | {_target(one)} | {VERDICT[one.is_met]} | {one.n:,} |"
        )
    return "\n".join(lines)


def _target(one: Figure) -> str:
    low, high = (None if end is None else f"{end:g}".replace("0.", ".") for end in (one.low, one.high))
    if low is None and high is None:
        return ""
    return f"≥ {low}" if high is None else f"≤ {high}" if low is None else f"{low} to {high}"


def replace_between(page: str, text: str) -> str:
    """The page with what stands between the two marks replaced.

    >>> replace_between(f"a {BEGIN}old{END} b", "new") == f"a {BEGIN}\\nnew\\n{END} b"
    True
    """
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}"


def write_into(page: Path, text: str) -> None:
    """Puts the text between the marks of the page."""
    page.write_text(replace_between(page.read_text(encoding="utf-8"), text), encoding="utf-8")
