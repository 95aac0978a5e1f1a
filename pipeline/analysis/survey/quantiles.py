"""Quantiles of a sample of any design, with intervals read off the distribution function.

A quantile has no smooth influence value. Woodruff (1952): estimate how uncertain the share at or below it is, and read the
answers at both ends of that interval; so the interval is not symmetric, and its ends are answers somebody gave.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy import stats

from pipeline.analysis.survey.design import Design
from pipeline.analysis.survey.estimates import ratios
from pipeline.analysis.survey.intervals import korn_graubard, logit, t_interval
from pipeline.errors import CONTRACT, Problem, fail

RULES = ("math", "school", "hf1", "hf2", "hf4", "hf7", "hf8")
INTERVALS = ("xlogit", "mean", "beta", "score")
SLACK = 1e-12  # a share summed in floating point may miss p by this much where it is p
NOBODY = "没有人回答"
ALL_EQUAL = "所有回答相同，没有区间"
AT_THE_EDGE = "区间超出了最小或最大的回答"


def quantiles(
    design: Design,
    values: np.ndarray,
    at: list[float],
    where: np.ndarray | None = None,
    interval: str = "xlogit",
    rule: str = "math",
    level: float = 0.95,
) -> pl.DataFrame:
    """Quantiles of `values` (n,), nan: missing, over the rows of `where`: columns p, est, se, lci, uci, n, reason.

    `rule` "math": the lowest answer with F ≥ p; others as in `quantile`. `interval`: Woodruff's, of the share on the logit
    scale (xlogit), by Student's t (mean) or Korn & Graubard's (beta); score inverts a test of the share instead (Francisco &
    Fuller 1991). `se` is the interval's length over twice Student's t, as R gives it. null with a reason where nobody
    answered, all answers are equal, or an end lies beyond the answers. Raises exit 11 for a wrong length, rule or p.

    >>> from pipeline.analysis.survey.design import design
    >>> people = design(pl.DataFrame({"weight": [1.0] * 5}))
    >>> quantiles(people, np.array([10.0, 20, 30, 40, 50]), [0.5]).select("p", "est", "n").row(0)
    (0.5, 30.0, 5)
    """
    y = np.asarray(values, dtype=float)
    _check(design, y, at, where, interval, rule)
    here = np.isfinite(y) & (True if where is None else np.asarray(where, dtype=bool))
    df = design.degrees_of_freedom(None if here.all() else here)
    t = float(stats.t.ppf((1 + level) / 2, df)) if df > 0 else float("nan")
    found = [_one(design, y, here, p, interval, rule, level, df) for p in at]
    rows = [
        {
            "p": p,
            "est": est,
            "se": None if reason else (high - low) / (2 * t),
            "lci": low,
            "uci": high,
            "reason": reason,
        }
        for p, (est, low, high, reason) in zip(at, found, strict=True)
    ]
    types = dict.fromkeys(("p", "est", "se", "lci", "uci"), pl.Float64) | {"reason": pl.String}
    made = pl.DataFrame(rows, schema=types).with_columns(pl.lit(int(here.sum())).alias("n"))
    return made.select("p", "est", "se", "lci", "uci", "n", "reason")


def quantile(y: np.ndarray, weights: np.ndarray, p: float, rule: str = "math") -> float:
    """One weighted quantile. Rules: math, hf1 — lowest answer with F ≥ p; school, hf2 — the middle of two where F = p exactly;
    hf4, hf7, hf8 — interpolated (Hyndman & Fan 1996), which needs answers on a true scale; as in R, equal answers of unequal
    weight then count in the order of their rows.

    >>> [quantile(np.array([1.0, 2, 3, 4]), np.ones(4), 0.5, rule) for rule in ("math", "school", "hf4", "hf7")]
    [2.0, 2.5, 2.0, 2.5]
    """
    held = weights > 0
    order = np.argsort(y[held], kind="stable")
    y, w = y[held][order], weights[held][order]
    up_to = np.cumsum(w)
    total = up_to[-1]
    if rule in ("hf4", "hf7", "hf8") and len(y) > 1:
        below = up_to - w
        known = {
            "hf4": up_to / total,
            "hf7": below / up_to[-2],
            "hf8": (below / 3 + up_to * 2 / 3) / (total + w[-1] / 3),
        }[rule]
        return float(np.interp(p, known, y))
    place = min(int(np.searchsorted(up_to / total, p - SLACK)), len(y) - 1)
    tied = rule in ("school", "hf2") and abs(up_to[place] / total - p) <= SLACK and place + 1 < len(y)
    return float((y[place] + y[place + 1]) / 2 if tied else y[place])


def _one(
    design: Design, y: np.ndarray, here: np.ndarray, p: float, interval: str, rule: str, level: float, df: int
) -> tuple[float | None, float | None, float | None, str | None]:
    """est, lower and upper end, reason."""
    w = design.weights[here]
    if not here.any():
        return None, None, None, NOBODY
    est = quantile(y[here], w, p, rule)
    if np.ptp(y[here]) == 0:
        return est, None, None, ALL_EQUAL
    if interval == "score":
        return _ending(est, *_score(design, y, here, p, level, df))
    share, se = _share(design, y, here, est)
    if share >= 1 - SLACK or not se > 0:
        return est, None, None, AT_THE_EDGE
    with np.errstate(divide="ignore", invalid="ignore"):
        if interval == "beta":
            low, high = korn_graubard(share, se, int(here.sum()), df, level)
        else:
            low, high = (logit if interval == "xlogit" else t_interval)(share, se, df, level)
    ends = (quantile(y[here], w, float(q), rule) if 0 <= q <= 1 else None for q in (low, high))
    return _ending(est, *ends)


def _ending(est: float, low: float | None, high: float | None) -> tuple:
    return est, low, high, AT_THE_EDGE if low is None or high is None else None


def _share(design: Design, y: np.ndarray, here: np.ndarray, at: float) -> tuple[float, float]:
    """Share of the rows `here` at or below an answer, and its standard error."""
    below = (here & (np.nan_to_num(y) <= at)).astype(float)
    of = ratios(design, pl.DataFrame({"share": ["F"]}), below, here.astype(float))
    return float(of.est[0]), float(of.se[0])


def score(design: Design, y: np.ndarray, here: np.ndarray, p: float, answer: float) -> float:
    """How many standard errors p lies above the share at or below an answer."""
    share, se = _share(design, y, here, answer)
    return (p - share) / se if se > 0 else float(np.sign(p - share)) * np.inf


def _score(
    design: Design, y: np.ndarray, here: np.ndarray, p: float, level: float, df: int
) -> tuple[float | None, float | None]:
    """Where a test of p turns: the first answer whose share does not differ from p, and the first whose share is above it."""
    t = float(stats.t.ppf((1 + level) / 2, df)) if df > 0 else float("nan")
    answers = np.unique(y[here])
    scores = np.array([score(design, y, here, p, answer) for answer in answers])
    low, high = np.flatnonzero(scores <= t), np.flatnonzero(scores < -t)
    if not len(low) or not len(high) or low[0] == 0:
        return None, None
    return float(answers[low[0]]), float(answers[high[0]])


def _check(design: Design, y: np.ndarray, at: list[float], where, interval: str, rule: str) -> None:
    problems = []
    for name, values in (("values", y), ("where", where)):
        if values is not None and len(values) != design.n:
            what = "数据行数与抽样设计不符", "the values do not fit the rows of the design"
            problems.append(Problem("wrong_length", name, *what, got=str(len(values)), expected=str(design.n)))
    for name, value, known in (("interval", interval, INTERVALS), ("rule", rule, RULES)):
        if value not in known:
            what = "没有这种算法", "no such method"
            problems.append(Problem("bad_design", name, *what, got=value, expected=" ".join(known)))
    if not all(0 < p < 1 for p in at):
        problems.append(Problem("bad_design", "at", "分位点须在0与1之间", "quantiles lie between 0 and 1", got=str(at)))
    if problems:
        fail(CONTRACT, *problems)
