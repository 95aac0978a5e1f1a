"""A ledger of 100,000 rows and 40 columns: reading and cleaning beside pandas + openpyxl doing the same work.

Each side runs in a process of its own, so that its peak memory is its own; what they find must be equal. `LEDGER_ROWS`
in the environment makes it smaller.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.big_ledger import PLAIN, SERVICES, write
from tests.benchmarks.figures import report

ROOT = Path(__file__).resolve().parents[2]
ROWS = int(os.environ.get("LEDGER_ROWS", "100000"))
COUNTS = ("n_stations", "n_hours", "n_offered", "n_said", "area", "opened")


def side(name: str, path: Path) -> dict[str, float]:
    """The figures of one side."""
    command = [sys.executable, "-m", "tests.benchmarks.ledger_sides", name, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_reading_and_cleaning_a_big_ledger(tmp_path: Path) -> None:
    """Both sides find the same; their seconds and memory are printed."""
    path = tmp_path / "驿站台账_2023-03-31.xlsx"
    write(path, ROWS)
    mine, theirs = side("ours", path), side("pandas", path)
    assert {name: mine[name] for name in COUNTS} == {name: theirs[name] for name in COUNTS}
    peer = "pandas + openpyxl"
    shape = f"{ROWS}x{len(PLAIN) + len(SERVICES)}"
    report(f"ledger_{shape}_read", mine["read"], "s", peer, theirs["read"])
    report(f"ledger_{shape}_clean", mine["clean"], "s", peer, theirs["clean"])
    total = [figures["read"] + figures["clean"] for figures in (mine, theirs)]
    report(f"ledger_{shape}_read_and_clean", total[0], "s", peer, total[1])
    report(f"ledger_{shape}_peak_memory", mine["peak_mb"], "MB", peer, theirs["peak_mb"])
