from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, norm

from pipeline.analysis.comparisons.multiplicity import adjusted, gap_list
from pipeline.errors import PipelineError


def simulated(seed: int, stations: int = 60, people: int = 40, services: int = 10):
    """Unequal weights, answers of one person alike across services, one gap in ten of 40 points; the others 10."""
    draw = np.random.default_rng(seed)
    truth = np.where(draw.permutation(stations * services) < 60, 0.4, 0.1).reshape(stations, services)
    alike = np.sqrt(0.3) * draw.standard_normal((stations, people, 1))
    liability = alike + np.sqrt(0.7) * draw.standard_normal((stations, people, services))
    yes = liability < norm.ppf(truth)[:, None, :]
    weight = np.exp(0.5 * draw.standard_normal((stations, people, 1)))
    weight /= weight.sum(axis=1, keepdims=True)
    est = (weight * yes).sum(axis=1)
    se = np.sqrt((weight**2 * (yes - est[:, None, :]) ** 2).sum(axis=1) * people / (people - 1))
    n_eff = np.broadcast_to(1 / (weight**2).sum(axis=1), est.shape)
    return truth.ravel() > 0.1, est.ravel(), se.ravel(), n_eff.ravel()


def test_few_of_the_gaps_listed_are_false_though_answers_are_alike_within_a_station():
    false, found, unadjusted = [], [], []
    for seed in range(12):
        true, est, se, n_eff = simulated(seed)
        table = gap_list(est, se, df=39, n_eff=n_eff)
        listed, raw = table["is_gap"].to_numpy(), (table["p"] <= 0.05).to_numpy()
        false.append((listed & ~true).sum() / max(listed.sum(), 1))
        unadjusted.append((raw & ~true).sum() / raw.sum())
        found.append((listed & true).sum() / true.sum())
    assert np.mean(false) <= 0.05
    assert np.mean(unadjusted) > 0.1
    assert np.mean(found) > 0.8


def test_the_p_of_a_share_in_a_simple_sample_is_the_binomial_one():
    shares = np.array([0.0, 0.1, 0.3, 1.0])
    p = gap_list(shares, np.zeros(4), n_eff=20.0)["p"]
    exact = [binomtest(int(20 * share), 20, 0.1, alternative="greater").pvalue for share in shares]
    assert p.to_list() == pytest.approx(exact)


def test_a_difference_is_tested_against_the_practical_gap_by_t_where_there_are_degrees_of_freedom():
    table = gap_list([0.3, 0.3, -0.5], [0.1, 0.1, 0.1], df=[None, 4, 4], scale="difference")
    assert table["p"].to_list() == pytest.approx([0.02275, 0.05806, 0.99805], abs=1e-5)


def test_a_gap_that_cannot_be_tested_is_neither_a_gap_nor_counted():
    table = gap_list([0.4, None, 0.0, 1.0], [0.1, None, 0.0, 0.0])
    assert table["is_gap"].to_list() == [True, None, None, None]
    assert table["reason_code"].to_list() == [None, "no_estimate", "no_variance", "no_variance"]
    assert table["p_adjusted"][0] == table["p"][0]


@pytest.mark.parametrize("call", [lambda: adjusted([0.1, 1.2]), lambda: gap_list([0.1, 0.2], [0.1])])
def test_what_cannot_be_tested_together_is_refused(call):
    with pytest.raises(PipelineError) as caught:
        call()
    assert caught.value.problems[0].code == "bad_p_values"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.sampled_from(["bh", "by", "holm", "bonferroni"]))
def test_adjusting_keeps_the_order_and_never_makes_a_p_smaller(p, method):
    values = np.array(p)
    judged = adjusted(values, method)
    assert (judged >= values - 1e-15).all() and (judged <= 1).all()
    assert (np.diff(judged[np.argsort(values)]) >= -1e-12).all()
    assert (judged <= adjusted(values, "bonferroni") + 1e-12).all() or method == "by"
