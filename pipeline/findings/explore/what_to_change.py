"""The list of changes for another budget, with more draws, or without the fairness floor: for notebooks."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import polars as pl

from pipeline.disclose import disclose
from pipeline.errors import USAGE, Problem, fail
from pipeline.findings.context import context_for
from pipeline.findings.explore.choices import Choices
from pipeline.findings.planning.area import plan_rows
from pipeline.findings.what_to_change import DISCLOSURE

DRAWS = 200


def what_to_change(
    con: duckdb.DuckDBPyConnection,
    choices: Choices | None = None,
    *,
    budget: float | None = None,
    draws: int = DRAWS,
    floor_share: float | None = None,
) -> pl.DataFrame:
    """The list as in the finding of that name, disclosed: a row of totals, then what is funded, what would do as well and what is not
    worth its money.

    `budget`: yuan for each area (None: metadata/actions.toml). `draws`: of need, of what works and of prices; 0 for none, with no
    ranges then. `floor_share`: part of the average share that each grid cell closes at least; 0 for no floor. Exit 2 for what is no
    budget, number of draws or share.
    """
    if not (draws >= 0 and (floor_share is None or 0 <= floor_share <= 1)):
        fail(USAGE, Problem("unknown_choice", "draws, floor_share", "没有这个参数值", "no such value for this parameter",
                            got=f"{draws}, {floor_share}", expected="draws ≥ 0, 0 ≤ floor_share ≤ 1", do_zh="请改参数", do_en="change the parameter"))  # fmt: skip
    asked = context_for(con, budget=budget)
    context = asked if choices is None else replace(choices.context, budget=asked.budget)
    rows = plan_rows(con, context, draws=draws, floor_share=floor_share)
    kept = rows.select(name for name in DISCLOSURE.columns() if name != "suppressed")
    return disclose(kept, DISCLOSURE, audience=context.audience, name="what_to_change")
