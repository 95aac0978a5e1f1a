"""Questions with several answers in a pair of exports: joined cells against columns of ticks, cells joined in both, columns
in both."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass

import polars as pl

from pipeline.clean.surveys.options import joined_splitter
from pipeline.contracts import Option, Question
from pipeline.drafting.closed import Typed
from pipeline.drafting.options import Raw
from pipeline.drafting.seen import Seen, values_of
from pipeline.drafting.source import Source
from pipeline.readers.surveys.survey_columns import fold

_INTEGER = re.compile(r"^\d+(?:\.0+)?$")
Joint = pl.DataFrame  # the rows of both exports side by side: t0, t1 … of the text, n0, n1 … of the number export


@dataclass(frozen=True)
class Proved:
    """What the pair proves of one question: its options in the order of their numbers (empty for an open question), the
    share of answers on which both exports agree, and how many do not."""

    raws: tuple[Raw, ...] = ()
    agree: float = 1.0
    n_differ: int = 0


def one_to_one(counts: Mapping[tuple[str, str], int], fill_ins: Set[str]) -> Proved:
    """Wording and number met together so often: each number with its wording, and how many answers say otherwise.

    >>> one_to_one({("男", "1"): 5, ("女", "2"): 4, ("男", "2"): 1}, set()).n_differ
    1
    """
    by_text: dict[str, Counter[str]] = defaultdict(Counter)
    by_code: dict[str, Counter[str]] = defaultdict(Counter)
    for (said, code), n in counts.items():
        by_text[said][code] += n
        by_code[code][said] += n
    likest = {code: texts.most_common(1)[0][0] for code, texts in by_code.items()}
    total = sum(counts.values())
    agree = sum(n for (said, code), n in counts.items()
                if by_text[said].most_common(1)[0][0] == code and likest[code] == said)  # fmt: skip
    raws = tuple(
        Raw(likest[code], int(float(code)), fill_in=likest[code] in fill_ins) for code in sorted(likest, key=float)
    )
    return Proved(raws, agree / total, total - agree)


def _splitter(said: Seen, found: Typed, source: Source, wordings: list[str]) -> Callable[[str], list[str]]:
    """A joined cell of the text export to its options, folded."""
    texts = {fold(one): one for one in (*found.counts, *wordings)}
    separators = (source.dialect.arrow,) if found.type == "ranking" else source.dialect.separators
    options = tuple(Option(name, one, fill_in=True) for name, one in texts.items())
    find = joined_splitter(Question("", 0, found.type, "", options=options, joined=found.joined), separators)
    cells = values_of(source.table, said.whole.position, source.dialect).counts
    split = {cell: [code for code, _ in find(cell) or ()] for cell in cells}
    return lambda cell: split.get(cell, [])


def prove_ticks(joint: Joint, said: Seen, numbered: Seen, found: Typed, text: Source, number: Source) -> Proved | None:
    """Options joined in one cell against one column per option: 1/0 for ticks, the place for a ranking."""
    split = _splitter(said, found, text, [part.option for part, _ in numbered.options])
    names = [fold(part.option) for part, _ in numbered.options]
    cells = joint.select(f"t{said.whole.position}", *(f"n{part.position}" for part, _ in numbered.options))
    known = values_of(text.table, said.whole.position, text.dialect).counts
    missing = {"", *number.dialect.missing_numbers}
    n_differ = n_all = 0
    for cell, *codes in cells.iter_rows():
        marks = [(code or "").removesuffix(".0") for code in codes]
        if cell in known and not set(marks) <= missing:
            n_all += 1
            n_differ += _marked(names, marks, ranked=found.type == "ranking") != _in_order(split(cell), found)
    if not n_all:
        return None
    filled = {fold(one) for one in found.fill_ins}
    raws = tuple(
        Raw(part.option, place, fill_in=fold(part.option) in filled)
        for place, (part, _) in enumerate(numbered.options, start=1)
    )
    return Proved(raws, 1 - n_differ / n_all, n_differ)


def _marked(names: list[str], marks: list[str], *, ranked: bool) -> list[str]:
    """The options ticked (by name), or ranked (by rank)."""
    found = [
        (int(mark), name) for mark, name in zip(marks, names, strict=True) if _INTEGER.match(mark) and int(mark) > 0
    ]
    return [name for _, name in sorted(found)] if ranked else sorted(name for _, name in found)


def _in_order(parts: list[str], found: Typed) -> list[str]:
    return parts if found.type == "ranking" else sorted(parts)


def prove_joined(joint: Joint, said: Seen, numbered: Seen, found: Typed, text: Source, number: Source) -> Proved | None:
    """Cells joined in both exports: the options of a cell against its numbers, in their order."""
    split = _splitter(said, found, text, [])
    named = {fold(one): one for one in found.counts}
    counts: Counter[tuple[str, str]] = Counter()
    n_uneven = 0
    for cell, codes in joint.select(f"t{said.whole.position}", f"n{numbered.whole.position}").drop_nulls().iter_rows():
        parts, marks = split(cell), re.findall(r"-?\d+", codes)
        if not parts or not marks or any(mark.startswith("-") for mark in marks):
            continue
        n_uneven += len(parts) != len(marks)
        if len(parts) == len(marks):
            counts.update((named[part], mark) for part, mark in zip(parts, marks, strict=True))
    if not counts:
        return None
    proof = one_to_one(counts, found.fill_ins)
    n = sum(counts.values()) + n_uneven
    return Proved(proof.raws, 1 - (proof.n_differ + n_uneven) / n, proof.n_differ + n_uneven)


def prove_columns(joint: Joint, said: Seen, numbered: Seen, text: Source, number: Source) -> Proved | None:
    """One column per option in both exports: they agree where both hold something or neither does."""
    if len(said.options) != len(numbered.options):
        return None
    missing = [form for mark in number.dialect.missing_numbers for form in (mark, f"{mark}.0")]
    empty = ["", "0", "0.0", *text.dialect.blank, *text.dialect.not_shown, *missing]
    n_all = n_differ = 0
    for (one, _), (other, _) in zip(said.options, numbered.options, strict=True):
        left, right = (~pl.col(name).fill_null("").is_in(empty) for name in (f"t{one.position}", f"n{other.position}"))
        n_differ += int(joint.select((left != right).sum()).item())
        n_all += joint.height
    return Proved(agree=1 - n_differ / n_all, n_differ=n_differ) if n_all else None
