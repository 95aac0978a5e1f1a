"""The difference of two shares measured on different people, with an interval."""

from __future__ import annotations

import polars as pl


def with_difference(table: pl.DataFrame, *, before: str = "_before") -> pl.DataFrame:
    """Adds `change, change_lci, change_uci`: now less before, for shares `est, lci, uci` and the same names with `before`.

    The interval squares and adds the distances of the two shares from their own bounds (Newcombe 1998, Statistics in
    Medicine 17: 873-890, method 10, with the interval each share came with). Missing where a share is missing. Who
    answered both times makes the true interval narrower.

    >>> low, high = {"lci": [0.6923], "uci": [0.8840]}, {"lci_before": [0.4904], "uci_before": [0.7000]}
    >>> table = pl.DataFrame({"est": [0.8], **low, "est_before": [0.6], **high})
    >>> with_difference(table).select(pl.col("^change.*$").round(2)).row(0)
    (0.2, 0.05, 0.34)
    """
    now, then = pl.col("est"), pl.col(f"est{before}")
    down = ((now - pl.col("lci")) ** 2 + (pl.col(f"uci{before}") - then) ** 2).sqrt()
    up = ((pl.col("uci") - now) ** 2 + (then - pl.col(f"lci{before}")) ** 2).sqrt()
    return table.with_columns(
        (now - then).alias("change"), (now - then - down).alias("change_lci"), (now - then + up).alias("change_uci")
    )
