"""Wave files drafted from real exports: they load, say what is known of the questionnaire, and the cleaner reads by them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipeline.__main__ import main
from pipeline.clean.surveys import SurveyContext, clean_wave
from pipeline.contracts import load_wave
from pipeline.drafting.command import Asked, draft_files
from pipeline.readers import read_file

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "real"
SAMPLE = ROOT / "data"
pytestmark = [pytest.mark.xdist_group("real"), pytest.mark.slow]
real = pytest.mark.skipif(not REAL.is_dir(), reason="../shared/real is not there")
KOBO = REAL / "kobo-cleaningtools"
FORMS = (KOBO / "cleaningtools_survey.csv", KOBO / "cleaningtools_choices.csv")
FILES = {
    "wjx pair": (["wjx-reportgen-800/*_0.xls", "wjx-reportgen-800/*_2.xls"], Asked()),
    "wjx text": (["wjx-reportgen-800/*_0.xls"], Asked()),
    "wjx number": (["wjx-reportgen-800/*_2.xls"], Asked()),
    "kobo": (["kobo-cleaningtools/cleaningtools_raw_data.csv"], Asked(forms=FORMS)),
    "kobo without a form": (["kobo-cleaningtools/cleaningtools_raw_data.csv"], Asked()),
    "safi": (["odk-safi/*.csv"], Asked()),
    "safi json": (["odk-safi/SAFI.json"], Asked()),
    "qualtrics": (["qualtrics-qualtRics/sample.csv"], Asked()),
    "qualtrics legacy": (["qualtrics-qualtRics/sample_legacy.csv"], Asked()),
    "qualtrics pair": (["qualtrics-carina/*_text.csv", "qualtrics-carina/*_numeric.csv"], Asked()),
    "comma": (["surveymonkey-538/comma*.csv"], Asked()),
    "flying": (["surveymonkey-538/flying*.csv"], Asked()),
    "robotics": (["survey-workers-robotics/*.csv"], Asked(platform="google_forms")),
    "sav": (["sav-pyreadstat/multiple_response/simple_alltypes.sav"], Asked()),
    "zsav": (["sav-pyreadstat/basic/sample.zsav"], Asked()),
}


def drafted(name, folder):
    """The draft of a real export, and the wave as loaded from its file."""
    patterns, asked = FILES[name]
    paths = [next(REAL.glob(pattern)) for pattern in patterns]
    out = folder / "wave.toml"
    _, draft = draft_files(paths, replace(asked, out=out))
    return paths, draft, load_wave(out)


@real
@pytest.mark.parametrize("name", FILES)
def test_a_draft_of_a_real_file_loads_and_the_cleaner_reads_by_it(name, tmp_path):
    paths, draft, wave = drafted(name, tmp_path)
    assert replace(wave, path=None) == draft.wave
    by_file = {path.name: path for path in paths}
    tables = {
        form: read_file(next(path for path in by_file.values() if path.match(pattern)))
        for form, pattern in wave.files.items()
    }
    lax = replace(wave, questions=tuple(replace(one, on_unknown="null") for one in wave.questions))
    cleaned = clean_wave(lax, tables, SurveyContext(area_code="AA", key=b"k"))
    assert cleaned.respondents.height > 0 and cleaned.answers.height > 0


@real
def test_the_wenjuanxing_pair_gives_the_numbers_and_wordings_of_its_codebook(tmp_path):
    _, _, wave = drafted("wjx pair", tmp_path)
    known = load_wave(ROOT / "tests" / "fixtures" / "wjx_reportgen_wave.toml")
    for question in known.questions:
        (found,) = [one for one in wave.questions if one.number == question.number]
        said = {option.number: (option.text, option.fill_in) for option in found.options}
        assert said == {option.number: (option.text, option.fill_in) for option in question.options}
        assert found.type == question.type


@real
def test_options_with_commas_are_those_of_the_published_codebook(tmp_path):
    _, _, wave = drafted("robotics", tmp_path)
    published = published_options()
    for place, options in published.items():
        drafted_texts = {key(option.text) for option in wave.questions[place - 1].options} - {key("其他")}
        unknown = drafted_texts - {key(option) for option in options} - {"none"}
        assert unknown == set(), place
    kinds = {place: wave.questions[place - 1].type for place in published}
    assert [place for place, kind in kinds.items() if kind == "multiple"] == [10, 13, 18]


def published_options():
    """Column → options of the README's tables, where it lists them."""
    readme = (REAL / "survey-workers-robotics" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| .*? \| (.*)$", readme, re.M)
    return {int(place): said.rstrip(" |").split("; ") for place, said in rows if int(place) >= 8}


def key(text):
    """Wording without what the README writes otherwise than the form: dashes, quotes, spaces."""
    return re.sub(r"[\s\-–—’'.,/]|\(Text box\)", "", text).casefold()


@real
def test_nothing_that_one_person_wrote_stands_in_a_draft(tmp_path):
    paths, draft, _ = drafted("robotics", tmp_path)
    (table,) = read_file(paths[0])
    text = (tmp_path / "wave.toml").read_text(encoding="utf-8")
    for position in range(len(draft.wave.questions)):
        counted = table.frame[f"c{position}"].drop_nulls().value_counts()
        once = counted.filter((pl.col("count") == 1) & (pl.col(f"c{position}").str.len_chars() > 12))[f"c{position}"]
        assert [cell for cell in once.to_list() if f'text = "{cell}"' in text] == []


@real
def test_conditions_of_a_form_become_shown_if(tmp_path):
    _, _, wave = drafted("kobo", tmp_path)
    shown = {one.code: one.shown_if for one in wave.questions}
    assert shown["will_to_response_r"] == {"hhh_r": ("no",)}
    (sources,) = [one for one in wave.questions if one.code == "water_sources"]
    assert sources.type == "multiple" and all(option.column for option in sources.options) and sources.column


def test_drafts_of_the_sample_waves_find_their_links(tmp_path):
    for path in sorted((SAMPLE / "place" / "waves").glob("*.toml")):
        known = load_wave(path)
        files = [next((SAMPLE / "raw").glob(pattern)) for pattern in known.files.values()]
        _, draft = draft_files(files, Asked(out=tmp_path / path.name))
        found = {one.number: one for one in draft.wave.questions}
        wrong = [one.code for one in known.questions if found[one.number].variable not in (one.variable, None)]
        linked = sum(found[one.number].variable == one.variable for one in known.questions if one.variable)
        assert wrong == [] and linked >= 0.9 * sum(one.variable is not None for one in known.questions)
        assert all(found[one.number].type == one.type for one in known.questions)


def test_a_second_wave_is_set_beside_the_first(tmp_path, capsys):
    first = SAMPLE / "place" / "waves" / "2023q1_courier.toml"
    files = [str(path) for path in sorted((SAMPLE / "raw" / "调查").glob("230518_*.xlsx"))]
    out = tmp_path / "second.toml"
    assert main(["codebook", "draft", *files, "--against", str(first), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "相同" in said and "删去 0" in said
    before = {one.variable: one for one in load_wave(first).questions}
    after = {one.variable: one for one in load_wave(out).questions}
    assert {name: after[name].code for name in before} == {name: one.code for name, one in before.items()}
    assert set(after) - set(before) == {"service_satisfaction", None}
    text = out.read_text(encoding="utf-8")  # what an answer stands for is for a person to say: proposed, not linked
    assert '# variable = "kano_functional"' in text and '# variable = "kano_dysfunctional"' in text
    for name in ("need", "age_band", "felt_welcome"):
        assert {o.text: o.code for o in after[name].options} == {o.text: o.code for o in before[name].options}


def test_a_draft_is_printed_where_no_file_is_named_and_never_overwrites_one(tmp_path, capsys):
    file = str(next((SAMPLE / "raw" / "调查").glob("腾讯问卷_*.csv")))
    assert main(["codebook", "draft", file]) == 0
    assert capsys.readouterr().out.startswith("# 波次文件草稿")
    kept = tmp_path / "kept.toml"
    kept.write_text("decisions = 1\n", encoding="utf-8")
    assert main(["codebook", "draft", file, "--out", str(kept)]) == 10
    assert kept.read_text(encoding="utf-8") == "decisions = 1\n"


@real
def test_two_surveys_are_no_pair(capsys):
    files = [next(REAL.glob("wjx-reportgen-800/*_0.xls")), next(REAL.glob("qualtrics-carina/*_numeric.csv"))]
    assert main(["codebook", "draft", *map(str, files)]) == 11
    assert "不是同一批答卷" in capsys.readouterr().err
