"""A rule that cannot be run is a mistake in TOML: said with its code, before anything is checked."""

from __future__ import annotations

import pytest

from pipeline.errors import PipelineError
from pipeline.validate import Rule
from pipeline.validate.check import run
from pipeline.warehouse import load


def test_every_rule_on_an_absent_table_or_column_is_named(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    load.create(path).close()
    words = {"severity": "warning", "why_zh": "试", "why_en": "try"}
    rules = [
        Rule("right", "clean.stations", "not_null", column="name", **words),
        Rule("no_column", "clean.stations", "not_null", column="colour", **words),
        Rule("no_table", "clean.thing", "not_null", column="name", **words),
    ]
    with pytest.raises(PipelineError) as error:
        run(path, rules, worker=object())
    assert error.value.exit_code == 11
    assert [problem.where for problem in error.value.problems] == ["[[rule]] no_column", "[[rule]] no_table"]
