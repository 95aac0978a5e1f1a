"""Topics of open answers: valid respondents by topic, among those who wrote something to the question."""

from __future__ import annotations

from datetime import date

from tests.unit.marts.small_world import ORIGIN, respondent, rows, survey, wave, world

PEOPLE = [
    respondent(1, "water", ""), respondent(2, "water", ""), respondent(3, "water", ""),
    respondent(4, "water", "", is_valid=False), respondent(5, "water", "", user_group_code="office_staff"),
]  # fmt: skip


def topic(number: int, code: str, question: str = "q1") -> dict:
    return {
        "wave_code": "w", "respondent_id": str(number), "area_code": "QC", "question_code": question, "topic_code": code,
        **ORIGIN,
    }  # fmt: skip


def quote(text: str) -> dict:
    return {
        "wave_code": "w", "area_code": "QC", "question_code": "q1", "topic_code": "water", "quote": text,
        "reviewed_by": "某", "reviewed_on": date(2023, 6, 1),
    }  # fmt: skip


def test_topics_count_valid_couriers_and_the_uncoded_have_a_row_of_their_own() -> None:
    told = [
        topic(1, "water"),
        topic(1, "price"),
        topic(2, "water"),
        topic(3, "uncoded"),
        topic(4, "water"),
        topic(5, "price"),
    ]
    told += [topic(1, "water", "q2")]
    con = world(
        **wave(), **survey(PEOPLE), clean_answer_topics=told, clean_released_quotes=[quote("热水没有"), quote("水凉")]
    )
    found = rows(
        con,
        "select question_code, topic_code, n_respondents, n_answered, period_code, population_code, quotes "
        "from mart.open_answer_topics order by 1, 2",
    )
    here = ("2023Q2", "attached")
    assert found == [
        ("q1", "price", 1, 3, *here, None),
        ("q1", "uncoded", 1, 3, *here, None),
        ("q1", "water", 2, 3, *here, "水凉\n热水没有"),
        ("q2", "water", 1, 1, *here, None),
    ]
