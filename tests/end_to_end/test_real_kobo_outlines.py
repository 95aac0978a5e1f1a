"""Real Kobo and ODK exports (public) are accounted for column by column, and a real XLSForm tells what was shown."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipeline.readers import read_file
from pipeline.readers.surveys import kobo, xlsform

REAL = Path(__file__).resolve().parents[3] / "shared" / "real"
KOBO, ODK = REAL / "kobo-cleaningtools", REAL / "odk-safi"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (KOBO.is_dir() and ODK.is_dir()), reason="../shared/real/{kobo-cleaningtools,odk-safi} are not there"
    ),
]


@pytest.fixture(scope="module")
def raw():
    """632 interviews, 348 columns."""
    return read_file(KOBO / "cleaningtools_raw_data.csv")[0]


@pytest.fixture(scope="module")
def form():
    """The form of those interviews, from two CSV files."""
    return xlsform.form(
        *xlsform.find([read_file(KOBO / f"cleaningtools_{name}.csv")[0] for name in ("choices", "survey")])
    )


def accounted(found):
    """Every position that is accounted for, in order."""
    parts = [part.position for stem in found.stems for part in stem.parts]
    return sorted([*(i for positions in found.meta.values() for i in positions), *parts, *found.rest])


def test_every_column_of_the_raw_data_is_accounted_for_once(raw, form):
    headings = raw.header_cells[0]
    dotted = [name for name in headings if "." in name and name != "X.U.FEFF.start"]
    for found in (kobo.outline(raw), kobo.outline(raw, form)):
        assert accounted(found) == list(range(348))
        assert [headings[i] for i in found.meta["respondent"]] == ["X_uuid"]
        assert len(found.stems) == 348 - len(dotted) - 10 == 150
        assert sum(len(stem.parts) > 1 for stem in found.stems) == len({name.split(".")[0] for name in dotted}) == 19
        assert sum(len(stem.parts) - 1 for stem in found.stems) == len(dotted) == 188


def test_the_form_knows_every_question_of_the_raw_data(raw, form):
    found = kobo.outline(raw, form)
    assert [stem.name for stem in found.stems if stem.told.type is None] == []
    for stem in found.stems:
        assert (len(stem.parts) > 1) == (stem.told.type == "multiple")
        assert {part.option for part in stem.parts[1:]} <= {option.code for option in stem.told.options}


def test_the_joined_column_and_its_ticks_say_the_same(raw):
    for stem in kobo.outline(raw).stems:
        joined, *ticks = (raw.frame[f"c{part.position}"] for part in stem.parts)
        for part, tick in zip(stem.parts[1:], ticks, strict=True):
            listed = joined.str.split(" ").list.contains(part.option)
            differ = (listed != (tick == "True")) & tick.is_not_null()
            assert int(differ.sum()) == 0, (stem.name, part.option)


def test_simple_conditions_never_contradict_the_answers(raw, form):
    conditioned = [one for one in form.values() if one.shown_if or one.condition]
    assert (len(conditioned), sum(bool(one.shown_if) for one in conditioned)) == (171, 158)
    found = kobo.outline(raw, form)
    columns = {stem.name: raw.frame[f"c{stem.parts[0].position}"] for stem in found.stems}
    checked = answers = 0
    for name, one in form.items():
        if name in columns and one.shown_if:
            shown = pl.Series([True] * raw.frame.height)
            for question, codes in one.shown_if.items():
                shown &= (
                    columns[question].fill_null("").str.split(" ").list.set_intersection(list(codes)).list.len() > 0
                )
            answered = columns[name].is_not_null()
            assert int((answered & ~shown).sum()) == 0, name
            checked, answers = checked + 1, answers + int(answered.sum())
    assert (checked, answers) == (95, 21557)


@pytest.mark.parametrize(
    ("name", "n_columns", "n_stems", "n_rest"),
    [("Moz_SAFI_Survey_Final_results_approved_cleanheaders.csv", 62, 55, 0), ("SAFI.json", 67, 53, 7)],
)
def test_odk_households_are_recognised_and_accounted_for(name, n_columns, n_stems, n_rest):
    (table,) = read_file(ODK / name)
    found = kobo.outline(table)
    assert (table.family, accounted(found)) == ("kobo", list(range(n_columns)))
    assert (len(found.stems), len(found.rest)) == (n_stems, n_rest)
    assert {role: len(positions) for role, positions in found.meta.items()} == {
        "respondent": 1, "started_at": 1, "submitted_at": 1, "dropped": 4,
    }  # fmt: skip
