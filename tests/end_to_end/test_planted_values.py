"""Personal values planted in every platform's export — in bookkeeping columns, the key of the panel, fill-ins, sentences, columns
nobody asked for — are in nothing that the line builds, prints or returns."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from make_town import make_town

from pipeline.__main__ import main
from pipeline.clean.surveys import clean_wave
from pipeline.readers import read_file
from tests.platforms.every import CONTEXT, PLATFORMS, fitting, layouts
from tests.platforms.leaks import leaks, texts_in
from tests.platforms.personal import KINDS, planted_answers, searched, values
from tests.platforms.study import add_export, make_study, save_wave, wave_of

pytestmark = [pytest.mark.xdist_group("planted"), pytest.mark.slow]


FIRST = [(name, module.LAYOUTS[0]) for name, module in PLATFORMS.items()]


def by_kind(found):
    """What was found, by the kind of value: how many, and a few with their places."""
    kinds, result = searched(), {}
    for value, places in found.items():
        result.setdefault(kinds[value], []).append((value, places[:3]))
    return {kind: [len(each), *each[:5]] for kind, each in result.items()}


def run(root, capsys, *more, command="run"):
    """The line in this process: its exit code and everything it printed."""
    code = main([command, "--data", str(root), *more])
    seen = capsys.readouterr()
    return code, seen.out + seen.err


@pytest.fixture(scope="module")
def planted(tmp_path_factory, line):
    """The town with an export of every platform, all planted, run once: its folder and everything that was said."""
    root = make_town(tmp_path_factory.mktemp("planted") / "研究")
    for platform, layout in FIRST:
        add_export(root, platform, layout, planted_answers(), area=("AA", "东里"))
    done = line("run", "--data", root)
    assert done.returncode == 0, done.stderr
    return root, done.stdout + done.stderr


def without_other(wave, only=None, **given):
    """The wave without its options "other", of all questions or of one."""
    asked = [
        replace(question, options=tuple(option for option in question.options if not option.fill_in), **given)
        if question.options and only in (None, question.code)
        else question
        for question in wave.questions
    ]
    return replace(wave, questions=tuple(asked))


@pytest.mark.parametrize(("platform", "layout"), FIRST)
def test_500_values_of_twelve_kinds_are_planted_in_every_export(platform, layout, tmp_path):
    assert len(values()) >= 500 and len(KINDS) == 12
    read = [
        table.frame.write_csv()
        for path in PLATFORMS[platform].write(tmp_path, fitting(platform, planted_answers()), layout).values()
        for table in read_file(path)
    ]
    assert set(leaks(tmp_path / "none", searched(), "".join(read))) == set(searched())


@pytest.mark.parametrize(("platform", "layout"), layouts())
def test_cleaning_an_export_leaves_no_planted_value(platform, layout, tmp_path):
    written = PLATFORMS[platform].write(tmp_path, fitting(platform, planted_answers()), layout)
    clean = clean_wave(wave_of(platform, layout), {form: read_file(path) for form, path in written.items()}, CONTEXT)
    frames = [frame for frame in vars(clean).values() if isinstance(frame, pl.DataFrame)]
    assert len(frames) >= 6 and clean.answers.height > 600
    left = "".join(frame.select(pl.exclude("source_file_id")).write_csv() for frame in frames)
    assert by_kind(leaks(tmp_path / "none", searched(), left)) == {}


def test_no_planted_value_is_in_what_the_line_builds_and_says(planted):
    root, said = planted
    built = [place for place, _ in texts_in(root / "processed")]
    assert any("clean.answers" in place for place in built) and any("findings.xlsx" in place for place in built)
    assert by_kind(leaks(root / "processed", searched(), said)) == {}


def test_no_planted_value_is_in_what_notebooks_show(planted, line):
    root, _ = planted
    done = line("notebooks", "--data", root)
    assert done.returncode == 0, done.stderr
    assert list((root / "processed" / "notebooks").glob("*.html"))
    assert by_kind(leaks(root / "processed" / "notebooks", searched(), done.stdout + done.stderr)) == {}


def test_no_planted_value_is_in_what_a_draft_or_an_inspection_says(planted, capsys):
    root, _ = planted
    for path in sorted(path for path in (root / "raw").rglob("*") if path.is_file() and path.name != "code.csv"):
        main(["inspect", str(path), "--json"])
        main(["codebook", "draft", str(path)])
    seen = capsys.readouterr()
    assert by_kind(leaks(root / "place", searched(), seen.out + seen.err)) == {}


@pytest.mark.parametrize(("platform", "layout"), FIRST)
def test_no_planted_value_is_in_what_is_said_of_unknown_options(platform, layout, tmp_path, capsys):
    """A wave that misses the options with fill-ins: what was filled in then stands where an option is looked for."""
    root = make_study(tmp_path / "研究", [(platform, layout)], planted_answers())
    save_wave(root, without_other(wave_of(platform, layout)))
    code, said = run(root, capsys)
    assert code == 11, said
    assert by_kind(leaks(root / "processed", searched(), said)) == {}


@pytest.mark.parametrize(("only", "ends"), [("group", 0), (None, 12)])
def test_no_planted_value_is_in_what_is_returned_for_repair(only, ends, tmp_path, capsys):
    """Unknown options that are rejected row by row, all rows or half of them: return and review workbooks show neither them nor
    the rest of the row."""
    root = make_study(tmp_path / "研究", FIRST[:2], planted_answers())
    for platform, layout in FIRST[:2]:
        save_wave(root, without_other(wave_of(platform, layout), only, on_unknown="reject"))
    code, said = run(root, capsys)
    assert code == ends, said  # without one sheet that is left no quarter can be judged
    assert list((root / "processed" / "return").glob("*.xlsx"))
    assert by_kind(leaks(root / "processed", searched(), said)) == {}


def test_no_planted_value_is_in_what_is_said_of_columns_nobody_listed(tmp_path, capsys):
    """Without `ignore_columns` the columns nobody asked for stop the run: their headings are shown, never a cell."""
    root = make_study(tmp_path / "研究", [], planted_answers())
    for platform, layout in FIRST:
        add_export(root, platform, layout, planted_answers())
        save_wave(root, replace(wave_of(platform, layout), ignore_columns=()))
    code, said = run(root, capsys)
    assert code == 11, said
    assert by_kind(leaks(root / "processed", searched(), said)) == {}
