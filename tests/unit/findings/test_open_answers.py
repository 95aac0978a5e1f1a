"""What respondents write: topics with counts above the threshold, sentences only where released."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline import findings
from pipeline.findings import open_answers
from tests.unit.findings.small_district import district


@pytest.fixture(scope="module")
def con():
    return district()


@pytest.fixture(scope="module")
def result(con):
    return findings.evaluate(con, ["open_answers"], findings.context_for(con, is_simulated=True))[0]


def row(result, topic):
    return result.table.filter(pl.col("topic_code") == topic).row(0, named=True)


def test_topics_are_counted_among_those_who_wrote_something(result):
    hours = row(result, "hours")
    assert (hours["n"], hours["n_answered"], hours["est"]) == (24, 45, round(24 / 45, 3))
    assert result.n == 45


def test_a_topic_of_four_is_hidden_with_its_released_sentence_and_takes_the_next_smallest_with_it(result):
    price, uncoded = row(result, "price"), row(result, "uncoded")
    assert (price["n"], price["est"], price["quotes"], price["suppressed"]) == (None, None, None, True)
    assert (uncoded["n"], uncoded["suppressed"]) == (None, True)


def test_a_released_sentence_stands_beside_its_topic(result):
    assert row(result, "hours")["quotes"] == "希望晚上也开门"
    assert row(result, "water")["quotes"] is None
    assert "quotes" in result.page_table.columns


def test_without_a_release_the_page_has_no_place_for_sentences(con, result):
    silent = result.table.with_columns(pl.lit(None, pl.String).alias("quotes"))
    assert "quotes" not in open_answers.for_page(silent, findings.context_for(con)).columns


def test_the_sentence_names_the_topics_and_quotes_nobody(result):
    assert "45名受访者" in result.sentence_zh and "开放时间、夜里、饮水、感谢、满意" in result.sentence_zh
    assert "53%" in result.sentence_zh and "53%" in result.sentence_en
    assert "希望晚上也开门" not in result.sentence_zh + result.sentence_en


def test_uncoded_answers_come_last(result):
    assert result.table["topic_code"].to_list() == ["hours", "water", "thanks", "queue", "price", "uncoded"]


def test_nothing_written_is_nothing_said(con, result):
    assert open_answers.speak(result.table.clear(), findings.context_for(con)).strength == "none"
