"""What a choice from a menu comes to."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.analysis.siting.menu import Bools, Ints

OPTIMAL = "optimal"  # proven: nothing within the budget covers more
WITHIN_GAP = "within_gap"  # proven to be within the gap asked for
TIME_LIMIT = "time_limit"  # time ran out: the best plan found, no worse than the greedy one; `gap` and `floor_bound` say how near
INFEASIBLE = "infeasible"  # what is required cannot be had together or within the budget
NOTHING_AFFORDABLE = "nothing_affordable"  # every action costs more than the budget
NOTHING_TO_GAIN = "nothing_to_gain"  # no affordable action covers anything


@dataclass(frozen=True)
class Plan:
    """`chosen` actions and the rows they `covered[E]`; `value` (weight covered) and `cost`; `bound` no plan exceeds, `gap` =
    (bound − value) / value; `greedy_value` of the greedy choice, floors aside; `lp_bound` of the linear relaxation;
    `floor_scale` below 1 where no plan was found that keeps the floors: the common factor of them that this one keeps, while no plan
    keeps more than `floor_bound`; `status_code` (above)."""

    chosen: Ints
    covered: Bools
    value: float
    cost: float
    bound: float
    gap: float
    status_code: str
    greedy_value: float
    lp_bound: float
    floor_scale: float
    floor_bound: float
    seconds: float
