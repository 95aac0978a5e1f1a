"""Headings that repeat the wording of their question before each part (`题干 [行]`, `题干-行`), gathered into questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.readers.surveys.headings import bracketed, shared_stem

Split = Callable[[str, str], str]
Group = tuple[str, tuple[int, ...], tuple[str, ...]]  # the stem, the positions, the parts


def grid_stem(first: str, second: str) -> str:
    """The stem that two neighbours share before ` [row]`; empty where they do not.

    >>> grid_stem("满意吗 [卫生]", "满意吗 [距离]"), grid_stem("年龄 [岁]", "收入 [元]")
    ('满意吗', '')
    """
    found = [bracketed(text, "[【", "]】") for text in (first, second)]
    return found[0][0] if None not in found and found[0][0] == found[1][0] else ""


def joined_stem(first: str, second: str) -> str:
    """The stem that two neighbours share before a dash, colon or bracket; empty where they share none.

    >>> joined_stem("满意吗-卫生", "满意吗-距离"), joined_stem("年龄", "年级")
    ('满意吗', '')
    """
    return shared_stem([first, second])[0]


def grouped(headings: Sequence[str], positions: Sequence[int], stem_of: Split) -> list[Group]:
    """Runs of neighbours with one stem; every other heading is a group of its own with itself as stem and no part."""
    runs: list[tuple[str, list[int]]] = []
    for position in positions:
        stem, run = runs[-1] if runs else ("", [])
        adjoins = bool(run) and run[-1] == position - 1
        shared = stem_of(headings[run[-1]], headings[position]) if adjoins else ""
        if shared and (shared == stem or len(run) == 1):
            runs[-1] = (shared, [*run, position])
        else:
            runs.append((headings[position], [position]))
    return [(stem, tuple(run), _parts([headings[at] for at in run], stem)) for stem, run in runs]


def _parts(texts: Sequence[str], stem: str) -> tuple[str, ...]:
    if len(texts) == 1:
        return ("",)
    rests = [text[len(stem) :].strip() for text in texts]
    inside = [bracketed(rest, "[【(（", "]】)）") for rest in rests]
    if None not in inside and not any(before for before, _ in inside):
        return tuple(label for _, label in inside)
    return tuple(rest[1:].strip() for rest in rests)
