"""One verdict out of the steps; and the verdict of a grid cell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis.verdicts.cells import cell_chances, supply
from pipeline.analysis.verdicts.tree import NO_EVIDENCE, VERDICTS, Steps, chances, verdicts

CHANCE = st.floats(0, 1)
SURE = {
    "low_need": (0, 1, 0, 1, 1),
    "unmet": (1, 0, 0, 1, 1),
    "hidden_demand": (1, 0, 1, 1, 1),
    "declared_but_failing": (1, 1, 0, 0, 1),
    "unknown_to_users": (1, 1, 0, 1, 0),
    "met": (1, 1, 0, 1, 1),
}

calm = settings(deadline=None)  # a loaded machine is no fault of the code


def steps(*values):
    return Steps(*(np.array([float(value)]) for value in values))


@pytest.mark.parametrize("verdict", VERDICTS)
def test_what_is_sure_has_the_verdict_of_its_order(verdict):
    codes, probability = verdicts(chances(steps(*SURE[verdict])), [False])
    assert (codes, probability.tolist()) == ([verdict], [1.0])


@calm
@given(st.tuples(*[CHANCE] * 5))
def test_the_chances_of_all_verdicts_add_up_to_one(values):
    table = chances(steps(*values))
    assert table.sum() == pytest.approx(1) and (table >= 0).all()


def test_what_is_missing_has_no_verdict_and_no_probability():
    table = chances(Steps(*(np.array([x, x]) for x in (1.0, 1.0, 0.0, 1.0, 1.0))))
    table[1, 0] = np.nan
    codes, probability = verdicts(table, [True, False])
    assert codes == [NO_EVIDENCE, NO_EVIDENCE] and np.isnan(probability).all()


def cell(needed, gap, *stations):
    """Chances of one cell by verdict; each station (declared, given, works, known)."""
    made = supply([0] * len(stations), 1, tuple(zip(*stations, strict=True)) if stations else ((), (), (), ()))
    return dict(zip(VERDICTS, cell_chances([needed], [gap], made)[0], strict=True))


@pytest.mark.parametrize(
    ("stations", "verdict"),
    [
        ([], "unmet"),
        ([(0, 0, 1, 1)], "unmet"),
        ([(0, 1, 1, 1)], "hidden_demand"),
        ([(1, 0, 0, 1), (1, 0, 0, 1)], "declared_but_failing"),
        ([(1, 0, 1, 0), (1, 0, 0, 1)], "unknown_to_users"),
        ([(1, 0, 1, 1), (1, 0, 0, 1)], "unmet"),
    ],
)
def test_a_gap_is_put_down_to_what_its_stations_are(stations, verdict):
    assert cell(1.0, 1.0, *stations)[verdict] == pytest.approx(1)


def test_where_few_need_it_or_few_go_without_stations_do_not_matter():
    assert cell(0.0, 1.0, (1, 0, 0, 1))["low_need"] == 1
    assert cell(1.0, 0.0, (1, 0, 0, 1))["met"] == 1


def test_a_gap_nobody_asked_about_is_as_likely_as_not():
    assert cell(1.0, np.nan)["met"] == pytest.approx(0.5)


def test_who_goes_without_is_in_need_so_that_doubt_about_need_is_not_counted_twice():
    made = cell(0.6, 0.6)
    assert (made["low_need"], made["unmet"], made["met"]) == pytest.approx((0.4, 0.6, 0.0))


def test_a_station_that_gives_it_if_it_does_not_declare_it_is_hidden_as_often_as_it_does_not_declare_it():
    made = cell(1.0, 1.0, (0.5, 1, 0, 1))
    assert (made["hidden_demand"], made["declared_but_failing"], made["unmet"]) == pytest.approx((0.5, 0.5, 0.0))


@calm
@given(CHANCE, CHANCE, st.lists(st.tuples(*[CHANCE] * 4), max_size=5))
def test_the_chances_of_a_cell_add_up_to_one(needed, gap, stations):
    made = np.array(list(cell(needed, gap, *stations).values()))
    assert made.sum() == pytest.approx(1) and (made >= -1e-12).all()


@calm
@given(st.lists(st.tuples(*[CHANCE] * 4), min_size=1, max_size=5))
def test_another_station_that_fails_makes_no_cell_less_failing_than_bare(stations):
    bare, fails = cell(1.0, 1.0, *stations), cell(1.0, 1.0, *stations, (1, 0, 0, 1))
    assert fails["declared_but_failing"] >= bare["declared_but_failing"] - 1e-12


def test_cells_do_not_share_stations():
    made = supply([1], 3, ([1.0], [0.0], [1.0], [1.0]))
    assert made.bare.tolist() == [1, 0, 1] and made.fails.tolist() == [1, 0, 1]
