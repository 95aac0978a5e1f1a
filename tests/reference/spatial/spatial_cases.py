"""Reference cases of space and time: files in a folder given by SPATIAL_CASES; its README says where each comes from.

The folder is no part of this repository: a test whose file is absent is skipped, and says which file.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parents[3]


def folder() -> Path:
    """Where the reference cases are, whether they are there or not."""
    return Path(os.environ.get("SPATIAL_CASES") or HERE.parent / "shared" / "fixtures" / "spatial")


def path(name: str) -> Path:
    """A file of the folder; skips the test that asks for one that is not there."""
    found = folder() / name
    if not found.is_file():
        pytest.skip(f"reference case {name} is not here")
    return found


def load(name: str) -> Any:
    """A JSON file of the folder; skips as `path` does."""
    return json.loads(path(name).read_text(encoding="utf-8"))
