"""Every notebook runs top to bottom, on a study of two areas; charts come as Vega-Lite that JupyterLab bundles and as a picture."""

from __future__ import annotations

import base64
import re

import nbformat
import polars as pl
import pytest

from pipeline import notebook_pages, paths
from pipeline.findings import evaluate, explore

pytestmark = [pytest.mark.xdist_group("town"), pytest.mark.slow]
NOTEBOOKS = sorted(notebook_pages.NOTEBOOKS.glob("[0-9]*.ipynb"))


@pytest.fixture(scope="module")
def pages(town, line, tmp_path_factory):
    """The pages as the command writes them, and the finished process."""
    done = line("notebooks", "--data", town[0])
    assert done.returncode == 0, done.stderr
    return sorted((town[0] / "processed" / "notebooks").iterdir()), done


def test_the_command_writes_one_page_for_each_notebook_and_names_them(pages):
    written, done = pages
    assert [path.name for path in written] == [f"{path.stem}.html" for path in NOTEBOOKS]
    assert done.stdout.split("\n")[: len(written)] == [str(path) for path in written]


def test_pages_ask_the_network_for_nothing(pages):
    for path in pages[0]:
        text = path.read_text(encoding="utf-8")
        assert not re.findall(r"https?://", text), path.name
        assert "<script" not in text


def test_pages_show_charts_and_sentences_without_a_stray_python_value(pages):
    for path in pages[0]:
        text = path.read_text(encoding="utf-8")
        assert "data:image/png;base64," in text, path.name
        assert "Traceback (most recent" not in text
        assert "nan" not in re.sub(r"base64,[^\"]*|<[^>]*>", "", text)


def test_notebooks_stay_as_committed(pages):
    for path in NOTEBOOKS:
        assert not [cell for cell in nbformat.read(path, as_version=4).cells if cell.get("outputs")]


def test_measures_under_the_findings_own_choices_agree_with_the_findings(processed):
    con, choices = explore.begin(data=processed.parent, out=processed)
    with con:
        (result,) = evaluate(con, ["need_not_met"], choices.context)
        mine = explore.needs_and_gaps(con, choices)
        on = ["area_code", "wave_code", "service_code"]
        both = result.table.join(mine, on=on, suffix="_mine")
    assert both.height == mine.height > 0
    assert both.filter(~pl.col("est").eq_missing(pl.col("est_mine"))).is_empty()


def test_a_chart_is_what_jupyterlab_shows_offline():
    """Run in this process: the mime bundle is the same that a kernel sends."""
    from pipeline import charts

    charts.enable_notebooks()
    table = pl.DataFrame({"label": ["手机充电", "饮水"], "est": [0.5, 0.25]})
    bundle = charts.bars(table, label="label", value="est", title="比例")._repr_mimebundle_(include=None, exclude=None)
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert set(data) == {"application/vnd.vegalite.v5+json", "image/png"}
    assert data["application/vnd.vegalite.v5+json"]["$schema"].startswith("https://vega.github.io/schema/vega-lite/v5")
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    output = nbformat.v4.new_output("display_data", data=data)
    nbformat.validate(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[output])]))


def test_other_parameters_run_and_are_named_on_the_page(town):
    from pipeline.terminal import Terminal

    study = paths.Study(root=town[0], out=town[0] / "processed")
    given = {"WEIGHT_SET": "equal", "DROP_FLAGS": [], "GAP_THRESHOLD": 0.2}
    pages = notebook_pages.run_notebooks(study, Terminal(quiet=True), given)
    text = pages[1].read_text(encoding="utf-8")
    assert "权重：等权" in text
    assert "缺口门槛：20%" in text
