"""A real Wenjuanxing pair (800 answers, public) goes through the whole line as a study of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
PAIR = ROOT.parent / "shared" / "real" / "wjx-reportgen-800"
WAVE = ROOT / "tests" / "fixtures" / "wjx_reportgen_wave.toml"
pytestmark = [
    pytest.mark.xdist_group("real"),
    pytest.mark.slow,
    pytest.mark.skipif(not PAIR.is_dir(), reason="../shared/real/wjx-reportgen-800 is not there"),
]
STUDY = """\
name_zh = "公开问卷样例"
name_en = "Public survey sample"
is_simulated = false
[[areas]]
code = "RG"
label_zh = "样例"
label_en = "Sample"
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """The pair in a study folder, run once."""
    root = tmp_path_factory.mktemp("real") / "真实 问卷"
    (root / "place" / "waves").mkdir(parents=True)
    (root / "place" / "study.toml").write_text(STUDY, encoding="utf-8")
    shutil.copy(WAVE, root / "place" / "waves" / "reportgen.toml")
    shutil.copytree(PAIR, root / "raw" / "调查")
    assert main(["run", "--data", str(root)]) == 0
    return root


@pytest.fixture(scope="module")
def con(study):
    """Its warehouse."""
    with duckdb.connect(str(study / "processed" / "warehouse.duckdb"), read_only=True) as connection:
        yield connection


def test_all_800_respondents_are_there(con):
    assert con.sql("select count(*), count(distinct respondent_id) from clean.respondents").fetchall() == [(800, 800)]


def test_every_row_of_both_files_is_accounted_for(con):
    rows = con.sql(
        "select n_read, n_clean, n_duplicate + n_rejected + n_set_aside from audit.row_ledger "
        "join audit.source_files using (source_file_id) where family = 'wenjuanxing'"
    ).fetchall()
    assert rows == [(800, 800, 0), (800, 800, 0)]


def test_the_two_forms_agree_in_every_row_of_every_question(con):
    assert con.sql("select column_name, n from audit.notices where reason_code = 'pair_disagrees'").fetchall() == []


def test_every_multiple_question_has_an_answer_row_per_respondent_and_option(con):
    rows = con.sql(
        "select q.question_code, count(*) / 800, count(*) filter (a.state = 'answered' and a.value_number not in (0, 1)) "
        "from ref.questions as q join ref.options as o using (wave_code, question_code) "
        "join clean.answers as a on a.wave_code = q.wave_code and a.question_code = q.question_code and a.option_code = o.option_code "
        "where q.type_code = 'multiple' group by 1 order by 1"
    ).fetchall()
    options = con.sql(
        "select question_code, count(*) from ref.options join ref.questions using (wave_code, question_code) "
        "where type_code = 'multiple' group by 1 order by 1"
    ).fetchall()
    assert len(rows) > 1
    assert [(code, n) for code, n, _ in rows] == [(code, float(n)) for code, n in options]
    assert {wrong for _, _, wrong in rows} == {0}


def test_the_findings_page_is_written(study):
    page = study / "processed" / "findings" / "2023Q2" / "findings.html"
    assert page.stat().st_size > 10_000
    assert "模拟数据，仅供演示" not in page.read_text(encoding="utf-8")
