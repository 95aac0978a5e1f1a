"""The bundles that could be done: at most one at each station or site, because longer hours and more services pay jointly."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from pipeline.findings.planning.prices import Prices

STATION = ""  # the kind of a bundle at a station that is there already


@dataclass(frozen=True)
class Bundles:
    """V bundles: `group` (0 … m − 1 stations, then sites), `kind` ('' or the class of a new station), `hours` (a pattern, '' as they
    are), `way` of opening longer ('' none), `longer` hours a week added; V × K: `fix` services made to work, `add` services
    installed, `look` those of either that somebody has to look at first; `publicise`.
    """

    group: np.ndarray
    kind: np.ndarray
    hours: np.ndarray
    way: np.ndarray
    longer: np.ndarray
    fix: np.ndarray
    add: np.ndarray
    look: np.ndarray
    publicise: np.ndarray

    def __len__(self) -> int:
        return len(self.group)

    def __getitem__(self, which: np.ndarray) -> Bundles:
        return Bundles(*(getattr(self, field.name)[which] for field in fields(self)))


def joined(parts: list[Bundles]) -> Bundles:
    """Several lists of bundles as one."""
    return Bundles(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Bundles)))


def costs(
    bundles: Bundles, prices: Prices, services: tuple[str, ...], lacking: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Yuan once and yuan a year of each bundle.

    `lacking` G × K: the chance that what is looked at first has to be paid for (what is not looked at is always paid).
    """
    return tuple(_sum(bundles, part, services, lacking) for part in (prices.once, prices.yearly))


def _sum(bundles: Bundles, price: dict, services: tuple[str, ...], lacking: np.ndarray) -> np.ndarray:
    of = lambda action, item="": price.get((action, item), (0.0, 0.0, 0.0))[1]  # noqa: E731
    paid = np.where(bundles.look, lacking[bundles.group], 1.0)
    total = bundles.publicise * of("publicise") + bundles.look.any(axis=1) * of("verify")
    total = total + (bundles.add * paid) @ np.array([of("add_service", code) for code in services])
    total = total + (bundles.fix * paid) @ np.array([of("repair", code) for code in services])
    total = total + np.array([of("open", kind) if kind else 0.0 for kind in bundles.kind])
    locked, staffed = bundles.way == "code_lock", bundles.way == "staff"
    alone = locked * bundles.longer * of("extend_hours", "unattended")
    return (
        total
        + locked * of("extend_hours", "code_lock")
        + alone
        + staffed * bundles.longer * of("extend_hours", "staff")
    )
