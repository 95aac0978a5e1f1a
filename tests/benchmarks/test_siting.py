"""The best plan of the reference menu beside the same program given to the solver as it is, and of a city's menu.

`CITY_SITES` in the environment makes the city smaller: each site has two patterns of hours, the longer containing the shorter.
"""

from __future__ import annotations

import os
import time

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.spatial import cKDTree

from pipeline.analysis.siting.menu import Menu, cover_matrix, make_menu
from pipeline.analysis.siting.solve import solve
from tests.benchmarks.figures import report
from tests.reference.spatial.spatial_cases import load, path

CITY_SITES = int(os.environ.get("CITY_SITES", "20000"))
METRES_PER_SITE = 219  # side of the square a site has to itself: 21 sites on a square kilometre
REACH_M = 300
GAP = 1e-3


def plain(menu: Menu, budget: float) -> tuple[float, float]:
    """Seconds and value of the whole program, one unknown per action and per row, without anything of ours."""
    started = time.perf_counter()
    rows, groups = menu.n_rows, np.arange(menu.group.max() + 1)
    links = sparse.hstack([-menu.covers.T.astype(float), sparse.eye_array(rows)])
    group = sparse.csr_array((menu.group[None, :] == groups[:, None]).astype(float))
    rest = sparse.vstack([sparse.csr_array(menu.cost[None, :]), group])
    matrix = sparse.vstack([links, sparse.hstack([rest, sparse.csr_array((rest.shape[0], rows))])])
    scale = 1e-6  # without it the weights of milli hours are too large for the solver's tolerances
    solved = milp(
        np.concatenate([np.zeros(menu.n_actions), -menu.weight * scale]),
        constraints=LinearConstraint(
            matrix.tocsr(), -np.inf, np.concatenate([np.zeros(rows), [budget], np.ones(len(groups))])
        ),
        bounds=Bounds(0, 1),
        integrality=np.arange(menu.n_actions + rows) < menu.n_actions,
        options={"mip_rel_gap": 0.0},
    )
    return time.perf_counter() - started, menu.value(np.flatnonzero(solved.x[: menu.n_actions] > 0.5))


def test_the_reference_menu_at_every_budget():
    found = np.load(path("menu_147x60.npz"))
    ones = np.ones(len(found["indices"]), dtype=bool)
    rows = sparse.csr_array((ones, found["indices"], found["indptr"]), shape=tuple(found["shape"]))
    menu = make_menu(found["w"], found["cost"], rows.T, group=found["group"])
    for budget, known in load("menu_optima.json")["budgets"].items():
        plan = solve(menu, float(budget))
        seconds, value = plain(menu, float(budget))
        assert (plan.value, plan.gap) == (known["optimum"], 0.0)
        assert value == pytest.approx(plan.value)
        report(f"siting menu, budget {budget}", plan.seconds, "s", "scipy.milp as it is", seconds)


def city(n_sites: int, seed: int = 1) -> Menu:
    """As many places as sites, strewn evenly; need uneven; 7 of 10 parts of it by day, the rest only the longer hours cover."""
    rng = np.random.default_rng(seed)
    side = METRES_PER_SITE * np.sqrt(n_sites)
    sites, places = rng.uniform(0, side, (2, n_sites, 2))
    near = cKDTree(sites).sparse_distance_matrix(cKDTree(places), REACH_M, output_type="coo_matrix")
    site, place = near.row.astype(np.int64), near.col.astype(np.int64)
    action = np.concatenate([site, n_sites + site, n_sites + site])
    row = np.concatenate([place, place, n_sites + place])
    need = rng.lognormal(0, 1, n_sites)
    cost = np.repeat([1.0, 2.0], n_sites)
    covers = cover_matrix(action, row, 2 * n_sites, 2 * n_sites)
    return make_menu(np.concatenate([0.7 * need, 0.3 * need]), cost, covers, group=np.tile(np.arange(n_sites), 2))


@pytest.mark.parametrize("budget", [500, 2000])
def test_the_menu_of_a_city(budget):
    menu = city(CITY_SITES)
    plan = solve(menu, budget, gap=GAP)
    name = f"siting city, {menu.n_actions} actions × {menu.n_rows} rows, {menu.covers.nnz} pairs, budget {budget}"
    report(name, plan.seconds, "s")
    report(f"{name}: proven gap", 100 * plan.gap, "%", "greedy", 100 * (plan.bound / plan.greedy_value - 1))
    assert plan.bound >= plan.value >= plan.greedy_value
