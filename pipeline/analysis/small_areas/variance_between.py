"""How much areas differ beyond what is known of them: the one parameter of the Fay-Herriot model that is hard to find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import brentq

from pipeline.analysis.small_areas.counts import Floats

Method = Literal["REML", "ML", "FH"]
_STEPS = 60


@dataclass(frozen=True)
class Model:
    """Direct estimates of the areas, their sampling variances, and what is known of each (areas × columns)."""

    y: Floats
    variance: Floats
    x: Floats


def fitted(model: Model, refvar: float) -> tuple[Floats, Floats, Floats, Floats]:
    """At a variance between areas: total variances v, (X'V⁻¹X)⁻¹, β, and weighted residuals (y − Xβ) / v."""
    v = model.variance + refvar
    q = np.linalg.inv((model.x.T / v) @ model.x)
    beta = q @ ((model.x.T / v) @ model.y)
    return v, q, beta, (model.y - model.x @ beta) / v


def variance_between(model: Model, method: Method) -> float:
    """A ≥ 0 by restricted maximum likelihood, maximum likelihood, or the moment equation Σ (y − x'β)² / v = m − p.

    A likelihood is searched over a wide grid first, as it can have two hills; the top is then where its slope is 0.

    >>> model = Model(np.array([1.0, 2.0, 3.0, 6.0]), np.full(4, 1.5), np.ones((4, 1)))
    >>> [round(variance_between(model, method), 4) for method in ("REML", "ML", "FH")]
    [3.1667, 2.0, 3.1667]
    """
    widest = float(np.var(model.y) * len(model.y)) + float(model.variance.max())
    smallest = 1e-8 * min(float(model.variance.min()), widest)
    grid = np.concatenate([[0.0], np.geomspace(smallest, 10 * widest, _STEPS)])
    slopes = np.array([_slope(model, a, method) for a in grid])
    falling = np.flatnonzero((slopes[:-1] > 0) & (slopes[1:] <= 0))
    tops = [float(brentq(lambda a: _slope(model, a, method), grid[i], grid[i + 1], xtol=1e-300)) for i in falling]
    if method == "FH" or not tops:
        return tops[0] if tops else 0.0
    tops = [0.0, *tops] if slopes[0] <= 0 else tops
    return max(tops, key=lambda a: _loglike(model, a, method))


def _slope(model: Model, refvar: float, method: Method) -> float:
    """What is 0 at the estimate, and positive below it."""
    v, q, _, weighted = fitted(model, refvar)
    if method == "FH":
        return float((weighted**2 * v).sum() - (len(v) - len(q)))
    trace = (1 / v).sum()
    if method == "REML":
        trace -= np.trace(q @ (model.x.T / v**2) @ model.x)
    return float((weighted**2).sum() - trace)


def _loglike(model: Model, refvar: float, method: Method) -> float:
    v, q, _, weighted = fitted(model, refvar)
    restricted = np.linalg.slogdet(q)[1] if method == "REML" else 0.0
    return float(-0.5 * (np.log(v) + weighted**2 * v).sum() + 0.5 * restricted)
