"""Every platform's export of one model of answers, as far as it is quick: read back equal to what was answered, cell by cell.
All layouts and random answers: tests/end_to_end/test_every_platform.py."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.contracts.wave_files import load_wave
from tests.platforms.answers import BY_CODE, QUESTIONS, Pick, draw_answers, truth_of
from tests.platforms.every import PLATFORMS, cells, fitting, got, layouts, read_back, wanted
from tests.platforms.files import wave_text
from tests.platforms.leaks import leaks
from tests.platforms.personal import KINDS, planted_answers, values

FIRST = [(name, module.LAYOUTS[0]) for name, module in PLATFORMS.items()]


def test_the_questionnaire_asks_every_type_and_draws_every_state():
    assert {question.type for question in QUESTIONS} >= {
        "single", "multiple", "matrix", "ranking", "scale", "number", "text", "date", "place", "allocation",
    }  # fmt: skip
    states = {row[3] for sheet in draw_answers(30) for code in sheet.answers for row in truth_of(BY_CODE[code], sheet.answers[code])}  # fmt: skip
    assert states == {"answered", "blank", "not_shown"}


def test_the_truth_of_one_answer_can_be_counted_by_hand():
    rows = set(truth_of(BY_CODE["need"], (Pick("water"), Pick("other", "雨衣"))))
    assert rows == {
        ("need", "", "charging", "answered", None, 0.0),
        ("need", "", "water", "answered", None, 1.0),
        ("need", "", "meal_heating", "answered", None, 0.0),
        ("need", "", "other", "answered", "雨衣", 1.0),
        ("need", "", "none", "answered", None, 0.0),
    }


@pytest.mark.parametrize(("platform", "layout"), layouts())
def test_the_wave_of_every_layout_can_be_written_as_a_wave_file(platform, layout, tmp_path):
    wave = PLATFORMS[platform].wave(layout)
    path = tmp_path / "w.toml"
    path.write_text(wave_text(wave), encoding="utf-8")
    assert replace(load_wave(path), path=None) == wave


@pytest.mark.parametrize(("platform", "layout"), FIRST)
def test_an_export_says_what_was_answered(platform, layout, tmp_path):
    sheets = fitting(platform, draw_answers(6, seed=2))
    found = got(read_back(platform, layout, sheets, tmp_path), sheets)
    assert [found[place] ^ wanted(platform, layout, sheet) for place, sheet in enumerate(sheets)] == [set()] * len(
        sheets
    )


@pytest.mark.parametrize(("platform", "layout"), FIRST)
def test_the_way_back_writes_every_cell_as_it_stood(platform, layout, tmp_path):
    sheets = fitting(platform, draw_answers(6, seed=2))
    found = list(cells(platform, layout, sheets, tmp_path))
    assert len(found) >= 6 * (len(PLATFORMS[platform].questions(layout)) - 1)
    assert [cell for cell in found if cell.written != cell.back] == []


def test_planted_values_can_be_told_from_each_other_and_from_the_questionnaire():
    planted = values()
    assert len(planted) == 42 * len(KINDS) == 504
    text = repr(QUESTIONS)
    assert [value for value in planted if value in text] == []
    assert [(one, other) for one in planted for other in planted if one != other and one in other] == []


def test_a_planted_value_is_found_wherever_it_hides(tmp_path):
    PLATFORMS["wenjuanxing"].write(tmp_path / "xlsx", planted_answers(), "text")
    (tmp_path / "utf16.txt").write_bytes("手机 190-0310-0000".encode("utf-16-le"))
    found = leaks(tmp_path, values(), said="我叫王 珩澍")
    assert set(found) == set(values())
    assert "terminal" in found["王珩澍"] and "utf16.txt (UTF-16)" in found["19003100000"]


def test_nothing_is_found_where_nothing_was_planted(tmp_path):
    PLATFORMS["wenjuanxing"].write(tmp_path, draw_answers(5), "text")
    assert leaks(tmp_path, values()) == {}
