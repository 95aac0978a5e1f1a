"""Columns of a Qualtrics export are grouped by ImportId or name; previews are no respondents."""

from __future__ import annotations

import csv
import io
import json

import pytest

from pipeline.readers import read_file
from pipeline.readers.surveys import qualtrics
from pipeline.readers.surveys.outline import Told

BOOKS = [("StartDate", "startDate"), ("EndDate", "endDate"), ("Status", "status"), ("IPAddress", "ipAddress"),
         ("Duration (in seconds)", "duration"), ("Finished", "finished"), ("RecordedDate", "recordedDate"),
         ("ResponseId", "_recordId"), ("DistributionChannel", "distributionChannel")]  # fmt: skip
ASKED = [
    ("Q1", "<b>How</b>\noften?", "QID1"),
    ("Q2", "Which? - Selected Choice", "QID2"),
    ("Q2_4_TEXT", "Which? - Other - Text", "QID2_4_TEXT"),
    ("Q3_1", "How good is: - Water", "QID3_1"),
    ("Q3_2", "How good is: - Seats - inside", "QID3_2"),
    ("Q4_1", "Need? - Water", "QID4_1"),
    ("Q4_2", "Need? - Rest", "QID4_2"),
    ("Q4_3", "Need? - Other", "QID4_3"),
    ("Q4_3_TEXT", "Need? - Other - Text", "QID4_3_TEXT"),
    ("Q5", "Why?", "QID5_TEXT"),
    ("Q5 - Topics", "Q5 - Topics", "QID5_TEXT_0123456789abTopics"),
    ("t_Page Submit", "Timing - Page Submit", "QID6_PAGE_SUBMIT"),
    ("station", "station", "station"),
]
ANSWERS = ["1", "1,4", "茶", "5", "4", "Water", "", "Other", "面", "NA", "", "3.2", "S1"]


def export(tmp_path, asked=ASKED, answers=(ANSWERS,), status=("0",), channel="anonymous", ids=True):
    """The table of an export with three (or two) header rows."""
    head = [
        [name for name, _ in BOOKS] + [one[0] for one in asked],
        [name for name, _ in BOOKS] + [one[1] for one in asked],
    ]
    if ids:
        head.append(
            [json.dumps({"ImportId": one}) for _, one in BOOKS] + [json.dumps({"ImportId": one[2]}) for one in asked]
        )
    books = [["2023-06-01 10:00:00", "2023-06-01 10:05:00", code, "203.0.113.7", "300", "1", "2023-06-01 10:05:01", f"R_{i}", channel]
             for i, code in enumerate(status)]  # fmt: skip
    text = io.StringIO()
    csv.writer(text).writerows([*head, *(book + list(own) for book, own in zip(books, answers, strict=True))])
    path = tmp_path / "a.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    (table,) = read_file(path)
    assert (table.family, len(table.header_cells)) == ("qualtrics", 3 if ids else 2)
    return table


def seen(stem):
    """A question's columns as (heading position after the books, item, option, is_fill_in)."""
    return [(part.position - len(BOOKS), part.item, part.option, part.is_fill_in) for part in stem.parts]


def test_every_column_is_accounted_for_once(tmp_path):
    found = qualtrics.outline(export(tmp_path))
    assert found.meta == {
        "started_at": (0,), "submitted_at": (1, 6), "dropped": (2, 3, 5, 8), "duration": (4,), "respondent": (7,),
    }  # fmt: skip
    assert found.rest == (19, 20, 21)
    assert [(stem.name, stem.number, stem.text) for stem in found.stems] == [
        ("Q1", 1, "How often?"), ("Q2", 2, "Which?"), ("Q3", 3, "How good is:"), ("Q4", 4, "Need?"), ("Q5", 5, "Why?"),
    ]  # fmt: skip


def test_columns_are_choices_rows_or_what_was_written(tmp_path):
    found = {stem.name: seen(stem) for stem in qualtrics.outline(export(tmp_path)).stems}
    assert found["Q2"] == [(1, "", "", False), (2, "", "Other", True)]
    assert found["Q3"] == [(3, "Water", "", False), (4, "Seats - inside", "", False)]
    assert found["Q4"] == [
        (5, "", "Water", False),
        (6, "", "Rest", False),
        (7, "", "Other", False),
        (8, "", "Other", True),
    ]
    assert found["Q5"] == [(9, "", "", False)]


