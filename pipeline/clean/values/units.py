"""Units of headings and cells: `面积（㎡）`, `办公人数（万人）`, `0.5公里`. Known ones are converted, unknown ones refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.clean.values.text import half, longest_first, words
from pipeline.contracts.toml import load_toml
from pipeline.paths import METADATA

COUNTED = ("persons", "visits", "things")  # a number of these is a plain number, whatever the column says
_IN_BRACKETS = re.compile(
    r"^(?P<base>.*\S)\s*[（(\[【]\s*(?:单位\s*[:：]\s*)?(?P<unit>[^（）()\[\]【】]{1,8}?)\s*[)）\]】]\s*$"
)


@dataclass(frozen=True)
class Unit:
    """So many base units of a dimension; a bare scale word (万) has no dimension."""

    dimension: str | None
    factor: float


@cache
def units(text: str) -> tuple[Unit, ...]:
    """What a unit may mean, one entry per dimension; none when it is not known. A scale word may stand before it.

    >>> units("万人"), units("公里"), units("打")
    ((Unit(dimension='persons', factor=10000.0),), (Unit(dimension='length', factor=1000.0),), ())
    """
    name = _name(text)
    found = tuple(Unit(dimension, factor) for dimension, factor in _known().get(name, {}).items())
    scales = words("numbers")["scale"]
    if found:
        return found
    for scale in longest_first(list(scales)):
        if name == scale:
            return (Unit(None, scales[scale]),)
        if name.startswith(scale):
            rest = _known().get(name.removeprefix(scale), {})
            return tuple(Unit(dimension, scales[scale] * factor) for dimension, factor in rest.items())
    return ()


def conversion(text: str, to: str | None) -> float | None:
    """By what a number in unit `text` is multiplied to stand in unit `to`; None where the two do not go together. Without
    `to` a number of persons, visits or things is a plain number, and nothing else is known.

    >>> conversion("万人", None), conversion("km", "米"), conversion("km", "㎡"), conversion("人次", "人")
    (10000.0, 1000.0, None, None)
    """
    for unit in units(text):
        if to is None and (unit.dimension is None or unit.dimension in COUNTED):
            return unit.factor
        for target in units(to) if to is not None else ():
            if unit.dimension is None:
                return unit.factor
            if unit.dimension == target.dimension:
                return unit.factor / target.factor
    return None


def heading_unit(heading: str) -> tuple[str, str] | None:
    """A heading without the brackets at its end, and what stands in them.

    >>> heading_unit("服务情况/服务人次（单位：万人次）"), heading_unit("座位数")
    (('服务情况/服务人次', '万人次'), None)
    """
    found = _IN_BRACKETS.match(heading)
    return (found["base"], found["unit"]) if found else None


@cache
def _known() -> dict[str, dict[str, float]]:
    """Unit → dimension → base units."""
    known: dict[str, dict[str, float]] = {}
    for dimension, table in load_toml(METADATA / "units.toml").items():
        for text, factor in table.items():
            known.setdefault(_name(text), {})[dimension] = float(factor)
    return known


def _name(text: str) -> str:
    return half(text).casefold()
