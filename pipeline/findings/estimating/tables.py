"""Tables of need and unmet need of a quarter, a row per wave and service, with every column a figure carries."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import polars as pl

from pipeline.disclose import Protect
from pipeline.findings.context import not_evaluable
from pipeline.findings.estimating.areas import gaps_of
from pipeline.findings.estimating.figures import figures
from pipeline.findings.estimating.lists import order_columns
from pipeline.findings.estimating.needs import need_estimates
from pipeline.findings.estimating.sample import period_samples
from pipeline.findings.finding import Context

KEYS = ("area_code", "wave_code", "population_code", "service_code")
ORDER = ("tier_code", "rank_from", "rank_to")
FIGURES = ("est", "lci", "uci", "band_low", "band_high")
EXACT = ("se", "n_eff")  # each would tell a share given in steps more exactly than the steps
NEED = (  # how a share in need may leave
    Protect(n=("n",), values=(), shares=FIGURES, spread=EXACT, numerator="n_need", basis="respondents"),
)


def need_table(con: duckdb.DuckDBPyConnection, period: str, areas: Iterable[str] | None) -> pl.DataFrame:
    """Share in need of each service of every wave of a quarter: n, n_need, the figures, tier and rank set."""
    parts = []
    for sample in period_samples(con, period, areas):
        needs = need_estimates(con, sample)
        rows = needs.counts.hstack(figures(needs.need, sample)).hstack(order_columns(needs.need))
        whose = {"area_code": sample.area, "wave_code": sample.wave, "population_code": sample.population_code,
                 "speaks_for_code": sample.speaks_for}  # fmt: skip
        parts.append(rows.with_columns(pl.lit(value).alias(name) for name, value in whose.items()))
    return _joined(parts, ("n", "n_need"), ())


def gap_rows(con: duckdb.DuckDBPyConnection, context: Context, practical: float | None = None) -> pl.DataFrame:
    """Share in unmet need of each service of every wave of a quarter, beside need and met need; gaps judged together.

    Services out of season are no part of the list nor of the order.
    """
    parts, out = [], tuple(not_evaluable(context))
    for sample in period_samples(con, context.period, context.areas):
        rows = gaps_of(con, sample, out_of_season=out, practical=practical)
        needs = need_estimates(con, sample)
        judged = ~needs.labels["service_code"].is_in(out).to_numpy()
        rows = rows.hstack(order_columns(needs.unmet, judged))
        whose = {"population_code": sample.population_code, "speaks_for_code": sample.speaks_for}
        parts.append(rows.with_columns(pl.lit(value).alias(name) for name, value in whose.items()))
    return _joined(parts, ("n", "n_unmet", "n_met", "n_need"), ("p_adjusted", "is_gap", "need_share", "met_share"))


def _joined(parts: list[pl.DataFrame], counts: tuple[str, ...], more: tuple[str, ...]) -> pl.DataFrame:
    """All parts below each other; an empty table of the same columns where there are none."""
    if parts:
        return pl.concat(parts, how="diagonal_relaxed")
    return no_figures(
        KEYS, (*counts, "rank_from", "rank_to"), tuple(name for name in more if name != "is_gap")
    ).with_columns(pl.lit(None, pl.String).alias("tier_code"), pl.lit(None, pl.Boolean).alias("is_gap"))


def no_figures(keys: tuple[str, ...], counts: tuple[str, ...], more: tuple[str, ...] = ()) -> pl.DataFrame:
    """A table of no rows with the columns every figure carries."""
    numbers = (*FIGURES, "se", "n_eff", *more)
    return pl.DataFrame(
        schema=dict.fromkeys((*keys, "withheld_code", "speaks_for_code"), pl.String)
        | dict.fromkeys(counts, pl.Int64)
        | dict.fromkeys(numbers, pl.Float64)
    )
