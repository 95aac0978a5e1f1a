"""docs/surveys.md says exactly what reading may change, and names every platform, question type and mark."""

from __future__ import annotations

from pathlib import Path

from pipeline.clean.surveys.normalised import NORMALISATIONS
from pipeline.contracts.wave import FAMILIES, FLAGS, QUESTION_TYPES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "surveys.md").read_text(encoding="utf-8")


def test_the_page_lists_the_declared_normalisations_and_no_other():
    rules = PAGE.split("## What reading may change")[1].split("\nProved on")[0]
    lines = [line for line in rules.splitlines() if line.startswith("| `")]
    assert lines == [f"| `{name}` | {zh} · {en} |" for name, (zh, en) in NORMALISATIONS.items()]


def test_the_page_names_every_platform_question_type_and_mark():
    assert [name for name in FAMILIES if f"`{name}`" not in PAGE] == []
    assert " ".join(QUESTION_TYPES) in PAGE
    assert [flag for flag in FLAGS if f"`is_{flag}`" not in PAGE] == []
