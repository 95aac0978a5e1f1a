"""The true verdicts of grid cells, worked out a second time from the world."""

import numpy as np
import polars as pl
import pytest

from pipeline.simulate.cell_truth import cell_verdict, verdicts_by_grid
from pipeline.simulate.truth import need_counts

LIMITS = {"low_need_below": 0.10, "aware_from": 0.35}
GAP = {"need_share": 0.4, "unmet_share": 0.2, "n_declaring": 2, "n_working": 1, "n_hidden": 0, "aware_most": 0.5}


@pytest.fixture(scope="module")
def truth(world):
    return verdicts_by_grid(world)


def test_every_cell_service_and_quarter_has_one_verdict(world, truth):
    cells, services = world.geography.n_cells, len(world.supply.codes)
    assert truth.height == truth.unique(["grid_id", "period_code", "service_code"]).height == cells * services * 2


def test_persons_and_stations_of_all_cells_are_those_of_the_world(world, truth):
    one = truth.filter(period_code="2023Q1", service_code="water")
    assert one["n_persons"].sum() == world.people.table["is_attached"].sum()
    assert one["n_declaring"].sum() == world.supply.declared[:, world.supply.codes.index("water")].sum()


def test_shares_are_those_of_the_needs_of_the_cell(world, truth):
    here = world.people.table["is_attached"].to_numpy() & (world.people.table["cell"].to_numpy() == 0)
    known = (
        pl.DataFrame(need_counts(world, 1, here, {"grid_id": "QC-G01"}))
        .filter(service_code="charging")
        .row(0, named=True)
    )
    row = truth.filter(grid_id="QC-G01", period_code="2023Q2", service_code="charging").row(0, named=True)
    assert row["need_share"] == pytest.approx(known["n_need"] / known["n_persons"], abs=1e-4)
    assert row["unmet_share"] == pytest.approx(known["n_unmet"] / known["n_persons"], abs=1e-4)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"need_share": 0.0999}, "low_need"),
        ({"unmet_share": 0.0999}, "met"),
        ({"n_declaring": 0, "n_working": 0}, "unmet"),
        ({"n_declaring": 0, "n_working": 0, "n_hidden": 1}, "hidden_demand"),
        ({"n_working": 0}, "declared_but_failing"),
        ({"aware_most": 0.3499}, "unknown_to_users"),
        ({}, "unmet"),
    ],
)
def test_the_order_in_which_facts_decide(changes, verdict):
    assert cell_verdict(GAP | changes, LIMITS) == verdict


def test_hidden_supply_is_no_declared_supply(world, truth):
    hidden = int(world.supply.hidden.sum())
    assert truth.filter(period_code="2023Q1")["n_hidden"].sum() == hidden
    assert (truth["n_working"] <= truth["n_declaring"]).all() and np.isfinite(truth["aware_most"].to_numpy()).all()
