"""Real survey exports, with the wave file that `codebook draft` proposes: every cell that is no personal value is read and
written back as it stood, after the declared normalisations; and what is said twice in a file, or in two files, agrees."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from pipeline.clean.surveys import SurveyContext, clean_wave
from pipeline.contracts import Option, load_wave
from pipeline.drafting.command import Asked, draft_files
from pipeline.readers import read_file
from tests.unit.surveys.cell_check import check_cells

REAL = Path(__file__).resolve().parents[3] / "shared" / "real"
pytestmark = [
    pytest.mark.xdist_group("real_cells"),
    pytest.mark.slow,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real files (../shared/real) are not here"),
]
CONTEXT = SurveyContext("QC", b"secret")


@dataclass(frozen=True)
class Delivery:
    """Exports of one survey (text form first), the forms beside them, and how many respondents and cells they hold; `added`
    is what a person has to add to the draft: question and option."""

    files: tuple[str, ...]
    n_respondents: int
    n_cells: tuple[int, ...]
    forms: tuple[str, ...] = ()
    platform: str | None = None
    added: tuple[str, str] | None = None


_KOBO = "kobo-cleaningtools/cleaningtools_"
_SPSS = "sav-pyreadstat/basic/"
DELIVERIES = {
    "wenjuanxing": Delivery(
        ("wjx-reportgen-800/*_0.xls", "wjx-reportgen-800/*_2.xls"), 800, (6_400, 24_000)
    ),
    "kobo with its form": Delivery(
        (f"{_KOBO}raw_data.csv",), 632, (213_616,), (f"{_KOBO}survey.csv", f"{_KOBO}choices.csv")
    ),
    "kobo alone": Delivery((f"{_KOBO}raw_data.csv",), 632, (212_984,)),
    "odk csv": Delivery(("odk-safi/Moz*.csv",), 131, (7_205,), added=("village", "49")),
    "odk json": Delivery(("odk-safi/SAFI.json",), 131, (6_943,)),
    "qualtrics": Delivery(("qualtrics-qualtRics/sample.csv",), 1, (2,)),
    "qualtrics of old": Delivery(("qualtrics-qualtRics/sample_legacy.csv",), 1, (2,)),
    "qualtrics twice": Delivery(
        ("qualtrics-carina/*_text.csv", "qualtrics-carina/*_numeric.csv"), 156, (8_580, 8_580)
    ),
    "surveymonkey, commas": Delivery(("surveymonkey-538/comma*.csv",), 1_129, (13_548,)),
    "surveymonkey, flying": Delivery(("surveymonkey-538/flying*.csv",), 1_040, (27_040,)),
    "google forms": Delivery(
        ("survey-workers-robotics/*.csv",), 337, (13_480,), platform="google_forms"
    ),
    "spss": Delivery((f"{_SPSS}sample.sav",), 5, (35,)),
    "spss, compressed": Delivery((f"{_SPSS}sample.zsav",), 5, (35,)),
    "spss, missing": Delivery((f"{_SPSS}sample_missing.sav",), 7, (49,)),
    "spss, large": Delivery((f"{_SPSS}sample_large.sav",), 485, (3_395,)),
    "spss, ordered": Delivery((f"{_SPSS}ordered_category.sav",), 4, (4,)),
    "spss, hebrew": Delivery((f"{_SPSS}hebrews.sav",), 99, (99,)),
    "spss, telugu": Delivery((f"{_SPSS}tegulu.sav",), 1, (2,)),
    "spss, missing texts": Delivery(("sav-pyreadstat/missing_data/missing_char.sav",), 2, (2,)),
    "spss, missing numbers": Delivery(("sav-pyreadstat/missing_data/missing_test.sav",), 2, (2,)),
    "spss, multiple response": Delivery(("sav-pyreadstat/multiple_response/simple_alltypes.sav",), 6, (72,)),
}  # fmt: skip


@dataclass
class Gone:
    """One delivery on its way through: the drafted wave, its tables by form, and what cleaning made of them."""

    wave: object
    tables: dict
    result: object
    cells: dict = field(default_factory=dict)


@pytest.fixture(scope="module")
def through(tmp_path_factory):
    """Draft, load, read and clean a delivery, once."""
    done: dict[str, Gone] = {}

    def go(name: str) -> Gone:
        if name not in done:
            given = DELIVERIES[name]
            paths = [next(REAL.glob(pattern)) for pattern in given.files]
            out = tmp_path_factory.mktemp("draft") / "wave.toml"
            forms = [REAL / form for form in given.forms]
            draft_files(paths, Asked(forms=forms, platform=given.platform, out=out))
            wave = completed(load_wave(out), given.added)
            tables = {form: read_file(path) for form, path in zip(wave.files, paths, strict=True)}
            done[name] = Gone(wave, tables, clean_wave(wave, tables, CONTEXT))
        return done[name]

    return go


def completed(wave, added):
    """The wave with the one option that the draft left to a person."""
    if added is None:
        return wave
    questions = [
        replace(q, options=(*q.options, Option(added[1], added[1]))) if q.code == added[0] else q
        for q in wave.questions
    ]
    return replace(wave, questions=tuple(questions))


@pytest.mark.parametrize("name", DELIVERIES)
def test_every_cell_is_written_back_as_it_stood(through, name):
    gone, given = through(name), DELIVERIES[name]
    counted = []
    for form, (table,) in gone.tables.items():
        alone = gone.result if len(gone.tables) == 1 else clean_wave(gone.wave, {form: [table]}, CONTEXT)
        checked = check_cells(gone.wave, table, alone.answers, form=form)
        assert checked.differing == ()
        counted.append(checked.n_cells)
    assert tuple(counted) == given.n_cells


@pytest.mark.parametrize("name", DELIVERIES)
def test_every_respondent_arrives(through, name):
    result = through(name).result
    assert result.respondents.height == DELIVERIES[name].n_respondents
    assert result.fates.height == 0


@pytest.mark.parametrize("name", ["wenjuanxing", "qualtrics twice"])
def test_the_two_exports_of_a_pair_agree_in_every_closed_question(through, name):
    gone = through(name)
    n = DELIVERIES[name].n_respondents
    assert set(gone.result.pair_report.select("n_compared", "n_agree", "n_disagree").rows()) == {(n, n, 0)}
    assert gone.result.disagreements.height == 0
    assert gone.result.pair_report.height >= 8


@pytest.mark.parametrize("name", ["kobo with its form", "kobo alone"])
def test_select_multiple_in_one_cell_and_in_columns_agree(through, name):
    gone = through(name)
    twice = [q for q in gone.wave.questions if q.column and any(option.column for option in q.options)]
    assert len(twice) == 19 and sum(bool(option.column) for q in twice for option in q.options) == 188
    assert "columns_disagree" not in gone.result.notices["reason_code"].to_list()


def test_conditions_of_the_form_tell_unasked_questions_from_blank_ones(through):
    gone = through("kobo with its form")
    states = dict(gone.result.answers.group_by("state").len().iter_rows())
    assert sum(bool(q.shown_if) for q in gone.wave.questions) > 50
    assert states["not_shown"] > 0 and states["blank"] > 0 and states["answered"] > 0
    assert "answered_unasked" not in gone.result.notices["reason_code"].to_list()


def test_a_file_with_bookkeeping_columns_alone_is_said_to_hold_no_question(tmp_path):
    _, draft = draft_files([REAL / _SPSS / "test_width.sav"], Asked(out=tmp_path / "wave.toml"))
    assert draft.wave.questions == ()
