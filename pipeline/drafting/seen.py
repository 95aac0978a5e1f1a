"""What the cells of one question hold: counted values by column, missing marks apart. Values are looked at here, and only
those that recur as options ever leave this room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from pipeline.readers.surveys.outline import Part, Stem
from pipeline.readers.surveys.survey_columns import Dialect
from pipeline.readers.text_table import TextTable


@dataclass(frozen=True)
class Values:
    """The distinct values of a column with how often each stands there, in order of first appearance; `marks` are the
    missing marks met."""

    counts: Mapping[str, int] = field(default_factory=dict)
    marks: Mapping[str, int] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Answers, missing ones left out."""
        return sum(self.counts.values())

    def __add__(self, other: Values) -> Values:
        return Values(_summed(self.counts, other.counts), _summed(self.marks, other.marks))


def _summed(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}


@dataclass(frozen=True)
class Seen:
    """One question with its values: `whole` is the column that holds it undivided, `items` and `options` the columns of its
    rows and options, `fill_ins` the columns that hold what was written beside an option."""

    stem: Stem
    whole: Part | None = None
    values: Values = field(default_factory=Values)
    items: tuple[tuple[Part, Values], ...] = ()
    options: tuple[tuple[Part, Values], ...] = ()
    fill_ins: tuple[Part, ...] = ()

    @property
    def all_items(self) -> Values:
        """The values of all rows together."""
        return sum((values for _, values in self.items), Values())


def values_of(table: TextTable, position: int, dialect: Dialect, missing: Mapping[str, str] | None = None) -> Values:
    """The values of one column. Marks that the platform or the form declares as missing are counted apart."""
    cells = table.frame[f"c{position}"].cast(pl.String).str.strip_chars()
    cells = cells.filter(cells.is_not_null() & ~cells.is_in(["", *dialect.blank]))
    counted = pl.DataFrame({"text": cells}).group_by("text", maintain_order=True).len()
    numbers = [form for mark in dialect.missing_numbers for form in (mark, f"{mark}.0")]
    marks = {*dialect.not_shown, *numbers, *(missing or {})}
    rows = counted.rows()
    return Values({text: n for text, n in rows if text not in marks}, {text: n for text, n in rows if text in marks})


def seen(table: TextTable, stem: Stem, dialect: Dialect) -> Seen:
    """One question with its values. Several columns that name neither row nor option are its rows, named by heading."""
    fill_ins = tuple(part for part in stem.parts if part.is_fill_in)
    parts = [part for part in stem.parts if not part.is_fill_in]
    bare = [part for part in parts if not part.item and not part.option]
    if len(bare) > 1 and not any(part.option for part in parts):
        named = {part.position: Part(part.position, item=table.columns[part.position]) for part in bare}
        parts = [named.get(part.position, part) for part in parts]
        bare = []
    found = {part.position: values_of(table, part.position, dialect, stem.told.missing) for part in parts}
    whole = bare[0] if bare else None
    return Seen(
        stem,
        whole,
        found[whole.position] if whole else Values(),
        tuple((part, found[part.position]) for part in parts if part.item and not part.option),
        tuple((part, found[part.position]) for part in parts if part.option),
        fill_ins,
    )


def one_stem_per_item(stem: Stem) -> list[Stem]:
    """A grid of tick boxes (rows and options at once) as one question per row; any other question as it is."""
    if not any(part.item and part.option for part in stem.parts):
        return [stem]
    items = list(dict.fromkeys(part.item for part in stem.parts if part.item))
    return [
        Stem(
            f"{stem.name}_{place}", f"{stem.text}—{item}",
            tuple(Part(part.position, option=part.option, is_fill_in=part.is_fill_in)
                  for part in stem.parts if part.item == item),
            None, stem.told,
        )
        for place, item in enumerate(items, start=1)
    ]  # fmt: skip
