"""The sample on an engine of several processes on this machine: `python -m tests.engines.demo sail` (or `spark`).

The whole line runs, from raw files to findings; the events it stores are then set against those of DuckDB.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from pipeline.paths import REPOSITORY
from tests.engines.recording import unequal
from tests.engines.servers import missing, started

WORDS = {"sail": "Sail, 4 workers", "spark": "Apache Spark, local-cluster[2,1,2048]"}


def main(engine: str) -> int:
    """Run the sample twice, compare the events, say how long it took; the exit code of the line."""
    if reason := missing(engine):
        print(reason, file=sys.stderr)
        return 3
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        with started(engine, work / "work", spark="local-cluster[2,1,2048]") as remote:
            print(f"» {WORDS[engine]}: {remote}", flush=True)
            if code := run(work / engine, "--engine", "spark", "--remote", remote):
                return code
        print("» DuckDB", flush=True)
        if code := run(work / "duckdb"):
            return code
        theirs, ours = stored(work / engine), stored(work / "duckdb")
        if difference := unequal(ours, theirs):
            print(f"! {difference}", file=sys.stderr)
            return 1
        print(f"» 两边的 {ours.height} 条记录完全相同 · {ours.height} events, the same on both")
    return 0


def run(out: Path, *options: str) -> int:
    """The line on the sample, into a folder of its own."""
    began = time.monotonic()
    command = [sys.executable, "-m", "pipeline", "run", "--data", "data", "--out", str(out), *options]
    code = subprocess.run(command, cwd=REPOSITORY).returncode
    print(f"» {time.monotonic() - began:.0f} 秒 seconds", flush=True)
    return code


def stored(out: Path) -> pl.DataFrame:
    """All events of a run."""
    return pl.read_parquet(f"{out}/events/month=*/*.parquet", hive_partitioning=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
