"""Set-up from nothing, from something half made, and from nothing that works. No test here touches the network."""

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = (ROOT / "bootstrap.py").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
ENGINES = ("sail", "spark")
EXTRAS = (*ENGINES, "peers")


@pytest.fixture
def checkout(tmp_path):
    """A copy of the set-up files, in a folder such as offices have."""
    folder = tmp_path / "暖心 驿站"
    folder.mkdir()
    for name in (
        "bootstrap.py",
        "pyproject.toml",
        "requirements.lock",
        *(f"requirements-{name}.lock" for name in EXTRAS),
    ):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture
def bootstrap(checkout, monkeypatch):
    """That copy as a module; its installer makes a bare .venv and notes each call instead of installing."""
    spec = importlib.util.spec_from_file_location("bootstrap_copy", checkout / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    note = "import sys; open('calls', 'a').write(sys.argv[1] + ' ')"
    bare = note + "; import venv; venv.create(sys.argv[2], symlinks=sys.platform != 'win32')"

    def installer(env, quiet):
        return [sys.executable, "-c", bare, "make", module.VENV.name], [sys.executable, "-c", note, "install"]

    monkeypatch.setattr(module, "with_uv_on_path", installer)
    monkeypatch.setattr(module, "PIP", [sys.executable, "-c", "pass"])
    return module


def calls(checkout):
    """What the installer was asked to do since the last look."""
    text = (checkout / "calls").read_text() if (checkout / "calls").exists() else ""
    (checkout / "calls").unlink(missing_ok=True)
    return text.split()


def test_sets_up_once_and_again_only_when_something_changed(bootstrap, checkout):
    assert bootstrap.main([]) == 0
    assert calls(checkout) == ["make", "install"]
    assert bootstrap.main([]) == 0
    assert calls(checkout) == []
    for name in ("requirements.lock", "pyproject.toml", "bootstrap.py"):
        with (checkout / name).open("a") as file:
            file.write("# changed\n")
        assert bootstrap.main([]) == 0
        assert calls(checkout) == ["install"], name


@pytest.mark.parametrize("damage", ["no stamp", "no interpreter", "another Python"])
def test_remakes_what_is_half_made(bootstrap, checkout, damage):
    assert bootstrap.main([]) == 0
    calls(checkout)
    if damage == "no stamp":
        bootstrap.STAMP.unlink()
    elif damage == "no interpreter":
        bootstrap.venv_python().unlink()
    else:
        bootstrap.STAMP.write_text("cpython 3.10 elsewhere\n" + bootstrap.stamp()[1] + "\n")
    left_over = bootstrap.VENV / "left-over"
    left_over.touch()
    assert bootstrap.main([]) == 0
    assert calls(checkout) == ["make", "install"]
    assert not left_over.exists()


def test_an_interrupted_set_up_leaves_no_stamp(bootstrap, checkout, monkeypatch):
    assert bootstrap.main([]) == 0
    (checkout / "requirements.lock").write_text(LOCK + "# changed\n", encoding="utf-8")

    def interrupted(command, env):
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "call", interrupted)
    with pytest.raises(KeyboardInterrupt):
        bootstrap.main([])
    assert not bootstrap.STAMP.exists()


def test_runs_a_command_and_returns_its_exit_code(bootstrap, capfd):
    show = "import os, sys, bootstrap; print(sys.prefix, sys.argv[1:]); sys.exit(12)"
    assert bootstrap.main(["--quiet", "--", "-c", show, "--data", "我的 数据"]) == 12
    out, err = capfd.readouterr()
    # `import bootstrap` shows that the checkout is on the path of .venv; stdout holds nothing but the command's own
    assert out == f"{bootstrap.VENV} ['--data', '我的 数据']\n"
    assert err == ""


def test_progress_is_in_both_languages_and_on_stderr(bootstrap, capfd):
    bootstrap.main([])
    out, err = capfd.readouterr()
    assert out == ""
    assert [line[:2] for line in err.splitlines()] == ["» "] * 3
    assert "新建 .venv" in err and "making .venv" in err


