"""Are the columns of a question its options (ticked, ranked) or its rows? Headings often do not tell; the cells do."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

from pipeline.readers.surveys.layout import Dialect, fold
from pipeline.readers.surveys.outline import Part

TICKS = frozenset({"0", "1", "0.0", "1.0"})


def parts_of(
    frame: pl.DataFrame,
    positions: Sequence[int],
    labels: Sequence[str],
    dialect: Dialect,
    ticks: Collection[str] = TICKS,
) -> tuple[Part, ...]:
    """The columns of one question as options where the cells hold ticks, the option's own wording or ranks (nothing at
    all, too), else as rows. Among options, a column that holds other words is what was written beside the option."""
    held = [_answers(frame[f"c{position}"], dialect) for position in positions]
    ticked = [values <= {*ticks, label, fold(label)} for values, label in zip(held, labels, strict=True)]
    worded = [not all(_is_number(value) for value in values) for values in held]
    fill_ins = [words and not tick for words, tick in zip(worded, ticked, strict=True)]
    as_options = not any(held) or (
        sum(ticked) > len(held) / 2 and all(a or b for a, b in zip(ticked, fill_ins, strict=True))
    )
    if as_options or are_ranks(frame, positions, dialect):
        return tuple(
            Part(position, option=label, is_fill_in=fill_in)
            for position, label, fill_in in zip(positions, labels, fill_ins, strict=True)
        )
    return tuple(Part(position, item=label) for position, label in zip(positions, labels, strict=True))


def are_ranks(frame: pl.DataFrame, positions: Sequence[int], dialect: Dialect) -> bool:
    """Whether every respondent numbered the columns 1, 2 … m without gap or repeat, and some numbered several."""
    names = [f"c{position}" for position in positions]
    numbers = frame.select(pl.col(names).str.strip_chars().cast(pl.Float64, strict=False))
    unreadable = [name for name in names if any(not _is_number(value) for value in _answers(frame[name], dialect))]
    if len(names) < 2 or unreadable:
        return False
    ranks = numbers.select(
        pl.concat_list(pl.when(pl.col(name) > 0).then(pl.col(name)) for name in names).list.drop_nulls().alias("ranks")
    )
    ranks = ranks.select(
        n=pl.col("ranks").list.len(), last=pl.col("ranks").list.max(), n_unique=pl.col("ranks").list.n_unique()
    )
    ranks = ranks.filter(pl.col("n") > 0)
    fits = (pl.col("n") == pl.col("last")) & (pl.col("n") == pl.col("n_unique"))
    return ranks.height > 0 and ranks.select(fits.all() & (pl.col("n") > 1).any()).item()


def _answers(cells: pl.Series, dialect: Dialect) -> set[str]:
    marks = {*dialect.blank, *dialect.not_shown, *dialect.missing_numbers, *(f"{n}.0" for n in dialect.missing_numbers)}
    return {text for value in cells.drop_nulls().unique() if (text := value.strip()) not in marks}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
