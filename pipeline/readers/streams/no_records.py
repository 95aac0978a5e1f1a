"""Which rows of a block may be no records, told cheaply: only these are looked at closely.

A row that is none of these is a record for certain: its first cell is filled and reads like no total, remark or heading, its
second and third say no 合计, and it has another cell that is filled. `reasons` (row_kinds) decides about the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from pipeline.readers.row_kinds import REMARK_TEXT, SPACES, TOTAL_NEXT, TOTAL_TEXT

Test = Callable[[pl.Expr], pl.Expr]
Check = Callable[[pl.Series], pl.Series]


class LookedAt:
    """Answers about the distinct texts of coded columns, so that each is looked at once in a block."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str], pl.Series] = {}

    def answers(self, cells: pl.Series, name: str, may: Test, check: Check) -> pl.Series:
        """For each dictionary number of the column whether its text fits."""
        known = self._answers.get((cells.name, name), pl.Series([], dtype=pl.Boolean))
        top = cells.to_physical().max()
        n = 0 if top is None else int(top) + 1
        if n > len(known):
            numbers = pl.int_range(len(known), n, dtype=pl.UInt32, eager=True)
            found = _fits(numbers.cat.to(cells.dtype).cast(pl.String), may, check)
            known = known.append(found if found is not None else pl.Series([False]).new_from_index(0, len(numbers)))
            self._answers[cells.name, name] = known
        return known


def suspects(frame: pl.DataFrame, headings: Sequence[str], looked: LookedAt, *, is_survey: bool) -> pl.Series | None:
    """Rows of c0..cN (text or dictionary-coded) that may be no records, as booleans; nothing where there are none.

    Rows with something in cells beyond the `headings` are among them, and rows without anything to see."""
    n = len(headings)
    there = [f"c{i}" for i in range(n) if f"c{i}" in frame.columns]
    beyond = [frame[name] for name in frame.columns if name[0] == "c" and name not in there]
    found = [cells.is_not_null() for cells in beyond if cells.null_count() < len(cells)]
    if there:
        first, *others = (frame[name] for name in there)
        found.append(_blank(first, looked))
        if others:
            found.append(_fewest_blank(others, looked))
        elif n > 1:
            found.append(pl.Series([True]).new_from_index(0, frame.height))
        if not is_survey:
            found.append(_leading(first, headings[0], looked))
            found += [_where(cells, "total", _foreign, _is_total, looked) for cells in others[:2]]
    hits = [each for each in found if each is not None]
    return pl.select(pl.any_horizontal(hits)).to_series() if hits else None


def _where(cells: pl.Series, name: str, may: Test, check: Check, looked: LookedAt) -> pl.Series | None:
    """Rows whose text passes the check, none for nothing. `may` is quick and says which of many texts need it."""
    if cells.dtype == pl.String:
        return _fits(cells, may, check)
    is_null_it = name == "blank"
    fits = looked.answers(cells, name, may, check)
    if not fits.any():
        return cells.is_null() if is_null_it and cells.null_count() else None
    return fits.gather(cells.to_physical()).fill_null(is_null_it)


def _fits(texts: pl.Series, may: Test, check: Check) -> pl.Series | None:
    near = texts.to_frame("x").select(may(pl.col("x"))).to_series().fill_null(True)
    if not near.any():
        return None
    fits = check(texts.filter(near))
    return _spread(near, fits) if fits.any() else None


def _spread(near: pl.Series, fits: pl.Series) -> pl.Series:
    """The answers about some of the rows, over all rows."""
    places = near.arg_true().filter(fits)
    return pl.select(pl.int_range(len(near), dtype=pl.UInt32).is_in(places.implode())).to_series()


def _blank(cells: pl.Series, looked: LookedAt) -> pl.Series | None:
    return _where(cells, "blank", lambda text: _foreign(text) & ~(text >= "\u4000"), _is_blank, looked)


def _fewest_blank(columns: Sequence[pl.Series], looked: LookedAt) -> pl.Series | None:
    """Rows that are blank in the column that has fewest such, among those quickly told."""
    best = None
    for cells in sorted(columns, key=lambda cells: (cells.null_count(), _n_texts(cells))):
        blank = _blank(cells, looked)
        if blank is None:
            return None
        if best is None or blank.sum() < best.sum():
            best = blank
        if best.sum() * 100 < len(best):
            break
    return best


def _n_texts(cells: pl.Series) -> int:
    return len(cells) if cells.dtype == pl.String else cells.to_physical().max() or 0


def _leading(cells: pl.Series, heading: str, looked: LookedAt) -> pl.Series | None:
    """Rows that begin like a total, a remark or the header. Plain text that begins with a digit does not, unless the heading
    does."""
    name = "".join(heading.split())
    names = [name, name.split("/")[-1]]

    def plain(text: pl.Expr) -> pl.Expr:
        return (text >= "0") & (text < ":") & (text.str.len_bytes() == text.str.len_chars())

    def leads(text: pl.Series) -> pl.Series:
        bare = _bare(text)
        return bare.str.contains(TOTAL_TEXT) | bare.str.contains(REMARK_TEXT) | bare.is_in(names)

    is_digit = any(each[:1].isdigit() for each in names)
    return _where(
        cells, "lead", (lambda text: text.is_null() | True) if is_digit else lambda text: ~plain(text), leads, looked
    )


def _foreign(text: pl.Expr) -> pl.Expr:
    """Text that begins with no plain sign: an ideograph, a space."""
    return ~((text >= "!") & (text < "\x7f"))


def _is_blank(text: pl.Series) -> pl.Series:
    return _bare(text) == ""


def _is_total(text: pl.Series) -> pl.Series:
    return _bare(text).str.contains(TOTAL_NEXT)


def _bare(text: pl.Series) -> pl.Series:
    return text.str.replace_all(SPACES, "").fill_null("")
