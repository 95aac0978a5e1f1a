"""A second wave beside the first: which questions are the same, which are worded otherwise, which are new, which are gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from pipeline.contracts import Item, Option, Question, Wave
from pipeline.contracts.drafting import Rules
from pipeline.drafting.codes import wording_key
from pipeline.readers.surveys.survey_columns import fold

SAME, RENAMED, NEW = "same", "renamed", "new"
Parts = tuple[Option, ...] | tuple[Item, ...]


@dataclass(frozen=True)
class Match:
    """How one question stands to the earlier wave: same, renamed or new; `changes` says in Chinese which options and rows
    are worded otherwise, new or gone; `kept` which options nobody chose this time."""

    kind: str
    earlier: Question | None = None
    changes: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Every question of the new wave, in its order, and the questions of the earlier one that are gone."""

    wave: str
    matches: tuple[Match, ...] = ()
    dropped: tuple[Question, ...] = ()
    lines: Mapping[str, Match] = field(default_factory=dict)


def compare(questions: Sequence[Question], earlier: Wave, rules: Rules) -> Comparison:
    """Match questions to those of an earlier wave: by equal wording first, then by the likest wording and options."""
    pairs: dict[int, Question] = {}
    free = list(earlier.questions)
    for place, question in enumerate(questions):
        same = next(
            (old for old in free if wording_key(old.text_zh) == wording_key(question.text_zh) and _kin(old, question)),
            None,
        )
        if same is not None:
            pairs[place] = same
            free.remove(same)
    scores = [
        (score, place, old)
        for place, question in enumerate(questions)
        if place not in pairs
        for old in free
        if (score := likeness(question, old, rules)) > 0
    ]
    for _, place, old in sorted(scores, key=lambda one: (-one[0], one[1], one[2].number)):
        if place not in pairs and old in free:
            pairs[place] = old
            free.remove(old)
    matches = tuple(_match(question, pairs.get(place), rules) for place, question in enumerate(questions))
    return Comparison(earlier.code, matches, tuple(free))


def likeness(question: Question, old: Question, rules: Rules) -> float:
    """How alike two questions are, 0 (another question) to 100: alike in wording, or fairly so with the same options.

    >>> from pipeline.contracts.drafting import drafting_rules
    >>> one, other = Question("a", 1, "text", "您还有什么建议？"), Question("b", 2, "text", "您有什么建议吗？")
    >>> likeness(one, other, drafting_rules()) > 50
    True
    """
    if not _kin(question, old):
        return 0.0
    words = fuzz.ratio(wording_key(question.text_zh), wording_key(old.text_zh))
    shared = _overlap(question.options or question.items, old.options or old.items, rules)
    if words >= rules.same_words or (words >= rules.like_words and shared is not None and shared >= rules.same_options):
        return 0.8 * words + 20 * (shared or 0.0)
    short = max(len(wording_key(question.text_zh)), len(wording_key(old.text_zh))) < 12
    return 0.7 * words if words >= 0.85 * rules.same_words and shared is None and short else 0.0


def _kin(one: Question, other: Question) -> bool:
    """Whether two types may be one question asked otherwise."""
    closed = ("single", "multiple", "scale", "ranking")
    return one.type == other.type or (one.type in closed and other.type in closed)


def _overlap(one: Parts, other: Parts, rules: Rules) -> float | None:
    if not one or not other:
        return None
    pairs = _paired(one, other, rules)
    return 2 * len(pairs) / (len(one) + len(other))


def _paired(parts: Parts, old: Parts, rules: Rules) -> dict[int, int]:
    """Options (or rows) of one question to those of the other by place: equal wording, then like wording."""
    found: dict[int, int] = {}
    for least in (100.0, rules.same_option):
        for place, part in enumerate(parts):
            if place in found:
                continue
            scores = [
                (fuzz.ratio(fold(part.text).casefold(), fold(one.text).casefold()), -at)
                for at, one in enumerate(old)
                if at not in found.values()
            ]
            if scores and max(scores)[0] >= least:
                found[place] = -max(scores)[1]
    return found


def _match(question: Question, old: Question | None, rules: Rules) -> Match:
    if old is None:
        return Match(NEW)
    kept = _unseen(question, old, rules)
    changes = (
        *_changes("选项", (*question.options, *kept), old.options, rules),
        *_changes("行", question.items, old.items, rules),
    )
    return Match(SAME if wording_key(question.text_zh) == wording_key(old.text_zh) else RENAMED, old, tuple(changes),
                 tuple(f"本波没有人选，先照上一波保留：{one.text}" for one in kept))  # fmt: skip


