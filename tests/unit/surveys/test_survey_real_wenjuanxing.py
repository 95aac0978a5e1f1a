"""A real pair of exports: the same 800 answers as words and as numbers."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from pipeline.clean.surveys import clean_wave
from pipeline.clean.surveys.inverse import cells_of
from pipeline.contracts import load_waves
from pipeline.paths import study
from pipeline.readers import read_file
from pipeline.readers.surveys.survey_columns import match_columns
from pipeline.readers.surveys.wenjuanxing import DIALECT
from tests.unit.surveys.questionnaire import CONTEXT

ROOT = Path(__file__).parents[3]
FOLDER = ROOT.parent / "shared/real/wjx-reportgen-800"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real files (../shared/real) are not here")


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    place = tmp_path_factory.mktemp("study") / "place/waves"
    place.mkdir(parents=True)
    shutil.copy(ROOT / "tests/fixtures/wjx_reportgen_wave.toml", place)
    (wave,) = load_waves(study(place.parents[1])).values()
    tables = {form: read_file(next(FOLDER.glob(pattern.removeprefix("**/")))) for form, pattern in wave.files.items()}
    return wave, tables, clean_wave(wave, tables, CONTEXT)


def test_all_800_respondents_arrive(delivered):
    _, _, result = delivered
    assert result.respondents.height == 800
    assert result.ledger.select("n_read", "n_clean").rows() == [(800, 800), (800, 800)]
    assert result.fates.height == 0 and result.notices.height == 0


def test_words_and_numbers_agree_in_every_row_of_every_question(delivered):
    wave, _, result = delivered
    assert {question.code for question in wave.questions if question.type == "multiple"} == {"q6", "q8"}
    assert result.pair_report.rows() == [(question.code, 800, 800, 0) for question in wave.questions]


@pytest.mark.parametrize("form", ["text", "number"])
def test_every_cell_is_written_back_as_it_was(delivered, form):
    wave, tables, result = delivered
    (table,) = tables[form]
    layout = match_columns(table.columns, wave.questions, DIALECT)
    marked = result.answers.with_columns(
        is_fill_in=pl.col("question_code").is_in(["q1", "q2", "q3", "q4", "q5", "q7"]) & (pl.col("option_code") != "")
    )
    sheets = marked.partition_by("respondent_id", "question_code", as_dict=True)
    n_cells = 0
    for cells in table.frame.iter_rows(named=True):
        respondent = cells[layout.meta["respondent"][0]]
        for question in wave.questions:
            columns = layout.of(question)
            written = cells_of(sheets[(respondent, question.code)].to_dicts(), columns, DIALECT, form=form)
            assert written == [cells[column.column].strip() for column in columns]
            n_cells += len(columns)
    assert n_cells == 800 * (8 if form == "text" else 30)
