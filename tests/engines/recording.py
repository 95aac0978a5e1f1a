"""What a load asks of its engine, written down; and the same asked of another engine, its answers set against the first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.logs.engines import DuckDBEngine, Engine
from pipeline.logs.engines.protocol import whole_numbers

NAMING = ("register", "read", "view", "table", "small")


@dataclass(frozen=True)
class Step:
    """One call of an engine that names something, and the rows that the name then stood for on DuckDB."""

    method: str
    name: str
    given: tuple[Any, ...]
    rows: pl.DataFrame


@contextmanager
def recording() -> Iterator[list[Step]]:
    """Note every name given on DuckDB. Calls made by a call are part of it."""
    steps: list[Step] = []
    depth = 0

    def noted(method: str) -> Any:
        original = getattr(DuckDBEngine, method)

        @wraps(original)
        def call(self: DuckDBEngine, name: str, *given: Any) -> None:
            nonlocal depth
            depth += 1
            original(self, name, *given)
            depth -= 1
            if depth == 0:
                steps.append(Step(method, name, given, self.fetch(f"select * from {name}")))

        return call

    with pytest.MonkeyPatch.context() as patch:
        for method in NAMING:
            patch.setattr(DuckDBEngine, method, noted(method))
        patch.setattr("pipeline.logs.months._AT_A_TIME", 1)  # one thing after the other
        yield steps


def replay(steps: list[Step], engine: Engine, *, times: int = 2) -> list[str]:
    """The same calls on another engine; what it answers differently, in words. A SELECT is run so many `times` at most: a
    load does the same for each file and month."""
    told = []
    done: Counter[str] = Counter()
    for number, step in enumerate(steps):
        if step.method in ("register", "read"):  # what is handed over is seen in whatever reads it
            getattr(engine, step.method)(step.name, *step.given)
            continue
        done[step.name] += 1
        if done[step.name] > times:
            continue
        getattr(engine, step.method)(step.name, *step.given)
        rows = engine.fetch(f"select * from {step.name}")
        if difference := unequal(step.rows, rows):
            told.append(f"{number} {step.name}: {difference}")
    return told


def unequal(wanted: pl.DataFrame, got: pl.DataFrame) -> str:
    """How two sets of rows differ, whatever their order; empty where they do not. Whole numbers are one type."""
    wanted, got = whole_numbers(wanted), whole_numbers(got)
    if wanted.schema != got.schema:
        return f"columns {dict(wanted.schema)} became {dict(got.schema)}"
    try:
        assert_frame_equal(wanted, got, check_row_order=False, check_exact=True)
    except AssertionError:
        only_here = wanted.join(got, on=wanted.columns, how="anti", nulls_equal=True)
        only_there = got.join(wanted, on=wanted.columns, how="anti", nulls_equal=True)
        return f"{wanted.height} rows became {got.height}; lost {only_here.head(3).rows()}, new {only_there.head(3).rows()}"
    return ""
