"""Each group of respondents against all others together: differences of shares with the covariance of both sides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from scipy import stats

from pipeline.analysis.comparisons.multiplicity import adjusted
from pipeline.analysis.survey.covariance import freedom
from pipeline.analysis.survey.design import Design
from pipeline.analysis.survey.estimates import Estimates, contrasts, together
from pipeline.analysis.survey.intervals import t_interval
from pipeline.disclose import threshold
from pipeline.findings.estimating.answered import answer_estimates
from pipeline.findings.estimating.figures import figures, rules
from pipeline.findings.estimating.sample import Sample

DIFFERENCES = ("difference", "difference_se", "difference_lci", "difference_uci", "p_adjusted", "is_apart")
KEYS = ("item_code", "by_code", "answer_code")


def group_differences(sample: Sample, answers: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """One row per item, group and answer: the group's own figures, the share among all others, and the difference.

    `answers` and `groups` as in `answer_estimates`; others: who is in some group, but not in this one. Columns: KEYS, n, n_chosen,
    figures, n_rest, n_rest_chosen, rest_est, DIFFERENCES. Judged together (Benjamini & Hochberg 1995) are the rows with enough people
    on all four sides: those who gave the answer and those who did not, in the group and among the others. A difference whose own side is
    too uncertain to be shown keeps only the verdict.

    Whether groups differ is a question beyond the people on the roster, among whom no two groups agree exactly: no finite population
    correction (Cochran 1977, §2.14), and no error less than if both sides were alike. Measured where nothing differs, with weights as
    unequal as those by visits: some difference was called real in 6 % (2 groups) and 5 % (7 groups) of samples where 5 % is meant; with
    the correction and the plain error in 16 % and 50 %.
    """
    groups = groups.drop_nulls("by_code").unique(["person", "by_code"])
    own, rest = (answer_estimates(sample, answers, of) for of in (groups, _others(groups)))
    table = own.counts.with_columns(_own=pl.int_range(pl.len(), dtype=pl.Int64)).hstack(figures(own.shares, sample))
    other = rest.counts.select(
        *KEYS, n_rest="n", n_rest_chosen="n_chosen", _rest=pl.int_range(pl.len(), dtype=pl.Int64)
    )
    table = table.join(other, on=KEYS, how="inner", maintain_order="left")
    sides = own.shares.take(table["_own"].to_numpy()), rest.shares.take(table["_rest"].to_numpy())
    made = table.with_columns(pl.Series("rest_est", sides[1].est).fill_nan(None)).hstack(
        _judged(*sides, _enough(table))
    )
    return _certain(made.drop("_own", "_rest"))


def endless(design: Design) -> Design:
    """The design without its finite population correction, for tests of whether groups differ."""
    return replace(design, fraction=np.zeros(design.n))


def _certain(table: pl.DataFrame) -> pl.DataFrame:
    """No size of a difference where the group's own share is too uncertain to be shown; whether they are apart stays."""
    shown = pl.col("withheld_code") == ""
    return table.with_columns(pl.when(shown).then(pl.col(name).round(4)).alias(name) for name in DIFFERENCES[:4])


def _others(groups: pl.DataFrame) -> pl.DataFrame:
    """person, by_code of every group a person is not in, of those who are in one."""
    people, codes = groups.select("person").unique(), groups.select("by_code").unique()
    return people.join(codes, how="cross").join(groups, on=["person", "by_code"], how="anti")


def _enough(table: pl.DataFrame) -> np.ndarray:
    """Rows with enough people on all four sides for a normal test, and to be shown."""
    sides = ("n_chosen", pl.col("n") - pl.col("n_chosen"), "n_rest_chosen", pl.col("n_rest") - pl.col("n_rest_chosen"))
    return table.select(pl.min_horizontal(*sides) >= threshold()).to_series().to_numpy()


def _judged(own: Estimates, rest: Estimates, enough: np.ndarray) -> pl.DataFrame:
    """The columns of DIFFERENCES; null where nothing may be said."""
    free = endless(own.design)
    own, rest = replace(own, design=free), replace(rest, design=free)
    eye = np.eye(len(own.est))
    of = contrasts(together(own, rest), np.hstack([eye, -eye]), own.labels)
    size, se = np.where(enough, of.est, np.nan), np.where(enough, of.se, np.nan)
    df = freedom(free, of.z)
    low, high = t_interval(size, se, df)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = adjusted(2 * stats.t.sf(np.abs(size) / np.maximum(se, _if_alike(own, rest)), df))
    columns = dict(zip(DIFFERENCES, (size, se, low, high, p), strict=False))
    table = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.Float64)).fill_nan(None)
    return table.with_columns((pl.col("p_adjusted") <= rules()["gap"]["false_discoveries"]).alias("is_apart"))


def _if_alike(own: Estimates, rest: Estimates) -> np.ndarray:
    """Error of each difference if both sides had the share of all: as many people, in effect, on each side as there are."""
    people = [side.est * (1 - side.est) / side.se**2 for side in (own, rest)]
    weight = [side.design.weights @ (side.z != 0) for side in (own, rest)]
    share = (weight[0] * own.est + weight[1] * rest.est) / (weight[0] + weight[1])
    return np.sqrt(share * (1 - share) * (1 / people[0] + 1 / people[1]))
