"""The true verdict of every grid cell and service: whether its couriers go without, and what the stations standing there make of it."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.simulate.geography import grid_code
from pipeline.simulate.survey import PLANS
from pipeline.simulate.world import World

GAP_FROM = 0.10  # a smaller share in unmet need is no gap worth acting on


def verdicts_by_grid(world: World) -> pl.DataFrame:
    """Grid cell × service × quarter: persons, true shares in need and in unmet need, stations there by what they are, and the verdict."""
    attached = world.people.table["is_attached"].to_numpy()
    home, stands = world.people.table["cell"].to_numpy(), world.stations.table["cell"].to_numpy()
    supply, rows = world.supply, []
    for plan in PLANS:
        need = world.people.need[plan.number] & attached[:, None]
        unmet = need & ~world.people.met[plan.number]
        for cell in range(world.geography.n_cells):
            persons, here = int((attached & (home == cell)).sum()), stands == cell
            for k, code in enumerate(supply.codes):
                declared, works = supply.declared[here, k], supply.works[here, k]
                shares = (_share(x[home == cell, k].sum(), persons) for x in (need, unmet))
                row = {
                    "grid_id": f"{world.area.code}-{grid_code(cell)}", "period_code": plan.period, "service_code": code, "n_persons": persons,
                    "need_share": next(shares), "unmet_share": next(shares), "n_declaring": int(declared.sum()),
                    "n_working": int((declared & works).sum()), "n_hidden": int(supply.hidden[here, k].sum()),
                    "aware_most": round(float((supply.aware[here, k] * (declared & works)).max(initial=0.0)), 4),
                }  # fmt: skip
                rows.append({**row, "verdict_code": cell_verdict(row, world.assumptions["verdicts"])})
    return pl.DataFrame(rows)


def cell_verdict(row: dict[str, float | int | str], limits: dict[str, float]) -> str:
    """The true verdict, in this order: needed by few; few go without; not declared here (given all the same, or not); none works; none of
    those that work is known; else there is not enough of it.

    >>> limits = {"low_need_below": 0.10, "aware_from": 0.35}
    >>> there = {"need_share": 0.4, "unmet_share": 0.2, "n_declaring": 1, "n_working": 1, "n_hidden": 0, "aware_most": 0.2}
    >>> cell_verdict(there, limits), cell_verdict(there | {"n_working": 0}, limits), cell_verdict(there | {"aware_most": 0.6}, limits)
    ('unknown_to_users', 'declared_but_failing', 'unmet')
    """
    if row["need_share"] < limits["low_need_below"]:
        return "low_need"
    if row["unmet_share"] < GAP_FROM:
        return "met"
    if not row["n_declaring"]:
        return "hidden_demand" if row["n_hidden"] else "unmet"
    if not row["n_working"]:
        return "declared_but_failing"
    return "unmet" if row["aware_most"] >= limits["aware_from"] else "unknown_to_users"


def _share(count: np.integer, persons: int) -> float:
    return round(int(count) / persons, 4) if persons else 0.0
