"""`variable = "…"` written into one question of a wave file; everything else stays as it is, comments too."""

from __future__ import annotations

import itertools
import re
import tomllib
from pathlib import Path
from typing import Any

from pipeline.contracts import load_toml
from pipeline.contracts.toml_text import toml_value
from pipeline.errors import CONTRACT, Problem, fail
from pipeline.paths import Study

_HEADER = re.compile(r"^\s*\[\[?[^\]]+\]\]?\s*(?:#.*)?$")
_QUESTION = re.compile(r"^\s*\[\[\s*question\s*\]\]")
_CODE = re.compile(r"^\s*code\s*=\s*(['\"])(.*?)\1")
_TYPE = re.compile(r"^\s*type\s*=")
_COMMENTED = re.compile(r"^\s*#\s*variable\s*=")


def wave_file(study: Study, wave: str) -> Path:
    """The file of a wave."""
    return next(path for path in sorted((study.place / "waves").glob("*.toml")) if load_toml(path).get("code") == wave)


def with_link(path: Path, text: str, block: dict[str, Any]) -> str:
    """The text of a wave file with one question linked: below its type, instead of a line that proposed a variable.

    Raises exit 11 where the question is not written as a block of its own, or the line would change anything else.
    """
    lines = text.split("\n")
    bounds = _block(lines, block["question"])
    made = text
    if bounds is not None:
        start, end = bounds
        line = f"variable = {toml_value(block['variable'])}  # {' '.join(block['reviewer'].split())} {block['reviewed_on'].isoformat()}"
        line += "\r" if lines[start].endswith("\r") else ""
        inside = [one for one in lines[start:end] if not _COMMENTED.match(one)]
        at = next((i for i, one in enumerate(inside) if _TYPE.match(one)), 0) + 1
        made = "\n".join([*lines[:start], *inside[:at], line, *inside[at:], *lines[end:]])
    if not _only_linked(text, made, block):
        fail(
            CONTRACT,
            Problem("toml_not_appendable", str(path), "不能在这道题里写 variable", "variable cannot be written into this question",
                    got=block["question"], expected="[[question]]", do_zh=f'请把这道题写成 [[question]] 块，或自己写上 variable = "{block["variable"]}"',
                    do_en="write the question as a [[question]] block, or write the line yourself"),
        )  # fmt: skip
    return made


def _block(lines: list[str], code: str) -> tuple[int, int] | None:
    """First and last line (one past it) of the block of a question."""
    starts = [i for i, line in enumerate(lines) if _HEADER.match(line.rstrip("\r"))]
    for start, end in itertools.pairwise([*starts, len(lines)]):
        found = next((match for line in lines[start:end] if (match := _CODE.match(line))), None)
        if _QUESTION.match(lines[start]) and found and found.group(2) == code:
            return start, end
    return None


def _only_linked(before: str, after: str, block: dict[str, Any]) -> bool:
    """Whether the change adds the variable to the question and nothing else."""
    try:
        was, now = (tomllib.loads(text.replace("\r\n", "\n")) for text in (before, after))
    except tomllib.TOMLDecodeError:
        return False
    for question in was.get("question", []):
        if question.get("code") == block["question"]:
            question["variable"] = block["variable"]
            return was == now
    return False
