"""A text and a number export of the same answers: which number is which wording, proved respondent by respondent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from pipeline.contracts.drafting import Rules
from pipeline.drafting.closed import Typed
from pipeline.drafting.pair_several import Joint, Proved, one_to_one, prove_columns, prove_joined, prove_ticks
from pipeline.drafting.seen import Seen, seen, values_of
from pipeline.drafting.source import Source, respondents, stems_in_step
from pipeline.errors import CONTRACT, Problem, fail
from pipeline.readers.surveys.survey_columns import fold

_FILL_IN = re.compile(r"〖.*〗$", re.DOTALL)
_INTEGER = re.compile(r"^\d+(?:\.0+)?$")


def prove(text: Source, number: Source, types: Mapping[int, Typed], rules: Rules) -> dict[int, Proved]:
    """What the pair proves, by the place of the question in the text export.

    Raises exit 11 (`pair_mismatch`) when no respondent is in both, or when the two agree on too few questions.
    """
    joint = _joint(text, number)
    step = stems_in_step(text.outline, number.outline)
    proved: dict[int, Proved] = {}
    for place, found in types.items():
        if found.personal or place not in step:
            continue
        said = seen(text.table, text.outline.stems[place], text.dialect)
        numbered = seen(number.table, number.outline.stems[step[place]], number.dialect)
        proof = _prove(joint, said, numbered, found, text, number)
        if proof is not None:
            proved[place] = proof
    agreeing = sum(proof.agree >= rules.pair_agree for proof in proved.values())
    expected = max(1, sum(not found.personal for found in types.values()))
    if agreeing < rules.pair_questions * expected:
        _mismatch(text, number, f"{agreeing} / {expected}", "大多数题不一致", "most questions disagree")
    return proved


def _joint(text: Source, number: Source) -> Joint:
    """The rows of both exports side by side, `t0..` and `n0..`, by respondent; by order where neither names respondents."""
    sides = []
    for source, letter in ((text, "t"), (number, "n")):
        frame = source.table.frame.select(
            pl.col(f"c{i}").cast(pl.String).str.strip_chars().alias(f"{letter}{i}")
            for i in range(len(source.table.columns))
        )
        who = respondents(source)
        order = pl.Series("respondent", [str(i) for i in range(frame.height)], dtype=pl.String)
        sides.append((frame, who, order))
    (left, who, order), (right, other, other_order) = sides
    if who is None or other is None:
        who, other = order, other_order
    left, right = left.with_columns(who), right.with_columns(other)
    joint = left.unique("respondent", keep="first", maintain_order=True).join(
        right.unique("respondent", keep="first", maintain_order=True),
        on="respondent",
        how="inner",
        maintain_order="left",
    )
    if joint.is_empty():
        _mismatch(text, number, "0", "没有共同的答卷", "no respondent is in both")
    return joint


def _mismatch(text: Source, number: Source, got: str, zh: str, en: str) -> None:
    fail(
        CONTRACT,
        Problem("pair_mismatch", f"{text.table.path.name} + {number.table.path.name}", f"两个文件不是同一批答卷（{zh}）",
                f"the two files are not the same answers ({en})", got=got,
                do_zh="请导出同一问卷的“按文本”和“按序号”各一份，不要筛选", do_en="export one survey twice, by text and by number, unfiltered"),
    )  # fmt: skip


def _prove(joint: Joint, said: Seen, numbered: Seen, found: Typed, text: Source, number: Source) -> Proved | None:
    if numbered.options and said.whole:
        return prove_ticks(joint, said, numbered, found, text, number)
    if said.options and numbered.options:
        return prove_columns(joint, said, numbered, text, number)
    if found.type in ("multiple", "ranking") and said.whole and numbered.whole:
        return prove_joined(joint, said, numbered, found, text, number)
    if said.items and len(said.items) == len(numbered.items):
        pairs = [(one[0].position, other[0].position) for one, other in zip(said.items, numbered.items, strict=True)]
    elif said.whole and numbered.whole:
        pairs = [(said.whole.position, numbered.whole.position)]
    else:
        return None
    return _prove_numbers(joint, pairs, text, number)


def _prove_numbers(joint: Joint, pairs: list[tuple[int, int]], text: Source, number: Source) -> Proved | None:
    """One number per wording: counted over all rows, each side with what the other says most often beside it."""
    counts: Counter[tuple[str, str]] = Counter()
    fill_ins: set[str] = set()
    for one, other in pairs:
        kept = (
            set(values_of(text.table, one, text.dialect).counts),
            set(values_of(number.table, other, number.dialect).counts),
        )
        for said, code in joint.select(f"t{one}", f"n{other}").drop_nulls().iter_rows():
            if said in kept[0] and code in kept[1]:
                base = _FILL_IN.sub("", said).strip()
                fill_ins |= {base} if base != said else set()
                counts[base, code] += 1
    total = sum(counts.values())
    if not total:
        return None
    if not all(_INTEGER.match(code) for _, code in counts) or all(said == code for said, code in counts):
        same = sum(n for (said, code), n in counts.items() if fold(said) == fold(_FILL_IN.sub("", code)))
        return Proved(agree=same / total, n_differ=total - same)
    return one_to_one(counts, fill_ins)


def with_proof(found: Typed, proved: Proved | None, *, has_items: bool) -> Typed:
    """The type of a question once the pair has spoken: numbers beside wordings make it closed however rare an option is."""
    if proved is None or not proved.raws:
        return found
    is_open = found.type in ("text", "number", "date", "place")
    closed = "matrix" if has_items else "single"
    return replace(found, type=closed if is_open else found.type, n_other=0)
