"""Tables of need and unmet need of a quarter, a row per wave and service, with every column a figure carries."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import polars as pl

from pipeline.disclose import Protect
from pipeline.findings.context import not_evaluable
from pipeline.findings.estimating.figures import figures
from pipeline.findings.estimating.lists import gap_columns, order_columns
from pipeline.findings.estimating.needs import Needs, need_estimates
from pipeline.findings.estimating.sample import period_samples
from pipeline.findings.finding import Context

KEYS = ("area_code", "wave_code", "population_code", "service_code")
ORDER = ("tier_code", "rank_from", "rank_to")
FIGURES = ("est", "lci", "uci", "band_low", "band_high")
NEED = (  # how a share in need may leave
    Protect(n=("n",), values=("n_eff",), shares=FIGURES, spread=("se",), numerator="n_need", basis="respondents"),
)


def keyed(rows: pl.DataFrame, needs: Needs) -> pl.DataFrame:
    """Rows of one sample with its area, wave and population."""
    sample = needs.sample
    return rows.with_columns(
        pl.lit(sample.area).alias("area_code"),
        pl.lit(sample.wave).alias("wave_code"),
        pl.lit(sample.population_code).alias("population_code"),
    )


def need_table(con: duckdb.DuckDBPyConnection, period: str, areas: Iterable[str] | None) -> pl.DataFrame:
    """Share in need of each service of every wave of a quarter: n, n_need, the figures, tier and rank set."""
    parts = []
    for sample in period_samples(con, period, areas):
        needs = need_estimates(con, sample)
        rows = needs.counts.hstack(figures(needs.need, sample)).hstack(order_columns(needs.need))
        parts.append(keyed(rows, needs))
    return _joined(parts, ("n", "n_need"), ())


def gap_rows(con: duckdb.DuckDBPyConnection, context: Context, practical: float | None = None) -> pl.DataFrame:
    """Share in unmet need of each service of every wave of a quarter, beside need and met need; gaps judged together.

    Services out of season are no part of the list nor of the order.
    """
    parts = []
    for sample in period_samples(con, context.period, context.areas):
        needs = need_estimates(con, sample)
        judged = ~needs.labels["service_code"].is_in(not_evaluable(context)).to_numpy()
        rows = needs.counts.hstack(figures(needs.unmet, sample)).hstack(order_columns(needs.unmet, judged))
        listed = gap_columns(needs.unmet.pick(judged), practical)
        at = pl.DataFrame({"service_code": needs.labels["service_code"].filter(pl.Series(judged))}).hstack(listed)
        rows = rows.join(at, on="service_code", how="left", maintain_order="left").with_columns(
            need_share=pl.Series(needs.met.est + needs.unmet.est).fill_nan(None),
            met_share=pl.Series(needs.met.est).fill_nan(None),
        )
        parts.append(keyed(rows, needs))
    return _joined(
        parts, ("n", "n_unmet", "n_met", "n_need"), ("p_value", "p_adjusted", "is_gap", "need_share", "met_share")
    )


def _joined(parts: list[pl.DataFrame], counts: tuple[str, ...], more: tuple[str, ...]) -> pl.DataFrame:
    """All parts below each other; an empty table of the same columns where there are none."""
    if parts:
        return pl.concat(parts, how="diagonal_relaxed")
    floats = ("est", "se", "lci", "uci", "band_low", "band_high", "n_eff", *(name for name in more if name != "is_gap"))
    return pl.DataFrame(
        schema={
            **dict.fromkeys((*KEYS, "withheld_code", "tier_code"), pl.String), **dict.fromkeys(counts, pl.Int64),
            **dict.fromkeys(("rank_from", "rank_to"), pl.Int64), **dict.fromkeys(floats, pl.Float64), "is_gap": pl.Boolean,
        }
    )  # fmt: skip
