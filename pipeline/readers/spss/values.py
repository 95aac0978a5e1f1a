"""Values of an SPSS file as text, exactly: a code as it is written in a questionnaire (`1`, not `1.0`), dates as ISO 8601."""

from __future__ import annotations

import polars as pl

_WHOLE_BELOW = 1e15  # beyond it a float no longer holds every whole number


def as_texts(frame: pl.DataFrame) -> pl.DataFrame:
    """Every column as text, named c0..cN. System-missing values and empty strings are null.

    >>> as_texts(pl.DataFrame({"q1": [1.0, 1.5, None]}))["c0"].to_list()
    ['1', '1.5', None]
    """
    return frame.select(_as_text(frame.schema[name], name).alias(f"c{i}") for i, name in enumerate(frame.columns))


def code_text(value: float | str) -> str:
    """A code of a value label as it stands in the cells.

    >>> code_text(-9.0), code_text("Z")
    ('-9', 'Z')
    """
    if isinstance(value, str):
        return value.strip()
    return as_texts(pl.DataFrame({"value": [float(value)]}))["c0"].item()


def _as_text(kind: pl.DataType, name: str) -> pl.Expr:
    column = pl.col(name)
    if kind.is_float():
        finite = column.fill_nan(None)
        whole = finite.cast(pl.Int64, strict=False)
        is_whole = (finite == whole) & (finite.abs() < _WHOLE_BELOW)
        return pl.when(is_whole).then(whole.cast(pl.String)).otherwise(finite.cast(pl.String))
    if kind == pl.Date:
        return column.dt.strftime("%Y-%m-%d")
    if kind == pl.Datetime:
        return column.dt.strftime("%Y-%m-%dT%H:%M:%S%.f")
    if kind == pl.Time:
        return column.dt.strftime("%H:%M:%S%.f")
    return column.cast(pl.String).replace("", None)
