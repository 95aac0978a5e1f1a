"""Means of groups of respondents, and how each differs from the others, with the errors of the design."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from scipy import stats

from pipeline.analysis.comparisons.multiplicity import adjusted
from pipeline.analysis.survey.covariance import freedom
from pipeline.analysis.survey.estimates import Estimates, contrasts, ratios, together
from pipeline.analysis.survey.intervals import t_interval
from pipeline.disclose import threshold
from pipeline.findings.estimating.against import endless
from pipeline.findings.estimating.figures import rules
from pipeline.findings.estimating.numbers import mean_figures
from pipeline.findings.estimating.sample import Sample

VARIABLES = ("user_group", "employment_type", "shift", "gender", "platform")
ALL = "all"
DIFFERENCES = ("difference", "difference_lci", "difference_uci", "p_adjusted", "is_apart")


def group_means(sample: Sample, values: np.ndarray) -> pl.DataFrame:
    """Mean of a number over everybody who has one and over each group; a row each, `variable_code` and `value_code` saying which.

    `values`: one per respondent of the sample, nan where there is none; a share of something of theirs, so within 0–1. Columns: n, est, se, lci,
    uci, n_eff, withheld_code; `n_rest` (others who told the same characteristic) and the difference from them with its interval,
    `p_adjusted` (Benjamini & Hochberg 1995, over all groups with enough people on both sides) and `is_apart`. As in
    `estimating.against`: whether groups differ is asked beyond the people on the roster, so without a finite population correction.
    """
    labels, inside, rest = _groups(sample, np.isfinite(values))
    y = np.nan_to_num(values)[:, None]
    own, others = (ratios(sample.design, labels, y * here, here) for here in (inside, rest))
    table = labels.hstack(mean_figures(own).with_columns(pl.col("lci", "uci").clip(0, 1)))
    n_rest = pl.Series("n_rest", [None, *others.n[1:]], dtype=pl.Int64)  # everybody has no others
    return _withhold(table.with_columns(n_rest).hstack(_against(own, others)))


def _withhold(table: pl.DataFrame) -> pl.DataFrame:
    """Figures of wide intervals emptied, too, as those of any share are; whether a group is apart stays, the size does not."""
    wide = (pl.col("uci") - pl.col("lci") > rules()["show"]["max_width"]).fill_null(False)
    code = pl.when(wide).then(pl.lit("wide")).otherwise("withheld_code")
    table = table.with_columns(withheld_code=code)
    shown = [*("est", "se", "lci", "uci"), *DIFFERENCES[:3]]
    return table.with_columns(pl.when(pl.col("withheld_code") == "").then(pl.col(name)).alias(name) for name in shown)


def _groups(sample: Sample, has_value: np.ndarray) -> tuple[pl.DataFrame, np.ndarray, np.ndarray]:
    """Which group each column is about, who is in it, and who else told the same characteristic; the first is everybody."""
    names, inside, rest = [(ALL, ALL)], [has_value], [np.zeros_like(has_value)]
    for variable in VARIABLES:
        codes = sample.frame[f"{variable}_code"]
        for code in codes.drop_nulls().unique().sort():
            here = (codes == code).fill_null(False).to_numpy()
            names.append((variable, code))
            inside.append(here & has_value)
            rest.append(codes.is_not_null().to_numpy() & ~here & has_value)
    labels = pl.DataFrame(names, schema=dict.fromkeys(("variable_code", "value_code"), pl.String), orient="row")
    return labels, *(np.stack(columns, axis=1).astype(float) for columns in (inside, rest))


def _against(own: Estimates, rest: Estimates) -> pl.DataFrame:
    """The columns of DIFFERENCES; null where too few people stand on either side."""
    free = endless(own.design)
    enough = (own.n >= threshold()) & (rest.n >= threshold())
    eye = np.eye(len(own.est))
    of = contrasts(together(*(replace(side, design=free) for side in (own, rest))), np.hstack([eye, -eye]), own.labels)
    size, se = np.where(enough, of.est, np.nan), np.where(enough & (of.se > 0), of.se, np.nan)
    df = freedom(free, of.z)
    low, high = t_interval(size, se, df)
    p = adjusted(2 * stats.t.sf(np.abs(size / se), df))
    columns = dict(zip(DIFFERENCES, (size, low, high, p), strict=False))
    table = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.Float64)).fill_nan(None)
    return table.with_columns((pl.col("p_adjusted") <= rules()["gap"]["false_discoveries"]).alias("is_apart"))
