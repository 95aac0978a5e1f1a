"""One browser for the pages of a module."""

from __future__ import annotations

import pytest

from tests.browser.pages import CHROMIUM, playwright


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as tool:
        opened = tool.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()
