"""Survey files that are not what the wave file says: exit 10 or 11 with every problem of the file at once, no personal value in
what is said, and the last good warehouse stays as it was."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest

from pipeline import paths
from pipeline.__main__ import main
from pipeline.errors import CONTRACT, FILE, PipelineError
from pipeline.run import Options
from pipeline.run import run as run_line
from pipeline.terminal import Terminal
from tests.platforms import wenjuanxing
from tests.platforms.answers import draw_answers
from tests.platforms.every import PLATFORMS
from tests.platforms.leaks import leaks
from tests.platforms.personal import planted_answers, searched
from tests.platforms.study import add_export, make_study, save_wave, wave_of

pytestmark = [pytest.mark.xdist_group("bad_surveys"), pytest.mark.slow]
PAIR = ("wenjuanxing", "pair")


@pytest.fixture(scope="module")
def good(tmp_path_factory, line):
    """A study with a good pair, run once."""
    root = make_study(tmp_path_factory.mktemp("bad") / "研究", [PAIR], planted_answers())
    done = line("run", "--data", root)
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture
def study(good, tmp_path):
    """A copy of it, to be spoiled."""
    root = tmp_path / "研究"
    shutil.copytree(good, root)
    return root


@pytest.fixture
def refused(study, capsys):
    """Runs the line on the spoiled study: the codes of all problems. Nothing that was built changes, nothing personal is said."""

    def run(exit_code):
        before = warehouse(study)
        with pytest.raises(PipelineError) as stopped:
            run_line(paths.study(study, None), Options(None, "zh", "office"), Terminal("zh"))
        assert stopped.value.exit_code == exit_code
        assert main(["run", "--data", str(study)]) == exit_code
        seen = capsys.readouterr()
        assert "Traceback" not in seen.err and "怎么办" in seen.err
        assert leaks(study / "none", searched(), seen.out + seen.err) == {}
        assert warehouse(study) == before
        return [problem.code for problem in stopped.value.problems]

    return run


def warehouse(study):
    """The hash of the warehouse."""
    return hashlib.sha256((study / "processed" / "warehouse.duckdb").read_bytes()).hexdigest()


def files(study):
    """The text and the number export."""
    folder = study / "raw" / "调查" / "wenjuanxing_pair"
    return next(folder.glob("*按文本*")), next(folder.glob("*按序号*"))


def edit(path, change):
    """A workbook changed as by hand."""
    book = openpyxl.load_workbook(path)
    change(book.worksheets[0])
    book.save(path)


def test_a_truncated_workbook_is_unreadable(study, refused):
    text, _ = files(study)
    text.write_bytes(text.read_bytes()[:2000])
    assert len(refused(FILE)) == 1


def test_a_second_header_among_the_rows_tells_two_waves_in_one_file(study, refused):
    text, _ = files(study)

    def append(sheet):
        rows = list(sheet.values)
        for row in rows[:20]:
            sheet.append(row)

    edit(text, append)
    assert "waves_mixed" in refused(CONTRACT)


def test_answers_of_other_days_tell_two_waves_in_one_file(study, refused):
    sheets = planted_answers()
    earlier = [replace(sheet, began=sheet.began - timedelta(days=200)) for sheet in sheets[:15]]
    wenjuanxing.write(study / "raw" / "调查" / "wenjuanxing_pair", (*earlier, *sheets[15:]), "pair")
    assert set(refused(CONTRACT)) == {"waves_mixed"}


def test_text_and_number_of_different_surveys_are_no_pair(study, refused):
    _, number = files(study)
    other = wenjuanxing.write(study / "other", draw_answers(42, seed=77), "pair")["number"]
    shutil.move(other, number)
    shutil.rmtree(study / "other")
    assert set(refused(CONTRACT)) == {"pair_mismatch"}


def test_text_and_number_without_a_common_respondent_are_no_pair(study, refused):
    _, number = files(study)
    edit(number, lambda sheet: [sheet.cell(row, 1, 9000 + row) for row in range(2, sheet.max_row + 1)])
    assert set(refused(CONTRACT)) == {"pair_mismatch"}


def test_unknown_options_of_every_question_are_told_at_once(study, refused):
    text, _ = files(study)

    def spoil(sheet):
        heads = {str(cell.value).strip(): cell.column for cell in sheet[1]}
        sheet.cell(2, next(at for head, at in heads.items() if head.startswith("1、")), "宇航员")
        sheet.cell(3, next(at for head, at in heads.items() if head.startswith("9、")), "十分满意")
        sheet.cell(4, next(at for head, at in heads.items() if head.startswith("3、")), "手机充电、换电┋洗澡")

    edit(text, spoil)
    assert refused(CONTRACT) == ["closed_option_unknown"] * 3


def test_more_answers_than_the_frame_has_people(study, refused):
    save_wave(study, replace(wave_of(*PAIR), frame_total=40))
    assert set(refused(CONTRACT)) == {"more_answers_than_frame"}


def test_more_answers_than_the_platform_says_it_exported(study, refused):
    for path in files(study):
        path.rename(path.with_name(path.name.replace("_42_42", "_40_40")))
    assert set(refused(CONTRACT)) == {"more_answers_than_frame"}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_codebook_that_misses_a_column(platform, study, refused):
    layout = PLATFORMS[platform].LAYOUTS[0]
    add_export(study, platform, layout, planted_answers())
    wave = wave_of(platform, layout)
    save_wave(
        study, replace(wave, questions=tuple(each for each in wave.questions if each.code not in ("remark", "home")))
    )
    found = refused(CONTRACT)
    assert set(found) == {"column_unlisted"} and len(found) >= 2


def test_all_problems_of_a_file_are_told_at_once(study, refused):
    text, _ = files(study)

    def spoil(sheet):
        heads = {str(cell.value).strip(): cell.column for cell in sheet[1]}
        sheet.cell(2, next(at for head, at in heads.items() if head.startswith("1、")), "宇航员")
        sheet.cell(1, next(at for head, at in heads.items() if head.startswith("12、")), "33、您贵姓")

    edit(text, spoil)
    save_wave(study, replace(wave_of(*PAIR), frame_total=10, closed_on=wave_of(*PAIR).opened_on))
    found = set(refused(CONTRACT))
    assert {"closed_option_unknown", "question_missing", "more_answers_than_frame", "waves_mixed"} <= found


def test_both_files_of_a_pair_are_named_at_once(study, refused):
    save_wave(study, replace(wave_of(*PAIR), frame_total=10))
    assert refused(CONTRACT) == ["more_answers_than_frame"] * 2
