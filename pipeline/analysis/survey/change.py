"""What changed between two samples, some of whose people are the same."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.analysis.survey.covariance import cleared
from pipeline.analysis.survey.estimates import Estimates
from pipeline.analysis.survey.intervals import t_interval
from pipeline.errors import CONTRACT, Problem, fail


def change(
    now: Estimates, before: Estimates, *, same_now: np.ndarray | None = None, same_before: np.ndarray | None = None
) -> pl.DataFrame:
    """Differences of equally many estimates of two samples: change, change_se, change_lci, change_uci, change_df; null in, null out.

    `same_now`, `same_before`: row numbers, pair by pair, of people who are in both samples; without them the samples are taken as
    independent. Var(a − b) = Var(a) + Var(b) − 2 Cov(a, b), with Cov from the pairs' influence values (Kish 1965, §12.4): who says the
    same twice makes the difference more certain. Of a finite population two samples share people by chance alone, which makes no
    covariance: only a larger overlap than that counts, S₁₂ (n₁₂ / n₁n₂ − 1 / N) for samples drawn singly. Never more than perfect agreement.

    Shares: the interval is put together from those of the two shares (Zou & Donner 2008, Statist. Med. 27: 1693-1702), so that it is
    never beyond −1 and 1 and all of five against none of five is not certain; a share at 0 or 1 has the error its interval tells.
    Others: Student's t. change_df after Welch (1947) and Satterthwaite. Raises exit 11: wrong_length; bad_design for pairs of rows
    in designs of replicates, which have no rows.

    Two waves of two independent halves of ten, 10 of 10 and 5 of 10:

    >>> from pipeline.analysis.survey.design import as_drawn_at_random
    >>> from pipeline.analysis.survey.estimates import shares
    >>> d, labels = as_drawn_at_random(np.ones(10)), pl.DataFrame({"x": ["a"]})
    >>> a, b = (shares(d, np.arange(10)[:, None] < yes, np.ones(10), labels) for yes in (10, 5))
    >>> change(a, b).select("change", pl.col("change_lci", "change_uci").round(2)).row(0)
    (0.5, 0.07, 0.8)
    """
    paired = same_now is not None and same_before is not None and len(same_now) > 1
    _check(now, before, paired)
    sides = [_side(of) for of in (now, before)]
    own, other = (side["se"] ** 2 for side in sides)
    cov = np.zeros(len(own))
    if paired:
        a, b = cleared(now.design, now.z)[same_now], cleared(before.design, before.z)[same_before]
        cov = _beyond_chance(now, before, same_now, same_before) * (a * b).sum(axis=0)
    limit = np.sqrt(own * other)
    cov = np.clip(np.nan_to_num(cov), -limit, limit)
    difference, se = now.est - before.est, np.sqrt(np.maximum(own + other - 2 * cov, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        df = (own + other) ** 2 / (own**2 / now.df + other**2 / before.df)
        alike = np.where(limit > 0, cov / limit, 0.0)
    low, high = (
        _of_shares(difference, *sides, alike) if now.kind == before.kind == "share" else t_interval(difference, se, df)
    )
    columns = {"change": difference, "change_se": se, "change_lci": low, "change_uci": high, "change_df": df}
    return pl.DataFrame(
        {name: np.where(np.isfinite(value), value, np.nan) for name, value in columns.items()}, nan_to_null=True
    )


def _side(of: Estimates) -> dict[str, np.ndarray]:
    """est, se, lci, uci of one sample; a share that shows no error has half its interval over 1.96."""
    side = {
        name: column.to_numpy()
        for name, column in of.table().select(pl.col("est", "se", "lci", "uci").cast(pl.Float64)).to_dict().items()
    }
    if of.kind == "share":
        side["se"] = np.where(side["se"] > 0, side["se"], (side["uci"] - side["lci"]) / (2 * 1.96))
    return side


def _of_shares(
    difference: np.ndarray, now: dict[str, np.ndarray], before: dict[str, np.ndarray], alike: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Interval of differences of shares from the distances of each share to the ends of its own, correlated by `alike`."""
    ends = []
    for sign, mine, theirs in ((-1, "lci", "uci"), (1, "uci", "lci")):
        a, b = np.abs(now[mine] - now["est"]), np.abs(before[theirs] - before["est"])
        ends.append(difference + sign * np.sqrt(np.maximum(a**2 + b**2 - 2 * alike * a * b, 0)))
    return ends[0], ends[1]


def _beyond_chance(now: Estimates, before: Estimates, same_now: np.ndarray, same_before: np.ndarray) -> float:
    """1 − chance overlap / overlap seen, between 0 and 1; 1 where the populations are taken as endless."""
    drawn, drawn_before = now.design.drawn, before.design.drawn
    if not (drawn > 0).all() or not (drawn_before > 0).all():
        return 1.0
    by_chance = (drawn[same_now] * drawn_before[same_before]).mean() * (1 / drawn).sum()
    return float(np.clip(1 - by_chance / len(same_now), 0.0, 1.0))


def _check(now: Estimates, before: Estimates, paired: bool) -> None:
    if len(now.est) != len(before.est):
        what = "两期的估计个数不符", "not as many estimates before as now"
        fail(
            CONTRACT,
            Problem("wrong_length", "change", *what, got=str(len(before.est)), expected=str(len(now.est))),
        )
    if paired and (now.design.replicates is not None or before.design.replicates is not None):
        what = "重复权重的设计没有逐人的影响值", "designs of replicate weights have no influence of single people"
        fail(CONTRACT, Problem("bad_design", "same_now, same_before", *what))
