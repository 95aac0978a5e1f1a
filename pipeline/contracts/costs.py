"""What a change costs, and what may be spent: `[[cost]]` blocks of metadata/actions.toml, and those of place/costs.toml, which win.

Every price has a source or says that it is assumed, and why.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.contracts.toml import Reader, load_toml
from pipeline.errors import USAGE, Problem, fail
from pipeline.paths import METADATA, Study

ACTIONS = ("open", "extend_hours", "add_service", "repair", "publicise", "verify")
WAYS = ("code_lock", "unattended", "staff")
UNITS = ("each", "weekly_hour")
_AMOUNTS = tuple(f"{part}_{end}" for part in ("one_off", "yearly") for end in ("yuan", "low", "high"))
_KEYS = ("action", "item", "unit", *_AMOUNTS, "source", "assumed", "why_zh", "why_en")


@dataclass(frozen=True)
class ActionCost:
    """The price of one action on one item: `one_off` and `yearly` in yuan as (estimate, low, high).

    `item_code`: a station class (open), a way (extend_hours), a service (add_service, repair), or ''. `unit_code`: `each`, or
    `weekly_hour` for every hour a week that is added. `origin_code`: `built_in` or `place`.
    """

    action_code: str
    item_code: str
    unit_code: str
    one_off: tuple[float, float, float]
    yearly: tuple[float, float, float]
    is_assumed: bool
    source: str | None
    why_zh: str
    why_en: str
    origin_code: str


def load_costs(study: Study | None, services: Collection[str], classes: Collection[str]) -> list[ActionCost]:
    """Every price, one for each action and item. Raises exit 11 with all mistakes of a file at once: an unknown action, service
    or unit; an amount that is missing, negative or no number; low above high; neither a source nor `assumed = true`.
    """
    items = {
        "open": tuple(classes), "extend_hours": WAYS, "add_service": tuple(services), "repair": tuple(services),
        "publicise": ("",), "verify": ("",),
    }  # fmt: skip
    general = METADATA / "actions.toml"
    table = load_toml(general)
    spread = float(table["plan"]["spread"])
    found = {(c.action_code, c.item_code): c for c in _costs(general, table, items, spread, "built_in")}
    path = study.place / "costs.toml" if study is not None else None
    if path is not None and path.exists():
        own = load_toml(path)
        found |= {(c.action_code, c.item_code): c for c in _costs(path, own, items, spread, "place", only=True)}
    return list(found.values())


def _costs(path: Path, table: dict[str, Any], items: dict[str, tuple[str, ...]], spread: float, origin: str, *,
           only: bool = False) -> list[ActionCost]:  # fmt: skip
    """The prices of one file; `only`: it may hold nothing else."""
    reader = Reader(path)
    if only:
        reader.known(table, ("cost",), "")
    made, seen = [], set()
    for number, block in enumerate(reader.blocks(table, "cost", []), start=1):
        where = f"[[cost]] {number}"
        reader.known(block, _KEYS, where)
        cost = _cost(reader, block, where, items, spread, origin)
        if (cost.action_code, cost.item_code) in seen:
            reader.note(where, "同一 action 与 item 写了两次", "the same action and item stand twice",
                        got=f"{cost.action_code} {cost.item_code}")  # fmt: skip
        seen.add((cost.action_code, cost.item_code))
        made.append(cost)
    reader.finish()
    return made


def _cost(
    reader: Reader, block: dict[str, Any], where: str, items: dict[str, tuple[str, ...]], spread: float, origin: str
) -> ActionCost:
    action = reader.choice(block, "action", ACTIONS, where)
    item = reader.get(block, "item", str, where, "")
    if action in items and item not in items[action]:
        reader.note(
            where,
            "item 取值不认识",
            "item is not known",
            got=f"{item or '—'}",
            expected=" / ".join(items[action]) or "—",
        )
    unit = reader.choice(block, "unit", UNITS if action == "extend_hours" else UNITS[:1], where, "each")
    assumed = reader.get(block, "assumed", bool, where, False)
    source = reader.get(block, "source", str, where, None)
    if not assumed and not (source or "").strip():
        reader.note(
            where,
            "没有出处，也没有写明是假设",
            "neither a source nor marked as assumed",
            expected='source = "…" / assumed = true',
        )
    why = [reader.get(block, f"why_{lang}", str, where) or "" for lang in ("zh", "en")]
    one_off, yearly = (_amounts(reader, block, part, where, spread) for part in ("one_off", "yearly"))
    return ActionCost(
        action or "", item or "", unit or "each", one_off, yearly, bool(assumed), source, why[0], why[1], origin
    )


def _amounts(reader: Reader, block: dict[str, Any], part: str, where: str, spread: float) -> tuple[float, float, float]:
    """Estimate, low and high of one part of a price; what has no range of its own is as much off as everything."""
    known = len(reader.problems)
    est = _yuan(reader, block, f"{part}_yuan", where, ...)
    low = _yuan(reader, block, f"{part}_low", where, est * (1 - spread))
    high = _yuan(reader, block, f"{part}_high", where, est * (1 + spread))
    if len(reader.problems) == known and not low <= est <= high:
        reader.note(
            where,
            f"{part} 的 low、yuan、high 应由小到大",
            f"{part}: low, yuan and high are out of order",
            got=f"{low:g} / {est:g} / {high:g}",
        )
    return est, low, high


def _yuan(reader: Reader, block: dict[str, Any], name: str, where: str, default: Any) -> float:
    """An amount in yuan; 0 beside a note where it is no amount."""
    value = reader.get(block, name, (int, float), where, default)
    if value is None:
        return 0.0
    if not math.isfinite(value) or value < 0:
        reader.note(
            where, f"{name} 应为不小于零的数", f"{name} is no amount of zero or more", got=str(value), expected="≥ 0"
        )
        return 0.0
    return float(value)


def check_budget(budget: float | None) -> None:
    """Exit 2 for a budget that is below zero or no number; None, for the rule's own, is one."""
    if budget is not None and not 0 <= budget < math.inf:
        problem = Problem("bad_budget", "--budget", "预算应为不小于零的元数", "the budget is no amount of zero or more",
                          got=f"{budget:g}", expected="200000", do_zh="请改正预算", do_en="correct the budget")  # fmt: skip
        fail(USAGE, problem)
