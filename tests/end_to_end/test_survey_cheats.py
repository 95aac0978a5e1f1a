"""Whole simulated waves with known cheats and honest oddities: who is flagged."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.simulate.cheats.first_unseen import UNSEEN
from pipeline.simulate.cheats.tuned import TUNED
from tests.benchmarks.score_surveys import flagged_sheets

CHEATING = pl.col("cheat") != ""


def shares(sheets: pl.DataFrame) -> dict[str, float]:
    return dict(sheets.filter(CHEATING).group_by("cheat").agg(pl.col("any").mean()).iter_rows())


@pytest.fixture(scope="module")
def tuned():
    return flagged_sheets(103, 1000, TUNED)


@pytest.fixture(scope="module")
def unseen():
    return flagged_sheets(104, 1000, UNSEEN)


def test_cheats_of_the_kinds_tuned_on_are_found(tuned):
    assert tuned.filter(CHEATING)["any"].mean() >= 0.95


def test_honest_people_are_left_alone_however_odd(tuned, unseen):
    for sheets in (tuned, unseen):
        assert sheets.filter(~CHEATING)["any"].mean() <= 0.025
    crowds = pl.concat([tuned, unseen]).filter(
        pl.col("odd").is_in(["activity_day", "workmates", "one_phone", "content_people"])
    )
    assert crowds["any"].mean() <= 0.04


def test_unseen_kinds_that_leave_a_trace_are_found(unseen):
    found = shares(unseen)
    for kind in ("zigzag", "near_copies", "clockwork", "thrice", "attentive_straight_lines"):
        assert found[kind] >= 0.9, kind


def test_of_bots_that_answer_as_people_do_most_contradict_themselves(unseen):
    assert shares(unseen)["bots_by_margins"] >= 0.5


def test_the_same_wave_gives_the_same_flags():
    assert flagged_sheets(7, 200, TUNED).equals(flagged_sheets(7, 200, TUNED))
