"""A menu refuses what cannot be, naming every action and row at fault; coverage counts each row once."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from pipeline.analysis.siting.menu import cover_matrix, make_menu
from pipeline.errors import PipelineError

COVERS = [[1, 0, 0], [1, 1, 0], [0, 0, 1]]


def problems(*args, **kwargs):
    with pytest.raises(PipelineError) as caught:
        make_menu(*args, **kwargs)
    assert {problem.code for problem in caught.value.problems} == {"bad_menu"}
    return [(problem.where, problem.expected) for problem in caught.value.problems]


def test_a_row_that_two_actions_cover_counts_once():
    menu = make_menu([5, 3, 2], [1, 3, 1], COVERS)
    assert menu.value([0, 1]) == 8
    assert menu.covered([0, 2]).tolist() == [True, False, True]
    assert menu.value([]) == 0


def test_everything_that_is_wrong_is_told_at_once():
    found = problems([5, np.nan, -2], [1, -3, np.inf], COVERS, group=[0, -2, 1])
    assert found == [
        ("行动 · action 1, 2", "cost ≥ 0"),
        ("需求行 · row 1, 2", "weight ≥ 0"),
        ("行动 · action 1", "group ≥ -1"),
    ]


def test_lengths_that_do_not_agree_are_told():
    assert problems([5, 3], [1, 3, 1], COVERS) == [("weight", "covers 3 × 3")]
    assert problems([5, 3, 2], [1, 3], COVERS, group=[0]) == [("cost", "covers 3 × 3"), ("group", "covers 3 × 3")]
    assert problems([5, 3, 2], [1, 3, 1], COVERS, floor_of=[0]) == [("floor_of", "covers 3 × 3")]


def test_a_menu_without_actions_is_none():
    where, expected = problems([5.0], [], sparse.csr_array((0, 1)))[0]
    assert where == "cost" and "at least one" in expected


def test_half_a_group_is_none():
    assert problems([5, 3, 2], [1, 3, 1], COVERS, group=[0, 0.5, 1]) == [("元素 · element 1", "整数 · whole numbers")]


def test_pairs_outside_the_menu_are_named():
    with pytest.raises(PipelineError) as caught:
        cover_matrix([0, 3, 1], [0, 0, -1], 2, 2)
    assert [(one.where, one.expected) for one in caught.value.problems] == [
        ("配对 · pair 1", "0 ≤ action < 2"),
        ("配对 · pair 2", "0 ≤ row < 2"),
    ]


def test_a_pair_given_twice_counts_once():
    menu = make_menu([5.0], [1], cover_matrix([0, 0], [0, 0], 1, 1))
    assert menu.gain.tolist() == [5.0]
