import numpy as np
import pytest

from pipeline.simulate.assumptions import generators, load_assumptions
from pipeline.simulate.defects import Record
from pipeline.simulate.geography import Area
from pipeline.simulate.stream import stream_logs
from pipeline.simulate.world import build_world

SEED, ROWS = 7, 30_000


@pytest.fixture(scope="session")
def world():
    """Ten stations and their 120 couriers."""
    area = Area("QC", "晴川街道（模拟）", "Qingchuan (simulated)", "晴川", "", 116.4476, 39.9022)
    random = generators(SEED, 1)[0]
    return build_world(area, load_assumptions(), random, stations=10, couriers=120, log_rows=None)


@pytest.fixture(scope="session")
def streamed(world, tmp_path_factory):
    """The folder of 30,000 streamed rows, and the truth about them."""
    raw = tmp_path_factory.mktemp("streamed")
    return raw, stream_logs(world, Record(raw, "QC", ""), ROWS, np.random.default_rng(SEED))
