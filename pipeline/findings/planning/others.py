"""What a plan leaves out: what would do as well, what is not worth the money, and what the last yuan still brings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.findings.planning.plan import Proposal
from pipeline.findings.planning.settings import rules
from pipeline.findings.planning.worlds import relaxed

SWAPPED_IN = 0.2  # part of the draws from which a place outside the plan counts as one that might as well be in it
POOR = 0.5  # of what the plan's last yuan brings: below, an idea is not worth its money


@dataclass(frozen=True)
class Left:
    """`alternatives` and `not_worth`: bundles at places outside the plan; `extra` what each bundle would add to the plan, in
    courier-hours a week; `last` what the plan's last yuan brings."""

    alternatives: np.ndarray
    not_worth: np.ndarray
    extra: np.ndarray
    last: float


def left_out(proposal: Proposal) -> Left:
    """What the plan leaves out, one bundle for each place."""
    menu, limit = proposal.menu, rules()["menu"]
    extra = menu.covers @ (menu.weight * ~proposal.plan.covered)
    _, last = relaxed(menu, proposal.budget)
    outside = ~np.isin(proposal.bundles.group, proposal.bundles.group[proposal.order])
    outside &= (extra > 0) & (proposal.cost <= proposal.budget)
    worlds = proposal.worlds
    again = worlds.parts.mean(axis=0) if len(worlds.parts) else np.zeros(len(proposal.bundles))
    share = np.bincount(proposal.bundles.group, again, minlength=int(proposal.bundles.group.max(initial=0)) + 1)
    near = outside & (share[proposal.bundles.group] >= SWAPPED_IN)
    alternatives = _one_a_place(proposal, near, again + 1e-9 * extra, limit["alternatives"])
    poor = outside & ~near & (extra < POOR * last * proposal.cost)
    return Left(alternatives, _one_a_place(proposal, poor, menu.gain, limit["not_worth"]), extra, last)


def _one_a_place(proposal: Proposal, which: np.ndarray, score: np.ndarray, most: int) -> np.ndarray:
    """The bundle with the highest score at each place, of the places where it is highest."""
    found = np.flatnonzero(which)
    found = found[np.argsort(-score[found], kind="stable")]
    _, first = np.unique(proposal.bundles.group[found], return_index=True)
    return found[np.sort(first)][:most]