def test_without_import_ids_names_and_shared_wording_group(tmp_path):
    with_ids = qualtrics.outline(export(tmp_path))
    without = qualtrics.outline(export(tmp_path, ids=False))
    assert (without.meta, without.rest) == (with_ids.meta, with_ids.rest)
    assert without.stems == with_ids.stems


def test_neighbours_with_numbers_but_other_wording_stay_apart(tmp_path):
    asked = [("wave_1", "Were you there?", ""), ("wave_2", "Will you go?", "")]
    found = qualtrics.outline(export(tmp_path, asked, [["1", "2"]], ids=False))
    assert [stem.name for stem in found.stems] == ["wave_1", "wave_2"]


def test_ranks_are_options_and_ratings_are_rows(tmp_path):
    asked = [
        ("Q1_1", "Order - A", "QID1_1"),
        ("Q1_2", "Order - B", "QID1_2"),
        ("Q2_1", "Rate - A", "QID2_1"),
        ("Q2_2", "Rate - B", "QID2_2"),
    ]
    answers = [
        ["1", "2", "1", "2"],
        ["2", "1", "2", "2"],
        ["1", "2", "1", "2"],
        ["", "1", "1", "2"],
        ["2", "1", "1", "2"],
    ]
    order, rate = qualtrics.outline(export(tmp_path, asked, answers, ["0"] * 5)).stems
    assert [part.option for part in order.parts] == ["A", "B"]
    assert [part.item for part in rate.parts] == ["A", "B"]


def test_a_form_says_what_the_values_cannot(tmp_path):
    asked = [("need_1", "Need? - Water", "QID4_1"), ("need_2", "Need? - Rest", "QID4_2")]
    (stem,) = qualtrics.outline(export(tmp_path, asked, [["1", "1"]]), {"need": Told("需要什么？", "multiple")}).stems
    assert (stem.text, [part.option for part in stem.parts]) == ("需要什么？", ["Water", "Rest"])


def test_a_name_loses_as_many_numbers_as_its_part_has(tmp_path):
    asked = [(f"fair_{i}_{j}", f"Fair? - {j}", f"QID{i}_{j}") for i in (1, 2) for j in (1, 2)]
    found = qualtrics.outline(export(tmp_path, asked, [["3", "4", "3", "4"]]))
    assert [stem.name for stem in found.stems] == ["fair_1", "fair_2"]


@pytest.mark.parametrize("mark", ["1", "Survey Preview", "2", "Survey Test", "8", "Spam", "17"])
def test_previews_tests_and_spam_are_listed(tmp_path, mark):
    table = export(tmp_path, answers=[ANSWERS, ANSWERS], status=["0", mark])
    assert qualtrics.preview_rows(table).to_list() == table.frame["source_row"].to_list()[1:]


def test_a_preview_is_known_by_its_channel_and_a_respondent_is_not_one(tmp_path):
    assert qualtrics.preview_rows(export(tmp_path, status=["IP Address"])).len() == 0
    assert qualtrics.preview_rows(export(tmp_path, channel="preview")).len() == 1


def test_the_older_layout_names_its_books_in_the_second_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "V1,V2,V3,V4,V5,V6,V7,V8,V9,V10,Q1,Q2_1,Q2_2,\n"
        "ResponseID,ResponseSet,Name,ExternalDataReference,EmailAddress,IPAddress,Status,StartDate,EndDate,Finished,How?,Rate-A,Rate-B,\n"
        "R_1,Default,,,,203.0.113.7,0,2023-06-01 10:00:00,2023-06-01 10:05:00,1,2,5,4,\n"
        "R_2,Default,,,,203.0.113.7,1,2023-06-01 10:00:00,2023-06-01 10:05:00,1,2,3,4,\n",
        encoding="utf-8",
    )
    (table,) = read_file(path)
    found = qualtrics.outline(table)
    assert found.meta == {
        "respondent": (0,),
        "dropped": (1, 2, 3, 4, 5, 6, 9),
        "started_at": (7,),
        "submitted_at": (8,),
    }
    assert [(stem.name, stem.text, [part.item for part in stem.parts]) for stem in found.stems] == [
        ("Q1", "How?", [""]), ("Q2", "Rate", ["A", "B"]),
    ]  # fmt: skip
    assert qualtrics.preview_rows(table).to_list() == [4]
