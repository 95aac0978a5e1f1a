"""Opening a page that was written, as a reader would: from a file, on a phone, hearing what it asks for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
MARKS = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: the page is not opened"),
    pytest.mark.xdist_group("browser"),
]


def opened(browser, path: Path, **options):
    """A page with what it asked for and complained about."""
    page = browser.new_context(viewport={"width": 390, "height": 844}, **options).new_page()
    heard: list[str] = []
    page.on("request", lambda request: heard.append(request.url) if not request.url.startswith("file:") else None)
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(path.as_uri())
    return page, heard
