"""How long the line takes on the sample, stage by stage; and reading logs beside pandas on the same files.

Prints one JSON line per figure: {"name", "value", "unit", "peer", "peer_value", "ratio"}. Nothing is asserted about
time: machines are noisy, ratios hold better than seconds.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline import paths
from pipeline.readers import read_file
from tests.benchmarks.figures import report

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data"
pytestmark = pytest.mark.skipif(not (SAMPLE / "raw").is_dir(), reason="the sample study is not here")


def timed_run(study: Path) -> float:
    """Seconds of one whole `run`, interpreter included."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "pipeline", "run", "--data", str(study)], cwd=ROOT, check=True, capture_output=True
    )
    return time.perf_counter() - started


def test_the_line_on_the_sample(tmp_path: Path) -> None:
    """The whole line from nothing, then again with nothing changed."""
    study = tmp_path / "study"
    shutil.copytree(SAMPLE, study, ignore=shutil.ignore_patterns("processed", "truth", ".key"))
    report("line_from_nothing", timed_run(study), "s")
    report("line_nothing_changed", timed_run(study), "s")
    with duckdb.connect(str(paths.study(study).warehouse), read_only=True) as con:
        for stage, seconds in con.execute("select stage, seconds from audit.builds order by rowid").fetchall():
            report(f"stage_{stage}", seconds, "s")


def test_reading_lock_logs_beside_pandas() -> None:
    """Reading the GBK door logs as text with origin, beside pandas reading the same files as text."""
    import pandas as pd

    files = sorted((SAMPLE / "raw").glob("门禁/*.csv"))
    started = time.perf_counter()
    rows = pl.concat([read_file(path)[0].frame for path in files], how="diagonal").height
    ours = time.perf_counter() - started
    started = time.perf_counter()
    theirs_rows = len(pd.concat([pd.read_csv(path, encoding="gb18030", dtype=str) for path in files]))
    theirs = time.perf_counter() - started
    assert rows <= theirs_rows + 100  # the same files, whatever a total row is counted as
    report("read_lock_logs", ours, "s", "pandas.read_csv", theirs)
