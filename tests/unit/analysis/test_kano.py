from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.opinions.kano import CATEGORIES, STEPS, better_worse, categories, indicators, likeliest_category
from pipeline.errors import PipelineError


def test_the_table_has_each_pair_of_answers_once_and_is_that_of_berger():
    pairs = [(one, other) for one in STEPS for other in STEPS]
    found = categories(pl.Series([p[0] for p in pairs]), pl.Series([p[1] for p in pairs]))
    counted = dict(found.cast(pl.String).value_counts().rows())
    assert counted == {"A": 3, "O": 1, "M": 3, "I": 9, "R": 7, "Q": 2}
    by_pair = dict(zip(pairs, found.to_list(), strict=True))
    assert by_pair["like", "dislike"] == "O" and by_pair["dislike", "like"] == "R"
    assert by_pair["like", "like"] == by_pair["dislike", "dislike"] == "Q"
    assert by_pair["tolerate", "dislike"] == "M" and by_pair["like", "tolerate"] == "A"


def test_codes_of_another_questionnaire_are_named_from_like_to_dislike():
    assert categories(pl.Series(["1"]), pl.Series(["5"]), steps=("1", "2", "3", "4", "5")).to_list() == ["O"]


@pytest.mark.parametrize(("one", "other"), [(["like", "maybe"], ["like", "like"]), (["like"], ["like", "like"])])
def test_an_answer_that_is_none_of_the_steps_is_refused(one, other):
    with pytest.raises(PipelineError) as caught:
        categories(pl.Series(one), pl.Series(other))
    assert caught.value.problems[0].code == "unknown_kano_answer"


def test_better_and_worse_of_weighted_people_are_ratios_of_weighted_sums():
    category = pl.Series(["A", "O", "M", "I", "R", "Q", None])
    weight = np.array([4.0, 2.0, 1.0, 3.0, 9.0, 9.0, 9.0])
    numerator, denominator = better_worse(category)
    ratio = (weight @ numerator) / (weight @ denominator)
    assert ratio.tolist() == pytest.approx([6 / 10, -3 / 10])
    assert numerator[4:].sum() == denominator[4:].sum() == 0


def test_everybody_asked_is_in_one_category_and_nobody_else_in_any():
    found = indicators(pl.Series(["A", "Q", None], dtype=pl.Enum(CATEGORIES)))
    assert found[:2].sum(axis=1).tolist() == [1, 1] and np.isnan(found[2]).all()


def test_two_categories_as_frequent_share_the_chance_and_none_is_clear():
    share = np.array([0.4, 0.4, 0.2, 0.0, 0.0, 0.0])
    table = likeliest_category(share, (np.diag(share) - np.outer(share, share)) / 100)
    assert table["p_most_frequent"].to_list() == pytest.approx([0.5, 0.5, 0.0, 0.0, 0.0, 0.0], abs=0.02)
    assert not table["is_most_frequent"].any() and not table["is_clear"].any()


def test_the_chance_of_the_most_frequent_category_is_that_of_the_normal_difference():
    share = np.array([0.5, 0.4, 0.1, 0.0, 0.0, 0.0])
    table = likeliest_category(share, (np.diag(share) - np.outer(share, share)) / 100)
    assert table["p_most_frequent"][0] == pytest.approx(0.8540, abs=0.01)
