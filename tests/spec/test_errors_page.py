"""docs/errors.md lists exactly the reasons and problems there are, each with its words."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

from pipeline.readers import refusals

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
ROWS, RUNS = PAGE.split("## Runs: problem codes")
COLUMNS = ROOT / "pipeline" / "clean" / "surveys" / "columns.py"


def listed(part: str) -> list[str]:
    """Codes in the first column of the tables."""
    return re.findall(r"^\| `([a-z_0-9]+)` \|", part, flags=re.M)


def reasons() -> list[dict[str, str]]:
    return tomllib.loads((ROOT / "pipeline" / "metadata" / "reasons.toml").read_text(encoding="utf-8"))["reason"]


def problems() -> set[str]:
    """Codes of every `Problem` the code can make: named in the call, a reader's refusals, a survey's layout faults."""
    found = set(refusals._WORDS)
    for path in (ROOT / "pipeline").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem" and node.args:
                found |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()
    faults = re.search(r"_WORDS = \{(.*?)\n\}", COLUMNS.read_text(encoding="utf-8"), flags=re.S)
    assert faults is not None
    return found | set(re.findall(r'"([a-z_]+)": \(', faults[1]))


def test_the_page_lists_exactly_the_reasons_there_are_in_their_order():
    assert listed(ROWS) == [reason["code"] for reason in reasons()]


def test_the_page_gives_each_reason_in_the_words_people_see():
    assert [r["code"] for r in reasons() if f"| `{r['code']}` | {r['label_zh']} · {r['label_en']} |" not in ROWS] == []


def test_the_page_lists_exactly_the_problems_the_code_can_raise():
    assert sorted(listed(RUNS)) == sorted(problems())


def test_every_line_says_what_causes_it_and_what_to_do():
    lines = [line for line in PAGE.splitlines() if re.match(r"\| `[a-z_0-9]+` \|", line)]
    assert [line for line in lines if any(not cell.strip() for cell in line.strip("|").split("|"))] == []
