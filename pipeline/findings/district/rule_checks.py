"""What metadata/access.toml may hold; everything that is wrong with it is told at once."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.contracts.codebook_files import load_codebooks
from pipeline.contracts.toml import Reader

KERNELS = ("gaussian", "binary")
NUMBER = (int, float)
AMOUNTS = {  # table → the code list of its keys, and whether it must say what holds for all others
    "visits_per_hour": ("services", True),
    "facility_per_hour": ("facilities", False),
    "seat_per_hour": ("services", False),
    "station_per_hour": ("services", True),
}
BLOCKS = ("walking", "night", "shifts", "expected", "worst", *AMOUNTS)


@cache
def _codes(book: str) -> frozenset[str]:
    """The codes of a list that are true everywhere."""
    return frozenset(code.code for code in load_codebooks()[book].codes)


def check_rules(table: dict[str, Any], path: Path) -> None:
    """Raise exit 11 with every mistake of the file, or return."""
    reader = Reader(path)
    reader.known(table, BLOCKS, "")
    blocks = {name: reader.get(table, name, dict, "") or {} for name in BLOCKS}
    _walking(reader, blocks["walking"])
    reader.known(blocks["night"], ("from", "to"), "[night]")
    _between(reader, [blocks["night"].get("from"), blocks["night"].get("to")], "[night] from, to")
    reader.known(blocks["shifts"], _codes("shifts"), "[shifts]")
    for code, hours in blocks["shifts"].items():
        _between(reader, hours, f"[shifts] {code}")
    _expected(reader, blocks["expected"])
    reader.known(blocks["worst"], ("part",), "[worst]")
    _number(reader, blocks["worst"], "part", "[worst]", 0, 1)
    for name, (book, has_default) in AMOUNTS.items():
        _amounts(reader, blocks[name], name, _codes(book), has_default=has_default)
    reader.finish()


def _walking(reader: Reader, block: dict[str, Any]) -> None:
    where = "[walking]"
    reader.known(block, ("radius_m", "catchment_m", "detour", "kernel"), where)
    for name in ("radius_m", "catchment_m"):
        _number(reader, block, name, where, 0, math.inf, open_below=True)
    _number(reader, block, "detour", where, 1, math.inf)
    reader.choice(block, "kernel", KERNELS, where)


def _expected(reader: Reader, block: dict[str, Any]) -> None:
    where = "[expected]"
    reader.known(block, ("draws", "seed", "level"), where)
    for name, least in (("draws", 1), ("seed", 0)):
        if reader.get(block, name, int, where) is not None:
            _number(reader, block, name, where, least, math.inf)
    _number(reader, block, "level", where, 0, 1, open_below=True)


def _amounts(reader: Reader, block: dict[str, Any], name: str, codes: Iterable[str], *, has_default: bool) -> None:
    """A table of code = amount: known codes, nothing negative."""
    reader.known(block, (*codes, *(("default",) if has_default else ())), f"[{name}]")
    for key in [*block, *(["default"] if has_default and "default" not in block else [])]:
        _number(reader, block, key, f"[{name}]", 0, math.inf)


def _number(
    reader: Reader, block: dict[str, Any], name: str, where: str, low: float, high: float, *, open_below: bool = False
) -> None:
    """A finite number between two bounds."""
    value = reader.get(block, name, NUMBER, where)
    if value is None:
        return
    if not (math.isfinite(value) and low <= value <= high) or (open_below and value == low):
        rule = f"> {low}" if open_below else f"≥ {low}"
        rule = rule if high == math.inf else f"{rule}, ≤ {high}"
        reader.note(where, f"{name} 超出范围", f"{name} is out of range", got=str(value), expected=rule)


def _between(reader: Reader, hours: Any, where: str) -> None:
    """Two different full hours of the day, from and to (which may lie past midnight)."""
    fits = isinstance(hours, list) and len(hours) == 2 and all(type(hour) is int and 0 <= hour <= 24 for hour in hours)
    if not fits or hours[0] == hours[1] or hours[0] == 24:
        reader.note(
            where, "应为起止两个整点", "two full hours are wanted, from and to", got=str(hours), expected="[22, 6]"
        )
