"""Engines started on this machine from packages: Sail with four workers, Apache Spark with two."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path


def missing(engine: str) -> str | None:
    """Why an engine cannot be started here; None if it can."""
    if engine == "sail" and find_spec("pysail") is None:
        return "pysail is not in this environment: make test-engines"
    if engine == "spark" and (find_spec("pyspark") is None or find_spec("py4j") is None):
        return "Apache Spark is not in this environment: make test-engines"
    if engine == "spark" and shutil.which("java") is None:
        return "Java is not installed"
    return None


@contextmanager
def started(engine: str, work: Path, *, spark: str = "local[2]", workers: int = 4) -> Iterator[str]:
    """The address of a fresh engine; Spark's starts with the first session and ends with this process."""
    os.environ.setdefault("RUST_LOG", "error")
    if engine == "spark":
        os.environ |= {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_WORKER_DIR": str(work), "SPARK_LOCAL_DIRS": str(work)}
        os.environ |= {
            "PYSPARK_SUBMIT_ARGS": '--conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false --conf spark.sql.shuffle.partitions=2 --driver-java-options "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=512m -XX:+UseSerialGC" pyspark-shell'
        }
        yield spark
        return
    os.environ |= {
        "SAIL_MODE": "local-cluster", "SAIL_CLUSTER__WORKER_INITIAL_COUNT": str(workers),
        "SAIL_CLUSTER__WORKER_MAX_COUNT": str(workers), "SAIL_CLUSTER__WORKER_TASK_SLOTS": str(64 // workers),
    }  # fmt: skip
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    try:
        yield f"sc://{host}:{port}"
    finally:
        server.stop()
