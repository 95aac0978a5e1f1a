"""Weights and standard errors of R, with their pedigree, and what a naive method gives.

R 4.2.2, survey 4.1-1 (4.5 gives the same): dclus1 <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc);
rake(dclus1, list(~stype, ~sch.wide), list(pop.types, pop.schwide), control = list(epsilon = 1e-10));
postStratify(dclus1, ~stype, pop.types); svymean(~api00, ...). The data are those of R's survey package (schools of
California, 2000), here as sums by cluster and cell: these give the same totals of clusters, hence the same errors.
R-indicator: glm(r ~ platform + shift, binomial), simulated couriers.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.survey.design import design
from pipeline.analysis.survey.estimates import means
from pipeline.analysis.weighting.cells import match_cells
from pipeline.analysis.weighting.rake import rake
from pipeline.analysis.weighting.response import representativeness

# district, type of school, met its school-wide target, schools, sum of their scores
# fmt: off
CELLS = [
    (61, "E", "Yes", 10, 7203), (61, "M", "No", 2, 1458), (61, "M", "Yes", 1, 711), (135, "E", "No", 3, 2013),
    (135, "E", "Yes", 31, 20495), (178, "E", "Yes", 2, 1001), (178, "H", "Yes", 1, 529), (178, "M", "No", 1, 547),
    (197, "E", "No", 1, 709), (197, "E", "Yes", 9, 6005), (197, "M", "No", 2, 1190), (197, "M", "Yes", 1, 689),
    (255, "E", "No", 1, 552), (255, "E", "Yes", 12, 8633), (255, "M", "Yes", 3, 2184), (406, "E", "Yes", 2, 1116),
    (413, "E", "Yes", 1, 551), (437, "E", "Yes", 2, 963), (437, "H", "Yes", 1, 443), (437, "M", "Yes", 1, 482),
    (448, "E", "Yes", 9, 6858), (448, "H", "Yes", 1, 703), (448, "M", "Yes", 2, 1550), (510, "E", "No", 1, 629),
    (510, "E", "Yes", 15, 9964), (510, "H", "No", 1, 595), (510, "H", "Yes", 1, 661), (510, "M", "No", 1, 614),
    (510, "M", "Yes", 2, 1298), (568, "E", "No", 1, 699), (568, "E", "Yes", 3, 2160), (568, "H", "No", 1, 687),
    (568, "H", "Yes", 3, 2161), (568, "M", "Yes", 1, 679), (637, "E", "Yes", 8, 5418), (637, "H", "Yes", 1, 608),
    (637, "M", "Yes", 2, 1333), (716, "E", "No", 5, 2554), (716, "E", "Yes", 25, 14254), (716, "H", "Yes", 3, 1577),
    (716, "M", "Yes", 4, 2009), (778, "E", "Yes", 1, 494), (778, "M", "No", 1, 411), (815, "E", "Yes", 2, 1166),
    (815, "H", "No", 1, 696), (815, "M", "No", 1, 631),
]
# platform, shift, couriers of the frame, of whom responded
COURIERS = [
    ("kuaidi_a", "day", 139, 35), ("kuaidi_a", "evening", 88, 22), ("kuaidi_a", "night", 15, 3),
    ("kuaidi_b", "day", 71, 30), ("kuaidi_b", "evening", 35, 15), ("kuaidi_b", "night", 16, 5),
    ("shansong", "day", 42, 22), ("shansong", "evening", 30, 15), ("shansong", "night", 7, 3),
    ("waimai_a", "day", 239, 49), ("waimai_a", "evening", 151, 32), ("waimai_a", "night", 30, 9),
    ("waimai_b", "day", 133, 39), ("waimai_b", "evening", 85, 22), ("waimai_b", "night", 19, 9),
]
# fmt: on
TYPES = {"E": 4421, "H": 755, "M": 1018}
TARGET = {"No": 1072, "Yes": 5122}
WEIGHT = 33.846996307373


def schools():
    rows = [(*cell[:3], cell[4] / cell[3]) for cell in CELLS for _ in range(cell[3])]
    frame = pl.DataFrame(rows, schema=["district", "type", "target", "score"], orient="row")
    return frame.with_columns(weight=pl.lit(WEIGHT), districts=pl.lit(757))


def mean_score(weighted, *, adjusted=True):
    """Estimate and standard error of the mean score."""
    frame = schools()
    made = design(frame, psu="district", fpc="districts")
    made = replace(made, weights=weighted.weights, adjustments=(weighted.adjustment,) if adjusted else ())
    found = means(made, {"score": frame["score"].to_numpy()})
    return found.est[0], found.se[0]


def test_raked_weights_and_their_standard_error_equal_rs():
    """The weights before give 644.17; the raked ones, taken as if they had been drawn so, an SE of 23.81."""
    frame = schools()
    raked = rake(
        {"type": frame["type"], "target": frame["target"]}, {"type": TYPES, "target": TARGET}, np.full(183, WEIGHT)
    )
    weight_of = dict(zip(zip(frame["type"], frame["target"], strict=True), raked.weights, strict=True))
    assert weight_of == pytest.approx({
        ("E", "No"): 39.8392362469351, ("E", "Yes"): 29.870675492628, ("H", "No"): 67.1255292412626,
        ("H", "Yes"): 50.3294011162406, ("M", "No"): 49.0690721641239, ("M", "Yes"): 36.7910248643798,
    }, rel=1e-9)  # fmt: skip
    assert raked.report.kish_deff == pytest.approx(1.05165669560485, rel=1e-9)
    assert mean_score(raked) == pytest.approx((641.2303209268, 23.703616887929), rel=1e-9)
    assert mean_score(raked, adjusted=False)[1] == pytest.approx(23.806, abs=0.001)


def test_post_stratified_weights_and_their_standard_error_equal_rs():
    """An old release of R's survey printed 23.921."""
    matched = match_cells(schools()["type"], TYPES, np.full(183, WEIGHT))
    assert mean_score(matched) == pytest.approx((642.310788211582, 23.9204864450904), rel=1e-9)


def test_the_r_indicator_equals_that_of_rs_logistic_regression():
    """Without the correction of its bias R would be 0.826: estimated propensities spread more than the true ones."""
    rows = [(*cell[:2], int(k < cell[3])) for cell in COURIERS for k in range(cell[2])]
    found = representativeness(
        pl.DataFrame(rows, schema=["platform", "shift", "r"], orient="row"), "r", ["platform", "shift"]
    )
    assert (found.s, found.r, found.r_adjusted, found.cv) == pytest.approx(
        (0.0871929344831444, 0.825614131033711, 0.841622971174176, 0.309394283649617), rel=1e-9
    )
    assert found.variables["unconditional"].to_list() == pytest.approx(
        [0.0864747055791583, 0.0155539131099388], rel=1e-9
    )
