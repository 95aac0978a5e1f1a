"""Whether anything has changed since the last build is told without opening a raw file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline import unchanged
from pipeline.paths import study

LINKED = '[linkage.logs]\npurpose = "试"\nlegal_basis = "同意"\nretain_until = 2024-12-31\n'


@pytest.mark.parametrize(("today", "over"), [(date(2024, 12, 31), []), (date(2025, 1, 1), ["logs"])])
def test_a_term_that_ends_is_a_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, today: date, over: list[str]
) -> None:
    place = study(tmp_path)
    place.place.mkdir()
    (place.place / "study.toml").write_text(LINKED, encoding="utf-8")
    assert unchanged._lapsed(place, today) == over
    before = unchanged.fingerprint(place)
    monkeypatch.setattr(unchanged, "_lapsed", lambda *_: ["another"])
    assert unchanged.fingerprint(place) != before


@pytest.mark.parametrize(
    "text", ["", "linkage = 3", "[linkage]\nlogs = 1", "[linkage.logs]\nretain_until = 'soon'", "= ="]
)
def test_what_is_wrong_with_the_file_is_for_the_run_to_say(tmp_path: Path, text: str) -> None:
    place = study(tmp_path)
    place.place.mkdir()
    (place.place / "study.toml").write_text(text, encoding="utf-8")
    assert unchanged._lapsed(place, date(2026, 1, 1)) == []
