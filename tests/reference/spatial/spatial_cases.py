"""Cases of space and time whose answers others published, or that were worked out by hand: the folder SPATIAL_CASES.

It is no part of this repository: each case is skipped, with a reason, where its file is absent. What a test compares, it reads
from the files, so that others of the same form can stand in for them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("SPATIAL_CASES") or HERE.parent / "shared" / "fixtures" / "spatial")


def needs(*names: str) -> pytest.MarkDecorator:
    """Skip where one of these files is absent, and say which."""
    absent = [name for name in names if not (FOLDER / name).is_file()]
    return pytest.mark.skipif(bool(absent), reason=f"not in the folder of spatial cases: {', '.join(absent)}")


def path(name: str) -> Path:
    """A file of the folder; skips the test that asks for one that is not there."""
    found = FOLDER / name
    if not found.is_file():
        pytest.skip(f"not in the folder of spatial cases: {name}")
    return found


def load(name: str) -> Any:
    """A JSON file of the folder; skips as `path` does."""
    return json.loads(path(name).read_text(encoding="utf-8"))
