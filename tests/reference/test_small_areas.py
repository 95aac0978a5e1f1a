"""Small areas against the reference: beta-binomial (optim) and Fay-Herriot (sae)."""

from __future__ import annotations

from tests.reference.cases import check, load, needs_cases

from pipeline.analysis.small_areas.beta_binomial import beta_binomial

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
