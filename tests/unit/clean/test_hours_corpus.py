"""How many opening hours are read right, on texts with labels written by hand; run with -s to see the scores."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from tests.unit.clean.hours_labels import cooling_centres, intervals, labelled, score

CENTRES = Path(__file__).resolve().parents[3].parent / "shared" / "real" / "fac-cooling-centers"
METHODS = " ".join((Path(__file__).resolve().parents[3] / "docs" / "methods.md").read_text(encoding="utf-8").split())
ENOUGH = 0.95
CHINESE = re.compile(r"[一-鿿]|\d")


@pytest.mark.parametrize("half", ["written", "heldout", "another"])
def test_hours_of_the_corpus_are_read_right_and_nothing_is_guessed(half):
    found = score((one["text"], one) for one in labelled(half))
    print(f"\n{half}: {found}")
    assert found.precision >= ENOUGH and found.recall >= ENOUGH, found.missed
    assert found.n_refused == found.n_unreadable
    assert found.wrong == ()


@pytest.mark.skipif(not CENTRES.is_dir(), reason="../shared/real/fac-cooling-centers is not there")
def test_hours_of_the_cooling_centres_are_read_right_and_nothing_is_guessed():
    with (CENTRES / "ok_cooling_centers_2024.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["hours_of_operation"] for row in csv.DictReader(file)]
    labels = cooling_centres()
    assert sorted(labels) == list(range(1, len(texts) + 1))
    found = score((text, labels[number]) for number, text in enumerate(texts, start=1))
    print(f"\ncooling centres: {found}")
    assert f"{found.right} of {found.labelled} intervals are right" in METHODS
    assert found.precision >= ENOUGH and found.recall >= ENOUGH, found.missed
    assert found.n_refused == found.n_unreadable
    assert found.wrong == ()


def test_the_page_on_methods_names_the_scores():
    texts = [one for half in ("written", "heldout") for one in labelled(half)]
    found = score((one["text"], one) for one in texts)
    assert f"On {len(texts)} texts" in METHODS and found.right == found.labelled
    assert f"all {found.right} intervals are right and all {found.n_unreadable} unreadable texts refused" in METHODS


def test_the_corpus_is_large_enough_and_its_halves_are_apart():
    halves = [{one["text"] for one in labelled(half)} for half in ("written", "heldout")]
    assert not halves[0] & halves[1]
    assert all(len(half) >= 100 for half in halves) and len(halves[0] | halves[1]) >= 200
    assert all(CHINESE.search(text) for half in halves for text in half)


def test_every_label_can_be_an_answer():
    labels = [*labelled("written"), *labelled("heldout"), *cooling_centres().values()]
    for one in (interval for label in labels for interval in intervals(label)):
        assert 1 <= one.weekday <= 7 and 0 <= one.opens < one.closes <= 1440
        assert one.access_mode in ("staffed", "scan_in", "as the ledger says")


def test_a_wrong_reading_lowers_the_score():
    found = score([("8:00-20:00", {"hours": ["1-5 08:00-20:00"]}), ("看情况", {"refuse": True})])
    assert (found.labelled, found.found, found.right, found.wrong) == (5, 7, 5, ("8:00-20:00",))
    assert (found.n_unreadable, found.n_refused) == (1, 1)
    missed = score([("看情况", {"hours": ["1 08:00-20:00"]}), ("8:00-20:00", {"refuse": True})])
    assert missed.missed == ("看情况",) and missed.wrong == ("8:00-20:00",) and missed.n_refused == 0
