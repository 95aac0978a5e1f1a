"""What the documentation names is there: make targets, commands, findings, paths, columns, reasons, error codes."""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = (
    "README.md",
    "README.zh-CN.md",
    "CONTRIBUTING.md",
    "docs/methods.md",
    "docs/errors.md",
    "docs/data_dictionary.md",
)
FINDINGS = (
    "who_answered", "top_needed_services", "promised_vs_needed", "staff_vs_couriers", "service_use", "use_by_hour",
    "need_not_met", "need_not_met_by_grid", "open_answers", "evidence_by_station", "standards_progress", "data_quality",
)  # fmt: skip
COMMANDS = ("start", "run", "simulate", "inspect", "findings", "notebooks", "hsds", "apply", "templates")
TARGETS = ("setup", "pipeline", "notebooks", "lab", "test", "lint", "bench", "clean", "help")
EXIT_CODES = ("0", "2", "3", "10", "11", "12", "13", "14", "130")


@pytest.fixture(params=DOCUMENTS)
def document(request):
    """The text of one document; skipped, visibly, while it is not written."""
    path = ROOT / request.param
    if not path.exists():
        pytest.skip(f"{request.param} is not written yet")
    return path.read_text(encoding="utf-8")


def targets():
    """The targets of the Makefile."""
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M))


def commands():
    """The commands of `python -m pipeline`, sub-commands as `findings list`."""
    from typer.main import get_command

    from pipeline.__main__ import app

    found = {}
    for name, command in get_command(app).commands.items():
        found[name] = set(getattr(command, "commands", {}))
    return found


def options():
    """Every option of every command."""
    from typer.main import get_command

    from pipeline.__main__ import app

    names = set()
    for command in get_command(app).commands.values():
        for one in [command, *getattr(command, "commands", {}).values()]:
            names |= {text for parameter in one.params for text in parameter.opts if text.startswith("--")}
    return names | {"--help"}


def columns():
    """Table → columns, of tables.sql and of the marts."""
    from pipeline.warehouse.dictionary import tables

    return {name: {column.name for column in table.columns} for name, table in tables().items()}


def test_the_targets_of_the_issue_exist():
    assert set(TARGETS) <= targets()


def test_the_commands_of_the_design_exist():
    assert set(COMMANDS) <= set(commands())
    assert {"list", "show"} <= commands()["findings"]
    assert {"--data", "--out", "--period", "--lang", "--audience", "--seed", "--stations", "--couriers", "--log-rows", "--areas",
            "--json"} <= options()  # fmt: skip


def test_the_first_findings_are_registered():
    from pipeline.findings import registry

    assert set(FINDINGS) <= set(registry())


def test_every_make_target_named_exists(document):
    named = set(re.findall(r"(?:^|[`\s(])make ([a-z]+)\b(?=[`\s.,;:)。，；、]|$)", code_of(document), flags=re.M))
    assert named - targets() == set()


def test_every_command_named_exists(document):
    known = commands()
    for first, second in re.findall(r"python -m pipeline ([a-z]+)(?: ([a-z]+))?", document):
        assert first in known, first
        assert not known[first] or second in known[first], f"{first} {second}"


def test_every_option_named_exists(document):
    for line in re.findall(r"python -m pipeline [^\n`|]*", document):
        assert set(re.findall(r"(?<!\w)--[a-z][a-z-]+", line)) - options() == set(), line


def test_every_path_in_backticks_exists(document):
    for text in re.findall(r"`([^`\n]+)`", document):
        path = text.strip().rstrip("/")
        is_path = re.fullmatch(r"(?:pipeline|tests|docs|notebooks|data/place|data/raw|\.ci)(?:/[\w.\-]+)+", path)
        if is_path and not path.startswith(("notebooks/mine", "data/raw/")):
            assert (ROOT / path).exists(), path


