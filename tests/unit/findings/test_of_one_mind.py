"""Whether a share is shown does not tell that all, or none, of the respondents said the same."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.survey.design import as_drawn_at_random
from pipeline.analysis.survey.estimates import shares
from pipeline.findings.estimating.figures import withhold


def reason(yes: int, n: int) -> str:
    """Why the share of `yes` among `n` people is not shown."""
    design = as_drawn_at_random(np.ones(n))
    chosen = (np.arange(n) < yes)[:, None]
    of = shares(design, chosen, np.ones((n, 1), dtype=bool), pl.DataFrame({"answer": ["yes"]}))
    return withhold(of.table().select("est", "se", "lci", "uci", "n_eff"))["withheld_code"][0]


@pytest.mark.parametrize("n", [10, 12, 15, 20, 50, 300])
def test_nobody_is_withheld_like_one(n):
    assert reason(0, n) != "" and reason(1, n) != ""


@pytest.mark.parametrize("n", [10, 12, 15, 20, 50, 300])
def test_everybody_is_shown_only_where_all_but_one_would_be(n):
    assert reason(n, n) == reason(n - 1, n)
