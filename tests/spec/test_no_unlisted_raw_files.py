"""No raw file enters the repository unless the sample's MANIFEST lists it: received files hold personal data."""

import csv
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RAW = ROOT / "data" / "raw"
ALWAYS = ["README.md", "MANIFEST.csv"]
RULE = ["/data/raw/**", "!/data/raw/**/"]

needs_git = pytest.mark.skipif(
    not (ROOT / ".git").exists() or not shutil.which("git"), reason="not a git checkout, or no git"
)
needs_sample = pytest.mark.skipif(not (RAW / "MANIFEST.csv").exists(), reason="the sample study is not there")


def listed():
    """The files of the sample, in the order of its MANIFEST."""
    with (RAW / "MANIFEST.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row["path"] for row in csv.DictReader(file)]


def admit(path):
    """The line of .gitignore that lets one raw file in; what git would read as a pattern is escaped."""
    return "!/data/raw/" + re.sub(r"([*?\[\]\\ ])", r"\\\1", path)


def git(*args):
    """What git prints."""
    command = ["git", "-c", "core.quotepath=off", *args]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8").stdout


@needs_sample
def test_gitignore_admits_the_files_of_the_manifest_and_no_others():
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if "data/raw" in line and not line.startswith("#")]
    wanted = [*RULE, *(admit(path) for path in ALWAYS + listed())]
    assert rules == wanted, "the raw files' lines in .gitignore should read:\n" + "\n".join(wanted)


@needs_git
@pytest.mark.parametrize(
    "name", ["名单.xlsx", "2023Q3/送达 (1).csv", "ledgers/x.xlsx", "logs/a/b.jsonl", "MANIFEST.csv.bak"]
)
def test_an_unlisted_file_is_ignored(name):
    assert git("check-ignore", "--no-index", f"data/raw/{name}") != ""


@needs_git
@needs_sample
def test_what_git_holds_is_what_the_manifest_lists():
    assert sorted(git("ls-files", "-z", "data/raw").split("\0")[:-1]) == sorted(
        f"data/raw/{path}" for path in {*ALWAYS, *listed()}
    )


@needs_git
@needs_sample
def test_every_listed_file_is_let_in_and_there():
    paths = [f"data/raw/{path}" for path in ALWAYS + listed()]
    assert [path for path in paths if git("check-ignore", "--no-index", path)] == []
    assert [path for path in paths if not (ROOT / path).is_file()] == []
