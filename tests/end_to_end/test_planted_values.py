"""Personal values planted in every platform's export — in bookkeeping columns, the key of the panel, fill-ins, sentences, columns
nobody asked for — are in nothing that the line builds, prints or returns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.__main__ import main
from tests.platforms.every import PLATFORMS, layouts
from tests.platforms.leaks import leaks, texts_in
from tests.platforms.personal import KINDS, planted_answers, values
from tests.platforms.study import add_export, make_study, save_wave, wave_of

pytestmark = [pytest.mark.xdist_group("planted"), pytest.mark.slow]


def by_kind(found):
    """What was found, by the kind of value: at most five places each, for the message."""
    kinds = values()
    result = {}
    for value, places in found.items():
        result.setdefault(kinds[value], []).append((value, places[:3]))
    return {kind: [len(each), *each[:5]] for kind, each in result.items()}


def run(root, capsys, *more, command="run"):
    """The line in this process: its exit code and everything it printed."""
    code = main([command, "--data", str(root), *more])
    seen = capsys.readouterr()
    return code, seen.out + seen.err


def without_other(wave, **given):
    """The wave without its options "other"."""
    asked = [
        replace(question, options=tuple(option for option in question.options if not option.fill_in), **given)
        if question.options
        else question
        for question in wave.questions
    ]
    return replace(wave, questions=tuple(asked))


def test_500_values_of_twelve_kinds_are_planted(tmp_path):
    assert len(values()) >= 500 and len(KINDS) == 12
    root = make_study(tmp_path / "研究", [("wenjuanxing", "text")], planted_answers())
    assert set(leaks(root / "raw", values())) == set(values())


@pytest.mark.parametrize("platform", PLATFORMS)
def test_no_planted_value_is_in_what_the_line_builds_and_says(platform, tmp_path, capsys):
    exports = [(name, layout) for name, layout in layouts() if name == platform]
    root = make_study(tmp_path / "研究", exports, planted_answers())
    code, said = run(root, capsys)
    assert code == 0, said
    built = [place for place, _ in texts_in(root / "processed")]
    assert any("clean.answers" in place for place in built)
    assert by_kind(leaks(root / "processed", values(), said)) == {}


def test_no_planted_value_is_in_what_notebooks_show(tmp_path, capsys):
    root = make_study(tmp_path / "研究", [("wenjuanxing", "pair")], planted_answers())
    assert run(root, capsys)[0] == 0
    code, said = run(root, capsys, command="notebooks")
    assert code == 0, said
    assert list((root / "processed" / "notebooks").glob("*.html"))
    assert by_kind(leaks(root / "processed", values(), said)) == {}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_no_planted_value_is_in_what_is_said_of_unknown_options(platform, tmp_path, capsys):
    """A wave that misses the options with fill-ins: what was filled in then stands where an option is looked for."""
    layout = PLATFORMS[platform].LAYOUTS[0]
    root = make_study(tmp_path / "研究", [], planted_answers())
    add_export(root, platform, layout, planted_answers())
    save_wave(root, without_other(wave_of(platform, layout)))
    code, said = run(root, capsys)
    assert code == 11, said
    assert by_kind(leaks(root / "processed", values(), said)) == {}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_no_planted_value_is_in_what_is_returned_for_repair(platform, tmp_path, capsys):
    """Unknown options that are rejected row by row: return and review workbooks show neither them nor the rest of the row."""
    layout = PLATFORMS[platform].LAYOUTS[0]
    root = make_study(tmp_path / "研究", [], planted_answers())
    add_export(root, platform, layout, planted_answers())
    save_wave(root, without_other(wave_of(platform, layout), on_unknown="reject"))
    code, said = run(root, capsys)
    assert code in (0, 11, 12), said
    assert by_kind(leaks(root / "processed", values(), said)) == {}


def test_no_planted_value_is_in_what_is_said_of_a_draft(tmp_path, capsys):
    root = make_study(tmp_path / "研究", [], planted_answers())
    for path in add_export(root, "wenjuanxing", "pair", planted_answers()).values():
        main(["inspect", str(path), "--json"])
    seen = capsys.readouterr()
    assert by_kind(leaks(root / "processed", values(), seen.out + seen.err)) == {}
