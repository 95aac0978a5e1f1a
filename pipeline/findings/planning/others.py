"""What a plan leaves out: what would do as well, what is not worth the money, and what the last yuan still brings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from pipeline.analysis.siting.menu import Menu
from pipeline.findings.planning.plan import Proposal
from pipeline.findings.planning.settings import rules
from pipeline.findings.planning.worlds import relaxed

SWAPPED_IN = 0.2  # part of the draws from which a place outside the plan counts as one that might as well be in it
ALIKE = 2  # ideas of one kind listed as not worth their money
POOR = 0.5  # of what the plan's last yuan brings: below, an idea is not worth its money


@dataclass(frozen=True)
class Left:
    """`tied`: bundles of the plan that the evidence does not tell from the `alternatives`, bundles at places outside it; `sure` the
    rest of the plan; `not_worth`: ideas outside it that bring too little for their money; `last` what its last yuan brings,
    courier-hours a week.
    """

    tied: np.ndarray
    sure: np.ndarray
    alternatives: np.ndarray
    not_worth: np.ndarray
    last: float


def left_out(proposal: Proposal) -> Left:
    """What the plan leaves out, one bundle for each place."""
    menu, limit, order, worlds = proposal.menu, rules()["menu"], proposal.order, proposal.worlds
    groups = proposal.bundles.group
    _, last = relaxed(menu, proposal.budget)
    extra = extra_of(menu, order)
    outside = ~np.isin(groups, groups[order]) & (extra > 0) & (proposal.cost <= proposal.budget)
    mean = worlds.parts.mean(axis=0) if len(worlds.parts) else np.zeros(len(groups))
    near = outside & (mean > 0) & (worlds.places(groups)[groups] >= SWAPPED_IN)
    unsure = worlds.again()[order] < rules()["certainty"]["fair"]
    tied = order[unsure] if near.any() else order[:0]
    swapped = extra_of(menu, np.setdiff1d(order, tied))
    alternatives = _one_a_place(proposal, near, mean)
    alternatives = alternatives[np.argsort(-swapped[alternatives], kind="stable")][: limit["alternatives"]]
    poor = outside & ~near & (extra < POOR * last * proposal.cost)
    ideas = _few_alike(proposal, _one_a_place(proposal, poor, menu.gain))[: limit["not_worth"]]
    return Left(tied, np.setdiff1d(order, tied), alternatives if len(tied) else order[:0], ideas, last)


def extra_of(menu: Menu, base: np.ndarray) -> np.ndarray:
    """What each bundle adds to some others, courier-hours a week."""
    return menu.covers @ (menu.weight * ~menu.covered(base))


def _one_a_place(proposal: Proposal, which: np.ndarray, score: np.ndarray) -> np.ndarray:
    """The bundle with the highest score at each place, of the places where it is highest."""
    found = np.flatnonzero(which)
    found = found[np.argsort(-score[found], kind="stable")]
    _, first = np.unique(proposal.bundles.group[found], return_index=True)
    return found[np.sort(first)]


def _few_alike(proposal: Proposal, ideas: np.ndarray) -> np.ndarray:
    """At most ALIKE ideas of one kind (what is opened, how hours grow), in their order."""
    b, seen, kept = proposal.bundles, Counter(), []
    for v in ideas:
        kind = (b.kind[v], b.way[v] if not b.kind[v] else "", bool(b.add[v].any()))
        seen[kind] += 1
        if seen[kind] <= ALIKE:
            kept.append(v)
    return np.array(kept, dtype=np.int64)
