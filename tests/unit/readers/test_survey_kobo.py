"""A Kobo or ODK export is told apart into bookkeeping, questions and what belongs to none."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipeline.readers import read_file
from pipeline.readers.surveys import kobo
from pipeline.readers.surveys.outline import Told, ToldOption
from pipeline.readers.text_table import TextTable

EXPORT = {
    "start": ["2023-06-01T10:00:00.000+03:00", "2023-06-01T11:00:00.000+03:00"],
    "end": ["2023-06-01T10:10:00.000+03:00", "2023-06-01T11:10:00.000+03:00"],
    "basics/age": ["31", "45"],
    "needs/services": ["water rest", "n/a"],
    "needs/services/water": ["1", "n/a"],
    "needs/services/rest": ["1", "n/a"],
    "needs/services/meal": ["0", "n/a"],
    "needs/services_other": [None, None],
    "needs/note_thanks": [None, None],
    "place": ["39.90 116.44 40 5", "39.91 116.45 41 6"],
    "_place_latitude": ["39.90", "39.91"],
    "_place_longitude": ["116.44", "116.45"],
    "_id": ["1", "2"],
    "_uuid": ["a", "b"],
    "_submission_time": ["2023-06-01T08:00:00", "2023-06-01T09:00:00"],
    "_index": ["1", "2"],
}


def table(columns, **more):
    """A text table of named columns."""
    frame = pl.DataFrame({f"c{i}": pl.Series(cells, dtype=pl.String) for i, cells in enumerate(columns.values())})
    return TextTable(Path("a.csv"), "", tuple(columns), frame, header_cells=(tuple(columns),), **more)


def named(found, stem):
    """The columns of one question as (position, option, is_fill_in)."""
    (one,) = (one for one in found.stems if one.name == stem)
    return [(part.position, part.option, part.is_fill_in) for part in one.parts]


def accounted(found):
    """Every position that is accounted for, in order."""
    parts = [part.position for stem in found.stems for part in stem.parts]
    return sorted([*(i for positions in found.meta.values() for i in positions), *parts, *found.rest])


def test_the_uuid_is_the_respondent_and_the_index_and_coordinates_go():
    found = kobo.outline(table(EXPORT))
    assert found.meta == {
        "started_at": (0,),
        "submitted_at": (1, 14),
        "dropped": (9, 10, 11, 12, 15),
        "respondent": (13,),
    }


def test_joined_column_and_option_columns_are_one_question():
    found = kobo.outline(table(EXPORT))
    assert [stem.name for stem in found.stems] == ["age", "services", "services_other"]
    assert named(found, "services") == [
        (3, "", False), (4, "water", False), (5, "rest", False), (6, "meal", False),
    ]  # fmt: skip
    assert found.rest == (8,)
    assert accounted(found) == list(range(16))


def test_without_a_uuid_the_id_is_the_respondent():
    found = kobo.outline(table({"start": ["1"], "_id": ["7"], "_index": ["1"], "q": ["a"]}))
    assert found.meta["respondent"] == (1,)


@pytest.mark.parametrize("sign", ["/", ".", ":"])
def test_option_columns_alone_are_one_question(sign):
    found = kobo.outline(
        table(
            {
                f"g{sign}q{sign}a": ["True", "False"],
                f"g{sign}q{sign}b": ["False", None],
                "_uuid": ["x", "y"],
                "_id": ["1", "2"],
            }
        )
    )
    assert [(stem.name.endswith("q"), len(stem.parts)) for stem in found.stems] == [(True, 2)]


def test_a_group_of_questions_is_not_taken_for_options():
    found = kobo.outline(
        table({"g/water": ["yes", "no"], "g/rest": ["no", "no"], "_uuid": ["x", "y"], "_id": ["1", "2"]})
    )
    assert [stem.name for stem in found.stems] == ["water", "rest"]


def test_the_same_name_in_two_groups_keeps_its_path():
    found = kobo.outline(table({"a/q": ["x"], "b/q": ["y"], "c/r": ["z"], "_uuid": ["u"], "_id": ["1"]}))
    assert [stem.name for stem in found.stems] == ["a/q", "b/q", "r"]


def test_a_form_says_which_columns_are_options_and_what_was_written_beside_them():
    form = {
        "services": Told("需要什么", "multiple", (ToldOption("water", "饮水/热水"), ToldOption("other", "其他"))),
        "total": Told(),
    }
    columns = {
        "需要什么/饮水/热水": [None],
        "需要什么/其他": [None],
        "services_other": [None],
        "total": ["3"],
        "_uuid": ["u"],
    }
    found = kobo.outline(table(columns), form)
    assert [(stem.name, stem.told.type) for stem in found.stems] == [("需要什么", "multiple"), ("services_other", None)]
    named_by_code = {
        "services/water": [None],
        "services/other": [None],
        "services_other": ["茶"],
        "total": ["3"],
        "_uuid": ["u"],
    }
    found = kobo.outline(table(named_by_code), form)
    assert named(found, "services") == [(0, "water", False), (1, "other", False), (2, "other", True)]
    assert found.rest == (3,)


def test_a_repeat_group_is_known_and_lists_of_records_are_no_question():
    members = table({"age": ["3"], "_index": ["1"], "_parent_index": ["1"], "_submission__uuid": ["u"]})
    assert kobo.is_repeat(members)
    assert kobo.outline(members).meta == {"dropped": (1, 2, 3)}
    found = kobo.outline(
        table({"members": ['[{"age": "3"}]', "[]"], "instanceID": ["uuid:1", "uuid:2"], "A_start": ["x", "y"]})
    )
    assert (found.rest, [stem.name for stem in found.stems]) == ((0,), ["A_start"])


def test_an_odk_file_is_known_by_instance_and_times(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(
        '[{"A04_start": "2017-03-23T09:49:57.000Z", "A05_end": "2017-03-23T09:59:57.000Z", "instanceID": "uuid:1", "A08_ward": "w"}]'
    )
    (read,) = read_file(path)
    assert read.family == "kobo"
    assert kobo.outline(read).meta == {"started_at": (0,), "submitted_at": (1,), "respondent": (2,)}