def _changes(name: str, parts: Parts, old: Parts, rules: Rules) -> list[str]:
    pairs = _paired(parts, old, rules)
    changed = [f"{name}改了措辞：{old[at].text} → {parts[place].text}" for place, at in sorted(pairs.items())
               if fold(old[at].text) != fold(parts[place].text)]  # fmt: skip
    new = [f"{name}新增：{part.text}" for place, part in enumerate(parts) if place not in pairs]
    gone = [f"{name}删去：{part.text}" for at, part in enumerate(old) if at not in pairs.values()]
    return changed + new + gone


def laid_over(questions: Sequence[Question], comparison: Comparison, rules: Rules) -> tuple[Question, ...]:
    """The questions with the codes, variables and option codes of the earlier wave, wherever one of it is matched; new
    questions give way where their code is taken."""
    taken = {match.earlier.code for match in comparison.matches if match.earlier}
    made = []
    for question, match in zip(questions, comparison.matches, strict=True):
        if match.earlier is None:
            code, again = question.code, 2
            while code in taken:
                code, again = f"{question.code}_{again}", again + 1
            taken.add(code)
            made.append(replace(question, code=code))
        else:
            made.append(_as_before(question, match.earlier, rules))
    renamed = {old.code: new.code for old, new in zip(questions, made, strict=True)}
    options = {
        new.code: {one.code: other.code for one, other in zip(old.options, new.options, strict=False)}
        for old, new in zip(questions, made, strict=True)
    }
    return tuple(_conditions(question, renamed, options) for question in made)


def _as_before(question: Question, old: Question, rules: Rules) -> Question:
    options = _coded(question.options, old.options, rules)
    codes = {one.code: other.code for one, other in zip(question.options, options, strict=True)}
    options = (*options, *_unseen(question, old, rules))
    none = question.missing_none and codes.get(question.missing_none, question.missing_none)
    return replace(
        question, code=old.code, variable=old.variable, text_en=old.text_en, options=options,
        items=_coded(question.items, old.items, rules), personal=question.personal or old.personal, expected=old.expected,
        missing_none=none or (old.missing_none if old.missing_none in codes.values() else None), on_unknown=old.on_unknown,
        min=old.min, max=old.max, missing=dict(old.missing) | dict(question.missing),
    )  # fmt: skip


def _unseen(question: Question, old: Question, rules: Rules) -> tuple[Option, ...]:
    """Options of the earlier wave that nobody chose in this one: where a cell holds the choice alone, an export cannot show
    them. One whose number another option has now is really gone."""
    if question.type not in ("single", "scale") or wording_key(question.text_zh) != wording_key(old.text_zh):
        return ()
    pairs = _paired(question.options, old.options, rules).values()
    numbers = {option.number for option in question.options if option.number is not None}
    return tuple(one for at, one in enumerate(old.options) if at not in pairs and one.number not in numbers)


def _coded(parts: Parts, old: Parts, rules: Rules) -> tuple:
    """Parts with the codes (and standard values, English, direction) of those they match; the others keep theirs, moved
    aside where it is taken."""
    pairs = _paired(parts, old, rules)
    taken = {old[at].code for at in pairs.values()}
    made = []
    for place, part in enumerate(parts):
        before = old[pairs[place]] if place in pairs else None
        if before is not None:
            kept = {"value": before.value, "fill_in": part.fill_in or before.fill_in} if isinstance(before, Option) else {"reversed": before.reversed}  # fmt: skip
            made.append(replace(part, code=before.code, text_en=before.text_en, **kept))
            continue
        code, again = part.code, 2
        while code in taken:
            code, again = f"{part.code}_{again}", again + 1
        taken.add(code)
        made.append(replace(part, code=code))
    return tuple(made)


def _conditions(question: Question, renamed: Mapping[str, str], options: Mapping[str, Mapping[str, str]]) -> Question:
    if not question.shown_if:
        return question
    shown_if = {
        renamed[name]: tuple(options[renamed[name]].get(code, code) for code in codes)
        for name, codes in question.shown_if.items()
    }
    return replace(question, shown_if=shown_if)
