"""What changed between two waves: differences with the covariance of those who answered both, judged together."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy import stats

from pipeline.analysis.comparisons.multiplicity import adjusted
from pipeline.analysis.survey.change import change
from pipeline.analysis.survey.estimates import Estimates
from pipeline.findings.estimating.answered import Answered
from pipeline.findings.estimating.figures import rules
from pipeline.findings.estimating.sample import Sample

CHANGES = ("change", "change_se", "change_lci", "change_uci", "p_adjusted", "is_change")


def change_rows(now: Answered, before: Answered, pairs: pl.DataFrame) -> pl.DataFrame:
    """item_code and answer_code of the later wave, and what changed; is_change: beyond chance, all rows judged together.

    `pairs`: row_now, row_before (numbers of the rows of both tables of counts) that mean the same answer. People are matched by the
    panel key they gave; who gave none counts as another person, which makes the interval too wide rather than too narrow.
    """
    a, b = pairs["row_now"].to_numpy(), pairs["row_before"].to_numpy()
    found = judged_changes(now.shares.take(a), before.shares.take(b), now.sample, before.sample)
    return now.counts[a].select("item_code", "answer_code").hstack(found)


def judged_changes(now: Estimates, before: Estimates, sample_now: Sample, sample_before: Sample) -> pl.DataFrame:
    """CHANGES of equally many estimates of two waves, judged together (Benjamini & Hochberg 1995)."""
    same_now, same_before = shared_people(sample_now, sample_before)
    found = change(now, before, same_now=same_now, same_before=same_before)
    size, se, df = (found[name].to_numpy() for name in ("change", "change_se", "change_df"))
    with np.errstate(divide="ignore", invalid="ignore"):
        p = adjusted(np.where(se > 0, 2 * stats.t.sf(np.abs(size) / se, df), np.nan))
    return found.drop("change_df").with_columns(
        pl.Series("p_adjusted", p).fill_nan(None),
        pl.Series("is_change", p <= rules()["gap"]["false_discoveries"]) & pl.Series(np.isfinite(p)),
    )


def shared_people(now: Sample, before: Sample) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers, pair by pair, of people who gave the same panel key in both waves; a key given twice in one is nobody's."""
    sides = []
    for sample, name in ((now, "row_now"), (before, "row_before")):
        keyed = sample.frame.select("panel_key", pl.int_range(pl.len()).alias(name)).drop_nulls("panel_key")
        sides.append(keyed.filter(pl.len().over("panel_key") == 1))
    both = sides[0].join(sides[1], on="panel_key")
    return both["row_now"].to_numpy(), both["row_before"].to_numpy()
