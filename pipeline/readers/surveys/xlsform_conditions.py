"""When a question of an XLSForm is shown (`relevant`): the simple conditions — every one of some questions answered with one
of some options — are understood; of any other, negations and sums among them, nothing is guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"\s*(?:(?P<open>\()|(?P<close>\))|(?P<word>and|or)\b"
    r"|selected\(\s*\$\{(?P<ticked>[^}]+)\}\s*,\s*(?P<tick>'[^']*'|\"[^\"]*\")\s*\)"
    r"|\$\{(?P<equal>[^}]+)\}\s*=\s*(?P<value>'[^']*'|\"[^\"]*\"|\d+))"
)


@dataclass(frozen=True)
class Clause:
    """One question whose answer must be one of some options. `is_exact`: it was written `= 'x'`, which of several ticked
    options means "only this one"."""

    question: str
    codes: tuple[str, ...]
    is_exact: bool = False


def clauses_of(relevant: str) -> tuple[Clause, ...] | None:
    """The clauses that must all hold, or None where the condition is not of that kind. Empty: always shown.

    >>> clauses_of("selected(${why}, 'a') or selected(${why}, 'b')")
    (Clause(question='why', codes=('a', 'b'), is_exact=False),)
    >>> clauses_of("${a} = 'yes' and (selected(${why}, 'x'))")
    (Clause(question='a', codes=('yes',), is_exact=True), Clause(question='why', codes=('x',), is_exact=False))
    >>> clauses_of("${a} != 'yes'") is None, clauses_of("${a} = 'x' or ${b} = 'x'") is None, clauses_of(" ")
    (True, True, ())
    """
    if not relevant.strip():
        return ()
    tokens = _tokens(relevant)
    if tokens is None:
        return None
    found, at = _any_of(tokens, 0)
    return found if at == len(tokens) else None


def _tokens(text: str) -> list[Clause | str] | None:
    """Atoms, `and`, `or` and brackets; None at the first thing that is none of these."""
    tokens: list[Clause | str] = []
    at = 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None:
            return None
        name = found["ticked"] or found["equal"]
        if name:
            value = (found["tick"] or found["value"]).strip("'\"")
            tokens.append(Clause(name.strip(), (value,), found["ticked"] is None))
        else:
            tokens.append(found["open"] or found["close"] or found["word"])
        at = found.end()
    return tokens


def _any_of(tokens: list[Clause | str], at: int) -> tuple[tuple[Clause, ...] | None, int]:
    """Alternatives: simple when all of them are about one question."""
    found, at = _all_of(tokens, at)
    while at < len(tokens) and tokens[at] == "or":
        other, at = _all_of(tokens, at + 1)
        found = _either(found, other)
    return found, at


def _all_of(tokens: list[Clause | str], at: int) -> tuple[tuple[Clause, ...] | None, int]:
    """Conditions that must hold together."""
    found, at = _one(tokens, at)
    while at < len(tokens) and tokens[at] == "and":
        other, at = _one(tokens, at + 1)
        found = None if found is None or other is None else (*found, *other)
    return found, at


def _one(tokens: list[Clause | str], at: int) -> tuple[tuple[Clause, ...] | None, int]:
    """An atom, or what stands in brackets."""
    token = tokens[at] if at < len(tokens) else ""
    if isinstance(token, Clause):
        return (token,), at + 1
    if token == "(":
        found, at = _any_of(tokens, at + 1)
        if at < len(tokens) and tokens[at] == ")":
            return found, at + 1
    return None, len(tokens)


def _either(left: tuple[Clause, ...] | None, right: tuple[Clause, ...] | None) -> tuple[Clause, ...] | None:
    if left is None or right is None or len(left) != 1 or len(right) != 1 or left[0].question != right[0].question:
        return None
    codes = tuple(dict.fromkeys((*left[0].codes, *right[0].codes)))
    return (Clause(left[0].question, codes, left[0].is_exact or right[0].is_exact),)


def together(conditions: list[str]) -> str:
    """Conditions of a question and of the groups it stands in, as one text.

    >>> together(["${a} = 'x' or ${b} = 'y'", "", "${c} > 3"])
    "(${a} = 'x' or ${b} = 'y') and (${c} > 3)"
    """
    written = [condition.strip() for condition in conditions if condition.strip()]
    return written[0] if len(written) == 1 else " and ".join(f"({condition})" for condition in written)
