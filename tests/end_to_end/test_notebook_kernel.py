"""Notebooks run in a kernel: parameters reach it, old pages go or stay, and a failure names notebook and cell but no value."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from pipeline import notebook_pages, paths
from pipeline.errors import PipelineError
from pipeline.terminal import Terminal
from pipeline.warehouse import load

pytestmark = [pytest.mark.xdist_group("kernel"), pytest.mark.slow]


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


def test_parameters_reach_the_kernel_and_old_pages_go(study, notebooks):
    study.notebooks.mkdir()
    (study.notebooks / "0_gone.html").write_text("old", encoding="utf-8")
    notebooks("1_good", "LIMIT * 21")
    (page,) = notebook_pages.run_notebooks(study, Terminal(quiet=True), {"LIMIT": 2})
    assert "<pre>42</pre>" in page.read_text(encoding="utf-8")
    assert sorted(path.name for path in study.notebooks.iterdir()) == ["1_good.html"]
