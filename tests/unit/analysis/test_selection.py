from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.survey.selection import selection_band, shifted_share, with_selection_band
from pipeline.errors import PipelineError


@given(
    truth=st.floats(0.01, 0.99), others=st.floats(0.01, 0.95), odds=st.sampled_from([0.5, 2.0, 3.0])
)  # fmt: skip
def test_a_population_that_answers_at_these_odds_is_found_again(truth, others, odds):
    need = odds * others / (1 - others + odds * others)
    rate = truth * need + (1 - truth) * others
    seen = truth * need / rate
    assert shifted_share(seen, odds, response_rate=rate) == pytest.approx(truth, rel=1e-9)


def test_where_few_answer_the_exact_band_meets_the_limit_and_where_all_answer_there_is_none():
    rare = selection_band([0.3], [0.25], [0.35])
    exact = selection_band([0.3], [0.25], [0.35], response_rate=1e-9)
    assert exact.row(0) == pytest.approx(rare.row(0), rel=1e-6)
    assert selection_band([0.3], [0.25], [0.35], response_rate=1.0).row(0) == pytest.approx((0.25, 0.35))


def test_the_band_holds_the_interval_and_missing_stays_missing():
    table = pl.DataFrame({"est": [0.5, None, 0.2], "lci": [0.4, None, None], "uci": [0.6, None, None]})
    made = with_selection_band(table)
    assert made["band_low"].to_list() == pytest.approx([0.25, None, 1 / 9])
    assert made["band_high"].to_list() == pytest.approx([0.75, None, 1 / 3])


def test_the_truth_lies_in_the_band_when_odds_are_at_most_two():
    rng = np.random.default_rng(7)
    held, n_runs = 0, 400
    for _ in range(n_runs):
        truth, odds = rng.uniform(0.1, 0.7), float(rng.choice([0.5, 0.8, 1.25, 2.0]))
        others = 0.2
        need = odds * others / (1 - others + odds * others)
        persons = rng.random(1100) < truth
        answers = persons[rng.random(1100) < np.where(persons, need, others)]
        p = answers.mean()
        half = 1.96 * np.sqrt(p * (1 - p) / len(answers) * (1 - len(answers) / 1100))
        low, high = selection_band([p], [max(0, p - half)], [min(1, p + half)]).row(0)
        held += low <= persons.mean() <= high
    assert held / n_runs >= 0.95


def test_shares_rates_and_odds_that_cannot_be_are_refused_together():
    with pytest.raises(PipelineError) as caught:
        shifted_share([1.2], -1.0, response_rate=2.0)
    assert {problem.where for problem in caught.value.problems} == {"share", "response_rate", "odds"}
