"""Service logs at size: cleaning, duplicates, store and ledger beside DuckDB merely copying the same file, Polars and pandas
doing the same work; one new file into a large store; nothing changed; counting by hour.

Each side runs in a process of its own, so that its peak memory is its own. `LOG_ROWS` and `LOG_ROWS_LARGE` in the
environment make it smaller (20,000,000 and 100,000,000: 8 GB of disk, some minutes).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from tests.benchmarks.big_log import write
from tests.benchmarks.figures import report

ROOT = Path(__file__).resolve().parents[2]
ROWS = int(os.environ.get("LOG_ROWS", "20000000"))
LARGE = int(os.environ.get("LOG_ROWS_LARGE", "100000000"))
PANDAS = min(ROWS, 2_000_000)


def side(name: str, file: Path, store: Path) -> dict[str, float]:
    """The figures of one side."""
    command = [sys.executable, "-m", "tests.benchmarks.log_sides", name, str(file), str(store)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("log") / "uses.csv"
    write(path, ROWS)
    return path


def test_cleaning_beside_copying_reading_and_the_same_work_elsewhere(log: Path, tmp_path: Path) -> None:
    """What the sides that clean find is the same; seconds and memory are printed."""
    copied, read = (side(name, log, tmp_path / name) for name in ("copy", "read"))
    mine = side("ours", log, tmp_path / "ours")
    theirs = side("polars", log, tmp_path / "polars")
    assert mine["n_read"] == theirs["n_read"] == ROWS and mine["n_duplicate"] == theirs["n_duplicate"]
    assert mine["n_clean"] == ROWS - mine["n_duplicate"] and mine["n_duplicate"] >= ROWS // 250
    shape = f"{ROWS}"
    report(f"log_{shape}_clean", mine["seconds"], "s", "duckdb copy of the text", copied["seconds"])
    report(f"log_{shape}_clean", mine["seconds"], "s", "duckdb reading", read["seconds"])
    report(f"log_{shape}_clean", mine["seconds"], "s", "polars streaming", theirs["seconds"])
    report(f"log_{shape}_peak_memory", mine["peak_mb"], "MB", "polars streaming", theirs["peak_mb"])
    whole = side("counted", log, tmp_path / "counted")
    report(f"log_{shape}_clean_and_count_by_month", whole["seconds"], "s", "duckdb copy of the text", copied["seconds"])
    counted = side("cube", log, tmp_path / "ours")
    report(f"log_{shape}_cube", counted["seconds"], "s", "bare count by the same columns", counted["bare"])
    again = side("ours", log, tmp_path / "ours")
    report(f"log_{shape}_nothing_changed", again["seconds"], "s", "full load", mine["seconds"])


def test_the_same_work_in_pandas(tmp_path: Path) -> None:
    """Per row, on a file that pandas can hold."""
    path = tmp_path / "uses.csv"
    write(path, PANDAS)
    mine, theirs = side("ours", path, tmp_path / "ours"), side("pandas", path, tmp_path / "pandas")
    assert mine["n_duplicate"] == theirs["n_duplicate"]
    report(f"log_{PANDAS}_clean", mine["seconds"], "s", "pandas", theirs["seconds"])


def test_a_large_store_and_one_new_file(log: Path, tmp_path: Path) -> None:
    """Five times the rows, then one new file of one month among them."""
    small = side("counted", log, tmp_path / "small")
    shutil.rmtree(tmp_path / "small")
    folder = tmp_path / "files"
    folder.mkdir()
    write(folder / "uses.csv", LARGE, seed=2)
    full = side("counted", folder, tmp_path / "large")
    report(f"log_{LARGE}_clean_and_count_by_month", full["seconds"], "s", f"{ROWS} rows", small["seconds"])
    report(f"log_{LARGE}_peak_memory", full["peak_mb"], "MB", f"{ROWS} rows", small["peak_mb"])
    write(folder / "zz_new.csv", LARGE // 100, first=datetime(2024, 5, 1), days=31, seed=3)
    started = time.perf_counter()
    more = side("counted", folder, tmp_path / "large")
    seconds = time.perf_counter() - started
    report(f"log_{LARGE}_one_new_file_of_{LARGE // 100}", more["seconds"], "s", "full load", full["seconds"])
    report(f"log_{LARGE}_one_new_file_of_{LARGE // 100}_as_a_command", seconds, "s")
