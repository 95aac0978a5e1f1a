"""Who may import whom (DESIGN §3): nothing reaches back, and one module imports Great Expectations."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "pipeline"
CORE = ("paths", "errors")
# room (module or folder of pipeline/) -> what of ours it may import; itself always
ALLOWED: dict[str, tuple[str, ...]] = {
    "__init__": (),
    "paths": (),
    "errors": (),
    "contracts": CORE,
    "privacy": CORE,
    "progress": (),
    "locking": ("errors", "paths"),
    "terminal": ("errors", "progress"),
    "unchanged": ("paths",),
    "readers": (*CORE, "contracts", "privacy"),
    "clean": (*CORE, "contracts", "privacy", "readers", "analysis"),
    "logs": (*CORE, "contracts", "privacy", "readers", "clean", "warehouse"),
    "drafting": (*CORE, "contracts", "privacy", "readers", "clean.surveys"),
    "warehouse": (*CORE, "contracts"),
    "validate": (*CORE, "contracts", "warehouse"),
    "analysis": ("errors",),
    "charts": CORE,
    "disclose": (*CORE, "contracts"),
    "findings": (*CORE, "contracts", "analysis", "charts", "disclose", "warehouse.connect"),
    "export": (*CORE, "contracts", "drafting.links", "findings", "charts", "disclose", "warehouse.connect"),
    "review": (*CORE, "contracts", "clean.values", "warehouse.connect"),
    "simulate": (*CORE, "contracts", "clean.geo.datums"),
}
# The line itself: what runs and reports it may import everything but the command line.
LINE = ("run", "receive", "cleaning", "summary", "start", "notebook_pages", "__main__")
NOTEBOOKS = ("pipeline.findings", "pipeline.analysis", "pipeline.charts", "pipeline.warehouse.connect")


@cache
def imported(path: Path) -> frozenset[str]:
    """Every module a file imports, anywhere in it; `from a import b` counts as a and as a.b."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(names)


def ours(path: Path) -> set[str]:
    """What of ours a file imports, without `pipeline.`."""
    return {name.removeprefix("pipeline.") for name in imported(path) if name.startswith("pipeline.")}


def is_within(name: str, allowed: str) -> bool:
    """Whether a name is the allowed module or lies in it."""
    return name == allowed or name.startswith(f"{allowed}.")


def room_of(path: Path) -> str:
    """The room of a module: its folder in pipeline/, or its own name."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


MODULES = sorted(PACKAGE.rglob("*.py"))


def test_every_room_is_known():
    rooms = {room_of(path) for path in MODULES}
    assert rooms - set(ALLOWED) - set(LINE) == set(), "a new room must say in ALLOWED what it may import"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_imports_only_what_its_room_may(path):
    room = room_of(path)
    if room in LINE:
        assert room == "__main__" or not any(is_within(name, "__main__") for name in ours(path))
        return
    modules = {name for name in ours(path) if exists(name)}
    allowed = (room, *ALLOWED[room])
    wrong = {name for name in modules if not any(is_within(name, one) or is_within(one, name) for one in allowed)}
    assert sorted(wrong) == []


def exists(name: str) -> bool:
    """Whether a dotted name is a module of ours rather than something in one."""
    path = PACKAGE.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or path.is_dir()


def test_the_warehouse_never_imports_readers_or_cleaners():
    for path in (PACKAGE / "warehouse").rglob("*.py"):
        assert not any(is_within(name, room) for name in ours(path) for room in ("readers", "clean", "logs")), path.name


def test_great_expectations_is_imported_in_one_module_only():
    found = [
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        if any(is_within(n, "great_expectations") for n in imported(path))
    ]
    assert len(found) <= 1, found
    assert all(name.startswith("pipeline/validate/") for name in found)


def test_unit_and_spec_tests_do_not_import_great_expectations():
    tests = [*(ROOT / "tests" / "unit").rglob("*.py"), *(ROOT / "tests" / "spec").rglob("*.py")]
    assert [path.name for path in tests if any(is_within(n, "great_expectations") for n in imported(path))] == []


def test_notebooks_import_findings_analysis_charts_and_the_connection_only():
    import json

    books = sorted((ROOT / "notebooks").glob("*.ipynb"))
    if not books:
        pytest.skip("there are no notebooks yet")
    for book in books:
        cells = json.loads(book.read_text(encoding="utf-8"))["cells"]
        source = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        tree = ast.parse(source)
        names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} - {None}
        names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        wrong = [
            name for name in names if is_within(name, "pipeline") and not any(is_within(name, one) for one in NOTEBOOKS)
        ]
        from_package = [
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "pipeline"
            for alias in node.names
        ]
        assert [name for name in wrong if name != "pipeline"] == [], book.name
        assert set(from_package) <= {"findings", "analysis", "charts"}, book.name
