"""What each part of a bundle is worth: what would be lost if everything else were done and this left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipeline.findings.planning.bundles import Bundles
from pipeline.findings.planning.candidates import opened, served
from pipeline.findings.planning.now import Now
from pipeline.findings.planning.settings import AS_IS

LOOK_FIX, LOOK_ADD, FIX, ADD, PUBLICISE, HOURS = "look_fix", "look_add", "fix", "add", "publicise", "hours"


def parts(bundles: Bundles, v: int, now: Now, unserved: np.ndarray) -> list[str]:
    """The parts of a bundle, the one that would be missed most first; others of the plan left aside."""
    one = bundles[[v]]
    variants = {
        LOOK_FIX: replace(one, fix=one.fix & ~one.look), LOOK_ADD: replace(one, add=one.add & ~one.look),
        FIX: replace(one, fix=one.fix & one.look), ADD: replace(one, add=one.add & one.look),
        PUBLICISE: replace(one, publicise=np.zeros(1, dtype=bool)),
        HOURS: replace(one, hours=np.array([AS_IS], dtype=object), way=np.array([""], dtype=object)),
    }  # fmt: skip
    there = {
        LOOK_FIX: (one.fix & one.look).any(), LOOK_ADD: (one.add & one.look).any(), FIX: (one.fix & ~one.look).any(),
        ADD: (one.add & ~one.look).any(), PUBLICISE: one.publicise[0], HOURS: one.hours[0] != AS_IS,
    }  # fmt: skip
    around = unserved[now.near[:, [int(one.group[0])]].toarray().ravel() > 0].sum(axis=0)
    loss = {name: -_alone(variants[name], now, around) for name in variants if there[name]}
    return sorted(loss, key=lambda name: -loss[name])


def _alone(one: Bundles, now: Now, around: np.ndarray) -> float:
    """Courier-hours a week that one bundle by itself serves."""
    alone, tended = opened(one, now)
    is_open = np.where(now.unattended[:, None], alone, tended)
    return float((around * served(one, now)[0][:, None] * is_open).sum())
