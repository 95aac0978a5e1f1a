"""The labelled opening-hours texts of tests/fixtures/hours, and how many intervals of them a parser gets right."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.clean.hours import Interval, parse_hours

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "hours"
UNSAID = "as the ledger says"  # the way of entering handed in: a label without one means that the text says none


@dataclass(frozen=True)
class Score:
    """Intervals (weekday, opens, closes, way of entering, season) of readable texts, and whole texts."""

    labelled: int
    found: int
    right: int
    n_unreadable: int
    n_refused: int
    wrong: tuple[str, ...]  # texts accepted, and read in another way than labelled
    missed: tuple[str, ...]  # readable texts that were refused

    @property
    def precision(self) -> float:
        return self.right / self.found

    @property
    def recall(self) -> float:
        return self.right / self.labelled

    def __str__(self) -> str:
        return (
            f"intervals: {self.right} right of {self.found} found (precision {self.precision:.1%}) and {self.labelled} labelled "
            f"(recall {self.recall:.1%}); unreadable texts refused: {self.n_refused} of {self.n_unreadable}; "
            f"accepted and wrong: {len(self.wrong)}; readable and refused: {len(self.missed)}"
        )


def labelled(name: str) -> list[dict]:
    """The texts of one half of the corpus, `heldout` or `written`."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))["texts"]


def cooling_centres() -> dict[int, dict]:
    """The labels of the cooling centres by data row; their texts are not ours."""
    rows = tomllib.loads((FOLDER / "cooling_centres.toml").read_text(encoding="utf-8"))["rows"]
    return {row["row"]: row for row in rows}


def score(texts: Iterable[tuple[str, dict]]) -> Score:
    """What the parser makes of texts with their labels."""
    n_labelled = n_found = right = n_unreadable = n_refused = 0
    wrong, missed = [], []
    for text, label in texts:
        expected = intervals(label)
        parsed = parse_hours(text, UNSAID)
        found = set(parsed or [])
        n_labelled, n_found, right = n_labelled + len(expected), n_found + len(found), right + len(expected & found)
        n_unreadable += not expected
        n_refused += not expected and parsed is None
        if parsed is None and expected:
            missed.append(text)
        elif parsed is not None and found != expected:
            wrong.append(text)
    return Score(n_labelled, n_found, right, n_unreadable, n_refused, tuple(wrong), tuple(missed))


def intervals(label: dict) -> set[Interval]:
    """`{"hours": ["1-5 08:30-11:30 staffed 05-01..09-30"]}` as intervals; none for `{"refuse": True}`."""
    assert ("hours" in label) != label.get("refuse", False), label
    return {one for line in label.get("hours", []) for one in read_label(line)}


def read_label(line: str) -> list[Interval]:
    """One line of a label.

    >>> read_label("6 00:00-02:00 scan_in")
    [Interval(weekday=6, opens=0, closes=120, access_mode='scan_in', from_day=None, to_day=None)]
    """
    days, times, *more = line.split(" ")
    season = next((part for part in more if ".." in part), None)
    mode = next((part for part in more if ".." not in part), UNSAID)
    opens, closes = (minute(clock) for clock in times.split("-"))
    ends = season.split("..") if season else (None, None)
    return [Interval(day, opens, closes, mode, *ends) for day in weekdays(days)]


def weekdays(text: str) -> list[int]:
    """`1-4,6` → 1, 2, 3, 4, 6."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def minute(clock: str) -> int:
    """`8:30` as minutes after midnight."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
