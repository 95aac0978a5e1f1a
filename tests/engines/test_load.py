"""A whole load on another engine stores the same events, and gives the same account of every row."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import polars as pl
import pytest

from pipeline.errors import FILE, PipelineError
from pipeline.logs import LogResult, steps
from pipeline.logs.engines import SparkEngine
from pipeline.logs.engines import open_engine as own
from pipeline.logs.engines.exchange import Exchange
from tests.engines.nasty import deliveries
from tests.engines.recording import unequal
from tests.engines.servers import started
from tests.unit.logs.log_room import Room

# of one engine: a load takes Apache Spark minutes on two processors (make spark-demo compares a whole run on it)
pytestmark = pytest.mark.parametrize(
    "engine", [pytest.param("sail", marks=pytest.mark.sail)], indirect=True, scope="session"
)
OTHERS = ("fates", "ledger", "notices", "unknown")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> LogResult:
    """What DuckDB makes of the nasty files."""
    room = Room(tmp_path_factory.mktemp("here"))
    return room.load(*deliveries(room, n_rows=120))


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory, engine: SparkEngine) -> LogResult:
    """What the other engine makes of them, in a session that goes on afterwards."""
    room = Room(tmp_path_factory.mktemp("there"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(steps, "open_engine", lambda study, remote=None: nullcontext(engine) if remote else own(study))
        return room.load(*deliveries(room, n_rows=120), remote="sc://there")


def test_the_same_events_are_stored_under_the_same_months(here: LogResult, there: LogResult):
    assert [(file.source_file_id, file.month_on, file.n_rows) for file in here.event_files] == [
        (file.source_file_id, file.month_on, file.n_rows) for file in there.event_files
    ]
    assert len(here.event_files) > 5
    for ours, theirs in zip(here.event_files, there.event_files, strict=True):
        frames = [pl.read_parquet(file.path, hive_partitioning=False) for file in (ours, theirs)]
        assert frames[0].schema == frames[1].schema
        assert unequal(*frames) == ""
        assert [file.path.parent.name for file in (ours, theirs)] == [f"month={ours.month_on:%Y-%m}"] * 2


@pytest.mark.parametrize("name", OTHERS)
def test_the_account_of_every_row_is_the_same(here: LogResult, there: LogResult, name: str):
    assert getattr(here, name).height
    assert getattr(there, name).equals(getattr(here, name))


def test_the_counts_of_each_month_are_the_same(here: LogResult, there: LogResult):
    assert [name for name, _ in here.cube_files] == [name for name, _ in there.cube_files]
    for (_, ours), (_, theirs) in zip(here.cube_files, there.cube_files, strict=True):
        frames = [pl.read_parquet(path) for path in (ours, theirs)]
        assert frames[0].schema == frames[1].schema
        assert unequal(*frames) == ""


def test_nothing_is_left_in_the_folder_between_us(there: LogResult, engine: SparkEngine):
    """Each name has one table at most: what a block or a month made goes when the next one makes its own."""
    left = [path for path in Path(engine.exchange.own).iterdir() if path.is_dir()]
    assert len(left) <= len({path.name.rsplit("-", 1)[0] for path in left})


def test_nothing_personal_goes_over(tmp_path: Path, engine: SparkEngine, monkeypatch: pytest.MonkeyPatch):
    """Numbers for persons, pseudonyms for months: no phone number, no name, no key."""
    handed: dict[str, str] = {}
    original = engine.register

    def noted(name: str, frame: pl.DataFrame) -> None:
        handed[name] = handed.get(name, "") + repr(frame.rows())
        original(name, frame)

    monkeypatch.setattr(engine, "register", noted)
    monkeypatch.setattr(steps, "open_engine", lambda study, remote=None: nullcontext(engine) if remote else own(study))
    room = Room(tmp_path)
    room.load(*deliveries(room, n_rows=30), remote="sc://there", key=b"a-secret-key")
    assert {"raw_log", "log_keys", "log_texts"} <= set(handed)
    assert [name for name, rows in handed.items() if "190000" in rows or "a-secret-key" in rows or "某人" in rows] == []


def test_an_engine_that_is_not_there_is_said_at_once(tmp_path: Path, engine: SparkEngine):
    with pytest.raises(PipelineError) as raised:
        SparkEngine("sc://127.0.0.1:1", tmp_path.as_posix())
    assert raised.value.exit_code == FILE
    assert [problem.code for problem in raised.value.problems] == ["engine_unreachable"]


def test_a_folder_that_is_not_shared_is_said_at_once(
    tmp_path: Path, engine: SparkEngine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Exchange, "holds", lambda self, address: False)  # they wrote it elsewhere
    with started("sail", tmp_path) as remote, pytest.raises(PipelineError) as raised:
        SparkEngine(remote, (tmp_path / "exchange").as_posix())
    assert [problem.code for problem in raised.value.problems] == ["engine_folder_not_shared"]
