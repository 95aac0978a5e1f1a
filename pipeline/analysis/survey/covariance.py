"""One routine from influence values to a covariance matrix: whatever was estimated, together.

An estimate is described by what each row of the sample contributes to it: its weighted influence value z. The variance of a
total of such values is the variance of the estimate (Taylor linearisation; Binder 1983). Columns of z may be estimates of
different variables, options, domains or places: their covariances come with them.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from pipeline.analysis.survey.design import Design


def covariance(design: Design, z: np.ndarray) -> np.ndarray:
    """Covariance (k, k) of k estimates from weighted influence values z (n, k), or from deviations (R, k) of R replicates.

    Calibrated weights: z is first cleared of what the known totals explain. Then, stage by stage, unit totals vary about
    the mean of their stratum: Σ_h (1 − f_h) n_h / (n_h − 1) Σ_i (z_hi − z̄_h)(z_hi − z̄_h)ᵀ, plus f_h times the same within
    each first-stage unit (Cochran 1977, §11.6). A stratum with one unit goes by the policy of the design. nan where the
    policy leaves nothing to estimate from.

    Four people, all known 20 and 40 in their class: SE of a mean by hand.

    >>> import polars as pl; from pipeline.analysis.survey.design import design
    >>> sample = design(pl.DataFrame({"weight": [10.0, 10, 20, 20], "class": ["a", "a", "b", "b"], "N": [20, 20, 40, 40]}),
    ...                 strata="class", fpc="N")
    >>> y = np.array([1.0, 0, 1, 1]); z = sample.weights * (y - 50 / 60) / 60
    >>> float(covariance(sample, z[:, None])[0, 0].round(9)) == round(0.9 * 2 * 2 * (10 * 0.5 / 60) ** 2, 9)
    True
    """
    z = np.asarray(z, dtype=float)
    if z.ndim == 1:
        z = z[:, None]
    if design.replicates is not None:
        spread = z * np.sqrt(design.replicates.scale * design.replicates.rscales)[:, None]
        return spread.T @ spread
    z = cleared(design, z)
    first = _stage(z, design.strata, design.psu, design.fraction, design.lonely)
    if design.ssu is None or not design.fraction.any():
        return first
    within = z * np.sqrt(design.fraction)[:, None]
    second = design.fraction2 if design.fraction2 is not None else np.zeros(len(z))
    return first + _stage(within, design.psu, design.ssu, second, design.lonely)


def cleared(design: Design, z: np.ndarray) -> np.ndarray:
    """Influence values (n, k) less what the known totals explain to which the weights were calibrated."""
    for adjustment in design.adjustments:
        z = adjustment.residuals(z)
    return z


def freedom(design: Design, z: np.ndarray) -> np.ndarray:
    """Degrees of freedom that the variance of each estimate (k,) rests on, at most those of the design.

    A few heavy weights, or a few people of a rare answer, make most of a variance, which is then less certain than the number
    of units says. With v what each of m units adds to it: 2 (Σv)² / (Σv² − (Σv)² / m) (Satterthwaite 1946, Biometrics 2:
    110-114, with the fourth moment seen); units that are in for certain are not among the m. One yes among forty says less about its error than twenty do:

    >>> from pipeline.analysis.survey.design import as_drawn_at_random
    >>> few, half = np.arange(40) < 1, np.arange(40) < 20
    >>> freedom(as_drawn_at_random(np.ones(40)), np.stack([few - few.mean(), half - half.mean()], axis=1)).round(1).tolist()
    [2.2, 39.0]
    """
    most = float(design.degrees_of_freedom())
    if design.replicates is not None:
        return np.full(z.shape[1], most)
    spread, _ = _spread(cleared(design, z), design.strata, design.psu, design.fraction, design.lonely)
    v = spread**2
    m = len(np.unique(design.psu[design.fraction < 1]))
    whole, squares = v.sum(axis=0), (v**2).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        seen = 2 * whole**2 / np.maximum(squares - whole**2 / m, 0.0)
    return np.clip(np.where(np.isfinite(seen), seen, most), min(1.0, most), most)


def _stage(z: np.ndarray, strata: np.ndarray, units: np.ndarray, fraction: np.ndarray, lonely: str) -> np.ndarray:
    """Variance between units within strata at one stage; rows in, (k, k) out."""
    spread, factor = _spread(z, strata, units, fraction, lonely)
    return (spread.T @ spread) * factor


def _spread(
    z: np.ndarray, strata: np.ndarray, units: np.ndarray, fraction: np.ndarray, lonely: str
) -> tuple[np.ndarray, float]:
    """What each unit adds to the standard error (units, k), and the factor for strata that cannot tell theirs."""
    _, first_row, unit_of = np.unique(units, return_index=True, return_inverse=True)
    totals = (
        z if len(first_row) == len(z) and (unit_of == np.arange(len(z))).all() else _sums(z, unit_of, len(first_row))
    )
    stratum = np.unique(strata[first_row], return_inverse=True)[1]
    n_of = np.bincount(stratum)
    n = n_of[stratum]
    left = 1 - np.bincount(unit_of, fraction) / np.bincount(unit_of)  # people of one unit may have had unequal chances
    means = _sums(totals, stratum, len(n_of)) / n_of[:, None]
    centred = totals - means[stratum]
    single = (n == 1) & (left > 1e-12)
    if lonely == "adjust" and single.any():
        centred[single] = totals[single] - totals.mean(axis=0)
    scale = left * n / np.maximum(n - 1, 1)
    spread = centred * np.sqrt(np.maximum(scale, 0))[:, None]
    factor = np.nan if lonely == "adjust" and single.any() and len(n) == 1 else 1.0  # one unit varies about itself by 0
    if lonely == "average" and single.any():
        factor = len(n_of) / (len(n_of) - single.sum()) if single.sum() < len(n_of) else np.nan
    return spread, float(factor)


def _sums(values: np.ndarray, group: np.ndarray, n_groups: int) -> np.ndarray:
    """Column sums within groups."""
    inside = csr_array((np.ones(len(group)), (group, np.arange(len(group)))), shape=(n_groups, len(group)))
    return inside @ values
