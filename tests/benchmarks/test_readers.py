"""Reading a ledger workbook of 100,000 rows and 40 columns, beside pandas with openpyxl on the same file.

Each side runs in a process of its own, so that the peak of its memory is its own. Prints one JSON line per figure. Nothing is
asserted about time: machines are noisy, ratios hold better than seconds.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter

from tests.benchmarks.test_line import ROOT, report

ROWS, COLUMNS = 100_000, 40
PEER = "pandas + openpyxl"
OURS = """
from pipeline.readers import read_file
(table,) = read_file(sys.argv[1])
shape = table.frame.height, len(table.columns)
"""
THEIRS = """
import pandas
frame = pandas.read_excel(sys.argv[1], engine="openpyxl", header=1)
shape = frame.shape
"""
MEASURED = """
import json, sys, time
started = time.perf_counter()
{work}
seconds, busy = time.perf_counter() - started, time.process_time()
try:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
except ImportError:
    import psutil
    peak = psutil.Process().memory_info().peak_wset / 1e6
print(json.dumps([seconds, busy, peak, *shape]))
"""


def cell(column: int, rng: random.Random) -> object:
    """A value as ledgers hold them: names, counts, measures, dates, ticks, phones as numbers, blanks."""
    kinds = (
        lambda: f"晴川{rng.randrange(3000)}号驿站",
        lambda: rng.randrange(1000),
        lambda: rng.random() * 100,
        lambda: dt.date(2023, 1, 1) + dt.timedelta(days=rng.randrange(365)),
        lambda: rng.choice("√×"),
        lambda: 13_800_000_000 + rng.randrange(100_000_000),
        lambda: f"说明{rng.randrange(10**6)}" if rng.random() < 0.3 else None,
        lambda: dt.datetime(2023, 1, 1) + dt.timedelta(minutes=rng.randrange(500_000)),
    )
    return kinds[column % len(kinds)]()


def make_ledger(path: Path) -> Path:
    """A title line, a header and the records, all simulated."""
    rng = random.Random(20230514)
    with xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        page = book.add_worksheet("台账")
        page.write(0, 0, "驿站台账（模拟）")
        page.write_row(1, 0, [f"栏目{i}" for i in range(COLUMNS)])
        for row in range(ROWS):
            for column in range(COLUMNS):
                value = cell(column, rng)
                if value is not None:
                    page.write(row + 2, column, value)
    return path


def measured(work: str, path: Path) -> tuple[float, float, float, int, int]:
    """Seconds, seconds of the processor, peak memory in MB, rows and columns of one piece of work in a process of its own."""
    code = MEASURED.format(work=work)
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, check=True, capture_output=True, text=True)
    return tuple(json.loads(done.stdout.splitlines()[-1]))


def test_reading_a_large_ledger(tmp_path: Path) -> None:
    path = make_ledger(tmp_path / "台账.xlsx")
    seconds, busy, peak, *shape = measured(OURS, path)
    assert shape == [ROWS, COLUMNS]
    if importlib.util.find_spec("openpyxl") is None:
        report("read_large_ledger", seconds, "s")
        report("read_large_ledger_memory", peak, "MB")
        pytest.skip(f"{PEER}: openpyxl is not installed here")
    peer_seconds, peer_busy, peer_peak, *peer_shape = measured(THEIRS, path)
    assert peer_shape == shape
    report("read_large_ledger", seconds, "s", PEER, peer_seconds)
    report("read_large_ledger_cpu", busy, "s", PEER, peer_busy)
    report("read_large_ledger_memory", peak, "MB", PEER, peer_peak)
