"""Rules are read from TOML, mistakes in them are explained, and each becomes SQL."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipeline.errors import PipelineError
from pipeline.paths import Study
from pipeline.validate.rules import Rule, load_rules, rule_sql

BLOCK = """
[[rule]]
code = "{code}"
table = "clean.stations"
column = "seats"
kind = "between"
args = {{ {args} }}
severity = "{severity}"
why_zh = "因为"
why_en = "because"
counterexample = [{{ seats = 900 }}]
"""


def study(tmp_path: Path, text: str) -> Study:
    folder = tmp_path / "place" / "expectations"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    return Study(root=tmp_path, out=tmp_path / "processed")


def block(code: str = "mine", args: str = "max = 20", severity: str = "warning") -> str:
    return BLOCK.format(code=code, args=args, severity=severity)


def unexpected(rule: Rule, values: list) -> list:
    with duckdb.connect() as con:
        con.execute("create schema s; create table s.t (c integer, d integer)")
        con.executemany("insert into s.t values (?, ?)", [(value, 0) for value in values])
        return [row[0] for row in con.execute(rule_sql(rule, {"book": [1, 2]})).fetchall()]


def rule(kind: str, column: str | None = "c", **args) -> Rule:
    return Rule("r", "s.t", kind, "info", "", "", column, args)


def test_a_place_adds_rules(tmp_path: Path) -> None:
    assert len(load_rules(study(tmp_path, block()))) == len(load_rules()) + 1


def test_a_place_replaces_a_rule_of_the_same_code(tmp_path: Path) -> None:
    rules = load_rules(study(tmp_path, block("station_seats_plausible")))
    assert len(rules) == len(load_rules())
    assert next(rule for rule in rules if rule.code == "station_seats_plausible").args == {"max": 20}


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    text = block("a", severity="fatal") + block("b", args="") + block("c", args="maximum = 3") + block("d") + block("d")
    with pytest.raises(PipelineError) as caught:
        load_rules(study(tmp_path, text))
    assert caught.value.exit_code == 11
    told = "\n".join(problem.text("en") for problem in caught.value.problems)
    for words in ("severity is not known", "give min or max", "unknown key maximum", "the code stands twice"):
        assert words in told


def test_codes_are_unique_over_all_files() -> None:
    rules = load_rules()
    assert len({rule.code for rule in rules}) == len(rules)


@pytest.mark.parametrize(
    ("checked", "values", "bad"),
    [
        (rule("not_null"), [1, None], [None]),
        (rule("unique"), [1, 1, 2, None, None], [1, 1]),
        (rule("in_set", values=[1, 2]), [1, 3, None], [3]),
        (rule("in_set", codebook="book"), [2, 3, None], [3]),
        (rule("between", min=1, max=3), [0, 1, 3, 4, None], [0, 4]),
        (rule("matches", pattern="[0-9]{2}"), [5, 10, 100, None], [100, 5]),
        (rule("sums_to", None, total="c", parts=["d", "d"]), [0, 1], [1]),
        (rule("row_count_between", None, min=2), [7], [1]),
        (rule("row_count_between", None, min=1, max=2), [7, 8], []),
        (rule("rows_sql", None, sql="select * from {batch} as b where c > 5"), [5, 6], [6]),
        (Rule("r", "s.t", "foreign_key", "info", "", "", "c", {"table": "s.t", "column": "d"}), [0, 1, None], [1]),
    ],
    ids=lambda value: value.kind if isinstance(value, Rule) else None,
)
def test_a_rule_finds_the_rows_that_break_it(checked: Rule, values: list, bad: list) -> None:
    assert sorted(unexpected(checked, values), key=str) == bad


def test_quotes_in_values_are_no_way_out_of_the_text() -> None:
    assert "'o''clock'" in rule_sql(rule("in_set", values=["o'clock"]), {})
