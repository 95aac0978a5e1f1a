"""The survey files of the sample study: a Tencent export in GB18030 and a Wenjuanxing pair."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipeline.clean.surveys import SurveyContext, clean_wave
from pipeline.contracts import load_waves
from pipeline.paths import study
from pipeline.readers import read_file

SAMPLE = study(Path(__file__).parents[3] / "data")
WAVES = load_waves(SAMPLE)


@pytest.fixture(scope="module", params=sorted(WAVES))
def delivered(request):
    wave = WAVES[request.param]
    tables = {form: read_file(next(SAMPLE.raw.glob(pattern))) for form, pattern in wave.files.items()}
    context = SurveyContext("QC", b"secret", resolve_station="QC-{}".format, resolve_grid="QC-{}".format)
    return wave, tables, clean_wave(wave, tables, context)


def test_every_sheet_of_the_sample_is_clean_and_accounted_for(delivered):
    _, tables, result = delivered
    assert result.ledger["n_read"].sum() == sum(table.n_read for form in tables.values() for table in form)
    assert result.ledger.select((pl.col("n_read") == pl.col("n_clean")).all()).item()
    assert result.notices.is_empty()


def test_the_forms_of_the_sample_pair_agree(delivered):
    _, tables, result = delivered
    assert result.pair_report["n_disagree"].sum() == 0
    assert result.pair_report.height == (26 if len(tables) == 2 else 0)


def test_nothing_personal_of_the_sample_is_kept(delivered):
    wave, tables, result = delivered
    (table,) = tables["text"]
    frames = (result.respondents, result.answers, result.notices)
    kept = "\n".join(
        frame[name].cast(pl.String).unique().str.join("\n").item() or "" for frame in frames for name in frame.columns
    )
    personal = {"来源详情", "来自IP", "用户标识", "昵称"}
    code = next(question.text_zh for question in wave.questions if question.variable == "panel")
    columns = [f"c{i}" for i, heading in enumerate(table.columns) if heading in personal or code in heading]
    assert len(columns) == 3
    secrets = {
        value for column in columns for value in table.frame[column] if value and value not in ("(空)", "(跳过)", "N/A")
    }
    assert len(secrets) > 300
    assert not {secret for secret in secrets if secret in kept}


def test_respondents_of_the_sample_are_flagged_but_kept(delivered):
    _, tables, result = delivered
    people = result.respondents
    assert people.height == tables["text"][0].n_read
    assert people.filter(~pl.col("is_duplicate") & (pl.col("mode_code") == "intercept")).height == 40
    for flag in ("is_speeder", "is_straightliner", "is_attention_failed", "is_duplicate"):
        assert 0 < people[flag].sum() < 0.05 * people.height
