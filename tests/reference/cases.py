"""Reference cases with R's own numbers: one JSON file each, in a folder given by REFERENCE_CASES.

The folder has `cases/*.json` and `data/*.csv`; its README says how the numbers were made. It is no part of this repository, so
that everything here is skipped, with a reason, where it is absent; tests/golden keeps a selection.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

HERE = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("REFERENCE_CASES") or HERE.parent / "shared" / "fixtures" / "statistics")
needs_cases = pytest.mark.skipif(not (FOLDER / "cases").is_dir(), reason="the folder of reference cases is not here")
LOOSE = 1e-6  # iterative estimates: the folder's README


def case_ids() -> list[str]:
    """Names of all cases of the folder; none where it is absent."""
    return sorted(path.stem for path in (FOLDER / "cases").glob("*.json"))


def load(case_id: str) -> dict[str, Any]:
    """One case; `frame` holds its data where it names a file."""
    case = json.loads((FOLDER / "cases" / f"{case_id}.json").read_text(encoding="utf-8"))
    if isinstance(case.get("data"), str):
        case["frame"] = data(case["data"])
    return case


def data(name: str) -> pl.DataFrame:
    """A data file of the folder; an empty cell is missing."""
    return pl.read_csv(FOLDER / "data" / name, infer_schema_length=None, null_values=["", "NA"])


def flat(name: str, got: Any, expected: Any) -> Iterable[tuple[str, float, float]]:
    """Pairs of numbers of two like structures: mappings by key, lists by place."""
    if isinstance(expected, Mapping):
        for key, value in expected.items():
            yield from flat(f"{name}.{key}", got[key], value)
    elif isinstance(expected, list):
        assert len(got) == len(expected), f"{name}: {len(got)} values, expected {len(expected)}"
        for place, value in enumerate(expected):
            yield from flat(f"{name}[{place}]", got[place], value)
    else:
        yield name, float(got), float(expected)


def check(case_id: str, pairs: Iterable[tuple[str, Any, Any, float]], scale: float = 0.0) -> None:
    """Compare (quantity, got, expected, relative tolerance), print one line per failing quantity, and fail if any did.

    A truth of 0 asks for less than 1e-9 of `scale` (or 1e-9), as an SE of a design that leaves nothing to chance does.
    """
    failing, n = [], 0
    for name, got, expected, tolerance in pairs:
        for quantity, left, right in flat(name, got, expected):
            n += 1
            allowed = tolerance * abs(right) if right else 1e-9 * max(scale, 1.0)
            if not (math.isfinite(left) and abs(left - right) <= allowed):
                failing.append(f"{case_id}: {quantity}: got {left!r}, R gives {right!r} (tolerance {tolerance:g})")
    print(*failing, sep="\n")
    assert n, f"{case_id}: nothing was compared"
    assert not failing, f"{case_id}: {len(failing)} of {n} quantities differ"
