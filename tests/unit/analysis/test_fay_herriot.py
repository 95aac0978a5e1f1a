from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import multivariate_normal

from pipeline.analysis.small_areas.fay_herriot import arcsine, as_shares, fay_herriot
from pipeline.errors import PipelineError


def simulated(seed: int, areas: int = 40, refvar: float = 0.5):
    draw = np.random.default_rng(seed)
    x = np.column_stack([np.ones(areas), draw.normal(size=areas)])
    variance = draw.uniform(0.3, 1.2, areas)
    truth = x @ [2.0, 1.0] + draw.normal(scale=np.sqrt(refvar), size=areas)
    return truth, truth + draw.normal(size=areas) * np.sqrt(variance), variance, x


def test_maximum_likelihood_finds_the_top_of_the_normal_likelihood():
    _, y, variance, x = simulated(3)

    def minus(refvar):
        v = variance + refvar
        beta = np.linalg.solve((x.T / v) @ x, (x.T / v) @ y)
        return -multivariate_normal.logpdf(y, x @ beta, np.diag(v))

    top = minimize_scalar(minus, bounds=(0, 5), method="bounded", options={"xatol": 1e-10})
    result = fay_herriot(y, variance, x, method="ML")
    assert result.refvar == pytest.approx(top.x, rel=1e-4)
    assert result.goodness["loglike"] == pytest.approx(-top.fun, rel=1e-9)


def test_restricted_likelihood_is_that_of_contrasts_free_of_beta():
    _, y, variance, x = simulated(4)
    contrasts = np.linalg.svd(x.T)[2][2:]

    def minus(refvar):
        return -multivariate_normal.logpdf(contrasts @ y, cov=contrasts @ np.diag(variance + refvar) @ contrasts.T)

    top = minimize_scalar(minus, bounds=(0, 5), method="bounded", options={"xatol": 1e-10})
    assert fay_herriot(y, variance, x).refvar == pytest.approx(top.x, rel=1e-4)


@pytest.mark.parametrize("method", ["REML", "ML", "FH"])
def test_the_mse_is_near_the_squared_error_made_and_below_the_sampling_variance(method):
    claimed, made, sampling = [], [], []
    for seed in range(60):
        truth, y, variance, x = simulated(seed, areas=60, refvar=1.0)
        areas = fay_herriot(y, variance, x, method=method).areas
        claimed.append(areas["mse"].mean())
        made.append(np.mean((areas["est"].to_numpy() - truth) ** 2))
        sampling.append(variance.mean())
    assert np.mean(claimed) == pytest.approx(np.mean(made), rel=0.12)
    assert np.mean(made) < 0.75 * np.mean(sampling)


def test_areas_that_differ_less_than_chance_all_lie_on_the_line_and_it_is_said():
    result = fay_herriot([1.0, 1.1, 0.9, 1.0], [1.0] * 4)
    assert (result.refvar, result.reason_codes) == (0.0, ("no_spread", "few_areas"))
    assert result.areas["est"].to_list() == pytest.approx([1.0] * 4)
    assert result.areas["mse"].min() > 0


def test_an_area_without_answers_is_predicted_from_x_with_a_larger_error():
    _, y, variance, x = simulated(7)
    y[0] = np.nan
    result = fay_herriot(y, variance, x)
    first = result.areas.row(0, named=True)
    assert first["est"] == pytest.approx(float(x[0] @ result.beta))
    assert (first["reason_code"], first["shrinkage"]) == ("no_sample", 0.0)
    assert first["mse"] > result.refvar
    assert result.areas["reason_code"].null_count() == 39


@pytest.mark.parametrize(
    ("y", "variance", "x"),
    [
        ([1.0, 2.0], [1.0, 1.0], None),
        ([1.0, 2.0, 3.0], [1.0, 0.0, 1.0], None),
        ([1.0, 2.0, 3.0], [1.0, 1.0], None),
        ([1.0, 2.0, 3.0, 4.0], [1.0] * 4, [[1, 1]] * 4),
        ([1.0, 2.0, 3.0], [1.0] * 3, [1.0, np.nan, 1.0]),
    ],
)
def test_a_model_that_cannot_be_estimated_is_refused(y, variance, x):
    with pytest.raises(PipelineError) as caught:
        fay_herriot(y, variance, x)
    assert caught.value.problems[0].code == "bad_area_model"


def test_shares_go_to_the_arcsine_scale_and_back():
    y, variance = arcsine([0.1, 0.5, 1.0, 0.3], [10, 20, 5, 0])
    assert variance.tolist() == [0.025, 0.0125, 0.05, np.inf] and np.isnan(y[3])
    areas = fay_herriot(y, variance).areas
    back = as_shares(areas)
    assert back["est"].is_between(0, 1).all() and (back["lci"] <= back["uci"]).all()
