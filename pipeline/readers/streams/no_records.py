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
_FIRST_OF_TOTALS = ("小", "合", "总", "共")


def suspects(frame: pl.DataFrame, headings: Sequence[str], *, is_survey: bool) -> pl.Series | None:
    """Rows of c0..cN (text or dictionary-coded) that may be no records, as booleans; nothing where there are none.

    Rows with something in cells beyond the `headings` are among them, and rows without anything to see."""
    n = len(headings)
    there = [i for i in range(n) if f"c{i}" in frame.columns]
    beyond = [frame[name] for name in frame.columns if name[0] == "c" and int(name[1:]) >= n]
    found = [cells.is_not_null() for cells in beyond if cells.null_count() < len(cells)]
    if there:
        first = frame["c0"]
        found.append(_where(first, _may_be_blank, _is_blank))
        if len(there) > 1:
            found.append(_fewest_blank(frame, there[1:]))
        elif n > 1:
            found.append(pl.Series([True]).new_from_index(0, frame.height))
        if not is_survey:
            may = (
                _may_lead
                if not any(part.strip()[:1].isdigit() for part in headings[0].split("/"))
                else lambda text: text.is_null() | True
            )
            found.append(_where(first, may, lambda text: _leads(text, headings[0])))
            found += [_where(frame[f"c{i}"], _may_be_total, _is_total) for i in there[1:3]]
    hits = [each for each in found if each is not None]
    if not hits:
        return None
    together = pl.select(pl.any_horizontal(hits)).to_series()
    return together if together.any() else None


def _where(cells: pl.Series, may: Test, is_it: Check) -> pl.Series | None:
    """Rows whose text fits, none for nothing. `may` is quick and says where a closer look is needed; of a coded column each
    distinct text is looked at once."""
    is_coded = cells.dtype != pl.String
    texts = cells.dtype.categories.to_series() if is_coded else cells
    near = texts.to_frame("x").select(may(pl.col("x")).fill_null(True)).to_series()
    fits = is_it(texts.filter(near)) if near.any() else near.clear()
    if not is_coded:
        return _spread(near, fits) if fits.any() else None
    is_blank_it = bool(is_it(pl.Series([None], dtype=pl.String))[0])
    if not fits.any():
        return cells.is_null() if is_blank_it and cells.null_count() else None
    return _spread(near, fits).gather(cells.to_physical()).fill_null(is_blank_it)


def _spread(near: pl.Series, fits: pl.Series) -> pl.Series:
    places = near.arg_true().filter(fits)
    return pl.select(pl.int_range(len(near), dtype=pl.UInt32).is_in(places.implode())).to_series()


def _fewest_blank(frame: pl.DataFrame, among: Sequence[int]) -> pl.Series | None:
    """Rows that are blank in the column that has fewest such."""
    best = None
    for i in sorted(among, key=lambda i: (frame[f"c{i}"].null_count(), frame[f"c{i}"].dtype == pl.String)):
        blank = _where(frame[f"c{i}"], _may_be_blank, _is_blank)
        if blank is None:
            return None
        if best is None or blank.sum() < best.sum():
            best = blank
        if best.sum() * 100 < len(best):
            break
    return best


def _may_be_blank(text: pl.Expr) -> pl.Expr:
    """All but what begins with a plain sign or an ideograph."""
    return ~(((text >= "!") & (text < "\x7f")) | (text >= "\u4000"))


def _is_blank(text: pl.Series) -> pl.Series:
    return _bare(text) == ""


def _may_lead(text: pl.Expr) -> pl.Expr:
    """All but plain text that begins with a digit: no total, remark or group heading does."""
    return ~((text >= "0") & (text < ":") & (text.str.len_bytes() == text.str.len_chars()))


def _leads(text: pl.Series, heading: str) -> pl.Series:
    bare, name = _bare(text), "".join(heading.split())
    return bare.str.contains(TOTAL_TEXT) | bare.str.contains(REMARK_TEXT) | bare.is_in([name, name.split("/")[-1]])


def _may_be_total(text: pl.Expr) -> pl.Expr:
    plain = ((text >= "!") & (text < "\x7f")) | (text >= "\u4000")
    return ~plain | pl.any_horizontal(text.str.starts_with(first) for first in _FIRST_OF_TOTALS)


def _is_total(text: pl.Series) -> pl.Series:
    return _bare(text).str.contains(TOTAL_NEXT)


def _bare(text: pl.Series) -> pl.Series:
    return text.str.replace_all(SPACES, "").fill_null("")
