"""Each sign on sheets small enough to judge by eye, and what must not be one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean.surveys.quality.bursts import bursts
from pipeline.clean.surveys.quality.contradictions import contradictions
from pipeline.clean.surveys.quality.duplicates import repeated_keys
from pipeline.clean.surveys.quality.machine_timing import even_steps, machine_timed, same_second_of_minute, same_seconds
from pipeline.clean.surveys.quality.near_twins import near_twins
from pipeline.clean.surveys.quality.patterns import patterned
from pipeline.clean.surveys.quality.sheets import Sheets
from pipeline.clean.surveys.quality.speed import pace, speeders
from pipeline.clean.surveys.quality.straight_lines import straightliners
from pipeline.clean.surveys.quality.unlikely import fit, odd_sheets
from pipeline.contracts import Item, Option, Question, Wave
from pipeline.contracts.survey_quality import survey_quality

LIMITS = survey_quality().limits
DAY = 1_683_600_000
YES_NO = (Option("1", "是", 1, value="yes"), Option("2", "否", 2, value="no"))
AGREE = tuple(Option(str(n), f"选{n}", n) for n in range(1, 6))


def wave_of(*questions: Question) -> Wave:
    return Wave(
        code="w", label_zh="波", label_en="wave", platform_family="wenjuanxing", population_code="attached", mode_code="qr",
        opened_on=date(2023, 5, 1), closed_on=date(2023, 5, 31), consent_version="1", purpose="p", files={}, questions=questions,
    )  # fmt: skip


def answers_of(*rows: tuple[str, str, str, str, str | None, float | None]) -> pl.DataFrame:
    """Answered rows: respondent, question, item, option, text, number."""
    names = ["respondent_id", "question_code", "item_code", "option_code", "value_text", "value_number"]
    schema = dict(zip(names, [pl.String] * 5 + [pl.Float64], strict=True))
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        state=pl.lit("answered"), is_fill_in=pl.lit(False)
    )


def test_whoever_is_led_past_most_questions_is_no_speeder():
    ids = [str(n) for n in range(6)]
    people = pl.DataFrame({"respondent_id": ids, "duration_seconds": [200, 210, 220, 60, 60, None]})
    counts = pl.DataFrame({"respondent_id": ids, "n_answered": [30, 30, 30, 8, 30, 30]})
    assert speeders(pace(people, counts), LIMITS["speeder"]) == {"4"}


def test_where_everybody_is_quick_two_seconds_an_item_are_no_sign():
    ids = [str(n) for n in range(5)]
    people = pl.DataFrame({"respondent_id": ids, "duration_seconds": [40, 42, 44, 38, 36]})
    counts = pl.DataFrame({"respondent_id": ids, "n_answered": [30] * 5})
    assert not speeders(pace(people, counts), LIMITS["speeder"])


def grid(n_rows: int, reversed_row: int | None) -> Question:
    items = tuple(Item(str(row), f"行{row}", reversed=row == reversed_row) for row in range(n_rows))
    return Question("q1", 1, "matrix", "同意吗", items=items, options=AGREE)


@pytest.mark.parametrize(
    ("n_rows", "reversed_row", "marks", "is_straight"),
    [(6, 1, "444444", True), (6, None, "444444", False), (6, 1, "444445", False), (8, 1, "44444445", True),
     (8, 1, "42444444", False), (6, 1, "424444", False)],
)  # fmt: skip
def test_a_line_is_straight_only_over_a_reversed_row(n_rows, reversed_row, marks, is_straight):
    rows = [("a", "q1", str(row), "", mark, float(mark)) for row, mark in enumerate(marks)]
    found = straightliners(answers_of(*rows), wave_of(grid(n_rows, reversed_row)), LIMITS["straightliner"])
    assert found == ({"a"} if is_straight else set())


def test_ticks_that_wander_in_steps_are_a_pattern_and_content_people_are_none():
    rng = np.random.default_rng(1)
    sheets = [[str(mark) for mark in rng.integers(1, 6, 15)] for _ in range(60)]
    sheets += [list("123454321234543"), list("555555555555555")]
    rows = [(str(n), "q1", str(row), "", mark, 1.0) for n, sheet in enumerate(sheets) for row, mark in enumerate(sheet)]
    found = patterned(
        answers_of(*rows), np.array([str(n) for n in range(62)]), wave_of(grid(15, 1)), LIMITS["straightliner"]
    )
    assert np.flatnonzero(found).tolist() == [60]


def test_of_one_key_the_first_complete_sheet_stays():
    people = pl.DataFrame({
        "respondent_id": ["a", "b", "c", "d"], "panel_key": ["k", "k", "k", None], "submitted_at": [1, 2, 3, 4],
        "source_row": [1, 2, 3, 4],
    })  # fmt: skip
    counts = pl.DataFrame({"respondent_id": ["a", "b", "c", "d"], "n_shown": [20] * 4, "n_answered": [5, 20, 20, 20]})
    assert repeated_keys(people, counts, LIMITS["duplicate"]) == {"a", "c"}


def drawn(n: int, columns: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 5, (n, columns)).astype(np.int16)


def test_a_copy_with_two_answers_changed_is_a_twin_and_the_first_stays():
    codes = drawn(200, 30, 2)
    codes[150] = codes[20]
    codes[150, :2] = (codes[20, :2] + 1) % 5
    sheets = Sheets(np.array([str(n) for n in range(200)]), tuple(str(n) for n in range(30)), codes)
    assert near_twins(sheets, DAY + 3600.0 * np.arange(200), LIMITS["duplicate"]) == {"150"}


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_two_strangers_of_one_mind_are_no_twins(seed):
    mood = np.random.default_rng(seed).normal(0, 1, (150, 1))
    codes = np.clip(np.round(2 + mood + np.random.default_rng(seed + 1).normal(0, 0.7, (150, 30))), 0, 4).astype(
        np.int16
    )
    sheets = Sheets(np.array([str(n) for n in range(150)]), tuple(str(n) for n in range(30)), codes)
    assert len(near_twins(sheets, DAY + 3600.0 * np.arange(150), LIMITS["duplicate"])) <= 3


def test_answers_that_never_go_together_are_odd_and_usual_ones_are_not():
    rng = np.random.default_rng(3)
    kind = rng.integers(0, 3, 400)
    codes = np.where(rng.random((400, 16)) < 0.8, kind[:, None], rng.integers(0, 3, (400, 16))).astype(np.int16)
    for row in range(10):
        codes[row] = rng.integers(0, 3, 16)
    sheets = Sheets(np.array([str(n) for n in range(400)]), tuple(str(n) for n in range(16)), codes)
    odd = odd_sheets(fit(sheets, LIMITS["unlikely"]), LIMITS["unlikely"])
    assert odd[:10].sum() >= 9 and odd[10:].sum() <= 8


def test_where_answers_do_not_depend_on_each_other_nobody_is_odd():
    sheets = Sheets(np.array([str(n) for n in range(300)]), tuple(str(n) for n in range(20)), drawn(300, 20, 4))
    assert not odd_sheets(fit(sheets, LIMITS["unlikely"]), LIMITS["unlikely"]).any()


FACTS = wave_of(
    Question("q1", 1, "single", "听说过吗", variable="aware", options=YES_NO),
    Question("q2", 2, "single", "进去过吗", variable="entered", options=YES_NO),
    Question("q3", 3, "number", "几小时", variable="hours_per_day"),
    Question("q4", 4, "multiple", "需要", variable="need", missing_none="none",
             options=(Option("water", "喝水", 1, value="water"), Option("none", "都不", 2))),
)  # fmt: skip


def test_rules_find_what_cannot_both_be_true():
    rows = [
        ("a", "q1", "", "", "2", None), ("a", "q2", "", "", "1", None), ("b", "q1", "", "", "2", None),
        ("c", "q3", "", "", None, 25.0), ("d", "q3", "", "", None, 24.0),
        ("e", "q4", "", "water", None, 1.0), ("e", "q4", "", "none", None, 1.0),
        ("f", "q4", "", "water", None, 1.0), ("f", "q4", "", "none", None, 0.0),
    ]  # fmt: skip
    found = contradictions(answers_of(*rows), FACTS, survey_quality().contradictions)
    assert {code: who for code, who in found.items() if who} == {
        "unheard_of_yet_entered": {"a"}, "more_than_a_day": {"c"}, "need_none_and_some": {"e"},
    }  # fmt: skip


def test_a_rule_on_a_variable_that_is_not_asked_finds_nobody():
    asked = replace(FACTS, questions=FACTS.questions[:1])
    found = contradictions(answers_of(("a", "q1", "", "", "2", None)), asked, survey_quality().contradictions)
    assert not set().union(*found.values())


def honest_times(n: int, seed: int) -> np.ndarray:
    return np.sort(np.random.default_rng(seed).integers(DAY, DAY + 12 * 86400, n))


def test_sheets_sent_at_even_steps_among_honest_ones_are_machine_timed():
    times = np.concatenate([honest_times(200, 5), DAY + 400_000 + 61 * np.arange(12)])
    assert even_steps(times, LIMITS["machine_timed"])[-12:].all()
    assert even_steps(times, LIMITS["machine_timed"])[:-12].sum() <= 1


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([50, 400, 2000]))
def test_honest_times_are_hardly_ever_a_machine_s(seed, n):
    seconds = np.random.default_rng(seed).lognormal(5.3, 0.4, n).round()
    found = machine_timed(honest_times(n, seed).astype(float), seconds, LIMITS["machine_timed"])
    assert found.mean() <= 0.03


def test_times_in_whole_minutes_are_no_sign():
    times = honest_times(300, 6) // 60 * 60
    minutes = np.random.default_rng(6).integers(2, 9, 300) * 60
    assert not machine_timed(times.astype(float), minutes.astype(float), LIMITS["machine_timed"]).any()


def test_one_number_of_seconds_or_one_second_of_the_minute_too_often_is_a_sign():
    seconds = np.concatenate([np.random.default_rng(7).lognormal(5.3, 0.4, 300).astype(int), np.full(12, 97)])
    assert same_seconds(seconds, LIMITS["machine_timed"])[-12:].all()
    times = np.concatenate(
        [honest_times(100, 8), (DAY // 3600 + 9) * 3600 + 60 * np.array([1, 4, 5, 11, 20, 22, 31, 40])]
    )
    assert same_second_of_minute(times, LIMITS["machine_timed"])[-8:].all()


def test_a_crowd_is_no_burst_unless_its_sheets_are_odd():
    times = np.concatenate(
        [honest_times(300, 9), DAY + 500_000 + np.sort(np.random.default_rng(9).integers(0, 500, 25))]
    )
    usual = np.random.default_rng(10).normal(0, 1, 325)
    assert not bursts(times.astype(float), [usual], LIMITS["burst"]).any()
    odd = usual - 2 * (np.arange(325) >= 300)
    found = bursts(times.astype(float), [odd], LIMITS["burst"])
    assert found[300:].mean() > 0.8 and found[:300].sum() <= 1  # who is not odd in an odd crowd is spared
    spread_out = honest_times(325, 11).astype(float)
    assert not bursts(spread_out, [odd[np.random.default_rng(12).permutation(325)]], LIMITS["burst"]).any()


def test_without_times_there_is_neither_burst_nor_machine():
    nothing = np.full(20, np.nan)
    assert not machine_timed(nothing, nothing, LIMITS["machine_timed"]).any()
    assert not bursts(nothing, [np.zeros(20)], LIMITS["burst"]).any()
