"""A log room for each test, in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.logs.log_room import Room


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)
