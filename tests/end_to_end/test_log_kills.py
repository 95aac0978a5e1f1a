"""A load that is killed at any moment leaves the store as it was, and the next load completes it."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.logs.settings import limits
from tests.end_to_end.log_kills import deliveries
from tests.unit.logs.log_room import Room, events

ROOT = Path(__file__).resolve().parents[2]
POINTS = 50


@pytest.fixture
def in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits()["work"], "stream_bytes", 0)
    monkeypatch.setitem(limits()["work"], "block_rows", 40)


def killed_after(seconds: float, folder: Path) -> bool:
    """Load in a process that is killed after so many seconds of work; whether it had ended before."""
    command = [sys.executable, "-m", "tests.end_to_end.log_kills", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("go\n")
        process.stdin.flush()
        time.sleep(seconds)
        process.kill()
        return "done" in process.stdout.read()


def told(result) -> tuple:
    return result.fates.rows(), result.ledger.rows(), result.notices.rows(), events(result).rows()


@pytest.mark.slow
def test_a_kill_at_any_moment_costs_nothing_but_time(tmp_path: Path, in_blocks: None) -> None:
    whole = Room(tmp_path / "whole")
    started = time.perf_counter()
    expected = told(whole.load(*deliveries(whole)))
    usual = time.perf_counter() - started
    room = Room(tmp_path / "killed")
    earlier = room.load(deliveries(room)[2])  # the build before, whose files must stay
    kept = {path: path.read_bytes() for path in earlier.files}
    dice, n_ended = random.Random(20230514), 0
    for _ in range(POINTS):
        n_ended += killed_after(dice.uniform(0, usual), room.study.root)
        assert {path: path.read_bytes() for path in kept if path.exists()} == kept
        if dice.random() < 0.3:  # else the next process goes on from what this one left
            assert told(room.load(*deliveries(room))) == expected
            shutil.rmtree(room.study.events)
            earlier = room.load(deliveries(room)[2])
            assert {path: path.read_bytes() for path in earlier.files} == kept
    assert told(room.load(*deliveries(room))) == expected
    assert n_ended < POINTS
