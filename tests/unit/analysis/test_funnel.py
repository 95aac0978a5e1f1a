"""How far people get: by hand, by derivative, and whatever the order of things."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from pipeline.analysis.funnel import funnel, path
from pipeline.analysis.survey.design import as_drawn_at_random
from pipeline.analysis.survey.estimates import shares
from pipeline.errors import PipelineError

NOT_SAID = np.nan
ANSWERS = hnp.arrays(
    float, st.tuples(st.integers(1, 12), st.integers(1, 4)), elements=st.sampled_from([0.0, 1.0, NOT_SAID])
)


def labels(k: int) -> pl.DataFrame:
    return pl.DataFrame({"step": [f"s{j}" for j in range(k)]})


def reached(said: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return funnel(as_drawn_at_random(weights), path(said), labels(said.shape[1])).reached.est


def test_six_people_by_hand():
    # weights 1, 1, 2, 2, 1, 1: the first two get through; one of weight 2 is lost at the second step, one at the first; the fifth was not
    # asked further after a no; the sixth left the second step blank and counts at the first only
    said = np.array(
        [[1, 1, 1], [1, 1, 1], [1, 0, NOT_SAID], [0, NOT_SAID, NOT_SAID], [1, 1, 0], [1, NOT_SAID, NOT_SAID]]
    )
    found = funnel(as_drawn_at_random(np.array([1.0, 1, 2, 2, 1, 1])), path(said), labels(3))
    assert found.passing.est == pytest.approx([6 / 8, 3 / 5, 2 / 3])
    assert found.reached.est == pytest.approx([3 / 4, 3 / 4 * 3 / 5, 3 / 4 * 3 / 5 * 2 / 3])
    assert found.lost.est == pytest.approx([1 / 4, 3 / 4 * 2 / 5, 3 / 4 * 3 / 5 / 3])
    assert path(said).n_lost.tolist() == [1, 1, 1]
    assert found.reached.n.tolist() == [6, 5, 5]  # the sixth is known at the first step alone


def test_a_later_yes_takes_back_an_earlier_no():
    way = path(np.array([[1, 0, 1], [1, 0, 0], [1, 0, NOT_SAID]]))
    assert way.passed.tolist() == [[True, True, True], [True, False, False], [True, False, False]]
    assert way.n_lost.tolist() == [0, 2, 0]


def test_without_blanks_the_chain_is_the_plain_share_with_its_plain_error():
    rng = np.random.default_rng(3)
    far = rng.integers(0, 4, 80)  # steps passed by each
    said = np.where(np.arange(3) < far[:, None], 1.0, np.where(np.arange(3) == far[:, None], 0.0, NOT_SAID))
    design = as_drawn_at_random(rng.uniform(1, 9, 80))
    chain = funnel(design, path(said), labels(3))
    plain = shares(design, np.arange(3) < far[:, None], np.ones((80, 1)), labels(3))
    assert chain.reached.est == pytest.approx(plain.est, abs=1e-14)
    assert chain.reached.cov == pytest.approx(plain.cov, abs=1e-16)
    lost = shares(design, np.arange(3) == far[:, None], np.ones((80, 1)), labels(3))
    assert chain.lost.est == pytest.approx(lost.est, abs=1e-14)
    assert chain.lost.se == pytest.approx(lost.se, abs=1e-14)
    assert chain.lost.table()["uci"].to_numpy() == pytest.approx(lost.table()["uci"].to_numpy(), abs=1e-12)


def test_influence_is_the_derivative_by_the_weight_also_with_blanks():
    rng = np.random.default_rng(4)
    said = rng.choice([0.0, 1.0, 1.0, NOT_SAID], (40, 4))
    weights, step = rng.uniform(1, 5, 40), 1e-6
    z = funnel(as_drawn_at_random(weights), path(said), labels(4)).reached.z
    for person in range(0, 40, 7):
        more = weights.copy()
        more[person] += step
        assert z[person] == pytest.approx(
            weights[person] * (reached(said, more) - reached(said, weights)) / step, abs=1e-6
        )


@settings(deadline=None, max_examples=60)
@given(ANSWERS)
def test_shares_fall_losses_add_up_and_groups_of_everybody_change_nothing(said: np.ndarray):
    design = as_drawn_at_random(np.ones(len(said)))
    way = path(said)
    found = funnel(design, way, labels(said.shape[1]))
    known = np.isfinite(found.reached.est)
    est = found.reached.est[known]
    assert (np.diff(np.concatenate([[1.0], est])) <= 1e-12).all() and (est >= 0).all()
    assert found.lost.est[known].sum() + (est[-1] if len(est) else 1.0) == pytest.approx(1.0)
    same = funnel(design, way.within(np.ones(len(said), dtype=bool)), labels(said.shape[1]))
    assert np.array_equal(same.reached.est, found.reached.est, equal_nan=True)
    assert (way.passed <= way.came).all()


@settings(deadline=None, max_examples=40)
@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_people_does_not_matter(said: np.ndarray, random):
    order = list(range(len(said)))
    random.shuffle(order)
    ones = np.ones(len(said))
    assert reached(said[order], ones) == pytest.approx(reached(said, ones), nan_ok=True)


def test_a_step_nobody_came_to_was_reached_by_nobody_and_one_nobody_answered_is_unknown():
    nobody = funnel(as_drawn_at_random(np.ones(2)), path(np.array([[0, NOT_SAID], [0, NOT_SAID]])), labels(2))
    assert nobody.reached.est.tolist() == [0, 0] and nobody.lost.est.tolist() == [1, 0]
    silent = funnel(as_drawn_at_random(np.ones(2)), path(np.array([[1, NOT_SAID], [1, NOT_SAID]])), labels(2))
    assert silent.reached.est[0] == 1 and np.isnan(silent.reached.est[1])
    assert silent.reached.table()["est"].to_list() == [1.0, None]


@pytest.mark.parametrize("said", [[[2.0]], [1.0, 0.0]])
def test_anything_but_yes_no_and_nothing_is_refused(said: list):
    with pytest.raises(PipelineError) as told:
        path(np.array(said))
    assert [problem.code for problem in told.value.problems] == ["bad_funnel"]
