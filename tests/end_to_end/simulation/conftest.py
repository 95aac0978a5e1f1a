import pytest

from pipeline.simulate import simulate


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """A small world: 12 stations, 120 couriers."""
    out = tmp_path_factory.mktemp("small")
    simulate(out, stations=12, couriers=120)
    return out


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """The sample as simulate writes it by default, with its truth."""
    out = tmp_path_factory.mktemp("sample")
    simulate(out)
    return out
