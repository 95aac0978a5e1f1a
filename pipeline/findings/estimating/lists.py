"""What may be said of many figures at once: which gaps are real, which places in an order are certain."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.analysis.comparisons.multiplicity import gap_list
from pipeline.analysis.comparisons.tiers import tiers
from pipeline.analysis.survey.estimates import Estimates
from pipeline.findings.estimating.figures import rules


def gap_columns(unmet: Estimates, practical: float | None = None) -> pl.DataFrame:
    """p_value, p_adjusted and is_gap of every share in unmet need: above the practical gap, with few false discoveries.

    One-sided, against a gap of ten points (`practical`), by Benjamini & Hochberg over all rows given.
    """
    rule = rules()["gap"]
    found = gap_list(
        unmet.est,
        unmet.se,
        df=unmet.design.degrees_of_freedom(),
        n_eff=unmet.table()["n_eff"].fill_null(float("nan")).to_numpy(),
        practical=rule["practical"] if practical is None else practical,
        q=rule["false_discoveries"],
    )
    return found.select(pl.col("p").alias("p_value").round(5), pl.col("p_adjusted").round(5), "is_gap")


def order_columns(of: Estimates, asked: np.ndarray | None = None) -> pl.DataFrame:
    """tier_code, rank_from and rank_to of every estimate among those given, all certain together; `asked`: rows to set in order.

    The covariance between them is used; an estimate left out has none.
    """
    keep = np.isfinite(of.est) if asked is None else np.isfinite(of.est) & asked
    empty = {"tier_code": pl.String, "rank_from": pl.Int64, "rank_to": pl.Int64}
    if keep.sum() < 2:
        return pl.DataFrame({name: [None] * len(of.est) for name in empty}, schema=empty)
    part = of.pick(keep)
    found = tiers(part.est, part.cov).select(*(pl.col(name).cast(kind) for name, kind in empty.items()))
    rows = pl.DataFrame({"_row": np.flatnonzero(keep)}).with_columns(pl.col("_row").cast(pl.Int64)).hstack(found)
    every = pl.DataFrame({"_row": np.arange(len(of.est), dtype=np.int64)})
    return every.join(rows, on="_row", how="left", maintain_order="left").drop("_row")