def test_when_nothing_works_it_says_what_to_do(checkout, tmp_path):
    broken = tmp_path / "broken" / "pip"
    broken.mkdir(parents=True)
    (broken / "__init__.py").touch()
    (broken / "__main__.py").write_text("raise SystemExit('no index here')")
    env = dict(os.environ, PYTHONPATH=str(broken.parent), PATH=str(tmp_path), PYTHONUTF8="1", LC_ALL="C")
    command = [sys.executable, checkout / "bootstrap.py", "--", "-c", "print('not reached')"]
    done = subprocess.run(command, env=env, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.count("no index here") == 2  # both ways through pip were tried
    assert "sudo apt-get install -y python3-pip python3-venv" in done.stderr
    assert "环境未能建立" in done.stderr and "could not be made" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (checkout / ".venv" / "warm-stations.stamp").exists()


def test_a_missing_lock_is_told_without_a_traceback(bootstrap, capfd):
    bootstrap.LOCK.unlink()
    assert bootstrap.main([]) == 3
    assert "requirements.lock" in capfd.readouterr().err


def test_an_old_python_can_read_it_and_is_sent_away(bootstrap, monkeypatch, capfd):
    ast.parse(SOURCE, feature_version=(3, 6))
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 18))
    assert bootstrap.main([]) == 3
    assert "需要 Python 3.11" in capfd.readouterr().err


def test_an_activated_environment_hands_over_to_its_base(bootstrap, monkeypatch):
    handed = []
    monkeypatch.setattr(bootstrap.sys, "prefix", str(bootstrap.VENV))
    monkeypatch.setattr(bootstrap.subprocess, "call", lambda command: handed.append(command) or 0)
    assert bootstrap.main(["--quiet"]) == 0
    assert handed == [[sys._base_executable, bootstrap.__file__, "--quiet"]]


@pytest.mark.parametrize(
    "words", [["--data", "x"], ["--with"], ["--with", "hive"], ["--with", "sail", "spark"], ["sail"]]
)
def test_quiet_and_with_an_extra_are_the_only_options(bootstrap, words):
    assert bootstrap.main(["--help"]) == 0
    assert bootstrap.main(words) == 2
    assert not bootstrap.VENV.exists()


@pytest.mark.parametrize("engine", EXTRAS)
def test_an_engine_or_the_peers_have_an_environment_of_their_own_beside_the_usual_one(
    bootstrap, checkout, engine, capfd
):
    assert bootstrap.main(["--quiet"]) == 0
    calls(checkout)
    usual = bootstrap.STAMP.read_text()
    show = "import sys, bootstrap; print(sys.prefix)"
    assert bootstrap.main(["--with", engine, "--quiet", "--", "-c", show]) == 0
    assert capfd.readouterr().out == f"{checkout / f'.venv-{engine}'}\n"
    assert calls(checkout) == ["make", "install"]
    assert (checkout / ".venv" / "warm-stations.stamp").read_text() == usual
    (checkout / f"requirements-{engine}.lock").open("a").write("# changed\n")
    assert bootstrap.main(["--with", engine, "--quiet"]) == 0
    assert calls(checkout) == ["install"]


@pytest.mark.parametrize("engine", ENGINES)
def test_of_an_engine_one_package_may_be_built_and_only_with_what_the_lock_names(
    bootstrap, monkeypatch, checkout, engine
):
    bootstrap.choose(engine)
    (checkout / ".boot").mkdir()
    assert bootstrap.uv_commands(None) is None
    _, sync = bootstrap.uv_commands("uv")
    assert sync[-3:] == [bootstrap.LOCK, "--build-constraints", bootstrap.LOCK]
    _, first, then = bootstrap.with_pip({}, True)
    assert re.fullmatch(r"setuptools==\S+ \\\n( +--hash=sha256:\w+( \\)?\n)+", first[-1].read_text(encoding="utf-8"))
    assert then[-3:] == [bootstrap.LOCK, "--no-build-isolation", "--use-pep517"]
    asked = []
    monkeypatch.setattr(bootstrap, "call", lambda command, env: asked.append(command))
    monkeypatch.setattr(bootstrap, "link_checkout", lambda: bootstrap.VENV.mkdir())
    assert bootstrap.set_up(True)
    source = {"sail": "pyspark-client", "spark": "pyspark"}[engine]
    assert asked[-1][-6:] == ["--require-hashes", "--only-binary", ":all:", "--no-binary", source, "--quiet"]


def test_the_peers_are_installed_as_strictly_as_the_rest(bootstrap, monkeypatch):
    bootstrap.choose("peers")
    asked = []
    monkeypatch.setattr(bootstrap, "call", lambda command, env: asked.append(command))
    monkeypatch.setattr(bootstrap, "link_checkout", lambda: bootstrap.VENV.mkdir())
    assert bootstrap.set_up(True)
    assert asked[-1][-4:] == ["--require-hashes", "--only-binary", ":all:", "--quiet"]
    assert bootstrap.uv_commands("uv")[-1][-1] == bootstrap.LOCK


def test_the_interpreter_of_each_system(bootstrap, checkout):
    assert bootstrap.venv_python(windows=True) == checkout / ".venv" / "Scripts" / "python.exe"
    assert bootstrap.venv_python(windows=False) == checkout / ".venv" / "bin" / "python"


