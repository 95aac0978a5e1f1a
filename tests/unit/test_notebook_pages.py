"""Notebook pages: nothing fetched, stamped when simulated."""

from __future__ import annotations

import base64

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from pipeline import notebook_pages, paths
from pipeline.errors import FILE, PipelineError
from pipeline.terminal import Terminal

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
