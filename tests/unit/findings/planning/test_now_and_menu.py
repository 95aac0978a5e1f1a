"""What stands now, the bundles there are, and the menu they make, counted by hand on a corner."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.siting.solve import solve
from pipeline.findings.planning.bundles import costs
from pipeline.findings.planning.candidates import candidates, everything, lacking, opened, served
from pipeline.findings.planning.menu import menu_of, offer
from pipeline.findings.planning.now import as_it_stands
from pipeline.findings.planning.prices import charged
from tests.unit.findings.planning.corner import CHARGING, WATER, corner, prices

CLOSED = 168 - 45  # hours a week station 1 is shut


def made(district):
    now = as_it_stands(district)
    bundles = candidates(now, prices())
    cost = charged(*costs(bundles, prices(), district.services, lacking(now)))
    return now, bundles, cost, menu_of(bundles, now, cost, offer(bundles, now))


def which(bundles, group, *, kind="", hours="", add=(), fix=(), publicise=False):
    """The number of one bundle; None where it is not on the menu."""
    for v in range(len(bundles)):
        same = (bundles.group[v], bundles.kind[v], bundles.hours[v], bool(bundles.publicise[v])) == (
            group,
            kind,
            hours,
            publicise,
        )
        if same and set(np.flatnonzero(bundles.add[v])) == set(add) and set(np.flatnonzero(bundles.fix[v])) == set(fix):
            return v
    return None


def test_who_goes_without_is_counted_by_place_and_service():
    gone = as_it_stands(corner()).unserved().sum(axis=2)
    assert gone[:, WATER] == pytest.approx([CLOSED * 0.5, CLOSED * 0.5, 84])
    assert gone[:, CHARGING] == pytest.approx([33.6] * 3)


def test_a_service_that_may_not_work_leaves_the_gap_with_that_chance():
    gone = as_it_stands(corner(works=(1, 1))).unserved().sum(axis=2)
    assert gone[0, WATER] == pytest.approx(CLOSED * 0.5 + 45 * 0.5 * 0.5)


@pytest.mark.parametrize(("works", "counts_as"), [((85, 15), 1.0), ((15, 85), 0.0), ((50, 50), 0.5)])
def test_a_high_chance_counts_as_working_and_a_low_one_as_failing(works, counts_as):
    assert as_it_stands(corner(works=works)).state.chance[0, WATER] == counts_as


def test_what_users_do_not_know_of_serves_nobody():
    gone = as_it_stands(corner(known=0.1)).unserved().sum(axis=2)
    assert gone[:, WATER] == pytest.approx([84, 84, 84])


def test_a_service_given_though_undeclared_needs_only_to_be_listed():
    now = as_it_stands(corner(offers=((False, False), (False, False)), given=0.9))
    bundles = candidates(now, prices())
    v = which(bundles, 0, publicise=True)
    assert served(bundles, now)[v].tolist() == [True, True]
    assert not bundles.fix.any() and not bundles.add[bundles.group == 0].any()


def test_only_a_building_without_a_station_is_a_site():
    assert as_it_stands(corner()).sites.tolist() == [2]
    assert as_it_stands(corner(), ["C"]).sites.tolist() == []


def test_a_service_added_serves_those_near_while_it_is_open():
    _, bundles, cost, menu = made(corner())
    v = which(bundles, 0, add=[CHARGING])
    assert (menu.gain[v], cost[v]) == (pytest.approx(2 * 45 * 0.2), 1700)


def test_longer_hours_and_a_service_bring_more_together_than_apart():
    _, bundles, cost, menu = made(corner())
    both, hours, service = (which(bundles, 0, **what) for what in (
        {"hours": "all_day", "add": [CHARGING]}, {"hours": "all_day"}, {"add": [CHARGING]}))  # fmt: skip
    assert menu.gain[hours] == pytest.approx(2 * CLOSED * 0.5)
    assert menu.gain[both] == pytest.approx(2 * (CLOSED * 0.5 + 168 * 0.2))
    assert menu.gain[both] > menu.gain[hours] + menu.gain[service]
    assert cost[hours] == 3000 + 1200 + CLOSED * 50


def test_a_shop_gets_no_code_lock_and_only_what_its_class_can_take():
    _, bundles, _, _ = made(corner())
    shop = bundles.group == 1
    assert set(bundles.way[shop]) == {"", "staff"} and set(bundles.hours[shop]) == {"", "to_22"}


def test_staff_who_stay_on_are_paid_by_the_hour():
    _, bundles, cost, _ = made(corner())
    v = which(bundles, 1, hours="to_22", add=[WATER])
    assert cost[v] == pytest.approx(800 + 1200 + (98 - 45) * 1300)


def test_a_new_station_serves_its_package_while_it_is_open():
    _, bundles, cost, menu = made(corner())
    v = which(bundles, 2, kind="social", hours="shop", add=[CHARGING, WATER])
    assert (menu.gain[v], cost[v]) == (pytest.approx(84 * 0.7), 5000 + 2400 + 2000 + 1700)


def test_what_is_not_sure_to_fail_is_looked_at_before_money_is_spent():
    now, bundles, cost, menu = made(corner(works=(50, 50)))
    v = which(bundles, 0, fix=[WATER])
    assert bundles.look[v, WATER]
    assert cost[v] == pytest.approx(150 + 0.5 * 300)
    assert menu.gain[v] == pytest.approx(2 * 45 * 0.5 * 0.5)
    assert now.state.is_uncertain[0, WATER]


def test_what_is_sure_to_fail_is_repaired_without_a_look():
    _, bundles, cost, menu = made(corner(works=(1, 99)))
    v = which(bundles, 0, fix=[WATER])
    assert not bundles.look[v].any()
    assert (menu.gain[v], cost[v]) == (pytest.approx(2 * 45 * 0.5), 300)


def test_opening_longer_brings_nothing_where_the_service_may_not_work_unless_somebody_looks():
    _, bundles, _, menu = made(corner(works=(50, 50)))
    assert which(bundles, 0, hours="all_day") is None  # it serves nothing for certain: outdone by doing nothing dearer
    looked = which(bundles, 0, hours="all_day", fix=[WATER])
    assert menu.gain[looked] == pytest.approx(2 * (CLOSED * 0.5 + 45 * 0.5 * 0.5))


def test_where_the_ledger_is_silent_somebody_asks_before_a_service_is_added():
    district = corner(untold=((True, False), (False, False)), works=(1e6, 1.0))
    _, bundles, cost, _ = made(district)
    v = which(bundles, 0, add=[CHARGING])
    assert bundles.look[v, CHARGING] and cost[v] == pytest.approx(150 + 0.5 * 1700, rel=1e-3)


def test_making_known_frees_what_stands_there():
    _, bundles, cost, menu = made(corner(known=0.1))
    v = which(bundles, 0, publicise=True)
    assert (menu.gain[v], cost[v]) == (pytest.approx(2 * 45 * 0.5), 1000)


def test_a_repair_of_something_unknown_helps_only_if_it_is_made_known():
    _, bundles, _, menu = made(corner(known=0.1, works=(1, 99)))
    assert which(bundles, 0, fix=[WATER]) is None
    assert menu.gain[which(bundles, 0, fix=[WATER], publicise=True)] == pytest.approx(2 * 45 * 0.5)


def test_with_nobody_on_duty_only_services_that_need_none_stay_open():
    now, bundles, _, _ = made(corner())
    v = which(bundles, 0, hours="all_day")
    alone, tended = opened(bundles, now)
    assert (now.piece_hours[alone[v]].sum(), now.piece_hours[tended[v]].sum()) == (
        pytest.approx(168),
        pytest.approx(45),
    )


@pytest.mark.parametrize("works", [(1e6, 1.0), (50, 50), (1, 99)])
def test_the_menu_values_any_plan_as_counting_cell_by_cell_does(works):
    now, bundles, _, menu = made(corner(works=works))
    gives, (alone, tended) = served(bundles, now), opened(bundles, now)
    gone, near = now.unserved(), now.near.toarray() > 0
    rng = np.random.default_rng(3)
    for _ in range(40):
        plan = rng.choice(len(bundles), size=rng.integers(1, 5), replace=False)
        hit = np.zeros(gone.shape, dtype=bool)
        for v in plan:
            is_open = np.where(now.unattended[:, None], alone[v], tended[v])
            hit |= near[:, bundles.group[v]][:, None, None] & (gives[v][:, None] & is_open)[None]
        assert menu.value(plan) == pytest.approx(gone[hit].sum())


def test_nothing_on_the_menu_is_outdone_at_its_own_place():
    _, bundles, cost, menu = made(corner(works=(50, 50), known=0.1))
    covers = menu.covers.toarray()
    for group in np.unique(bundles.group):
        here = np.flatnonzero(bundles.group == group)
        for v in here:
            better = [w for w in here if w != v and cost[w] <= cost[v] and (covers[w] >= covers[v]).all()]
            assert not better or all(cost[w] == cost[v] and (covers[w] == covers[v]).all() and w > v for w in better)


def test_every_part_of_a_bundle_is_as_long_as_the_list():
    _, bundles, cost, menu = made(corner())
    assert {len(getattr(bundles, field.name)) for field in fields(bundles)} == {len(cost)} == {menu.n_actions}


@pytest.mark.parametrize("budget", [500, 2000, 12_000, 40_000])
@pytest.mark.parametrize("works", [(1e6, 1.0), (50, 50)])
def test_what_is_left_off_the_menu_would_not_have_bettered_any_plan(works, budget):
    now, _, _, menu = made(corner(works=works, known=0.1))
    wide = everything(now, prices(), now.unserved())
    cost = charged(*costs(wide, prices(), now.district.services, lacking(now)))
    full = menu_of(wide, now, cost, offer(wide, now))
    assert len(wide) > menu.n_actions
    assert solve(full, budget).value == pytest.approx(solve(menu, budget).value)


def test_a_clinic_that_comes_on_days_counts_no_hours():
    base = corner()
    told = base.verdicts.with_columns(pl.col("service_code").replace("charging", "clinic"))
    district = replace(base, services=("clinic", "water"), verdicts=told)
    assert as_it_stands(district).unserved()[:, 0].sum() == 0