def test_uv_learns_of_the_mirror_that_pip_uses(bootstrap, monkeypatch):
    listing = "\n".join(
        [
            "global.index-url='https://global.example/index'",
            "install.index-url='https://mirror.example/index'",
            "install.trusted-host='mirror.example other.example'",
            ":env:.cert='/etc/office.pem'",
            "global.cert='/etc/other.pem'",
            "freeze.index-url='https://unrelated.example/index'",
        ]
    )
    monkeypatch.setattr(bootstrap, "PIP", [sys.executable, "-c", f"print({listing!r})"])
    for name in {name for names in bootstrap.PIP_TO_UV.values() for name in names}:
        monkeypatch.delenv(name, raising=False)
    env = bootstrap.settings()
    assert env["UV_DEFAULT_INDEX"] == "https://mirror.example/index"
    assert env["UV_INSECURE_HOST"] == "mirror.example other.example"
    assert env["SSL_CERT_FILE"] == "/etc/office.pem"
    assert env["UV_PYTHON_DOWNLOADS"] == "never"
    monkeypatch.setenv("UV_INDEX_URL", "https://own.example/index")
    monkeypatch.setenv("SSL_CERT_FILE", "/etc/own.pem")
    env = bootstrap.settings()
    assert "UV_DEFAULT_INDEX" not in env
    assert env["SSL_CERT_FILE"] == "/etc/own.pem"


def test_it_needs_nothing_but_the_standard_library():
    names = set()
    for node in ast.walk(ast.parse(SOURCE)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module.partition(".")[0])
    assert names <= sys.stdlib_module_names


@pytest.mark.parametrize("engine", [None, *EXTRAS])
def test_a_lock_covers_what_is_declared_with_hashes_and_without_addresses(engine):
    lock = (ROOT / f"requirements-{engine}.lock").read_text(encoding="utf-8") if engine else LOCK
    assert "://" not in lock
    stanzas = re.findall(r"^([a-z0-9.-]+)==\S+(.*?)(?=^\S|\Z)", lock, flags=re.M | re.S)
    assert [name for name, rest in stanzas if "--hash=sha256:" not in rest] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    declared = project["project"]["dependencies"] + groups["dev"] + (groups[engine] if engine else [])
    wanted = {re.match(r"[\w.-]+", line)[0].lower().replace("_", "-") for line in declared}
    assert wanted <= {name for name, _ in stanzas}


def test_whoever_stays_on_duckdb_downloads_no_engine_or_peer_and_all_share_one_set_of_versions():
    versions = {
        engine: set(re.findall(r"^([a-z0-9.-]+==[^ ]+)", (ROOT / name).read_text(encoding="utf-8"), flags=re.M))
        for engine, name in [(None, "requirements.lock"), *((name, f"requirements-{name}.lock") for name in EXTRAS)]
    }
    assert [
        line for line in versions[None] if re.match("pysail|pyspark|sqlglot|grpcio|py4j|access|geopandas", line)
    ] == []
    assert all(versions[None] <= versions[extra] for extra in EXTRAS)


def test_uv_is_fetched_with_the_hashes_of_the_lock(bootstrap, monkeypatch, checkout):
    asked = []
    monkeypatch.setattr(bootstrap, "call", lambda command, env: asked.append(command))
    (checkout / ".boot").mkdir()
    bootstrap.with_uv_from_pip({}, True)
    assert {"--require-hashes", "--target", "--no-deps"} <= set(asked[0])
    lines = (checkout / ".boot" / "uv.txt").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("uv==") and all(line.startswith("    --hash=sha256:") for line in lines[1:])
    assert len(lines) > 10 and not lines[-1].endswith("\\")
    bootstrap.with_uv_from_pip({}, True)
    assert len(asked) == 1  # and not fetched twice


def test_the_windows_door_is_the_same_bootstrap():
    raw = (ROOT / "运行.bat").read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    text = raw.decode("utf-8")
    assert "chcp 65001" in text and "%~1" in text and "pause" in text
    assert 'bootstrap.py -- -m pipeline run --data "%STUDY%"' in text


def test_no_tracked_file_names_an_index_or_this_machine():
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout")
    # in pieces, so that this file does not find itself
    pattern = "|".join(
        ["https?://[a-z.]+/" + "simple", "--(extra-)?index" + "-url", "pypi" + r"\.org", "python" + "hosted"]
    )
    found = subprocess.run(["git", "grep", "-nIE", pattern], cwd=ROOT, capture_output=True, encoding="utf-8")
    assert found.stdout == ""
