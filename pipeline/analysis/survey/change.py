"""What changed between two samples, some of whose people are the same."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.analysis.survey.covariance import cleared
from pipeline.analysis.survey.estimates import Estimates
from pipeline.analysis.survey.intervals import t_interval


def change(
    now: Estimates, before: Estimates, *, same_now: np.ndarray | None = None, same_before: np.ndarray | None = None
) -> pl.DataFrame:
    """Differences of equally many estimates of two samples: change, change_se, change_lci, change_uci, change_df; null in, null out.

    `same_now`, `same_before`: row numbers, pair by pair, of people who are in both samples; without them the samples are taken as
    independent. Var(a − b) = Var(a) + Var(b) − 2 Cov(a, b), with Cov from the pairs' influence values (Kish 1965, §12.4): who says the
    same twice makes the difference more certain. Of a finite population two samples share people by chance alone, which makes no
    covariance: only a larger overlap than that counts, S₁₂ (n₁₂ / n₁n₂ − 1 / N) for samples drawn singly. Never more than perfect agreement.

    Two waves of two independent halves, 1 of 2 and 2 of 2:

    >>> from pipeline.analysis.survey.design import as_drawn_at_random
    >>> from pipeline.analysis.survey.estimates import shares
    >>> d, labels = as_drawn_at_random(np.ones(2)), pl.DataFrame({"x": ["a"]})
    >>> a, b = (shares(d, np.array(x)[:, None], np.ones(2), labels) for x in ([1, 1], [1, 0]))
    >>> change(a, b).select("change", pl.col("change_se").round(2)).row(0)
    (0.5, 0.5)
    """
    own, other = now.se**2, before.se**2
    cov = np.zeros(len(own))
    if same_now is not None and same_before is not None and len(same_now) > 1:
        a, b = cleared(now.design, now.z)[same_now], cleared(before.design, before.z)[same_before]
        cov = _beyond_chance(now, before, same_now, same_before) * (a * b).sum(axis=0)
    limit = np.sqrt(own * other)
    variance = own + other - 2 * np.clip(np.nan_to_num(cov), -limit, limit)
    difference, se = now.est - before.est, np.sqrt(np.maximum(variance, 0))
    df = min(now.design.degrees_of_freedom(), before.design.degrees_of_freedom())
    low, high = t_interval(difference, se, df)
    columns = {"change": difference, "change_se": se, "change_lci": low, "change_uci": high}
    return pl.DataFrame(
        {name: np.where(np.isfinite(value), value, np.nan) for name, value in columns.items()}, nan_to_null=True
    )


def _beyond_chance(now: Estimates, before: Estimates, same_now: np.ndarray, same_before: np.ndarray) -> float:
    """1 − chance overlap / overlap seen, between 0 and 1; 1 where the populations are taken as endless."""
    together = now.design.fraction[same_now] * before.design.fraction[same_before]
    return float(np.clip(1 - together.mean() * now.design.weights.sum() / len(same_now), 0.0, 1.0))
