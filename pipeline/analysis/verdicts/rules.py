"""The chances and limits that verdicts are made with, as read from metadata/verdicts.toml (what each means stands there)."""

from __future__ import annotations

from dataclasses import dataclass

Pair = tuple[float, float]  # the chance of a piece of evidence if it is so, and if it is not


@dataclass(frozen=True)
class NeedRules:
    """When a service counts as needed, and from how many respondents a place speaks for itself."""

    low_need_below: float
    station_from: int
    cell_from: int
    around: int
    use_from: int
    assumed: float


@dataclass(frozen=True)
class LogRules:
    """How much records of the quarter before count."""

    earlier: float


@dataclass(frozen=True)
class WorkRules:
    """How likely checks, facilities and logs look as they do where a declared service works, and where it fails."""

    half_life_days: int
    prior_mean: float
    prior_weight: float
    between: float
    check_met: Pair
    check_partly: Pair
    check_not_met: Pair
    none_working: Pair
    some_working: Pair
    unserved_works: Pair  # a and b of a beta distribution
    unserved_fails: Pair
    stock_out_works: float
    stock_out_fails: float
    stock_out_most: float


@dataclass(frozen=True)
class DeclaredRules:
    """How to read a cell of the ledger that is blank."""

    share_weight: float
    looked_at: Pair


@dataclass(frozen=True)
class GivenRules:
    """How common it is that something is given undeclared, and how often a record names the wrong service."""

    served_from: int
    prior_mean: float
    prior_weight: float
    mislogged: float
    shape: float


@dataclass(frozen=True)
class KnownRules:
    """What use and answers look like where few people know of a service."""

    little_share: float
    little_weight: float
    little_factor: float
    little_spread: float
    spread_known: float
    spread_most: float
    met_ratio: float
    met_weight: float


@dataclass(frozen=True)
class CellRules:
    """How many couriers work in a grid cell, and from which share in unmet need it has a gap."""

    persons: int
    practical: float


@dataclass(frozen=True)
class ReasonRules:
    """From which change of the odds a kind of evidence is named."""

    doubles: float


@dataclass(frozen=True)
class Rules:
    """All of them."""

    need: NeedRules
    log: LogRules
    works: WorkRules
    declared: DeclaredRules
    given: GivenRules
    known: KnownRules
    cell: CellRules
    reasons: ReasonRules
