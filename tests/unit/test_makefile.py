"""The Makefile: every target explained, every path passed on whole."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from unicodedata import east_asian_width

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z-]+):(?!=)", TEXT, flags=re.M)
PROMISED = {"setup", "pipeline", "test", "notebooks", "lab", "lint", "bench", "clean", "help"}

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")


def make(*args, cwd=ROOT):
    """What make prints; it must succeed."""
    done = subprocess.run(["make", *args], cwd=cwd, capture_output=True, encoding="utf-8", check=True)
    return done.stdout


@pytest.fixture
def echo(tmp_path):
    """A stand-in for Python that prints the arguments it is given, and JUPYTER_CONFIG_PATH."""
    script = tmp_path / "echo.py"
    script.write_text("import json, os, sys; print(json.dumps([sys.argv[1:], os.getenv('JUPYTER_CONFIG_PATH')]))")
    return f'PYTHON="{sys.executable}" "{script}"'


def arguments(printed):
    """The arguments after `bootstrap.py --` in the last line printed."""
    argv = json.loads(printed.splitlines()[-1])[0]
    assert argv[:2] == ["bootstrap.py", "--"]
    return argv[2:]


def test_every_promised_target_is_there_phony_and_explained():
    assert set(TARGETS) >= PROMISED
    phony = re.search(r"^\.PHONY: (.*)$", TEXT, flags=re.M)[1].split()
    assert sorted(phony) == sorted(TARGETS)
    unexplained = [name for name in TARGETS if not re.search(rf"^{name}:.*## .*·.*", TEXT, flags=re.M)]
    assert unexplained == []


def test_make_alone_prints_the_help_on_one_screen():
    printed = make()
    assert printed == make("help")
    assert re.findall(r"^  make ([a-z-]+) ", printed, flags=re.M) == TARGETS
    assert len(printed.splitlines()) <= 24
    wide = [line for line in printed.splitlines() if sum(1 + (east_asian_width(c) in "WF") for c in line) > 80]
    assert wide == []


@pytest.mark.parametrize("folder", ["data", "我的 数据/2023 年", "D:/有 空格 (1)&amp", "it's"])
def test_a_folder_arrives_whole(echo, folder):
    wanted = ["--data", folder, "--period", "2023Q1"]
    assert arguments(make("-s", "pipeline", f"DATA={folder}", "ARGS=--period 2023Q1", echo)) == [
        "-m",
        "pipeline",
        "run",
        *wanted,
    ]
    assert arguments(make("-s", "notebooks", f"DATA={folder}", echo)) == ["-m", "pipeline", "notebooks", *wanted[:2]]


def test_benchmarks_run_beside_the_peers(echo):
    words = ["-m", "pytest", "tests/benchmarks", "-s", "-q", "-k", "access"]
    argv = json.loads(make("-s", "bench", "ARGS=-k access", echo).splitlines()[-1])[0]
    assert argv == ["bootstrap.py", "--with", "peers", "--", *words]


def test_the_sample_is_the_default(echo):
    assert arguments(make("-s", "pipeline", echo))[-2:] == ["--data", "data"]


@pytest.mark.parametrize(("option", "language"), [((), "zh"), (("LANG_UI=en",), "en")])
def test_the_laboratory_speaks_both_languages_and_asks_no_network(echo, option, language):
    argv, config = json.loads(make("-s", "lab", *option, echo))
    assert argv[2:4] == ["-m", "jupyterlab"]
    overrides = json.loads((ROOT / config / "labconfig" / "default_setting_overrides.json").read_text())
    assert overrides["@jupyterlab/translation-extension:plugin"]["locale"] == {"zh": "zh_CN", "en": "en"}[language]
    assert overrides["@jupyterlab/apputils-extension:notification"] == {"checkForUpdates": False, "fetchNews": "false"}
    server = json.loads((ROOT / config / "jupyter_server_config.json").read_text())
    assert server["LabApp"]["extension_manager"] == "readonly"
    assert server["LabApp"]["news_url"] is None


def test_clean_keeps_the_sources_and_the_environment(tmp_path):
    folder = tmp_path / "a b"
    for name in (
        "data/processed/findings",
        "data/raw",
        "data/place",
        ".venv",
        "pipeline/x/__pycache__",
        "tests",
        "notebooks",
    ):
        (folder / name).mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", folder)
    make("clean", cwd=folder)
    left = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_dir()}
    assert left == {"data", "data/raw", "data/place", ".venv", "pipeline", "pipeline/x", "tests", "notebooks"}
    make("distclean", cwd=folder)
    assert not (folder / ".venv").exists()
