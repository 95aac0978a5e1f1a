"""The repository stands alone: no path of somebody's machine, no address of a package index, files short enough to read,
every module says what it is for."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted([*(ROOT / "pipeline").rglob("*.py"), ROOT / "bootstrap.py"])
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MOST_LINES = {"pipeline": 250, "tests": 400}  # nothing is excused: a longer file is two
# Written in pieces, so that this file does not find itself.
FORBIDDEN = {
    "a path of a machine": re.compile(r"(?<![\w.])/(?:work|home|root|Users)" + r"/[A-Za-z0-9]|\b[A-Z]:\\Users\\"),
    "a package index": re.compile("pypi" + r"\.org|python" + r"hosted\.org|tuna\.tsing" + "hua|mirrors\\.ali" + "yun"),
    "who wrote it": re.compile(
        "(?i)sub" + "agent|\\bclau" + "de\\b|anthro" + "pic|chat" + "gpt|open" + "ai\\b|co" + "pilot"
    ),
}
NEIGHBOUR = re.compile(r"\.\./" + "shared")
needs_git = pytest.mark.skipif(
    not (ROOT / ".git").exists() or not shutil.which("git"), reason="not a git checkout, or no git"
)


def tracked() -> list[Path]:
    """Files git knows and that are text."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True).stdout.decode("utf-8")
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:4096]]


def lines_with(path: Path, pattern: re.Pattern[str]) -> list[str]:
    """Where a pattern stands in a file, as path:line."""
    text = path.read_bytes().decode("utf-8", "ignore")
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


@needs_git
@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_holds(what):
    assert [place for path in tracked() for place in lines_with(path, FORBIDDEN[what])] == []


@needs_git
def test_only_the_skip_conditions_of_tests_name_the_folder_beside_the_repository():
    places = [place for path in tracked() for place in lines_with(path, NEIGHBOUR)]
    outside = [place for place in places if not place.startswith("tests/")]
    assert outside == []
    for place in places:
        name, number = place.rsplit(":", 1)
        around = (ROOT / name).read_text(encoding="utf-8").splitlines()[max(0, int(number) - 4) : int(number) + 3]
        assert any("skip" in line or "reason" in line for line in around), place


@pytest.mark.parametrize("path", [*CODE, *TESTS], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_is_short_enough_to_read(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES["tests" if path in TESTS else "pipeline"]


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_begins_with_what_it_is_for(path):
    text = path.read_text(encoding="utf-8")
    assert not text.strip() or ast.get_docstring(ast.parse(text)), "no docstring"


def test_no_module_is_called_utils():
    assert [path.name for path in CODE if re.fullmatch(r"(utils?|helpers?|misc|common)\.py", path.name)] == []


def test_every_sql_file_is_one_select_under_a_header_that_says_its_question():
    files = sorted((ROOT / "pipeline" / "marts").glob("*.sql"))
    assert files
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert re.match(r"-- Question: .+\n(?:-- .+\n)*?-- Grain: .+\n(?:-- .+\n)*?-- Units: ", text), path.name
        body = "\n".join(line.split("--", 1)[0] for line in text.splitlines())
        assert body.count(";") <= 1 and re.match(r"\s*(?:with|select)\b", body, re.IGNORECASE), path.name
