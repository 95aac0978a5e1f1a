"""The funnel in a notebook: any choice of people, any groups, through the gate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.findings import explore
from pipeline.findings.explore import tell
from tests.unit.findings.test_where_couriers_are_lost import PLACES, questions, survey
from tests.unit.marts.small_world import code, world


@pytest.fixture(scope="module")
def con():
    people = [code("user_groups", name, place) for place, name in enumerate(("courier", "rider"))]
    return world(**questions(), **survey(), clean_stations=PLACES, ref_codes=people)


@pytest.fixture(scope="module")
def choices(con):
    return explore.choose(con, period="2023Q2")


def test_steps_of_all_with_their_parts(con, choices):
    table = explore.funnel(con, choices)
    assert table.select("step_code", "label", "part", "n", "n_asked", "est", "est_loss").rows() == [
        ("aware", "听说过", "门", 120, 120, 0.875, 0.125),
        ("entered", "进去过", "家", 120, 105, 0.85, None),
        ("felt_welcome", "受欢迎", "家", None, 100, None, None),
        ("served", "得到服务", "惠", 120, 100, 0.417, 0.4),
    ]
    assert "流失最多的一步是“得到服务”：全部人中40%停在这里（n=120）" in str(tell.funnel(table, choices))


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("host_type", {"全部", "shop", "building_station"}),
        ("station", {"全部", "S4", "S5"}),
        ("aware", {"全部", "yes", "no"}),
    ],
)
def test_groups_stand_beside_all(con, choices, by, groups):
    table = explore.funnel(con, choices, by=by)
    assert set(table["group"]) == groups
    assert table.filter(by_code="all", step_code="served")["est"].item() == 0.417


def test_a_survey_without_steps_has_no_rows(con, choices):
    nothing = explore.funnel(con, replace(choices, waves=()))
    assert nothing.is_empty() and nothing.columns == explore.funnel(con, choices).columns
