"""What several rooms of the tests share: the hand-countable town lies on the path as `make_town`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "town"))
