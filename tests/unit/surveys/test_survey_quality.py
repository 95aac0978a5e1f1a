from __future__ import annotations

import polars as pl
import pytest

from pipeline.clean.surveys import clean_wave
from pipeline.clean.surveys.times import seconds_of, time_of
from pipeline.contracts.survey_quality import survey_quality
from tests.unit.surveys.questionnaire import CONTEXT, META, build_table, build_wave, meta_cells


def one(expression, text):
    return pl.DataFrame({"text": [text]}, schema={"text": pl.String}).select(expression(pl.col("text"))).item()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("137秒", 137), ("2分17秒", 137), ("00:02:17", 137), ("02:17", 137), ("137", 137), ("1小时2分3秒", 3723), ("137.0", 137),
     ("3分钟", 180), ("很快", None), ("", None), (None, None)],
)  # fmt: skip
def test_durations_are_read_as_platforms_write_them(text, seconds):
    assert one(seconds_of, text) == seconds


@pytest.mark.parametrize(
    ("text", "iso"),
    [("2023/9/8 12:24:22", "2023-09-08T12:24:22"), ("2023-09-08 12:24", "2023-09-08T12:24:00"),
     ("2023-09-08T12:24:22", "2023-09-08T12:24:22"), ("2023/13/8 12:24:22", None), ("昨天", None), (None, None)],
)  # fmt: skip
def test_times_are_read_as_platforms_write_them(text, iso):
    found = one(time_of, text)
    assert (found.isoformat() if found else None) == iso


TWIN_ANSWERS = int(survey_quality().limits["duplicate"]["twin_answers"])


def flags(headings, rows, *names, **given):
    result = clean_wave(build_wave(*names, **given), {"text": build_table([*META, *headings], rows)}, CONTEXT)
    return result.respondents


def test_a_speeder_takes_under_a_third_of_the_median():
    rows = [[*meta_cells(n, seconds), "骑手"] for n, seconds in enumerate((120, 120, 120, 40, 39), start=1)]
    assert flags(["1、您的职业"], rows, "group")["is_speeder"].to_list() == [False, False, False, False, True]


def test_without_times_nobody_is_a_speeder():
    rows = [[str(n), *[""] * 5, "骑手"] for n in (1, 2)]
    assert flags(["1、您的职业"], rows, "group")["is_speeder"].to_list() == [False, False]


def test_one_answer_in_every_row_of_a_matrix_with_reversed_rows_is_a_straight_line():
    rows = [[*meta_cells(1), "同意", "同意"], [*meta_cells(2), "同意", "不同意"], [*meta_cells(3), "同意", ""]]
    found = flags(["3、您同意吗—环境舒适", "不愿再来"], rows, "matrix")
    assert found["is_straightliner"].to_list() == [True, False, False]


def test_leaving_out_the_attention_check_is_not_failing_it():
    rows = [[*meta_cells(1), "同意"], [*meta_cells(2), "一般"], [*meta_cells(3), ""]]
    found = flags(["13、本题请选同意"], rows, "attention", drop_flags=("attention_failed",))
    assert found["is_attention_failed"].to_list() == [False, True, False]
    assert found["is_valid"].to_list() == [True, False, True]


def test_equal_sheets_are_no_duplicates_unless_long_near_in_time_and_place():
    from pipeline.contracts import Item, Option, Question

    rows = [Item(str(n), f"行{n}") for n in range(TWIN_ANSWERS)]
    options = tuple(Option(str(n), f"选{n}", n) for n in (1, 2, 3))
    long = Question("q3", 3, "matrix", "您同意吗", items=tuple(rows), options=options)
    from dataclasses import replace

    wave = replace(build_wave(), questions=(long,))
    answers = [f"选{n % 3 + 1}" for n in range(TWIN_ANSWERS)]
    sheets = [(1, 0, answers), (2, 9, answers), (3, 30, answers), (4, 31, [*answers[:-1], "选3"])]
    cells = [[*meta_cells(n, minute=minute), *given] for n, minute, given in sheets]
    table = build_table([*META, f"3、您同意吗—{rows[0].text}", *(row.text for row in rows[1:])], cells)
    found = clean_wave(wave, {"text": table}, CONTEXT).respondents
    assert found["is_duplicate"].to_list() == [False, True, False, False]
