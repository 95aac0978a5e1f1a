"""What the blocks of a source contract say of each other: lists to take apart, totals and their parts, units."""

from __future__ import annotations

from functools import cache
from typing import Any

from pipeline.contracts.source import Source
from pipeline.contracts.toml import Reader, load_toml
from pipeline.paths import METADATA

_EXPLODE_KEYS = ("column", "into", "value", "set", "n")


@cache
def known_units() -> frozenset[str]:
    """The units that a column can be in, as metadata/units.toml writes them."""
    return frozenset(unit for table in load_toml(METADATA / "units.toml").values() for unit in table)


def read_explode(reader: Reader, block: dict[str, Any], where: str) -> dict[str, Any] | None:
    """How a table takes a list apart: `column` and `into`, and `value` with what to `set` it, or `n`."""
    explode = reader.get(block, "explode", dict, where, None)
    if explode is not None:
        where = f"{where} explode"
        reader.known(explode, _EXPLODE_KEYS, where)
        for name in ("column", "into"):
            reader.get(explode, name, str, where)
        if ("value" in explode) != ("set" in explode):
            reader.note(where, "value 与 set 要一起写", "value and set go together", expected="value = …, set = …")
    return explode


def check_names(reader: Reader, source: Source) -> None:
    """Note columns that stand twice, keys, lists and parts of totals that are not there, and units that nobody knows."""
    names = [column.name for column in source.columns]
    for name in {name for name in names if names.count(name) > 1}:
        reader.note(f"[[column]] {name}", "列名重复", "the column stands twice", got=name)
    for name in set(source.key) - set(names):
        reader.note("key", "键列没有定义", "a key column is not defined", got=name, expected=" ".join(names))
    lists = [column.name for column in source.columns if column.type == "codes"]
    for table in source.tables:
        if table.explode and table.listed not in lists:
            reader.note(
                f"[[table]] {table.name} explode", "explode 的列不是 type = \"codes\"", "the column to explode is no list",
                got=str(table.listed), expected=" ".join(lists),
            )  # fmt: skip
    for column in source.columns:
        where = f"[[column]] {column.name}"
        if column.unit is not None and column.unit not in known_units():
            expected = "pipeline/metadata/units.toml"
            reader.note(where, "单位不认识", "an unknown unit", got=column.unit, expected=expected)
        for name in set(column.total_of) - set(names):
            reader.note(
                where,
                "total_of 里的列没有定义",
                "a column of total_of is not defined",
                got=name,
                expected=" ".join(names),
            )
