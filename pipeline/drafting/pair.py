"""A text and a number export of the same answers: which number is which wording, proved respondent by respondent."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from pipeline.clean.surveys.options import joined_splitter
from pipeline.contracts import Option
from pipeline.contracts.drafting import Rules
from pipeline.drafting.options import Raw
from pipeline.drafting.seen import Seen, seen, values_of
from pipeline.drafting.source import Source, respondents, stems_in_step
from pipeline.drafting.types import Typed
from pipeline.errors import CONTRACT, Problem, fail
from pipeline.readers.surveys.survey_columns import fold

_FILL_IN = re.compile(r"〖.*〗$", re.DOTALL)
_INTEGER = re.compile(r"^\d+(?:\.0+)?$")


@dataclass(frozen=True)
class Proved:
    """What the pair proves of one question: its options in the order of their numbers (empty for an open question), the
    share of answers on which both exports agree, and how many do not."""

    raws: tuple[Raw, ...] = ()
    agree: float = 1.0
    n_differ: int = 0


Joint = pl.DataFrame


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
        return _prove_ticks(joint, said, numbered, found, text, number)
    if said.options and numbered.options:
        return None
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
    by_text, by_code = defaultdict(Counter), defaultdict(Counter)
    for (said, code), n in counts.items():
        by_text[said][code] += n
        by_code[code][said] += n
    agree = sum(n for (said, code), n in counts.items()
                if by_text[said].most_common(1)[0][0] == code and by_code[code].most_common(1)[0][0] == said)  # fmt: skip
    raws = [Raw(by_code[code].most_common(1)[0][0], int(float(code)), fill_in=by_code[code].most_common(1)[0][0] in fill_ins)
            for code in sorted(by_code, key=float)]  # fmt: skip
    return Proved(tuple(raws), agree / total, total - agree)


def _prove_ticks(joint: Joint, said: Seen, numbered: Seen, found: Typed, text: Source, number: Source) -> Proved | None:
    """Options joined in one cell against one column per option: 1/0 for ticks, the place for a ranking."""
    wordings = {fold(part.option): part.option for part, _ in numbered.options}
    texts = list(dict.fromkeys([*found.counts, *wordings.values()]))
    texts = list({fold(one): one for one in texts}.values())
    find = joined_splitter(
        [Option(fold(one), one, fill_in=True) for one in texts],
        (text.dialect.arrow,) if found.type == "ranking" else text.dialect.separators,
    )
    position = said.whole.position
    cells = values_of(text.table, position, text.dialect).counts
    split = {cell: [code for code, _ in find(cell) or ()] for cell in cells}
    n_differ = n_all = 0
    columns = [(fold(part.option), f"n{part.position}") for part, _ in numbered.options]
    missing = set(number.dialect.missing_numbers)
    for row in joint.select(f"t{position}", *(column for _, column in columns)).iter_rows():
        marks = [(cell or "").removesuffix(".0") for cell in row[1:]]
        if (row[0] or "") not in split or any(mark in missing for mark in marks):
            continue
        n_all += 1
        if found.type == "ranking":
            ranked = sorted(
                (int(mark), name)
                for (name, _), mark in zip(columns, marks, strict=True)
                if _INTEGER.match(mark) and mark != "0"
            )
            n_differ += [name for _, name in ranked] != split[row[0]]
        else:
            ticked = {name for (name, _), mark in zip(columns, marks, strict=True) if mark == "1"}
            n_differ += ticked != set(split[row[0]])
    if not n_all:
        return None
    filled = {fold(one) for one in found.fill_ins}
    raws = [
        Raw(part.option, place, fill_in=fold(part.option) in filled)
        for place, (part, _) in enumerate(numbered.options, start=1)
    ]
    return Proved(tuple(raws), 1 - n_differ / n_all, n_differ)


def with_proof(found: Typed, proved: Proved | None) -> Typed:
    """The type of a question once the pair has spoken: numbers beside wordings make it closed however rare an option is."""
    if proved is None or not proved.raws:
        return found
    is_open = found.type in ("text", "number", "date", "place")
    return replace(found, type="single" if is_open else found.type, n_other=0)
