"""The pages of the stations in a real browser: offline, on a phone, with JavaScript off, one sheet of paper each."""

from __future__ import annotations

import re
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
    study = study_at(tmp_path_factory.mktemp("驿站 页"))
    export.write_all(findings.evaluate(con, ["station_map"], context), study, context, con)
    return study.findings("2023Q2") / "stations.html"


def test_it_asks_the_network_for_nothing_and_complains_of_nothing(browser, page_file):
    assert opened(browser, page_file)[1] == []


def test_it_fits_a_phone(browser, page_file):
    page, _ = opened(browser, page_file)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_javascript_facts_services_and_sketches_are_seen(browser, page_file):
    page, _ = opened(browser, page_file, java_script_enabled=False)
    assert page.locator("section.station").count() == 4
    first = page.locator("section.station").first
    assert first.locator("tbody tr").first.is_visible() and first.locator("dl.facts dd").first.is_visible()
    assert first.locator("svg.sketch .built").count() == 1 and first.locator("svg.sketch .here").is_visible()


def test_on_a_phone_every_figure_keeps_its_heading(browser, page_file):
    page, _ = opened(browser, page_file)
    told = page.evaluate("getComputedStyle(document.querySelector('section.station td.r'), '::before').content")
    assert told == '"月均人次"'


def test_every_station_prints_on_a_sheet_of_its_own(browser, page_file):
    page, _ = opened(browser, page_file)
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", paper)) == 1 + 4  # the index, and four stations


def test_every_link_of_the_index_leads_to_a_station_and_the_other_to_the_findings(browser, page_file):
    page, _ = opened(browser, page_file)
    hrefs = page.evaluate("[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))")
    inner = [href for href in hrefs if href.startswith("#")]
    assert all(page.locator(f'[id="{href[1:]}"]').count() == 1 for href in inner) and len(inner) == 8
    assert [href for href in hrefs if not href.startswith("#")] == ["findings.html"]
    assert (page_file.parent / "findings.html").exists()
