"""Codes of options and questions: plain ASCII, stable, standard where a codebook knows the option."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.contracts import Codebook
from pipeline.contracts.codebook import spelled
from pipeline.contracts.drafting import Rules
from pipeline.readers.surveys.survey_columns import fold

_SLUG = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")
_NOTE = re.compile(r"[（(【\[][^）)】\]]*[）)】\]]")
_LISTS = (
    "services", "platforms", "employment_types", "age_bands", "genders", "user_groups", "shifts", "modes", "channels", "ticks",
)  # fmt: skip


def wording_key(text: str) -> str:
    """A stem or option reduced to compare wordings: width, case, white space and the sign at its end do not count.

    >>> wording_key("您的职业？") == wording_key("您的职业?")
    True
    """
    return fold(text).rstrip("?？。.:：").casefold()


def is_word(text: str, words: Sequence[str]) -> bool:
    """Whether a wording is one of some words, width, case and what stands in brackets behind it aside.

    >>> is_word("其他（请注明）", ["其他"]), is_word("其他平台", ["其他"])
    (True, False)
    """
    known = {fold(word).casefold() for word in words}
    return fold(text).casefold() in known or fold(_NOTE.sub("", text)).casefold() in known


def is_none(text: str, rules: Rules) -> bool:
    """Whether an option means "none of these".

    >>> from pipeline.contracts.drafting import drafting_rules
    >>> is_none("以上都不需要", drafting_rules()), is_none("无收入", drafting_rules())
    (True, False)
    """
    return is_word(text, rules.none_words) or fold(text).casefold().startswith(tuple(map(fold, rules.none_heads)))


def standard_of(text: str, book: Codebook) -> str | None:
    """The standard code of an option's wording, with or without its remark in brackets; the parts of `喝水、接热水` when they
    agree, and the longest spelling that the wording holds.

    >>> from pipeline.contracts import load_codebooks
    >>> [standard_of(text, load_codebooks()["services"]) for text in ("热饭（微波炉）", "喝水、接热水", "坐下歇脚", "宠物")]
    ['meal_heating', 'water', 'rest', None]
    """
    whole = book.lookup(text) or book.lookup(_NOTE.sub("", text))
    if whole or book.name == "ticks":
        return whole
    said = spelled(text)
    inside = [(len(word), code) for word, code in book.spellings().items() if len(word) > 1 and word in said]
    longest = {code for length, code in inside if length == max(inside)[0]}
    return longest.pop() if len(longest) == 1 else None


def standard_codes(
    texts: Sequence[str], books: Mapping[str, Codebook], rules: Rules
) -> tuple[str | None, dict[str, str]]:
    """The codebook that knows most of the options, and text → standard code; (None, {}) where none knows enough of them.
    "None of these" and "other" are left out of the count. A list of ticks must know every option."""
    asked = [text for text in texts if not is_word(text, rules.other_words)]
    plain = [text for text in asked if not is_none(text, rules)]
    best: tuple[float, str, dict[str, str]] = (0.0, "", {})
    for name in _LISTS:
        if name not in books:
            continue
        of = asked if name == "ticks" else plain
        found = {text: code for text in of if (code := standard_of(text, books[name])) is not None}
        share = len(found) / len(of) if of else 0.0
        needed = 1.0 if name == "ticks" else rules.book_share
        if len(set(found.values())) > 1 and share >= needed and share > best[0]:
            best = (share, name, found)
    return (best[1], best[2]) if best[0] else (None, {})


def option_codes(
    texts: Sequence[str],
    numbers: Sequence[int | None],
    told: Sequence[str | None],
    standard: Mapping[str, str],
    rules: Rules,
) -> list[str]:
    """One code per option: the export's own where a form tells it, else the standard one, else `none` and `other`, else
    the number of the option, else its place. A code that is taken gives way to the next."""
    used: set[str] = set()
    codes = []
    for place, (text, number, own) in enumerate(zip(texts, numbers, told, strict=True), start=1):
        word = "none" if is_none(text, rules) else "other" if is_word(text, rules.other_words) else None
        choices = [
            own,
            standard.get(text),
            word if standard else None,
            None if number is None else str(number),
            str(place),
        ]
        code = next((one for one in choices if one and one not in used and (one == own or _SLUG.match(one))), None)
        while code is None or code in used:
            place += 1
            code = f"o{place}"
        used.add(code)
        codes.append(code)
    return codes


def question_code(name: str, number: int | None, place: int, used: set[str]) -> str:
    """`q5` for question 5, the export's own name where it is a plain word, else `q` and the place; unique among `used`.

    >>> question_code("primary_livelihood", None, 7, set()), question_code("您的性别？", None, 3, set())
    ('primary_livelihood', 'q3')
    """
    slug = re.sub(r"[^a-z0-9]+", "_", name.casefold().rsplit("/", 1)[-1]).strip("_") if name.isascii() else ""
    plain = slug if re.match(r"^[a-z]\w{0,40}$", slug) else ""
    wanted = f"q{number}" if number is not None else plain or f"q{place}"
    code, again = wanted, 2
    while code in used:
        code, again = f"{wanted}_{again}", again + 1
    used.add(code)
    return code
