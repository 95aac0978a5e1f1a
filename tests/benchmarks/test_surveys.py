"""A survey export of 1,000,000 answers (20,000 respondents × 50 columns): reading, decoding and checking beside
pandas + openpyxl doing the same work.

Each side runs in a process of its own, so that its peak memory is its own; what they find must be equal. `RESPONDENTS` in
the environment makes it smaller.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.big_survey import META, headings, write
from tests.benchmarks.figures import report

ROOT = Path(__file__).resolve().parents[2]
RESPONDENTS = int(os.environ.get("RESPONDENTS", "20000"))
TIMES = ("read", "decode", "peak_mb")
MARKS = ("n_speeders", "n_straight")  # the peer has the simple rules, this project more


def side(name: str, path: Path) -> dict[str, float]:
    """The figures of one side."""
    command = [sys.executable, "-m", "tests.benchmarks.survey_sides", name, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_reading_decoding_and_checking_a_big_survey(tmp_path: Path) -> None:
    """Both sides find the same; their seconds and memory are printed."""
    path = tmp_path / "1_按文本_大样例.xlsx"
    write(path, RESPONDENTS)
    mine, theirs = side("ours", path), side("pandas", path)
    counts = [name for name in mine if name not in (*TIMES, *MARKS)]
    assert {name: mine[name] for name in counts} == {name: theirs[name] for name in counts}
    peer = "pandas + openpyxl"
    shape = f"{RESPONDENTS}x{len(headings()) - len(META)}"
    report(f"survey_{shape}_read", mine["read"], "s", peer, theirs["read"])
    report(f"survey_{shape}_decode_and_check", mine["decode"], "s", peer, theirs["decode"])
    total = [figures["read"] + figures["decode"] for figures in (mine, theirs)]
    report(f"survey_{shape}_all", total[0], "s", peer, total[1])
    report(f"survey_{shape}_peak_memory", mine["peak_mb"], "MB", peer, theirs["peak_mb"])
