"""Notebook pages: nothing fetched, stamped when simulated, and a failure that names notebook and cell but no value."""

from __future__ import annotations

import base64

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pipeline import notebook_pages, paths
from pipeline.errors import FILE, PipelineError
from pipeline.terminal import Terminal
from pipeline.warehouse import load

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (840).to_bytes(4, "big") + (300).to_bytes(4, "big") + b"\x08\x06\0\0\0"


@pytest.fixture
def executed():
    bundle = {
        "application/vnd.vegalite.v5+json": {"$schema": "https://vega.github.io/schema/vega-lite/v5.20.1.json"},
        "image/png": base64.b64encode(PNG).decode(),
        "text/plain": "alt.Chart(...)",
    }
    injected = new_code_cell("OUT = '/secret/place'", metadata={"tags": ["injected-parameters"]})
    chart = new_code_cell("charts.bars(needs)", outputs=[new_output("display_data", data=bundle)])
    return new_notebook(cells=[new_markdown_cell("# 1　需求"), injected, chart])


@pytest.fixture
def study(tmp_path):
    """A study whose warehouse is built and empty."""
    study = paths.study(tmp_path / "我的 研究")
    study.out.mkdir(parents=True)
    load.create(study.warehouse).close()
    return study


@pytest.fixture
def notebooks(tmp_path, monkeypatch):
    """A folder of notebooks in place of ours; returns a writer of them."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    monkeypatch.setattr(notebook_pages, "NOTEBOOKS", folder)

    def write(name, *sources):
        first = new_code_cell("LIMIT = 1", metadata={"tags": ["parameters"]})
        cells = [new_markdown_cell(f"# {name}"), first, *[new_code_cell(source) for source in sources]]
        nbformat.write(new_notebook(cells=cells), folder / f"{name}.ipynb")

    return write


def test_page_fetches_nothing_and_holds_no_script(executed):
    page = notebook_pages.page(executed, True)
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_page_keeps_the_picture_at_half_its_pixels_and_drops_the_specification(executed):
    page = notebook_pages.page(executed, False)
    assert 'width="420"' in page
    assert "vegalite" not in page
    assert "alt.Chart" not in page
    assert "No description has been provided" not in page


def test_page_does_not_tell_where_the_study_lies(executed):
    assert "/secret/place" not in notebook_pages.page(executed, False)


def test_simulated_pages_are_stamped_and_others_are_not(executed):
    assert "模拟数据，仅供演示，不得作为决策依据" in notebook_pages.page(executed, True)
    assert "模拟数据" not in notebook_pages.page(executed, False)


def test_without_a_warehouse_it_says_what_to_run(tmp_path):
    with pytest.raises(PipelineError) as error:
        notebook_pages.run_notebooks(paths.study(tmp_path), Terminal(quiet=True))
    assert error.value.exit_code == FILE
    assert "make pipeline" in error.value.problems[0].do_zh


@pytest.mark.slow
def test_a_failing_notebook_is_named_with_its_cell_and_no_value_and_old_pages_stay(study, notebooks):
    study.notebooks.mkdir()
    (study.notebooks / "1_good.html").write_text("old", encoding="utf-8")
    notebooks("1_good", "LIMIT + 1")
    notebooks("2_bad", "1 + 1", "raise ValueError('13800001111')")
    with pytest.raises(PipelineError) as error:
        notebook_pages.run_notebooks(study, Terminal(quiet=True))
    (problem,) = error.value.problems
    assert (problem.where.split("，")[0], problem.got) == ("2_bad.ipynb", "ValueError")
    assert "第 3 个" in problem.where
    assert "13800001111" not in str(error.value)
    assert (study.notebooks / "1_good.html").read_text(encoding="utf-8") == "old"


@pytest.mark.slow
def test_parameters_reach_the_kernel_and_old_pages_go(study, notebooks):
    study.notebooks.mkdir()
    (study.notebooks / "0_gone.html").write_text("old", encoding="utf-8")
    notebooks("1_good", "LIMIT * 21")
    (page,) = notebook_pages.run_notebooks(study, Terminal(quiet=True), {"LIMIT": 2})
    assert "<pre>42</pre>" in page.read_text(encoding="utf-8")
    assert sorted(path.name for path in study.notebooks.iterdir()) == ["1_good.html"]
