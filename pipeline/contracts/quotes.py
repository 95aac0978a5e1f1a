"""Released sentences: `[[quote]]` blocks in place/quotes.toml. One line of a person's own words may leave only by these."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.contracts.study_file import load_place_tables
from pipeline.errors import CONTRACT, Problem, fail
from pipeline.paths import Study

QUOTE_COLUMNS: dict[str, Any] = {
    "wave": str, "question": str, "text": (str, type(None)), "sha256": (str, type(None)), "reviewed_by": str,
    "reviewed_on": date,
}  # fmt: skip


@dataclass(frozen=True)
class Quote:
    """One release: the wave, the question, the stored text or its SHA-256, who released it and when; `where` in messages."""

    wave: str
    question: str
    text: str | None
    sha256: str | None
    reviewed_by: str
    reviewed_on: date
    where: str = "quotes.toml"


def load_quotes(study: Study) -> list[Quote]:
    """The releases of a study. Raises exit 11 with every block that names both or neither of `text` and `sha256`."""
    quotes, problems = [], []
    for block in load_place_tables(study, "quote", QUOTE_COLUMNS):
        where = f"{block['_path'].name} [[quote]] {block['_number']}"
        text, sha256 = (block["text"] or "").strip() or None, (block["sha256"] or "").strip().lower() or None
        if (text is None) == (sha256 is None):
            problems.append(_invalid(where, "text 与 sha256 要写一个，只写一个", "write one of text and sha256"))
        elif sha256 and not re.fullmatch(r"[0-9a-f]{64}", sha256):
            problems.append(_invalid(where, "sha256 不是64位十六进制", "sha256 is no 64 hexadecimal digits"))
        quotes.append(
            Quote(block["wave"], block["question"], text, sha256, block["reviewed_by"], block["reviewed_on"], where)
        )
    if problems:
        fail(CONTRACT, *problems)
    return quotes


def _invalid(where: str, zh: str, en: str) -> Problem:
    return Problem(
        "contract_invalid",
        where,
        zh,
        en,
        expected='text = "…"',
        do_zh="请修改该 TOML 文件",
        do_en="mend this TOML file",
    )
