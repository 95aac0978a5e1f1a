"""Where to open, under a budget: published optima of a real city, and a menu whose optima are proven.

San Francisco: 205 tracts, 16 stores (pysal spopt, facloc-real-world notebook). Covering is set as a menu: unit costs, the number of
stores as the budget, no groups. The menu: 3,034 bundles of 60 stations, costs in tenths.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from pipeline.analysis.siting.menu import make_menu
from pipeline.analysis.siting.plan import OPTIMAL
from pipeline.analysis.siting.solve import solve
from tests.reference.spatial.spatial_cases import load, needs, path

SF = needs("sf_cost_205x16.parquet", "sf_demand.csv", "sf_optima.json")
BOTH = needs("menu_147x60.npz", "menu_optima.json")


def san_francisco():
    """Which store reaches which tract, people of each tract, and the published figures."""
    told = load("sf_optima.json")
    walks = pl.read_parquet(path("sf_cost_205x16.parquet"))
    names = [name for name in walks.columns if name.startswith("Store")]
    demand = pl.read_csv(path("sf_demand.csv"))
    people = walks.join(demand, left_on="DestinationName", right_on="NAME", how="left", maintain_order="left")
    return told["service_radius_m"] >= walks.select(names).to_numpy().T, people["POP2000"].to_numpy(), told


@SF
def test_four_stores_cover_the_published_number_of_people():
    reach, people, told = san_francisco()
    plan = solve(make_menu(people, np.ones(len(reach)), reach), told["p"])
    assert plan.status_code == OPTIMAL
    assert plan.value == pytest.approx(told["MCLP_covered_pop"], abs=1e-6)
    assert plan.bound == pytest.approx(plan.value, abs=1e-6)


@SF
def test_they_cover_the_published_share_of_places():
    reach, people, told = san_francisco()
    plan = solve(make_menu(people, np.ones(len(reach)), reach), told["p"])
    assert 100 * plan.covered.mean() == pytest.approx(told["MCLP_perc_cov_places"], abs=1e-9)


@SF
def test_the_greedy_choice_is_the_published_one_or_better():
    reach, people, told = san_francisco()
    plan = solve(make_menu(people, np.ones(len(reach)), reach), told["p"])
    assert told["greedy_MCLP"] <= plan.greedy_value <= plan.value
    assert plan.lp_bound >= plan.value


@SF
def test_so_many_stores_as_published_cover_every_place_and_one_fewer_do_not():
    reach, _, told = san_francisco()
    menu = make_menu(np.ones(reach.shape[1]), np.ones(len(reach)), reach)
    assert solve(menu, told["LSCP"]).covered.all()
    assert not solve(menu, told["LSCP"] - 1).covered.all()


@pytest.mark.parametrize("name", ["PMedian_weighted", "PCenter"])
def test_medians_and_centres_are_not_offered(name):
    pytest.skip(f"{name}: the plan maximises coverage; mean and largest distances are no goal here")


def menu():
    with np.load(path("menu_147x60.npz")) as held:
        rows = sparse.csr_array(
            (np.ones(len(held["indices"]), dtype=bool), held["indices"], held["indptr"]), shape=tuple(held["shape"])
        )
        return make_menu(held["w"], held["cost"], rows.T.tocsr(), group=held["group"])


def budgets():
    from tests.reference.spatial.spatial_cases import FOLDER

    return list(load("menu_optima.json")["budgets"]) if (FOLDER / "menu_optima.json").is_file() else ["none"]


@BOTH
@pytest.mark.parametrize("budget", budgets())
def test_the_menu_has_its_proven_optimum(budget):
    told = load("menu_optima.json")["budgets"][budget]
    plan = solve(menu(), float(budget))
    assert plan.status_code == OPTIMAL
    assert plan.value == told["optimum"]
    assert plan.bound == pytest.approx(plan.value, rel=1e-9)
    assert plan.gap <= 1e-9
    assert plan.cost <= float(budget)
    assert plan.greedy_value <= plan.value <= plan.lp_bound * (1 + 1e-9)


@BOTH
@pytest.mark.parametrize("budget", budgets())
def test_at_most_one_bundle_of_each_station_is_chosen(budget):
    asked = menu()
    plan = solve(asked, float(budget))
    groups = asked.group[plan.chosen]
    assert len(np.unique(groups)) == len(groups)


@BOTH
def test_a_plain_solver_of_the_same_programme_agrees():
    asked, told = menu(), load("menu_optima.json")["budgets"]
    budget = min(told, key=lambda one: told[one]["secs"])
    v, e = asked.n_actions, asked.n_rows
    groups = sparse.csr_array((np.ones(v), (asked.group, np.arange(v))), shape=(asked.group.max() + 1, v))
    rows = [
        LinearConstraint(sparse.hstack([-asked.covers.T.astype(float), sparse.eye_array(e)]), -np.inf, 0),
        LinearConstraint(np.concatenate([asked.cost, np.zeros(e)]), -np.inf, float(budget)),
        LinearConstraint(sparse.hstack([groups, sparse.csr_array((groups.shape[0], e))]), -np.inf, 1),
    ]
    integral = np.concatenate([np.ones(v), np.zeros(e)])
    found = milp(-np.concatenate([np.zeros(v), asked.weight]), constraints=rows, integrality=integral, bounds=Bounds(0, 1),
                 options={"mip_rel_gap": 0})  # fmt: skip
    assert -found.fun == pytest.approx(solve(asked, float(budget)).value, rel=1e-9)
