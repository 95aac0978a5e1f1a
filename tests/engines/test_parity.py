"""All tables of the log SQL are equal, row for row, on every engine."""

from __future__ import annotations

import pytest

from pipeline.logs.engines import SparkEngine
from pipeline.logs.steps import statements
from tests.engines.nasty import BAD, EDGES, TIMES, deliveries
from tests.engines.recording import Step, recording, replay
from tests.unit.logs.log_room import Room


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> list[Step]:
    """What a load of nasty files asks of DuckDB."""
    room = Room(tmp_path_factory.mktemp("room"))
    with recording() as steps:
        room.load(*deliveries(room))
    return steps


def test_the_nasty_files_try_every_table_with_rows(steps):
    filled = {step.name for step in steps if step.rows.height}
    assert set(statements()) <= filled
    checked = next(step.rows for step in steps if step.name == "log_events")
    assert checked.height > 300
    assert checked["used_at"].dt.truncate("1mo").n_unique() >= 2
    assert len(TIMES) + len(EDGES) + len(BAD) > 100


def test_every_table_is_equal_row_for_row(steps: list[Step], engine: SparkEngine):
    assert replay(steps, engine, times=2 if "sail" in engine.exchange.root else 1) == []
