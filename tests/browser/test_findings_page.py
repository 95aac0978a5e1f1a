"""The page of findings in a real browser: offline, on a phone, with JavaScript off, on paper."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from pipeline import export, findings
from pipeline.paths import study as study_at
from tests.browser.pages import MARKS, opened
from tests.unit.findings.test_station_map import town

pytestmark = MARKS


@pytest.fixture(scope="module")
def page_file(tmp_path_factory) -> Path:
    con = town()
    context = findings.context_for(con, is_simulated=True)
    study = study_at(tmp_path_factory.mktemp("页面 一"))
    export.write_all(findings.evaluate(con, context=context), study, context, con)
    return study.findings("2023Q2") / "findings.html"


def test_the_page_asks_the_network_for_nothing_and_complains_of_nothing(browser, page_file):
    _, heard = opened(browser, page_file)
    assert heard == []


def test_the_page_fits_a_phone(browser, page_file):
    page, _ = opened(browser, page_file)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_javascript_charts_and_tables_are_seen(browser, page_file):
    page, _ = opened(browser, page_file, java_script_enabled=False)
    assert page.locator("figure svg").count() >= 9
    assert page.locator("table").first.is_visible()
    assert "受访者中" in page.locator("main").inner_text()


def test_the_first_screen_says_period_stamp_conclusion_and_actions(browser, page_file):
    page, _ = opened(browser, page_file)
    for selector in (".stamp", ".period", ".lead", ".actions li"):
        assert page.locator(selector).first.is_visible()
    assert page.locator(".lead").first.bounding_box()["y"] < 300
    assert page.locator(".actions li").count() <= 3


def test_the_map_is_drawn_with_its_shapes(browser, page_file):
    page, _ = opened(browser, page_file, java_script_enabled=False)
    drawn = page.locator("#station_map figure svg")
    box = drawn.bounding_box()
    assert drawn.is_visible() and 250 < box["width"] <= 390 and box["height"] > 150
    assert drawn.locator('path[fill="#dde2e9"], path[fill="#f0cf9e"]').count() >= 3
    words = drawn.text_content()
    assert all(word in words for word in ("WGS-84", " m", "北 ↑"))


def test_figures_are_set_to_the_right(browser, page_file):
    page, _ = opened(browser, page_file)
    assert page.evaluate("getComputedStyle(document.querySelector('td.r')).textAlign") == "right"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser, page_file, scheme):
    page, _ = opened(browser, page_file, color_scheme=scheme)
    ink, paper = page.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    drawn = page.evaluate("getComputedStyle(document.querySelector('figure svg text')).fill")
    assert contrast(ink, paper) >= 7 and contrast(drawn, paper) >= 7


def contrast(first: str, second: str) -> float:
    """WCAG contrast of two rgb() colours."""

    def light(colour: str) -> float:
        parts = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
        red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(first), light(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_chinese_is_drawn_on_paper(browser, page_file):
    page, _ = opened(browser, page_file)
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert paper.count(b"/Type /Page") > 3 and len(zlib.compress(paper)) > 50_000


def test_every_link_leads_somewhere(browser, page_file):
    page, _ = opened(browser, page_file)
    dead = page.evaluate(
        "[...document.querySelectorAll('a')].filter(a => !document.querySelector(a.hash)).map(a => a.hash)"
    )
    assert dead == []
