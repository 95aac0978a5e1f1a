"""Weighted shares with a simple interval: Wilson's, on the effective number of respondents.

A stand-in with the interface that estimates with a full design will take over: frames in, frames out.
"""

from __future__ import annotations

import math

import polars as pl

Z95 = 1.959963984540054


def n_effective(weights: pl.Series) -> float:
    """Kish's effective number: (Σw)² / Σw².

    >>> n_effective(pl.Series([1.0, 1.0, 1.0, 1.0]))
    4.0
    """
    squares = float((weights * weights).sum())
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def wilson(share: float | None, n_eff: float | None, z: float = Z95) -> tuple[float | None, float | None]:
    """Wilson's interval for a share seen among `n_eff` people; none without people.

    >>> [round(x, 4) for x in wilson(0.5, 100)]
    [0.4038, 0.5962]
    """
    if share is None or not n_eff or n_eff <= 0:
        return None, None
    centre = share + z * z / (2 * n_eff)
    half = z * math.sqrt(max(share * (1 - share), 0.0) / n_eff + z * z / (4 * n_eff * n_eff))
    scale = 1 + z * z / n_eff
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def with_share(
    table: pl.DataFrame, *, part: str, whole: str, n: str, deff: str | None = None, prefix: str = ""
) -> pl.DataFrame:
    """Adds `est, lci, uci, n_eff` (with a prefix) for weighted parts of a weighted whole with `n` respondents.

    A zero whole gives a missing share. `deff` is the column with Kish's factor n / n_eff, 1 where absent.
    """
    n_eff = pl.col(n) / (pl.col(deff) if deff else pl.lit(1.0))
    table = table.with_columns(
        pl.when(pl.col(whole) > 0)
        .then((pl.col(part) / pl.col(whole)).clip(0, 1))
        .otherwise(None)
        .alias(f"{prefix}est"),
        n_eff.cast(pl.Float64).round(1).alias(f"{prefix}n_eff"),
    )
    bounds = [wilson(s, m) for s, m in zip(table[f"{prefix}est"], table[f"{prefix}n_eff"], strict=True)]
    return table.with_columns(
        pl.Series(f"{prefix}lci", [low for low, _ in bounds], dtype=pl.Float64),
        pl.Series(f"{prefix}uci", [high for _, high in bounds], dtype=pl.Float64),
    )


def weighted_shares(
    rows: pl.DataFrame, *, by: list[str], value: str, weight: str = "weight", person: str = "person"
) -> pl.DataFrame:
    """Share of people giving each answer.

    In: one row per person and answer given (`value` null for a person who chose none), with the person's `weight`.
    Out: one row per `by` and value: n (people asked), n_chosen, est, lci, uci, n_eff.
    """
    people = rows.select([*by, person, weight]).unique()
    asked = people.group_by(by or [pl.lit(1).alias("_one")]).agg(
        pl.len().alias("n"), pl.col(weight).sum().alias("w"), (pl.col(weight) ** 2).sum().alias("w2")
    )
    chosen = (
        rows.filter(pl.col(value).is_not_null())
        .unique([*by, person, value])
        .group_by([*by, value])
        .agg(pl.len().alias("n_chosen"), pl.col(weight).sum().alias("w_chosen"))
    )
    table = chosen.join(asked, on=by, nulls_equal=True) if by else chosen.join(asked, how="cross")
    table = table.with_columns((pl.col("n") * pl.col("w2") / pl.col("w") ** 2).alias("deff"))
    table = with_share(table, part="w_chosen", whole="w", n="n", deff="deff")
    return table.select([*by, value, "n", "n_chosen", "est", "lci", "uci", "n_eff"]).sort([*by, value])
