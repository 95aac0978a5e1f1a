"""Notebooks hold no outputs and no logic: parameters first, then calls of our functions."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
PARAMETERS = {
    "DATA",
    "OUT",
    "PERIOD",
    "AREAS",
    "POPULATION",
    "USER_GROUPS",
    "DROP_FLAGS",
    "WEIGHT_SET",
    "GAP_THRESHOLD",
}
ALLOWED = ("pipeline.findings", "pipeline.analysis", "pipeline.charts", "pipeline.warehouse.connect")
LOGIC = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
SQL = re.compile(
    r"\b(select\b.*\bfrom|with\b.*\bas\s*\(|insert\s+into|create\s+(table|view)|group\s+by)\b", re.I | re.S
)


def code(path: Path) -> list[dict]:
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


def tree(path: Path) -> ast.Module:
    return ast.parse("\n".join("".join(cell["source"]) for cell in code(path)))


def test_there_are_four_to_six_numbered_notebooks():
    assert 4 <= len(NOTEBOOKS) <= 6
    assert [path.name[:3] for path in NOTEBOOKS] == [f"{n:02d}_" for n in range(1, len(NOTEBOOKS) + 1)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestNotebook:
    def test_is_committed_without_outputs_or_execution_counts(self, path):
        assert not [cell["id"] for cell in code(path) if cell["outputs"] or cell["execution_count"] is not None]

    def test_first_code_cell_holds_the_parameters_and_nothing_else(self, path):
        first = code(path)[0]
        assert "parameters" in first["metadata"]["tags"]
        body = ast.parse("".join(first["source"])).body
        assert all(isinstance(line, ast.Assign) for line in body)
        assert {line.targets[0].id for line in body} >= PARAMETERS
        assert [ast.literal_eval(line.value) for line in body]

    def test_defines_no_function_class_or_lambda(self, path):
        assert not [type(node).__name__ for node in ast.walk(tree(path)) if isinstance(node, LOGIC)]

    def test_holds_no_sql(self, path):
        texts = [
            node.value
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        assert not [text for text in texts if SQL.search(text)]
        assert not [
            node
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Attribute) and node.attr in ("sql", "execute", "query")
        ]

    def test_imports_only_what_notebooks_may(self, path):
        names = []
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Import):
                names += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names += [f"{node.module}.{alias.name}" for alias in node.names]
        assert names
        assert not [name for name in names if not any(name == okay or name.startswith(okay + ".") for okay in ALLOWED)]

    def test_tells_a_story_in_chinese_with_english_below(self, path):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        text = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        assert all(words in text for words in ("**问题**", "**怎么量**", "什么会误导", "<small>"))
        source = "".join("".join(cell["source"]) for cell in code(path))
        assert "charts." in source or ".chart" in source
        assert source.count("tell.") >= 3, "what a chart says is computed, not written down"
