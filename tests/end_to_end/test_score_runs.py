"""`make score` in small: it runs, says the same twice, and judges every figure that has a target."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def scored(*arguments):
    """What the scorer prints."""
    command = [sys.executable, "-m", "tests.score", "--quick", "--only", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout


@pytest.mark.slow
def test_the_scorer_prints_a_judged_table_and_the_same_twice():
    printed = scored("changes")
    rows = [line.split("|")[1:-1] for line in printed.splitlines() if line.startswith("|")][2:]
    assert len(rows) == 6
    assert [row[5].strip() in ("met", "**not met**") for row in rows] == [bool(row[4].strip()) for row in rows]
    assert scored("changes") == printed
