"""What several rooms of the tests share: the town lies on the path as `make_town`, and xdist's groups stay together."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent / "town"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Name each test's xdist group in its id, as `--dist loadgroup` expects.

    pytest-xdist 3.8 writes it to `item._nodeid`, which pytest 9.2 no longer reads: without this every worker would build
    the fixtures of a group again. Does nothing where the id says it already.
    """
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        names = sorted({str(mark.args[0]) for mark in item.iter_markers("xdist_group") if mark.args})
        ending = "@" + "_".join(names)
        if names and not item.nodeid.endswith(ending) and hasattr(item, "_id"):
            item._id = type(item._id).parse(item.nodeid + ending)
