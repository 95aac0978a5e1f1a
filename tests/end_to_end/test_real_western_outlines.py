"""Real Qualtrics and SurveyMonkey exports (public) are accounted for column by column."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pipeline.readers import read_file
from pipeline.readers.surveys import qualtrics, surveymonkey

REAL = Path(__file__).resolve().parents[3] / "shared" / "real"
FOLDERS = ("qualtrics-qualtRics", "qualtrics-carina", "surveymonkey-538")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not all((REAL / name).is_dir() for name in FOLDERS), reason=f"../shared/real/{FOLDERS} are not there"
    ),
]
SIZES = {
    "legitimacy_1": 4,
    "legitimacy_2": 4,
    "practice_m2": 5,
    "practice_m3": 5,
    "practice_m4.2": 5,
    "polarization": 20,
}


def accounted(found):
    """Every position that is accounted for, in order."""
    parts = [part.position for stem in found.stems for part in stem.parts]
    return sorted([*(i for positions in found.meta.values() for i in positions), *parts, *found.rest])


@pytest.fixture(scope="module", params=["numeric", "text"])
def carina(request):
    """156 responses, 195 columns, as numbers and as text."""
    return read_file(REAL / "qualtrics-carina" / f"carina_legitimacy_{request.param}.csv")[0]


def test_every_column_of_156_responses_is_accounted_for_once(carina):
    found = qualtrics.outline(carina)
    ids = [json.loads(cell)["ImportId"] for cell in carina.header_cells[2]]
    assert accounted(found) == list(range(195))
    assert {role: len(positions) for role, positions in found.meta.items()} == {
        "started_at": 1, "submitted_at": 2, "dropped": 12, "duration": 1, "respondent": 1,
    }  # fmt: skip
    timings = [i for i, one in enumerate(ids) if re.search("CLICK|PAGE_SUBMIT", one)]
    assert len(found.rest) == 122 == len(timings) + 4 + 4 + 2  # and browser, embedded data, topics
    assert set(timings) <= set(found.rest)


def test_questions_group_by_import_id(carina):
    found = qualtrics.outline(carina)
    ids = [json.loads(cell)["ImportId"] for cell in carina.header_cells[2]]
    assert len(found.stems) == 19
    assert {stem.name: len(stem.parts) for stem in found.stems if len(stem.parts) > 1} == SIZES
    for stem in found.stems:
        assert len({re.match(r"QID\d+", ids[part.position]).group() for part in stem.parts}) == 1
    (ranked,) = (stem for stem in found.stems if stem.name == "practice_m4.2")
    assert [part.option for part in ranked.parts] == ["yellow", "black", "green", "blue", "red"]
    assert all(part.item for stem in found.stems if stem.name in SIZES and stem is not ranked for part in stem.parts)


def test_names_alone_group_the_same_columns(carina):
    found = qualtrics.outline(carina)
    columns = [
        qualtrics.Column(i, name, text, name)
        for i, (name, text) in enumerate(zip(carina.header_cells[0], carina.header_cells[1], strict=True))
        if any(part.position == i for stem in found.stems for part in stem.parts)
    ]
    by_name = [(one.position, one.question) for one in qualtrics.columns_by_name(columns)]
    assert by_name == sorted((part.position, stem.name) for stem in found.stems for part in stem.parts)


def test_numbers_and_text_group_alike_and_hold_no_preview():
    tables = [read_file(REAL / "qualtrics-carina" / f"carina_legitimacy_{form}.csv")[0] for form in ("numeric", "text")]
    assert qualtrics.outline(tables[0]) == qualtrics.outline(tables[1])
    assert [qualtrics.preview_rows(table).len() for table in tables] == [0, 0]


def test_small_exports_with_three_and_two_header_rows():
    now, before = (read_file(REAL / "qualtrics-qualtRics" / name)[0] for name in ("sample.csv", "sample_legacy.csv"))
    for table, n_columns, n_rest in ((now, 20, 1), (before, 15, 0)):
        found = qualtrics.outline(table)
        assert (accounted(found), len(found.rest)) == (list(range(n_columns)), n_rest)
        assert [(stem.name, stem.text) for stem in found.stems] == [
            ("Q1", "This is a multiple choice question."), ("Q2", "This is a free text question."),
        ]  # fmt: skip
        (respondent,) = found.meta["respondent"]
        assert table.frame[f"c{respondent}"].to_list() == ["R_2YPOQ602ER1jkf1"]


@pytest.mark.parametrize(
    ("name", "n_stems"), [("comma-survey_comma-survey.csv", 12), ("flying-etiquette-survey_flying-etiquette.csv", 26)]
)
def test_surveymonkey_with_one_header_row_has_a_question_per_column(name, n_stems):
    (table,) = read_file(REAL / "surveymonkey-538" / name)
    found = surveymonkey.outline(table)
    assert (table.family, found.meta, found.rest) == ("surveymonkey", {"respondent": (0,)}, ())
    assert [stem.parts[0].position for stem in found.stems] == list(range(1, n_stems + 1))
    assert accounted(found) == list(range(n_stems + 1))
