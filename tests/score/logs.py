"""Demand from logs that stop when stock runs out: what recorded use and the rate until stock-out make of it."""

from __future__ import annotations

from tests.benchmarks.censored_demand import demand_error
from tests.score.figures import Figure

WORLDS = {"even days": {"spread": 0.0}, "uneven days": {"spread": 0.15}, "days shared by all stations": {"shared": 0.1}}
AIM = {"model": (-0.01, 0.01)}
FIRST_SEED = 7001


def score(n_worlds: int) -> list[Figure]:
    """Relative bias and coverage of rates, by how uneven days are; 60 stations, 90 days, 15 % of days shut."""
    figures = []
    for name, world in WORLDS.items():
        table = demand_error(range(FIRST_SEED, FIRST_SEED + n_worlds), **world)
        for row in table.iter_rows(named=True):
            low, high = AIM.get(row["way"], (None, None))
            part, n = f"censored logs, {name}", n_worlds
            figures.append(Figure(part, f"relative bias, {row['way']}", row["bias"], row["bias_mc"], n, low, high))
            if row["way"] == "model":
                made = Figure(part, "coverage, model", row["coverage"], row["coverage_mc"], n, 0.93, 0.97)
                figures.append(made)
    return figures
