"""Studies to run the whole line on; the town is built and run once for all tests of its group."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from make_town import make_town

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def line():
    """Runs `python -m pipeline …` as a person would, and gives the finished process (text in UTF-8)."""

    def run(*arguments, **variables):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
        environment.pop("PYTHONIOENCODING", None)
        environment.pop("WARM_STATIONS_KEY", None)
        command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=240)

    return run


@pytest.fixture(scope="session")
def town(tmp_path_factory, line):
    """The town, run once: its folder and the finished process. The path has a space and Chinese characters, the locale
    none: what works there works anywhere."""
    root = make_town(tmp_path_factory.mktemp("e2e") / "我的 研究")
    done = line("run", "--data", root, LC_ALL="C")
    assert done.returncode == 0, done.stderr
    return root, done


@pytest.fixture
def processed(town) -> Path:
    """What was built from the town."""
    return town[0] / "processed"
