"""The rules of verdicts, read from metadata/verdicts.toml and checked."""

from __future__ import annotations

from dataclasses import Field, fields
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.analysis.verdicts.rules import (
    CellRules,
    DeclaredRules,
    GivenRules,
    KnownRules,
    LogRules,
    NeedRules,
    ReasonRules,
    Rules,
    WorkRules,
)
from pipeline.contracts.toml import Reader, load_toml
from pipeline.paths import METADATA

PATH = METADATA / "verdicts.toml"
PARTS = {
    "need": NeedRules, "log": LogRules, "works": WorkRules, "declared": DeclaredRules, "given": GivenRules, "known": KnownRules,
    "cell": CellRules, "reasons": ReasonRules,
}  # fmt: skip
SIZES = (  # above 0, of any size; every other number with a point is a share
    "share_weight", "prior_weight", "between", "little_weight", "met_weight", "shape", "stock_out_most", "doubles",
)  # fmt: skip


@cache
def verdict_rules(path: Path = PATH) -> Rules:
    """The rules. Raises exit 11 with every mistake of the file: a key missing or unknown, a value of another kind or out of range."""
    table, reader = load_toml(path), Reader(path)
    reader.known(table, PARTS, "")
    made = {}
    for name, kind in PARTS.items():
        block = reader.get(table, name, dict, "") or {}
        reader.known(block, [field.name for field in fields(kind)], f"[{name}]")
        made[name] = kind(**{field.name: _value(reader, block, field, f"[{name}]") for field in fields(kind)})
    reader.finish()
    return Rules(**made)


def _value(reader: Reader, block: dict[str, Any], field: Field[Any], where: str) -> Any:
    """One value of the kind its field says, within its range; None and a noted problem otherwise."""
    name, kind = field.name, str(field.type)
    value = reader.get(block, name, {"int": int, "float": (int, float)}.get(kind, list), where)
    if value is None:
        return None
    if kind == "Pair":
        numbers = isinstance(value, list) and len(value) == 2 and all(type(one) in (int, float) for one in value)
        if not numbers or min(value) <= 0 or (max(value) > 1 and not name.startswith("unserved")):
            reader.note(
                where,
                f"{name} 应为两个大于 0 的机会",
                f"{name} wants two chances above 0",
                got=str(value),
                expected="[0.9, 0.2]",
            )
            return None
        return (float(value[0]), float(value[1]))
    limit = float("inf") if kind == "int" or name in SIZES else 1.0
    if not 0 < value <= limit or (limit == 1.0 and value == 1):
        reader.note(
            where,
            f"{name} 超出范围",
            f"{name} is out of range",
            got=str(value),
            expected="> 0" if limit > 1 else "0 – 1",
        )
    return value if kind == "int" else float(value)
