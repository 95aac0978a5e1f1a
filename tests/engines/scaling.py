"""One log on an engine of one worker and of two: `python bootstrap.py --with sail -- -m tests.engines.scaling sail` (or `spark`).

Prints one JSON line for each: seconds, and rows a second. `LOG_ROWS` in the environment says how many rows (2,000,000). Each
runs in a process of its own, DuckDB too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from pipeline.contracts import load_codebooks
from pipeline.logs import LogDelivery, load_logs
from pipeline.paths import study
from tests.benchmarks.big_log import SOURCE, STATIONS, write
from tests.engines.servers import missing, started

ROWS = int(os.environ.get("LOG_ROWS", "2000000"))


def load(file: Path, store: Path, remote: str | None) -> float:
    """Seconds for one load, duplicates and counts by month included."""
    began = time.perf_counter()
    result = load_logs(
        deliveries=[LogDelivery(file, SOURCE, "QC", "uses")], study=study(store), codebooks=load_codebooks(), stations=STATIONS,
        aliases=[], key=b"scaling", today=date(2026, 1, 1), remote=remote,
    )  # fmt: skip
    assert result.ledger["n_read"].sum() == ROWS
    return time.perf_counter() - began


def one(engine: str, workers: int, file: Path, store: Path) -> None:
    """One measurement, as a JSON line."""
    if engine == "duckdb":
        seconds = load(file, store, None)
    else:
        with started(engine, store / "work", spark=f"local-cluster[{workers},1,2048]", workers=workers) as remote:
            seconds = load(file, store, remote)
    print(
        json.dumps(
            {
                "engine": engine,
                "workers": workers,
                "rows": ROWS,
                "seconds": round(seconds, 1),
                "rows_per_second": round(ROWS / seconds),
            }
        )
    )


def main(engine: str) -> int:
    """DuckDB, then the engine with one worker and with two."""
    if reason := missing(engine):
        print(reason, file=sys.stderr)
        return 3
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "uses.csv"
        write(file, ROWS, days=61)
        for name, workers in (("duckdb", 0), (engine, 1), (engine, 2)):
            store = Path(folder) / f"{name}-{workers}"
            store.mkdir()
            command = [sys.executable, "-m", "tests.engines.scaling", name, str(workers), str(file), str(store)]
            if code := subprocess.run(command).returncode:
                return code
    return 0


if __name__ == "__main__":
    if len(sys.argv) > 2:
        one(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        sys.exit(main(sys.argv[1]))
