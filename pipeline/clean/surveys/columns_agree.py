"""Some platforms write several answers twice: joined in one cell, and in one column per option. Do the two agree?"""

from __future__ import annotations

import polars as pl


def disagreeing(joined: pl.DataFrame, apart: pl.DataFrame) -> int:
    """How many respondents ticked other options in the joined cell than in the columns beside it. Both are answer rows of
    one question; only options that have a column are compared.

    >>> rows = pl.DataFrame({"source_row": [2, 2], "option_code": ["a", "b"], "value_number": [1.0, 0.0]})
    >>> disagreeing(rows, rows), disagreeing(rows, rows.with_columns(value_number=1.0))
    (0, 1)
    """
    keys = ["source_row", "option_code"]
    both = apart.select(*keys, pl.col("value_number").fill_null(0.0).alias("apart")).join(
        joined.select(*keys, pl.col("value_number").fill_null(0.0).alias("joined")), on=keys
    )
    return both.filter(pl.col("apart") != pl.col("joined"))["source_row"].n_unique()
