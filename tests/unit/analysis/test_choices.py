"""A choice there is not is refused by name wherever one is made."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.comparisons.multiplicity import adjusted, gap_list
from pipeline.analysis.small_areas.benchmark import benchmark
from pipeline.analysis.small_areas.fay_herriot import fay_herriot
from pipeline.analysis.survey.rank_tests import places
from pipeline.errors import PipelineError


@pytest.mark.parametrize(
    ("parameter", "call"),
    [
        ("method", lambda: adjusted([0.01, 0.2], method="BH")),
        ("scale", lambda: gap_list([0.4], [0.1], scale="shares")),
        (
            "method",
            lambda: benchmark(pl.DataFrame({"est": [0.4], "lci": [0.3], "uci": [0.5]}), [10], 5, method="Ratio"),
        ),
        ("method", lambda: fay_herriot([1.0, 2.0, 3.0, 6.0], [1.5] * 4, method="reml")),
        ("ties", lambda: places(np.array([1.0, 1.0]), np.ones(2), ties="mean")),
    ],
)
def test_a_choice_there_is_not_does_not_become_another(parameter, call) -> None:
    with pytest.raises(PipelineError) as caught:
        call()
    assert [(problem.code, problem.where) for problem in caught.value.problems] == [("unknown_choice", parameter)]
