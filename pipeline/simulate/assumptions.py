"""The figures a simulated district rests on (metadata/simulation.toml), and one random generator per module."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.contracts.toml import load_toml
from pipeline.paths import METADATA

PATH = METADATA / "simulation.toml"
MODULES = (
    "geography", "stations", "supply", "people", "weather", "visits", "survey", "programme", "mess", "stream", "events",
    "opinions",
)  # fmt: skip

Assumptions = dict[str, dict[str, Any]]


def load_assumptions() -> Assumptions:
    """Every block of simulation.toml by name."""
    return load_toml(PATH)


def generators(seed: int, areas: int) -> list[dict[str, np.random.Generator]]:
    """One generator per area and module, so that a change in one module leaves the draws of the others as they were."""
    return [
        {name: np.random.default_rng(child) for name, child in zip(MODULES, area.spawn(len(MODULES)), strict=True)}
        for area in np.random.SeedSequence(seed).spawn(areas)
    ]


def services(assumptions: Assumptions) -> list[str]:
    """Service codes in the order of the need table."""
    return [name for name in assumptions["need"] if name not in ("label_zh", "assumption", "source")]


def draw(rng: np.random.Generator, shares: dict[str, Any], n: int) -> np.ndarray:
    """n codes drawn with these shares (words such as label_zh are no shares)."""
    codes = [code for code, share in shares.items() if isinstance(share, float)]
    weights = np.array([shares[code] for code in codes])
    return rng.choice(np.array(codes), size=n, p=weights / weights.sum())


def split(total: int, shares: dict[str, float]) -> dict[str, int]:
    """A total split into whole parts by largest remainder.

    >>> split(60, {"fixed": 13, "integrated": 15, "social": 32})
    {'fixed': 13, 'integrated': 15, 'social': 32}
    """
    exact = {code: total * share / sum(shares.values()) for code, share in shares.items()}
    parts = {code: int(value) for code, value in exact.items()}
    rest = sorted(exact, key=lambda code: parts[code] - exact[code])[: total - sum(parts.values())]
    return {code: n + (code in rest) for code, n in parts.items()}
