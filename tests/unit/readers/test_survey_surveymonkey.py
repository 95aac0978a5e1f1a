"""A SurveyMonkey export with one header row or two is told apart into bookkeeping and questions."""

from __future__ import annotations

from pipeline.readers import read_file
from pipeline.readers.surveys import surveymonkey

META = "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,Last Name,Custom Data 1"
PEOPLE = ["1,9,06/01/2023 10:00,06/01/2023 10:05,,,,,", "2,9,06/01/2023 11:00,06/01/2023 11:05,,,,,"]


def outline_of(tmp_path, questions, options, *answers):
    """The outline of two respondents' answers below two header rows."""
    path = tmp_path / "a.csv"
    rows = [f"{person},{answer}" for person, answer in zip(PEOPLE, answers, strict=True)]
    path.write_text("\n".join([f"{META},{questions}", f",,,,,,,,,{options}", *rows]) + "\n", encoding="utf-8")
    (table,) = read_file(path)
    assert (table.family, len(table.header_cells)) == ("surveymonkey", 2)
    return surveymonkey.outline(table)


def parts(stem):
    """A question's columns as (position, item, option, is_fill_in)."""
    return [(part.position, part.item, part.option, part.is_fill_in) for part in stem.parts]


def test_nine_columns_keep_the_books(tmp_path):
    found = outline_of(tmp_path, "How often?", "Response", "Daily", "Never")
    assert found.meta == {"respondent": (0,), "dropped": (1, 4, 5, 6, 7, 8), "started_at": (2,), "submitted_at": (3,)}
    assert [(stem.name, parts(stem)) for stem in found.stems] == [("How often?", [(9, "", "", False)])]


def test_a_question_goes_on_to_the_right_and_options_hold_their_own_words(tmp_path):
    found = outline_of(
        tmp_path,
        "Which do you need?,,,,Why?",
        "Water,18 - 20 degrees,Other (please specify),Rest,Open-Ended Response",
        "Water,,tea,,hot",
        ",18 - 20 degrees,,Rest,",
    )
    need, why = found.stems
    assert parts(need) == [
        (9, "", "Water", False), (10, "", "18 - 20 degrees", False), (11, "", "Other (please specify)", True),
        (12, "", "Rest", False),
    ]  # fmt: skip
    assert parts(why) == [(13, "", "", False)]


def test_one_answer_and_what_was_written_beside_it(tmp_path):
    (stem,) = outline_of(tmp_path, "Platform?,", "Response,Other (please specify)", "A,", ",my own").stems
    assert parts(stem) == [(9, "", "", False), (10, "", "Other (please specify)", True)]


def test_rows_of_a_matrix_hold_different_words(tmp_path):
    found = outline_of(tmp_path, "How good is it?,,", "Water,Seats,", "Good,Bad,", "Bad,Bad,")
    (stem,) = found.stems
    assert parts(stem) == [(9, "Water", "", False), (10, "Seats", "", False)]


def test_a_matrix_of_ticks_has_rows_and_options(tmp_path):
    found = outline_of(
        tmp_path, "When?,,", "Water - Morning,Water - Evening,Rest - Morning", "Morning,,Morning", ",Evening,"
    )
    assert parts(found.stems[0]) == [
        (9, "Water", "Morning", False),
        (10, "Water", "Evening", False),
        (11, "Rest", "Morning", False),
    ]


def test_a_repeated_heading_goes_on_until_its_options_begin_again(tmp_path):
    found = outline_of(tmp_path, "Need?,Need?,Need?", "Water,Rest,Water", "Water,,Water", ",Rest,")
    assert [[part.position for part in stem.parts] for stem in found.stems] == [[9, 10], [11]]


def test_a_question_for_a_name_is_a_question(tmp_path):
    found = outline_of(tmp_path, "First Name,Need?", "Open-Ended Response,Response", "甲,Water", ",Rest")
    assert [stem.name for stem in found.stems] == ["First Name", "Need?"]


def test_one_header_row_has_one_question_per_column(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('RespondentID,How often do you rest?,Gender\n1,"Daily, or more",Male\n', encoding="utf-8")
    (table,) = read_file(path)
    found = surveymonkey.outline(table)
    assert (found.meta, [stem.name for stem in found.stems]) == (
        {"respondent": (0,)},
        ["How often do you rest?", "Gender"],
    )
