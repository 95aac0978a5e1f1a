"""What access and coverage ask of the amounts they are given: shapes that fit, nothing negative, nothing missing."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from pipeline.analysis.access.demand import Profiled
from pipeline.analysis.access.rows import is_amount, rows
from pipeline.errors import USAGE, Problem, fail

Asked = tuple[str, NDArray, tuple[int, ...], float]  # name, values, shape it must have, largest value allowed


def check_quantities(asked: Iterable[Asked]) -> None:
    """Raise `bad_quantity` with every name whose shape differs, and every row that is negative, missing or too large.

    >>> check_quantities([("demand", np.array([1.0, 0.0]), (2,), np.inf)])
    """
    problems = []
    for name, values, shape, most in asked:
        if values.shape != shape:
            problems.append(_problem(name, f"{shape}", f"{values.shape}"))
            continue
        bad = ~(is_amount(values) & (values <= most))
        if bad.any():
            problems.append(_problem(f"{name}: {rows(bad)}", "≥ 0" if most == np.inf else f"0 … {most:g}"))
    if problems:
        fail(USAGE, *problems)


def asked_of_demand(demand: NDArray | Profiled, shape: tuple[int, ...]) -> list[Asked]:
    """What to check of demand in either form."""
    if not isinstance(demand, Profiled):
        return [("demand", demand, shape, np.inf)]
    kinds = len(demand.profiles)
    return [
        ("demand.people", demand.people, shape[:1], np.inf),
        ("demand.kind", demand.kind, shape[:1], kinds - 1),
        ("demand.profiles", demand.profiles, (kinds, *shape[1:]), np.inf),
    ]


def _problem(where: str, expected: str, got: str = "") -> Problem:
    return Problem(
        "bad_quantity",
        where,
        "数量缺失、为负或大小不符",
        "amounts are missing, negative or of another size",
        got=got,
        expected=expected,
        do_zh="请检查传入的数组（行号从 0 起）",
        do_en="check the arrays passed in (rows count from 0)",
    )
