"""The options of a question: from the form, else from the headings of its columns, else from its values — in the order of
the questionnaire as far as it can be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.contracts import Codebook, Item, Option
from pipeline.contracts.drafting import Rules
from pipeline.drafting.bands import band_of
from pipeline.drafting.closed import Typed
from pipeline.drafting.codes import is_none, is_word, option_codes, standard_codes
from pipeline.drafting.seen import Seen
from pipeline.readers.surveys.outline import Part, ToldOption
from pipeline.readers.surveys.survey_columns import Dialect, fold
from pipeline.readers.text_table import TextTable

_LAST = 10_000


@dataclass(frozen=True)
class Raw:
    """An option before it has a code: its wording, its number and code in the export, its columns."""

    text: str
    number: int | None = None
    code: str | None = None
    fill_in: bool = False
    column: str | None = None
    fill_in_column: str | None = None


def raw_options(
    seen: Seen, typed: Typed, table: TextTable, dialect: Dialect, rules: Rules, *, numbered: bool
) -> list[Raw]:
    """What the export and its form show of the options. Columns are named only where the platform names its columns."""
    if typed.type in ("text", "date", "place", "number"):
        return []
    told = seen.stem.told.options
    if seen.options:
        found = _of_columns(seen, told, table, named=dialect.number is None)
    elif told:
        found = [Raw(one.text or one.code, one.number, one.code) for one in told]
    else:
        found = _of_values(typed, rules, numbered=numbered)
        if typed.n_other and dialect.bare_other and not any(is_word(raw.text, rules.other_words) for raw in found):
            found.append(Raw("其他", fill_in=True))
    fill_in_column = heading(table, seen.fill_ins[0].position) if seen.fill_ins and dialect.number is None else None
    return _with_fill_ins(found, seen, typed, fill_in_column, table, rules)


def heading(table: TextTable, position: int) -> str:
    """How a wave file names a column: by its cell in the first header row where no other column has it, else by the name
    that tells it from the others."""
    if table.header_cells and position < len(table.header_cells[0]):
        top = [cell.strip() for cell in table.header_cells[0]]
        if top[position] and top.count(top[position]) == 1:
            return top[position]
    return table.columns[position]


def _of_columns(seen: Seen, told: Sequence[ToldOption], table: TextTable, *, named: bool) -> list[Raw]:
    by_name = {fold(name): one for one in told for name in (one.code, one.text) if name}
    found = []
    for place, (part, _) in enumerate(seen.options, start=1):
        one = by_name.get(fold(part.option))
        column = heading(table, part.position) if named else None
        if one is None:
            found.append(Raw(part.option, place, column=column))
        else:
            found.append(Raw(one.text or one.code, one.number, one.code, column=column))
    return found


def _of_values(typed: Typed, rules: Rules, *, numbered: bool) -> list[Raw]:
    texts = natural_order(list(typed.counts), rules)
    if numbered and all(text.removesuffix(".0").isdecimal() for text in texts):
        return [Raw(text.removesuffix(".0"), int(text.removesuffix(".0"))) for text in texts]
    return [Raw(text, fill_in=text in typed.fill_ins) for text in texts]


def natural_order(texts: list[str], rules: Rules) -> list[str]:
    """Bands by their numbers, wordings of a scale from one end to the other, anything else as it first appeared; "other"
    and "none of these" last.

    >>> from pipeline.contracts.drafting import drafting_rules
    >>> natural_order(["其他", "25岁以上", "18~20岁"], drafting_rules())
    ['18~20岁', '25岁以上', '其他']
    """
    plain = [text for text in texts if not is_word(text, rules.other_words) and not is_none(text, rules)]
    rest = [text for text in texts if text not in plain]
    bands = {text: band_of(text) for text in plain}
    if plain and sum(band is not None for band in bands.values()) >= 0.6 * len(plain):
        plain.sort(key=lambda text: bands[text] or (float("inf"), 0.0))
    for scale in rules.scales:
        words = {fold(word).casefold(): place for place, word in enumerate(scale)}
        if len(plain) > 1 and all(fold(text).casefold() in words for text in plain):
            plain.sort(key=lambda text: words[fold(text).casefold()])
            break
    return plain + rest


def _with_fill_ins(
    found: list[Raw], seen: Seen, typed: Typed, fill_in_column: str | None, table: TextTable, rules: Rules
) -> list[Raw]:
    """Options beside which something may be written: those whose cells show it, those with a column for it, and where the
    column names no option, the one that is called "other", else the last."""
    named = {fold(part.option): part for part in seen.fill_ins if part.option}
    bare = next((part for part in seen.fill_ins if not part.option), None)
    others = [place for place, raw in enumerate(found) if is_word(raw.text, rules.other_words)]
    at = (others or [len(found) - 1])[0] if bare is not None and found else None
    made = []
    for place, raw in enumerate(found):
        part: Part | None = (
            named.get(fold(raw.text)) or named.get(fold(raw.code or "")) or (bare if place == at else None)
        )
        column = (
            heading(table, part.position) if part is not None and fill_in_column is not None else raw.fill_in_column
        )
        written = raw.fill_in or part is not None or raw.text in typed.fill_ins
        made.append(replace(raw, fill_in=written, fill_in_column=column))
    return made


def finished(raws: Sequence[Raw], books: Mapping[str, Codebook], rules: Rules, *, coded: bool) -> tuple[Option, ...]:
    """Options with their codes; `value` holds the standard code where the export's own code had to stay. `coded`: cells of
    the export hold the form's codes."""
    texts = [raw.text for raw in raws]
    _, standard = standard_codes(texts, books, rules)
    own = [raw.code if coded or not standard else None for raw in raws]
    codes = option_codes(texts, [raw.number for raw in raws], own, standard, rules)
    return tuple(
        Option(
            code, raw.text, raw.number, None,
            standard[raw.text] if raw.text in standard and standard[raw.text] != code else None,
            raw.fill_in, raw.column, raw.fill_in_column,
        )
        for code, raw in zip(codes, raws, strict=True)
    )  # fmt: skip


def items_of(seen: Seen, table: TextTable, dialect: Dialect) -> tuple[Item, ...]:
    """The rows of a question, named by their place; with their columns where the platform names its columns."""
    told = {fold(one.code): one.text for one in seen.stem.told.items if one.text}
    named = dialect.number is None
    return tuple(
        Item(
            str(place),
            told.get(fold(part.item), part.item),
            column=heading(table, part.position) if named else None,
        )
        for place, (part, _) in enumerate(seen.items, start=1)
    )
