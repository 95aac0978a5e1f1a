"""What actions cost, as the warehouse has it (ref.action_costs), and what is charged against the budget."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

from pipeline.findings.planning.settings import rules

Price = tuple[str, str]  # action and item


@dataclass(frozen=True)
class Prices:
    """By action and item: yuan once, and yuan a year, each as (low, estimate, high); `basis`: assumed?, source, zh and en words."""

    once: dict[Price, tuple[float, float, float]]
    yearly: dict[Price, tuple[float, float, float]]
    basis: dict[Price, tuple[bool, str, str, str]]

    def __contains__(self, price: Price) -> bool:
        return price in self.once

    def drawn(self, rng: np.random.Generator) -> Prices:
        """Every price somewhere between its low and high end, most likely near the estimate (triangular), alike at all places."""
        once, yearly = ({key: _drawn(rng, range_) for key, range_ in part.items()} for part in (self.once, self.yearly))
        return Prices(once, yearly, self.basis)


def prices_of(con: duckdb.DuckDBPyConnection) -> Prices:
    """The prices of the study."""
    rows = con.sql(
        "select action_code, item_code, one_off_low, one_off_yuan, one_off_high, yearly_low, yearly_yuan, yearly_high, is_assumed, "
        "coalesce(source, ''), why_zh, why_en from ref.action_costs order by 1, 2"
    ).fetchall()
    return Prices(
        {row[:2]: row[2:5] for row in rows}, {row[:2]: row[5:8] for row in rows}, {row[:2]: row[8:] for row in rows}
    )


def charged(once: np.ndarray, yearly: np.ndarray) -> np.ndarray:
    """Yuan charged against the budget: what is paid once, and the recurring cost of the horizon (metadata/actions.toml).

    >>> float(charged(np.array(800.0), np.array(1200.0)))
    2000.0
    """
    return once + yearly * rules()["plan"]["horizon_months"] / 12


def _drawn(rng: np.random.Generator, range_: tuple[float, float, float]) -> tuple[float, float, float]:
    low, est, high = range_
    value = float(rng.triangular(low, est, high)) if high > low else est
    return value, value, value
