"""Of two groups each is all the others of the other one; groups that are copies of each other differ by nothing."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis.survey.design import as_drawn_at_random
from pipeline.findings.estimating.against import group_differences
from pipeline.findings.estimating.sample import Sample

N = 80


def sample(weights: np.ndarray) -> Sample:
    people = pl.DataFrame({"person": [f"p{i:02d}" for i in range(N)], "weight": weights})
    return Sample(
        "w", "A", "attached", "raked", float(weights.sum()), people, as_drawn_at_random(weights, weights.sum())
    )


def answers(said: list[bool]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "person": [f"p{i:02d}" for i in range(N)],
            "item_code": "",
            "answer_code": ["yes" if y else "no" for y in said],
        }
    )


def groups(codes: list[str]) -> pl.DataFrame:
    return pl.DataFrame({"person": [f"p{i:02d}" for i in range(N)], "by_code": codes})


@settings(max_examples=15, deadline=None)
@given(st.lists(st.booleans(), min_size=N - 40, max_size=N - 40), st.integers(0, 2**32 - 1))
def test_two_groups_are_each_others_mirror(some, seed):
    said = [i % 4 < 2 for i in range(40)] + some  # enough people on every side
    table = group_differences(
        sample(np.random.default_rng(seed).uniform(1, 5, N)), answers(said), groups(["a", "b"] * 40)
    )
    pair = table.filter(pl.col("answer_code") == "yes").sort("by_code")
    assert pair["rest_est"].to_list() == pytest.approx(
        [1 - e for e in table.filter(pl.col("answer_code") == "no").sort("by_code")["rest_est"]]
    )
    assert pair["p_adjusted"][0] == pytest.approx(pair["p_adjusted"][1], abs=1e-9)
    sizes = pair["difference"].drop_nulls().to_list()
    assert len(sizes) < 2 or sizes[0] == pytest.approx(-sizes[1], abs=1e-9)


def test_groups_that_are_copies_of_each_other_differ_by_nothing():
    said = [bool(i // 2 % 2) for i in range(N)]  # the same in both groups
    table = group_differences(sample(np.ones(N) * 3), answers(said), groups(["a", "b"] * 40))
    assert table["p_adjusted"].to_list() == pytest.approx([1.0] * 4) and not table["is_apart"].any()


def test_people_in_no_group_stay_in_the_design_and_on_no_side():
    codes = ["a"] * 30 + ["b"] * 30 + [None] * 20
    said = [i % 3 == 0 for i in range(N)]
    table = group_differences(sample(np.ones(N) * 3), answers(said), groups(codes))
    assert table.filter(answer_code="yes").select("by_code", "n", "n_rest").sort("by_code").rows() == [
        ("a", 30, 30),
        ("b", 30, 30),
    ]
