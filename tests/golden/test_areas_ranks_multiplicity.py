"""Numbers of other programs, with their pedigree, and what a naive method gives.

Made with R 4.2.2: stats::optim (BFGS) on the beta-binomial likelihood; sae::mseFH(yi ~ as.factor(MajorArea), SD^2, "REML",
PRECISION = 1e-12); csranks 1.2 csranks(x, diag(se^2), coverage = .95, R = 20000); stats::p.adjust.
"""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.analysis.comparisons.multiplicity import adjusted
from pipeline.analysis.comparisons.ranks import rank_sets
from pipeline.analysis.small_areas.beta_binomial import beta_binomial
from pipeline.analysis.small_areas.fay_herriot import fay_herriot

# Yes answers and respondents of 60 simulated stations.
X = [5, 2, 3, 6, 1, 4, 3, 3, 3, 3, 2, 3, 0, 2, 1, 2, 0, 2, 1, 2, 1, 0, 2, 3, 5, 3, 0, 1, 0, 1]
X += [3, 3, 1, 3, 3, 1, 2, 3, 6, 6, 1, 3, 4, 5, 5, 4, 1, 2, 2, 1, 6, 4, 4, 5, 3, 3, 2, 3, 2, 2]
N = [6, 3, 7, 12, 6, 10, 7, 5, 5, 4, 6, 6, 4, 7, 7, 7, 5, 3, 3, 4, 4, 3, 8, 6, 8, 5, 1, 8, 1, 4]
N += [6, 5, 5, 6, 3, 6, 7, 8, 6, 11, 8, 6, 8, 9, 6, 9, 5, 5, 6, 3, 7, 8, 7, 11, 5, 8, 3, 6, 9, 5]


def test_beta_binomial_of_sixty_stations_equals_optim():
    """The direct shares, 5 of 6 and 2 of 3, are .83 and .67."""
    result = beta_binomial(X, N, hyper_known=True)
    assert (result.a, result.b) == pytest.approx((29.8905186530469, 39.0286965451223), rel=1e-4)
    assert result.loglike == pytest.approx(-96.8446426049091, rel=1e-8)
    assert result.areas["est"][:2].to_list() == pytest.approx([0.465708544340165, 0.443421393923369], rel=1e-4)
    assert result.areas["lci"][0] == pytest.approx(0.354696467806638, rel=1e-4)
    assert result.areas["uci"][0] == pytest.approx(0.578455777582832, rel=1e-4)


