"""Are two answers independent? Tests of a two-way table that know how the sample came about.

Pearson's X² takes every row for an independent draw; clusters and weights make it too large. Rao & Scott (1984) correct it by
the covariance of the cell shares, all stages of the design included; Wald tests use that covariance alone.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy import optimize, stats

from pipeline.analysis.survey.design import Design
from pipeline.analysis.survey.estimates import Estimates, ratios, totals
from pipeline.errors import CONTRACT, Problem, fail

TESTS = ("F", "Chisq", "Wald", "adjWald", "saddlepoint")
ONE_LEVEL = "只有一种回答，无法检验"
NO_VARIANCE = "各格的比例没有抽样误差，无法检验"
FEW_UNITS = "抽样单元太少，无法检验"


def cells_of(design: Design, a: pl.Series, b: pl.Series) -> tuple[Estimates, Estimates]:
    """Shares and totals of the cells of a table among the rows that hold both answers; labels a, b: all pairs of levels seen.

    Rows where either is missing stay in the design with nothing to add. Raises exit 11 where lengths differ.
    """
    a, b = pl.Series("a", a), pl.Series("b", b)
    for series in (a, b):
        if len(series) != design.n:
            what = "数据行数与抽样设计不符", "the values do not fit the rows of the design"
            fail(CONTRACT, Problem("wrong_length", series.name, *what, got=str(len(series)), expected=str(design.n)))
    a, b = (s.fill_nan(None) if s.dtype.is_float() else s for s in (a, b))
    here = (a.is_not_null() & b.is_not_null()).to_numpy()
    rows, columns = (s.filter(pl.Series(here)).unique().sort() for s in (a, b))
    labels = pl.DataFrame({"a": rows}).join(pl.DataFrame({"b": columns}), how="cross")
    inside = [((a == x) & (b == y)).fill_null(False).to_numpy() for x, y in labels.rows()]
    cells = np.stack(inside, axis=1).astype(float) if inside else np.zeros((design.n, 0))
    return ratios(design, labels, cells, here.astype(float)), totals(design, labels, cells)


def independence(design: Design, a: pl.Series, b: pl.Series) -> pl.DataFrame:
    """Tests of the independence of two answers: columns test, statistic, df1, df2, p, n, reason; one row per test.

    F: Rao & Scott's second-order correction with Satterthwaite's degrees of freedom (Thomas & Rao 1987), the usual choice;
    Chisq: the first-order correction; saddlepoint: X² against its own distribution, a sum of scaled χ² (Kuonen 1999);
    Wald, adjWald: Koch, Freeman & Freeman (1975), with as many units as cells hardly to be trusted. n: rows with both
    answers. Where nothing can be tested (one level, too few units, no sampling error) numbers are null and reason says why.

    Ten people each drawn singly, all weights alike: the usual table, X² = 10 · (4·4 − 1·1)² / 5⁴ = 3.6.

    >>> from pipeline.analysis.survey.design import design
    >>> people = pl.DataFrame({"weight": [1.0] * 10, "a": list("xxxxxyyyyy"), "b": list("ppppqpqqqq")})
    >>> independence(design(people), people["a"], people["b"]).filter(test="saddlepoint")["statistic"].round(6).item()
    3.6
    """
    cells, counts = cells_of(design, a, b)
    n = int(cells.n.max()) if cells.labels.height else 0
    n_rows, n_columns = cells.labels["a"].n_unique(), cells.labels["b"].n_unique()
    here = (pl.Series(a).is_not_null() & pl.Series(b).is_not_null()).to_numpy()
    df = design.degrees_of_freedom(None if here.all() else here)
    if min(n_rows, n_columns) < 2:
        found = dict.fromkeys(TESTS, (None, None, None, None, ONE_LEVEL))
    else:
        table = cells.est.reshape(n_rows, n_columns)
        found = _pearson(cells, table, n, df) | _wald(counts, counts.est.reshape(n_rows, n_columns), df)
    columns = ("statistic", "df1", "df2", "p", "reason")
    types = {"test": pl.String} | dict.fromkeys(columns[:4], pl.Float64) | {"reason": pl.String}
    made = pl.DataFrame([(test, *found[test]) for test in TESTS], schema=types, orient="row")
    return made.select("test", *columns[:4], pl.lit(n).alias("n"), "reason")


def _pearson(cells: Estimates, table: np.ndarray, n: int, df: int) -> dict[str, tuple]:
    """X² of Pearson, corrected by its generalised design effects (eigenvalues of Δ)."""
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    x2 = float(n * ((table - expected) ** 2 / expected).sum())
    delta = _design_effects(cells, table, n)
    trace, k = float(delta.sum()), len(delta)
    if not trace > 1e-12 or df < 1:
        reason = FEW_UNITS if df < 1 else NO_VARIANCE
        return dict.fromkeys(("F", "Chisq", "saddlepoint"), (None, None, None, None, reason))
    df1 = trace**2 / float((delta**2).sum())
    return {
        "F": (x2 / trace, df1, df1 * df, float(stats.f.sf(x2 / trace, df1, df1 * df)), None),
        "Chisq": (x2, float(k), None, float(stats.chi2.sf(x2 * k / trace, k)), None),
        "saddlepoint": (x2, None, None, tail(x2, delta, df1 * df), None),
    }


def _design_effects(cells: Estimates, table: np.ndarray, n: int) -> np.ndarray:
    """Eigenvalues of (Cᵀ D⁻¹ C / n)⁻¹ Cᵀ D⁻¹ V D⁻¹ C, where C spans the interactions of rows and columns."""
    interaction = np.kron(_contrasts(table.shape[0]), _contrasts(table.shape[1]))
    share = table.ravel()
    scaled = np.where(share > 0, 1 / np.where(share > 0, share, 1), 0)[:, None] * interaction
    random = interaction.T @ scaled / n
    real = scaled.T @ cells.cov @ scaled
    return np.linalg.eigvals(np.linalg.pinv(random) @ real).real


def _contrasts(levels: int) -> np.ndarray:
    """Columns that span what sums to nothing over the levels."""
    return np.vstack([np.eye(levels - 1), -np.ones(levels - 1)])


def _wald(counts: Estimates, table: np.ndarray, df: int) -> dict[str, tuple]:
    """Observed less expected counts, all but those of the last row and column, against their own covariance."""
    r, c = table.shape
    k, size = (r - 1) * (c - 1), table.sum()
    row, column = np.kron(np.eye(r), np.ones(c)), np.kron(np.ones(r), np.eye(c))  # margins from cells
    rows, columns = table.sum(axis=1) / size, table.sum(axis=0) / size
    pairs = [(i, j) for i in range(r - 1) for j in range(c - 1)]
    place = [i * c + j for i, j in pairs]
    excess = (table - size * np.outer(rows, columns)).ravel()[place]
    margins = [columns[j] * row[i] + rows[i] * column[j] - rows[i] * columns[j] for i, j in pairs]
    slope = np.eye(r * c)[place] - np.array(margins)
    spread = slope @ counts.cov @ slope.T / size**2
    reason = FEW_UNITS if df - k + 1 < 1 else NO_VARIANCE if np.linalg.matrix_rank(spread, tol=1e-14) < k else None
    if reason:
        return dict.fromkeys(("Wald", "adjWald"), (None, None, None, None, reason))
    w = float(excess @ np.linalg.solve(spread * size**2, excess)) / k
    adjusted, df2 = w * (df - k + 1) / df, float(df - k + 1)
    return {
        "Wald": (w, float(k), float(df), float(stats.f.sf(w, k, df)), None),
        "adjWald": (adjusted, float(k), df2, float(stats.f.sf(adjusted, k, df2)), None),
    }


def tail(x: float, scales: np.ndarray, df: float) -> float:
    """P(Σ scale · χ²₁ > x · χ²_df / df) by a saddlepoint (Kuonen 1999), to about two digits; as R, whose df is cut to whole ones.

    The cut makes p a little too large where units are few (.026 for .023 with 15 clusters).

    >>> round(tail(3.84, np.array([1.0]), 1e6), 2)
    0.05
    """
    parts = np.append(scales[np.abs(scales) > 1e-12 * np.abs(scales).max()], -x / df)
    times = np.append(np.ones(len(parts) - 1), max(int(df), 1))
    parts = parts / parts.max()

    def slope(at: float) -> float:
        return float((times * parts / (1 - 2 * at * parts)).sum())

    lowest, highest = 1 / (2 * parts.min()), 1 / (2 * parts.max())
    at = optimize.brentq(slope, lowest * (1 - 1e-5), highest * (1 - 1e-5), xtol=1e-14)
    if abs(at) < 1e-4:  # at the mean the formula is 0 / 0: Satterthwaite's F instead
        effective = scales.sum() ** 2 / (scales**2).sum()
        return float(stats.f.sf(x / scales.sum(), effective, df))
    height = float((times * np.log(1 - 2 * at * parts)).sum()) / 2
    w = np.sign(at) * np.sqrt(2 * height)
    v = at * np.sqrt(2 * float((times * parts**2 / (1 - 2 * at * parts) ** 2).sum()))
    return float(stats.norm.sf(w + np.log(v / w) / w))
