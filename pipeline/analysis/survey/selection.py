"""What a share from people who chose to answer would be, had need itself made them answer: the selection band.

If the odds to answer of those in need are θ times those of the others, and a share r of the population answered, then the
p seen among the answers comes from a population share of

    P = r·p + (1 − r)·p / (p + (1 − p)·θ)

(those who did not answer hold a share of p / (p + (1 − p)·θ), which follows from Bayes' rule; for r → 0 only this term is
left). This is the sensitivity analysis of selection on the outcome (Greenland 1996, Int. J. Epidemiol. 25(6), 1107-1116;
Andridge et al. 2019, J. R. Statist. Soc. C 68(5), 1465-1483, for its place beside sampling error). The band takes the
lower end of the interval at the largest θ and the upper end at the smallest: it holds sampling and selection. It is
no margin of error: it says how far the figure moves under a stated assumption that nobody can check from the answers.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from pipeline.errors import USAGE, Problem, fail

ODDS = (0.5, 2.0)


def shifted_share(share: ArrayLike, odds: float, response_rate: ArrayLike | None = None) -> np.ndarray:
    """The population share behind a share among the answers, were the response odds of those in need `odds` times those
    of the others. `response_rate`: the share of the population that answered (0 to 1); unknown counts as small. NaN stays.

    Half of the answers name a need; those in need answered at twice the odds: it was a third. Had everybody
    answered, nothing would be left to guess.

    >>> shifted_share([0.5, 0.0], 2.0).round(4).tolist()
    [0.3333, 0.0]
    >>> shifted_share(0.5, 2.0, response_rate=1.0).item()
    0.5
    """
    p = np.asarray(share, dtype=float)
    r = np.asarray(0.0 if response_rate is None else response_rate, dtype=float)
    r = np.where(np.isnan(r), 0.0, r)
    problems = [
        _problem(name, "应在 0 与 1 之间", "must lie between 0 and 1", values)
        for name, values in (("share", p), ("response_rate", r))
        if ((values < 0) | (values > 1)).any()
    ]
    if not (np.isfinite(odds) and odds > 0):
        problems.append(_problem("odds", "应为正数", "must be positive", np.asarray(odds)))
    if problems:
        fail(USAGE, *problems)
    return r * p + (1 - r) * p / (p + (1 - p) * odds)


def selection_band(
    est: ArrayLike,
    lci: ArrayLike,
    uci: ArrayLike,
    *,
    odds: tuple[float, float] = ODDS,
    response_rate: ArrayLike | None = None,
) -> pl.DataFrame:
    """Columns `band_low`, `band_high` beside estimates and their intervals (all shares, 0 to 1; null in, null out).

    Where an interval is missing the estimate itself is shifted; without an estimate there is no band.

    >>> selection_band([0.5, None], [0.4, None], [0.5, None]).with_columns(pl.all().round(4)).rows()
    [(0.25, 0.6667), (None, None)]
    """
    shares, low, high = (_array(values) for values in (est, lci, uci))
    few, many = min(odds), max(odds)
    band = {
        "band_low": shifted_share(np.where(np.isnan(low), shares, low), many, response_rate),
        "band_high": shifted_share(np.where(np.isnan(high), shares, high), few, response_rate),
    }
    missing = np.isnan(shares)
    return pl.DataFrame({name: np.where(missing, np.nan, end) for name, end in band.items()}, nan_to_null=True)


def with_selection_band(
    table: pl.DataFrame, *, odds: tuple[float, float] = ODDS, response_rate: float | None = None
) -> pl.DataFrame:
    """A table with columns `est`, `lci`, `uci` (shares) and, behind them, `band_low`, `band_high`.

    >>> with_selection_band(pl.DataFrame({"est": [0.5], "lci": [0.4], "uci": [0.6]})).columns
    ['est', 'lci', 'uci', 'band_low', 'band_high']
    """
    return table.hstack(
        selection_band(table["est"], table["lci"], table["uci"], odds=odds, response_rate=response_rate)
    )


def _array(values: ArrayLike) -> np.ndarray:
    return (
        pl.Series(values, dtype=pl.Float64, strict=False).to_numpy() if not np.isscalar(values) else np.array([values])
    )


def _problem(name: str, zh: str, en: str, values: np.ndarray) -> Problem:
    return Problem("selection_band_invalid", name, zh, en, got=f"{np.nanmin(values):g} … {np.nanmax(values):g}")
