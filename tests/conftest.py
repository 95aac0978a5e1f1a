"""What several rooms of the tests share: the town lies on the path as `make_town`, xdist's groups stay together, and
unit and spec tests stay light."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
LIGHT = (TESTS / "unit", TESTS / "spec")
HEAVY = "great_expectations"  # seconds to import: tests of rules by SQL do without it
WORKER = "pipeline.validate.worker"  # the process that imports it for us
STARTED: list[str] = []  # the commands of such processes
BEFORE = pytest.StashKey[tuple[bool, int]]()

sys.path.insert(0, str(TESTS / "town"))
# Charts import altair, altair jsonschema, and that compiles a grammar of international addresses for more than a second
# if it finds one. Nothing here checks such addresses.
sys.modules["rfc3987_syntax"] = None


def note_workers(event, args):
    """Keep the command of every process that will import what is heavy."""
    if event == "subprocess.Popen" and WORKER in str(args[1]):
        STARTED.append(str(args[1]))


sys.addaudithook(note_workers)


def is_light(item: pytest.Item) -> bool:
    """Whether a test is a unit or spec test."""
    return any(folder in item.path.parents for folder in LIGHT)


def pytest_configure(config):
    """The marks of xdist are known without it, too."""
    config.addinivalue_line("markers", "xdist_group(name): one worker runs all tests of the group")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Name each test's xdist group in its id, as `--dist loadgroup` expects; a unit or spec test without one goes with
    its file, so that one worker builds what the file shares.

    pytest-xdist 3.8 writes it to `item._nodeid`, which pytest 9.2 no longer reads: without this every worker would build
    the fixtures of a group again. Does nothing where the id says it already.
    """
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        names = sorted({str(mark.args[0]) for mark in item.iter_markers("xdist_group") if mark.args})
        if not names and is_light(item):
            names = [item.path.stem]
        ending = "@" + "_".join(names)
        if names and not item.nodeid.endswith(ending) and hasattr(item, "_id"):
            item._id = type(item._id).parse(item.nodeid + ending)


def pytest_collection_finish():
    """Importing the tests, whichever, imports nothing heavy: it would be paid by every run."""
    if HEAVY in sys.modules:
        raise pytest.UsageError(f"a test module imports {HEAVY} at its head; import it inside the test, in end_to_end/")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Note, before any fixture, what tests of another kind have imported and started in this process already."""
    item.stash[BEFORE] = (HEAVY in sys.modules, len(STARTED))


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item):
    """A unit or spec test that has imported it, itself, by a fixture, through our own modules or in a worker, fails."""
    if is_light(item) and (HEAVY in sys.modules, len(STARTED)) != item.stash[BEFORE]:
        pytest.fail(f"a unit or spec test imported {HEAVY}: it belongs in tests/end_to_end", pytrace=False)
