"""Web pages and XML spreadsheets, often saved as .xls: which is which, and a page that came as a mail in parts."""

from __future__ import annotations

import re
from email import message_from_bytes
from pathlib import Path

from pipeline.readers.opened import HTML, XML
from pipeline.readers.refusals import refuse

_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_TABLE = re.compile(r"<table[\s>]", re.I)
_PAGE = re.compile(r"<(?:!doctype|html|head|body|meta|frameset|\?xml)\b", re.I)
_MAIL = re.compile(rb"\s*(?:MIME-Version|Content-Type|From|Subject|Date|X-\w+):[^\r\n]*\r?\n", re.I)


def markup_kind(path: Path, text: str, head: str) -> str | None:
    """html, xml, or nothing when a table of text only begins with <. Raises exit 10 for a page without a table."""
    if _SPREADSHEET in text[:20_000] and re.search(r"<(?:\w+:)?Workbook\b", text[:20_000]):
        return XML
    if _TABLE.search(text):
        return HTML
    if _PAGE.match(head):
        refuse("html_as_workbook", path, got="HTML" if "html" in head.lower() else "XML")
    return None


def page_in_parts(data: bytes) -> bytes | None:
    """The pages of a “single file web page” (Excel writes one page per sheet into it), one after the other."""
    if not _MAIL.match(data[:1000]) or b"multipart/related" not in data[:4000].lower():
        return None
    parts = message_from_bytes(data).walk()
    pages = [part.get_payload(decode=True) for part in parts if part.get_content_type() == "text/html"]
    return b"\n".join(page for page in pages if page) or None
