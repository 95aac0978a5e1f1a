"""Raking a million respondents to six margins, to 1e-10, beside svy doing the same work in the same run.

`RESPONDENTS` in the environment makes it smaller.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import numpy as np
import svy

from pipeline.analysis.weighting.rake import rake
from tests.benchmarks.big_sample import LEVELS, sample
from tests.benchmarks.figures import report

RESPONDENTS = int(os.environ.get("RESPONDENTS", "1000000"))
TIMES = 3


def timed(run: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    """The least seconds of some runs, and what the last gave."""
    seconds = []
    for _ in range(TIMES):
        started = time.perf_counter()
        found = run()
        seconds.append(time.perf_counter() - started)
    return min(seconds), found


def test_raking_a_big_sample() -> None:
    """Both give the same weights; their seconds are printed."""
    frame, totals = sample(RESPONDENTS)
    weights = frame["weight"].to_numpy()
    margins = {name: frame[name] for name in totals}

    def peer() -> np.ndarray:
        raked = svy.Sample(frame, svy.Design(wgt="weight")).weighting.rake(controls=totals, tol=1e-10)
        return raked.data["rk_wgt"].to_numpy()

    mine, ours = timed(lambda: rake(margins, totals, weights).weights)
    theirs, others = timed(peer)
    np.testing.assert_allclose(ours, others, rtol=1e-7)
    for name, wanted in totals.items():
        reached = dict(frame.select(name, w=ours).group_by(name).sum().rows())
        assert max(abs(reached[level] / total - 1) for level, total in wanted.items()) < 1e-10
    report(f"rake_{RESPONDENTS}x{len(LEVELS)}", mine, "s", f"svy {svy.__version__}", theirs)
