"""Weights of a walk: 1 at the door, none beyond reach, never more the farther it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysis.access.kernels import binary, gaussian, truncated_gaussian
from tests.unit.analysis.access.small_worlds import few

KERNELS = {
    "binary": lambda metres, reach: binary(metres, reach),
    "gaussian": lambda metres, reach: gaussian(metres, reach),
    "truncated_gaussian": lambda metres, reach: truncated_gaussian(metres, reach / 3, reach),
}


@pytest.mark.parametrize("kernel", KERNELS.values(), ids=KERNELS)
@few
@given(walks=st.lists(st.floats(0, 5000), min_size=1), reach=st.floats(1, 2000))
def test_weights_fall_from_one_to_none(kernel, walks, reach):
    walks = np.sort([0.0, *walks, reach * 1.0001])
    weights = kernel(walks, reach)
    assert weights[0] == 1 and (np.diff(weights) <= 0).all() and (weights[walks > reach] == 0).all()
    assert (weights >= 0).all()


def test_the_gaussian_of_dai_reaches_zero_without_a_step_where_the_cut_off_one_jumps():
    just_in = np.nextafter(500, 0)
    assert 0 < gaussian(just_in, 500) < 1e-12
    assert truncated_gaussian(500, 500, 500) == pytest.approx(np.exp(-0.5))
    assert truncated_gaussian(np.nextafter(500, 1e9), 500, 500) == 0


def test_half_way_by_hand():
    assert gaussian(250, 500) == pytest.approx((np.exp(-1 / 8) - np.exp(-1 / 2)) / (1 - np.exp(-1 / 2)))
