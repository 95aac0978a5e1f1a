"""What drafting a wave file goes by (metadata/drafting.toml): thresholds, words, and hints at standard variables."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from pipeline.contracts.toml import Reader, load_toml
from pipeline.contracts.wave import QUESTION_TYPES
from pipeline.paths import METADATA

PATH = METADATA / "drafting.toml"
_HINT_KEYS = ("name", "words", "not_words", "codebook", "types", "of_station")


@dataclass(frozen=True)
class Hint:
    """What points to one standard variable: words in the stem, words that speak against it, the codebook its options come
    from, the types of question that can measure it; `of_station`: it is asked of stations."""

    name: str
    words: tuple[str, ...]
    types: tuple[str, ...]
    not_words: tuple[str, ...] = ()
    codebook: str | None = None
    of_station: bool = False


@dataclass(frozen=True)
class Rules:
    """metadata/drafting.toml. Shares are 0 to 1, similarities 0 to 100, counts are answers; words as written there."""

    min_count: int
    min_count_small: int
    small_sample: int
    cover_share: float
    repeat_mean: float
    most_options: int
    longest_option: int
    number_share: float
    shape_share: float
    most_codes: int
    scale_end: int
    several_share: float
    glue_count: int
    pair_agree: float
    pair_questions: float
    same_words: float
    same_options: float
    like_words: float
    same_option: float
    sure_score: float
    least_score: float
    word_score: float
    option_score: float
    type_score: float
    off_topic: float
    book_share: float
    none_words: tuple[str, ...]
    none_heads: tuple[str, ...]
    other_words: tuple[str, ...]
    not_said_words: tuple[str, ...]
    not_said_numbers: tuple[str, ...]
    topic_words: tuple[str, ...]
    several_words: tuple[str, ...]
    open_words: tuple[str, ...]
    count_words: tuple[str, ...]
    scale_words: tuple[str, ...]
    scales: tuple[tuple[str, ...], ...]
    positive_words: tuple[str, ...]
    negative_words: tuple[str, ...]
    joining_words: tuple[str, ...]
    leading_words: tuple[str, ...]
    provinces: tuple[str, ...]
    hints: tuple[Hint, ...]


@cache
def drafting_rules() -> Rules:
    """The facts, checked. Raises exit 11 with every mistake of the file.

    >>> drafting_rules().hints[0].name
    'need'
    """
    table, reader = load_toml(PATH), Reader(PATH)
    kinds = {field.name: field.type for field in fields(Rules) if field.name != "hints"}
    reader.known(table, (*kinds, "variable"), "")
    given: dict[str, Any] = {}
    for name, kind in kinds.items():
        wanted = list if str(kind).startswith("tuple") else int if kind == "int" else (int, float)
        value = reader.get(table, name, wanted, "")
        given[name] = _frozen(value) if isinstance(value, list) else value
    hints = tuple(_hint(reader, block) for block in reader.get(table, "variable", list, "") or [])
    reader.finish()
    return Rules(**given, hints=hints)


def _hint(reader: Reader, block: dict[str, Any]) -> Hint:
    where = f"[[variable]] {block.get('name', '?')}"
    reader.known(block, _HINT_KEYS, where)
    types = reader.get(block, "types", list, where) or []
    for name in types:
        if name not in QUESTION_TYPES:
            reader.note(where, "题型不认识", "unknown type", got=str(name), expected=" ".join(QUESTION_TYPES))
    return Hint(
        name=reader.get(block, "name", str, where),
        words=tuple(reader.get(block, "words", list, where) or []),
        types=tuple(types),
        not_words=tuple(reader.get(block, "not_words", list, where, [])),
        codebook=reader.get(block, "codebook", str, where, None),
        of_station=reader.get(block, "of_station", bool, where, False),
    )


def _frozen(value: list[Any]) -> tuple[Any, ...]:
    return tuple(_frozen(item) if isinstance(item, list) else item for item in value)