# Mean score and its standard error in mathematics, PISA 2018, of 38 countries in alphabetical order (OECD; csranks' example).
# fmt: off
SCORE = [
    491.360, 498.942, 508.070, 512.017, 417.407, 390.932, 402.331, 499.468, 509.398, 523.415, 507.301, 495.408,
    500.044, 451.370, 481.083, 495.187, 499.633, 463.035, 486.590, 526.973, 525.933, 496.126, 481.191, 483.421,
    408.801, 519.231, 494.490, 500.964, 515.648, 492.487, 486.165, 508.898, 481.393, 502.388, 515.315, 453.508,
    501.770, 478.245,
]
SCORE_SE = [
    1.940, 2.971, 2.263, 2.357, 2.416, 2.990, 3.289, 2.461, 1.735, 1.744, 1.968, 2.320, 2.647, 3.091, 2.320,
    1.953, 2.199, 3.499, 2.780, 2.471, 3.121, 1.963, 1.953, 1.098, 2.493, 2.632, 1.706, 2.219, 2.602, 2.685,
    2.556, 1.364, 1.462, 2.654, 2.908, 2.260, 2.564, 3.235,
]
FROM = [
    12, 7, 4, 3, 35, 37, 35, 7, 4, 1, 4, 12, 7, 32, 23, 12, 8, 31, 15, 1, 1, 12, 23, 23, 35, 1, 12, 7, 1, 12,
    16, 4, 24, 5, 1, 32, 5, 23,
]
TO = [
    30, 26, 18, 17, 37, 38, 38, 26, 18, 6, 18, 26, 26, 34, 31, 26, 25, 34, 31, 6, 7, 26, 31, 31, 37, 11, 26, 24,
    13, 31, 31, 18, 31, 24, 13, 34, 24, 32,
]
FROM_STEPPED = [
    12, 7, 4, 3, 35, 37, 35, 7, 4, 1, 4, 12, 7, 32, 23, 12, 8, 31, 15, 1, 1, 12, 23, 23, 35, 1, 12, 7, 1, 12,
    18, 4, 24, 5, 1, 32, 6, 23,
]
TO_STEPPED = [
    30, 26, 18, 17, 37, 38, 38, 25, 18, 6, 18, 26, 25, 34, 31, 26, 25, 34, 31, 6, 7, 26, 31, 31, 37, 11, 26, 24,
    12, 31, 31, 18, 31, 24, 13, 34, 24, 32,
]
# Spending on fresh milk in 43 areas, US Consumer Expenditure Survey (data set milk of sae): mean, its standard error.
MILK = [
    1.099, 1.075, 1.105, 0.628, 0.753, 0.981, 1.257, 1.095, 1.405, 1.356, 0.615, 1.460, 1.338, 0.854, 1.176,
    1.111, 1.257, 1.430, 1.278, 1.292, 1.002, 1.183, 1.044, 1.267, 1.193, 0.791, 0.795, 0.759, 0.796, 0.565,
    0.886, 0.952, 0.807, 0.582, 0.684, 0.787, 0.440, 0.759, 0.770, 0.800, 0.756, 0.865, 0.640,
]
MILK_SE = [
    0.163, 0.080, 0.083, 0.109, 0.119, 0.141, 0.202, 0.127, 0.168, 0.178, 0.100, 0.201, 0.148, 0.143, 0.149,
    0.145, 0.135, 0.172, 0.137, 0.163, 0.125, 0.247, 0.140, 0.171, 0.106, 0.121, 0.121, 0.259, 0.106, 0.089,
    0.225, 0.205, 0.119, 0.067, 0.106, 0.126, 0.092, 0.132, 0.100, 0.113, 0.083, 0.121, 0.129,
]
MAJOR = [
    1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
    4, 4, 4, 4, 4, 4, 4,
]
# Sixty p-values of simulated tests, ten of them of true differences.
P = [
    0.0017771438, 0.00049026887, 5.9709516e-05, 4.1587094e-08, 0.0010895478, 1.8879449e-06, 0.034545283,
    0.027660533, 2.9172602e-05, 0.00020269576, 0.013600263, 0.037652632, 0.43809711, 0.24479728, 0.070679047,
    0.09946616, 0.31627171, 0.51863426, 0.66200508, 0.40683019, 0.91287592, 0.29360337, 0.45906573, 0.33239467,
    0.65087047, 0.25801678, 0.47854525, 0.76631067, 0.084246914, 0.87532133, 0.33907294, 0.83944035, 0.34668349,
    0.33377493, 0.47635125, 0.89219834, 0.86433947, 0.38998954, 0.7773207, 0.960618, 0.43465948, 0.71251468,
    0.39999437, 0.32535215, 0.75708715, 0.20269226, 0.71112122, 0.12169192, 0.24548851, 0.14330438, 0.23962942,
    0.058934377, 0.64228826, 0.87626921, 0.77891468, 0.79730883, 0.45527445, 0.41008408, 0.81087024, 0.60493329,
]
# fmt: on


def test_rank_sets_of_pisa_countries_equal_csranks():
    """Bare ranks say Japan 1, Korea 2, Estonia 3; any of the three can be first."""
    cov = np.diag(np.square(SCORE_SE))
    once, stepped = (rank_sets(SCORE, cov, stepdown=stepdown) for stepdown in (False, True))
    for got, expected in zip((once["rank_from"], once["rank_to"]), (FROM, TO), strict=True):
        assert np.abs(got.to_numpy() - expected).max() <= 1
    for got, expected in zip((stepped["rank_from"], stepped["rank_to"]), (FROM_STEPPED, TO_STEPPED), strict=True):
        assert np.abs(got.to_numpy() - expected).max() <= 1


def test_fay_herriot_of_milk_equals_sae():
    """sae's own default stops early, at a variance between areas of 0.01855022. The first direct estimate is 1.099."""
    major = np.array(MAJOR)
    x = np.column_stack([np.ones(43), *[major == level for level in (2, 3, 4)]])
    result = fay_herriot(MILK, np.square(MILK_SE), x)
    assert result.refvar == pytest.approx(0.0185503347627663, rel=1e-8)
    assert result.beta == pytest.approx(
        [0.968188986974965, 0.132780305456738, 0.226946224520593, -0.241301039944631], rel=1e-8
    )
    assert result.goodness["loglike"] == pytest.approx(12.6774716351785, rel=1e-8)
    assert result.areas.row(0)[:2] == pytest.approx((1.02197054415061, 0.0134602564596455), rel=1e-8)


def test_adjusted_p_values_equal_p_adjust():
    """Unadjusted, twelve lie below .05."""
    assert sum(p <= 0.05 for p in P) == 12 and int((adjusted(P, "bh") <= 0.05).sum()) == 8
    assert adjusted(P, "bh")[:3].tolist() == pytest.approx(
        [0.013328578202725, 0.00490268869934135, 0.000895642747163863], rel=1e-6
    )
    assert adjusted(P, "by")[:3].tolist() == pytest.approx(
        [0.0623760187776462, 0.0229439477879604, 0.00419149199302698], rel=1e-6
    )
    assert adjusted(P, "holm")[:3].tolist() == pytest.approx(
        [0.0941886192992566, 0.0269647878463774, 0.00340344243922268], rel=1e-6
    )
