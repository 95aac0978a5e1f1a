"""Where a budget does not reach all floors: the largest part of them, the same of all, that it does reach."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp

from pipeline.analysis.siting.floors import SLACK
from pipeline.analysis.siting.greedy import Selection
from pipeline.analysis.siting.menu import Bools, Floats, Ints
from pipeline.analysis.siting.program import program
from pipeline.analysis.siting.quiet import quiet
from pipeline.analysis.siting.reduce import Reduced, by_area

PRECISE = 0.005  # of the factor by which floors out of reach are cut
CORE = 300  # actions tried before all
HALVINGS = 12
WIDE = 100_000  # pairs of action and row: the greedy choice looks at all of them at every step


@dataclass(frozen=True)
class Reached:
    """`scale` of the floors that `chosen` keeps (1: all of them), and the `most` that any plan could."""

    scale: float
    chosen: Ints
    most: float = 1.0


def reach(small: Reduced, least: Floats, seconds: float) -> Reached:
    """A plan that keeps the largest common part of all floors `least`, to within `PRECISE`; the best found where time runs out.

    max s ≤ 1 such that every area has s × floor: the same program with one more unknown. A greedy choice comes first; the
    relaxation says how much can be had at most, and which actions are worth trying alone.
    """
    ends = time.perf_counter() + seconds
    best = _by_halving(small, least)
    matrix, limit = _scaled(small, least)
    aim = np.zeros(matrix.shape[1])
    aim[-1] = -1.0
    options = {"time_limit": max(seconds / 2, 0.01)}
    relaxed = linprog(aim, A_ub=matrix, b_ub=limit, bounds=(0, 1), method="highs-ds", options=options)
    most = -relaxed.fun if relaxed.status == 0 else 1.0
    for among in _cores(small, best, relaxed):
        if best.scale >= most * (1 - PRECISE):
            break
        kept = np.concatenate([np.flatnonzero(among), np.arange(len(among), len(aim))])
        lower = np.zeros(len(kept))
        lower[-1] = best.scale * (1 - SLACK)
        with quiet():
            solved = milp(
                aim[kept],
                constraints=LinearConstraint(matrix[:, kept], -np.inf, limit),
                bounds=Bounds(lower, 1.0),
                integrality=kept < len(among),
                options={"time_limit": max((ends - time.perf_counter()) / 2, 0.01), "mip_rel_gap": PRECISE / 2},
            )
        if among.all() and solved.mip_dual_bound is not None and np.isfinite(solved.mip_dual_bound):
            most = min(most, -solved.mip_dual_bound)
        if solved.x is not None:
            chosen = np.flatnonzero(among)[solved.x[: among.sum()] > 0.5]
            best = max(best, _reached(small, least, chosen), key=lambda one: one.scale)
    return replace(best, most=max(best.scale, most))


def _cores(small: Reduced, known: Reached, relaxed: OptimizeResult) -> Iterator[Bools]:
    """Actions to try: those of the greedy plan, of the relaxation and the most gainful beside them; then all."""
    n_actions = small.menu.n_actions
    score = small.menu.gain / np.maximum(small.menu.cost, 1e-12 * (float(small.menu.cost.max()) or 1.0))
    if relaxed.status == 0:
        score = np.where(relaxed.x[:n_actions] > 0, np.inf, -relaxed.lower.marginals[:n_actions])
    score[known.chosen] = np.inf
    if n_actions > CORE:
        core = np.zeros(n_actions, dtype=bool)
        core[np.argsort(-score, kind="stable")[:CORE]] = True
        yield core
    yield np.ones(n_actions, dtype=bool)


def _by_halving(small: Reduced, least: Floats) -> Reached:
    """The largest part of the floors that a greedy choice keeps, found by halving."""
    best = _reached(small, least, np.empty(0, dtype=np.int64))
    if small.menu.covers.nnz > WIDE:
        return best
    low, high = best.scale, 1.0
    for part in (1.0, *[None] * HALVINGS):
        scale = part or (low + high) / 2
        found = _reached(small, least, _towards(small, scale * least - (least - small.floors), least))
        best = max(best, found, key=lambda one: one.scale)
        low, high = (max(low, best.scale), high) if found.scale >= scale * (1 - SLACK) else (low, scale)
        if best.scale >= high * (1 - PRECISE):
            break
    return best


def _towards(small: Reduced, missing: Floats, least: Floats) -> Ints:
    """Actions by how much of what the areas still miss they cover for their cost (Wolsey 1982): more than that counts for nothing."""
    menu, covers = small.menu, small.menu.covers.astype(float)
    cost = np.maximum(menu.cost, 1e-12 * (float(menu.cost.max()) or 1.0))
    area = np.asarray(menu.floor_of)
    share = np.zeros((menu.n_rows, len(least)))
    counts = np.flatnonzero((area >= 0) & (least[area] > 0))
    share[counts, area[counts]] = menu.weight[counts] / least[area[counts]]
    missing = np.divide(missing, least, out=np.zeros(len(least)), where=least > 0)
    selection = Selection(menu, small.budget)
    while (missing > SLACK).any():
        adds = np.minimum(covers @ share, np.maximum(missing, 0.0)).sum(axis=1) / cost
        adds[~selection.possible] = 0.0
        best = int(np.argmax(adds))
        if adds[best] <= 0:
            break
        selection.add(best)
        rows = menu.covers[[best]].indices
        missing = missing - share[rows].sum(axis=0)
        share[rows] = 0.0
    return np.array(sorted(selection.chosen), dtype=np.int64)


def _scaled(small: Reduced, least: Floats) -> tuple[sparse.csr_array, Floats]:
    """The constraints of the menu with one more unknown, the part of the floors that is kept."""
    task = program(small.menu, small.budget, small.floors)
    column = np.zeros((task.matrix.shape[0], 1))
    column[-len(least) :, 0] = least / task.worth
    already = least - small.floors  # what is taken for certain covers so much
    limit = np.concatenate([task.limit[: -len(least)], already / task.worth])
    return sparse.csr_array(sparse.hstack([task.matrix, column])), limit


def _reached(small: Reduced, least: Floats, chosen: Ints) -> Reached:
    """The part of all floors that a plan keeps; none of it where it is too dear."""
    if small.menu.cost[chosen].sum() > small.budget * (1 + SLACK):
        chosen = chosen[:0]
    got = least - small.floors + by_area(small.menu, small.menu.covered(chosen), len(least))
    asked = least > 0
    return Reached(min(1.0, float((got[asked] / least[asked]).min())), chosen)
