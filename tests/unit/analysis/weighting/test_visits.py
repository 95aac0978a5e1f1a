from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.weighting.visits import visit_weights
from pipeline.errors import PipelineError
from tests.visit_worlds import bias_of_unmet_need

PEOPLE = {
    "visits": [1.0] * 20 + [4.0] * 40 + [0.0] * 10 + [1.0] * 6 + [4.0] * 4,
    "mode": ["qr"] * 60 + ["intercept"] * 20,
}


def made(visits=PEOPLE["visits"], mode=PEOPLE["mode"], **more):
    return visit_weights(
        pl.Series(visits, dtype=pl.Float64), pl.Series(mode), **({"weeks": 2, "population": 320} | more)
    )


def test_weights_sum_to_the_population_and_nobody_stands_for_more_than_an_interview_does():
    weights = made().weights
    assert weights.sum() == pytest.approx(320) and weights.max() == pytest.approx(13.0)
    assert weights[0] > weights[20] > 1


def test_the_modes_seen_are_the_modes_expected():
    result = made()
    pi = result.inclusion.to_numpy()
    b = 20 / 260
    p = (pi - b) / (1 - b)
    assert (p / pi).sum() == pytest.approx(60)


def test_order_of_rows_does_not_matter():
    order = np.random.default_rng(1).permutation(80)
    shuffled = made([PEOPLE["visits"][i] for i in order], [PEOPLE["mode"][i] for i in order])
    assert shuffled.weights.to_numpy() == pytest.approx(made().weights.to_numpy()[order], rel=1e-6)


def test_without_interviews_visitors_speak_for_visitors_and_this_is_said():
    result = made([1.0] * 20 + [4.0] * 40, ["qr"] * 60)
    assert (result.covers_never_visitors, result.reason_code) == (False, "no_interviews")
    assert result.weights.sum() == pytest.approx(320) and result.weights[0] > result.weights[59]
    few = made([1.0] * 20 + [4.0] * 40 + [0.0] * 3, ["qr"] * 60 + ["intercept"] * 3)
    assert (few.covers_never_visitors, few.reason_code) == (False, "too_few_interviews")
    none = made([1.0] * 60 + [0.0] * 12, ["qr"] * 60 + ["intercept"] * 12)
    assert none.reason_code == "interviews_without_visitors"


def test_unsaid_visits_and_unknown_ways_get_mean_weights():
    result = made([*PEOPLE["visits"], None, None, 2.0], [*PEOPLE["mode"], "qr", "intercept", "link"])
    w = result.weights.to_numpy()
    assert w[80] == pytest.approx(w[:60].mean()) and w[81] == pytest.approx(w[60:80].mean())
    assert w.sum() == pytest.approx(320) and w[82] > 0


def test_an_unknown_population_leaves_relative_weights_and_no_inclusion():
    result = made(population=None)
    assert result.weights.sum() == pytest.approx(80) and result.inclusion.null_count() == 80


def test_who_found_the_poster_but_says_never_counts_as_the_rarest_visitor():
    w = made([0.0, *PEOPLE["visits"]], ["qr", *PEOPLE["mode"]]).weights
    assert w[0] == pytest.approx(w[1])


def test_bad_input_is_named_all_at_once():
    with pytest.raises(PipelineError) as caught:
        made([-1.0, 2.0], ["qr", None], weeks=0, population=1)
    assert [problem.where for problem in caught.value.problems] == ["mode", "visits", "weeks", "population"]


def test_interviews_take_the_bias_out_that_visits_alone_leave():
    bias = bias_of_unmet_need("thinned", n_runs=60, seed=3)
    assert bias["unweighted"] < -0.07 and bias["visits_only"] < -0.02
    assert abs(bias["with_interviews"]) < 0.02