def test_every_table_and_column_in_backticks_exists(document):
    known = columns()
    marts = {f"mart.{path.stem}" for path in (ROOT / "pipeline" / "marts").rglob("*.sql")}
    for schema, table, column in re.findall(r"`(ref|clean|mart|audit)\.([a-z_]+)(?:\.([a-z_]+))?`", document):
        name = f"{schema}.{table}"
        assert name in known or name in marts, name
        assert not column or name in marts or column in known[name], f"{name}.{column}"


def code_of(document):
    """Code blocks and code spans of a document."""
    return "\n".join(
        re.findall(r"```.*?```|`[^`\n]+`", document, flags=re.S) + re.findall(r"^    \S.*$", document, flags=re.M)
    )


def reasons():
    """Reason codes that have words."""
    table = tomllib.loads((ROOT / "pipeline" / "metadata" / "reasons.toml").read_text(encoding="utf-8"))
    return [block["code"] for block in table["reason"]]


def test_every_reason_used_in_the_code_has_words():
    patterns = (
        r"reason(?:_code)?\s*=\s*\"([a-z_]+)\"",
        r"notice\([^()\n]*?, \"([a-z_]+)\"",
        r"pl\.lit\(\"([a-z]+_[a-z_]+)\"\)\.alias\(\"reason_code\"\)",
        r"_where\([^()\n]*, \"([a-z_]+)\"\)",
        r"return [^\n]*, None, \"([a-z_]+)\"",
    )
    used = {}
    for path in (ROOT / "pipeline").rglob("*.py"):
        if "simulate" not in path.parts:
            text = path.read_text(encoding="utf-8")
            used |= {code: path.name for pattern in patterns for code in re.findall(pattern, text)}
    for path in (ROOT / "pipeline" / "logs").glob("*.sql"):
        text = path.read_text(encoding="utf-8")
        used |= dict.fromkeys(re.findall(r"'([a-z]+_[a-z_]+)'(?: as reason_code)", text), path.name)
    assert {code: where for code, where in used.items() if code not in reasons()} == {}
    assert len(used) > 10


def test_every_reason_is_explained_in_the_documentation():
    path = ROOT / "docs" / "errors.md"
    if not path.exists():
        pytest.skip("docs/errors.md is not written yet")
    text = path.read_text(encoding="utf-8")
    assert [code for code in reasons() if f"`{code}`" not in text] == []


def test_every_kind_of_problem_and_exit_code_is_explained_in_the_documentation():
    path = ROOT / "docs" / "errors.md"
    if not path.exists():
        pytest.skip("docs/errors.md is not written yet")
    text = path.read_text(encoding="utf-8")
    raised = {
        code
        for module in (ROOT / "pipeline").rglob("*.py")
        for code in re.findall(r"Problem\(\s*\"([a-z_0-9]+)\"", module.read_text(encoding="utf-8"))
    }
    assert [code for code in sorted(raised) if f"`{code}`" not in text] == []
    assert [code for code in EXIT_CODES if not re.search(rf"(?<!\d){code}(?!\d)", text)] == []


def test_program_files_named_by_the_end_of_their_path_exist(document):
    files = [
        path.relative_to(ROOT).as_posix() for folder in ("pipeline", "tests") for path in (ROOT / folder).rglob("*.*")
    ]
    named = set(re.findall(r"`([\w/]+/\w+\.(?:py|toml|sql))`", document))
    unknown = [
        name for name in named if not name.startswith(("place/", "raw/")) and not any(f.endswith(name) for f in files)
    ]
    assert sorted(name for name in unknown if not (ROOT / name).exists()) == []


def test_what_a_recipe_imports_can_be_imported():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    recipes = [ast.parse(recipe) for recipe in re.findall(r"```python\n(.*?)```", text, flags=re.S)]
    taken = [node for recipe in recipes for node in ast.walk(recipe) if isinstance(node, ast.ImportFrom)]
    assert len(taken) >= 5
    for node in taken:
        assert all(hasattr(importlib.import_module(node.module), name.name) for name in node.names), node.module
