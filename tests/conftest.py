"""What several rooms of the tests share: the town lies on the path as `make_town`, xdist's groups stay together, and
unit and spec tests stay light."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
LIGHT = (TESTS / "unit", TESTS / "spec")
HEAVY = "great_expectations"  # seconds to import: tests of rules by SQL do without it
WAS_THERE = pytest.StashKey[bool]()

sys.path.insert(0, str(TESTS / "town"))


def is_light(item: pytest.Item) -> bool:
    """Whether a test is a unit or spec test."""
    return any(folder in item.path.parents for folder in LIGHT)


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
    """Note, before any fixture, whether a test of another kind has imported it in this process already."""
    item.stash[WAS_THERE] = HEAVY in sys.modules


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item):
    """A unit or spec test that has imported it, itself, by a fixture or through our own modules, fails."""
    if is_light(item) and HEAVY in sys.modules and not item.stash[WAS_THERE]:
        pytest.fail(f"a unit or spec test imported {HEAVY}: it belongs in tests/end_to_end", pytrace=False)
