"""Small areas against the reference: beta-binomial (optim) and Fay-Herriot (sae)."""

from __future__ import annotations

import numpy as np

from pipeline.analysis.small_areas.beta_binomial import beta_binomial
from pipeline.analysis.small_areas.fay_herriot import fay_herriot
from tests.reference.cases import check, load, needs_cases

pytestmark = needs_cases


def test_beta_binomial_of_sixty_stations() -> None:
    case = load("betabinomial_stations")
    expect, tol = case["expect"], case["tol_rel"]
    result = beta_binomial(case["call"]["x"], case["call"]["n"], hyper_known=True)
    areas = result.areas
    check(
        "betabinomial_stations",
        [
            ("a", result.a, expect["a"], tol),
            ("b", result.b, expect["b"], tol),
            ("logLik", result.loglike, expect["logLik"], tol),
            ("post_mean", areas["est"].to_numpy(), expect["post_mean"], tol),
            ("lo", areas["lci"].to_numpy(), expect["lo"], tol),
            ("hi", areas["uci"].to_numpy(), expect["hi"], tol),
        ],
    )


def test_fay_herriot_of_the_milk_areas() -> None:
    case = load("fh_milk_reml")
    expect, tol, frame = case["expect"], case["tol_rel"], case["frame"]
    major = frame["MajorArea"].to_numpy()
    x = np.column_stack([np.ones(len(major)), *[major == level for level in (2, 3, 4)]])
    result = fay_herriot(frame["yi"], frame["SD"] ** 2, x, method="REML")
    check(
        "fh_milk_reml",
        [
            ("refvar", result.refvar, expect["refvar"], tol),
            ("beta", result.beta, expect["beta"], tol),
            ("se", result.beta_se, expect["se"], tol),
            ("goodness", result.goodness, expect["goodness"], tol),
            ("eblup", result.areas["est"], expect["eblup"], tol),
            ("mse", result.areas["mse"], expect["mse"], tol),
        ],
    )
