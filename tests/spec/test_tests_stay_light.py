"""Unit and spec tests never load Great Expectations: not when imported, and the guard in tests/conftest.py sees it at run time."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = "great_expectations"


def at_the_head(path: Path) -> set[str]:
    """What importing a file imports, by what it says outside functions; `from a import b` counts as a and as a.b."""
    names: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)
    return names


def file_of(name: str) -> Path | None:
    """The file of a module of ours, its package's `__init__` where it is one."""
    path = ROOT.joinpath(*name.split("."))
    return next((one for one in (path.with_suffix(".py"), path / "__init__.py") if one.is_file()), None)


def packages_of(name: str) -> list[str]:
    """A module and the packages it lies in: importing it imports them."""
    parts = name.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts) + 1)]


def test_importing_them_reaches_no_great_expectations() -> None:
    tests = [path for room in ("unit", "spec") for path in (ROOT / "tests" / room).rglob("*.py")]
    waiting, seen, reached = list(tests), set(tests), set()
    while waiting:
        for name in at_the_head(waiting.pop()):
            reached.add(name.split(".")[0])
            found = {file_of(one) for one in packages_of(name)} - {None} - seen
            seen |= found
            waiting += found
    assert len(seen) > len(tests) + 50  # it did go through our own modules
    assert HEAVY not in reached


@pytest.fixture
def guard(pytestconfig: pytest.Config) -> ModuleType:
    """tests/conftest.py as this run uses it."""
    mine = str(ROOT / "tests" / "conftest.py")
    return next(one for one in pytestconfig.pluginmanager.get_plugins() if getattr(one, "__file__", None) == mine)


@pytest.mark.parametrize("room", ["unit/marts", "spec"])
def test_a_test_that_loads_it_fails(guard: ModuleType, monkeypatch: pytest.MonkeyPatch, room: str) -> None:
    item = SimpleNamespace(path=ROOT / "tests" / room / "test_x.py", stash={})
    monkeypatch.delitem(sys.modules, HEAVY, raising=False)
    guard.pytest_runtest_setup(item)
    guard.pytest_runtest_teardown(item)
    monkeypatch.setitem(sys.modules, HEAVY, ModuleType(HEAVY))
    with pytest.raises(pytest.fail.Exception, match=HEAVY):
        guard.pytest_runtest_teardown(item)


def test_a_test_that_starts_the_worker_fails(guard: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "STARTED", [])
    item = SimpleNamespace(path=ROOT / "tests" / "unit" / "test_x.py", stash={})
    guard.pytest_runtest_setup(item)
    sys.audit("subprocess.Popen", sys.executable, [sys.executable, "-m", "pipeline"], None, None)
    guard.pytest_runtest_teardown(item)
    sys.audit("subprocess.Popen", sys.executable, [sys.executable, "-m", "pipeline.validate.worker"], None, None)
    with pytest.raises(pytest.fail.Exception, match=HEAVY):
        guard.pytest_runtest_teardown(item)


def test_an_end_to_end_test_may_load_it(guard: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    item = SimpleNamespace(path=ROOT / "tests" / "end_to_end" / "test_x.py", stash={})
    monkeypatch.delitem(sys.modules, HEAVY, raising=False)
    guard.pytest_runtest_setup(item)
    monkeypatch.setitem(sys.modules, HEAVY, ModuleType(HEAVY))
    guard.pytest_runtest_teardown(item)


def test_it_is_not_loaded_by_collecting(guard: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, HEAVY, ModuleType(HEAVY))
    with pytest.raises(pytest.UsageError, match=HEAVY):
        guard.pytest_collection_finish()
