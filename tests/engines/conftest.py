"""One of each engine for all tests of this folder."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from pipeline.logs.engines import SparkEngine
from tests.engines.servers import missing, started

_LONGEST = 1200  # seconds
ENGINES = [pytest.param("sail", marks=pytest.mark.sail), pytest.param("spark", marks=pytest.mark.spark)]


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkEngine]:
    """Sail, then Apache Spark: each only where it is installed."""
    if reason := missing(request.param):
        pytest.skip(reason)
    work = tmp_path_factory.mktemp(request.param)
    if hasattr(signal, "alarm"):  # an engine that dies leaves its client waiting for ever
        signal.alarm(_LONGEST)
    with started(request.param, work / "work") as remote, SparkEngine(remote, (work / "exchange").as_posix()) as engine:
        yield engine
