"""The equations of calibration, solved by Newton's method with a line search."""

from __future__ import annotations

import numpy as np

from pipeline.analysis.weighting.distances import Distance

MAX_ITERATIONS = 100
HALVINGS = 40


def solve(
    x: np.ndarray, weights: np.ndarray, totals: np.ndarray, ratio: Distance, tolerance: float
) -> tuple[np.ndarray, int, float]:
    """g with Σ weight · g · x = total for every column of `x`: g, the number of steps, the largest relative error left.

    `ratio` gives g and its slope as functions of x·λ. Columns are brought to one scale first.
    """
    scale = np.where(totals == 0, np.maximum(np.abs(x).T @ weights, 1e-300), np.abs(totals))
    x, goal, solution = x / scale, totals / scale, np.zeros(x.shape[1])

    def state(at: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        g, slope = ratio(x @ at)
        return g, slope, x.T @ (weights * g) - goal

    g, slope, gap = state(solution)
    for iteration in range(MAX_ITERATIONS):
        error = float(np.abs(gap).max())
        if error <= tolerance / 10:
            return g, iteration, error
        hessian = x.T @ (x * (weights * slope)[:, None])
        step = -np.linalg.lstsq(hessian + 1e-14 * np.trace(hessian) * np.eye(len(gap)), gap, rcond=None)[0]
        before = abs(gap @ step)
        for _ in range(HALVINGS):  # along the step the gap is the slope of a convex curve: never far past its bottom
            new = state(solution + step)
            if np.isfinite(new[2]).all() and new[2] @ step <= 0.5 * before:
                break
            step, before = step / 2, before / 2
        if not step.any():
            break
        solution = solution + step
        g, slope, gap = new
    return g, MAX_ITERATIONS, float(np.abs(gap).max())
