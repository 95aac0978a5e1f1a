"""Rules: what must hold of the built tables, read from TOML, and the SQL that finds the rows breaking one.

One `[[rule]]` block is one expectation: `severity` says what a failure does (critical: the build is not published;
warning, info: it is, and the page says so), `why_zh` / `why_en` why it holds, `counterexample` rows that break it and
`example` rows that do not (both proved by a test). `context` gives rows of other tables the two need.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.contracts.toml import Reader, load_toml
from pipeline.paths import METADATA, Study

EXPECTATIONS = METADATA / "expectations"
SEVERITIES = ("critical", "warning", "info")
# kind → the arguments it needs and those it may have
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "not_null": ((), ()),
    "unique": ((), ("columns",)),
    "in_set": ((), ("values", "codebook")),
    "between": ((), ("min", "max")),
    "matches": (("pattern",), ()),
    "foreign_key": (("table", "column"), ()),
    "sums_to": (("total", "parts"), ()),
    "row_count_between": (("min",), ("max",)),
    "rows_sql": (("sql",), ()),
}
_KEYS = (
    "code", "table", "column", "kind", "args", "severity", "why_zh", "why_en", "counterexample", "example", "context",
)  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """One expectation on one table."""

    code: str
    table: str
    kind: str
    severity: str
    why_zh: str
    why_en: str
    column: str | None = None
    args: dict[str, Any] = field(default_factory=dict)
    counterexample: tuple[dict[str, Any], ...] = ()
    example: tuple[dict[str, Any], ...] = ()
    context: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def load_rules(study: Study | None = None) -> list[Rule]:
    """The rules true everywhere, then those of the place (place/expectations/), which replace rules of the same code.
    Raises exit 11 naming every mistake of a file."""
    rules: dict[str, Rule] = {}
    for folder in [EXPECTATIONS, *([study.place / "expectations"] if study else [])]:
        for path in sorted(folder.glob("*.toml")):
            rules |= {rule.code: rule for rule in _read(path)}
    return list(rules.values())


def codes_in_use(rules: Sequence[Rule]) -> list[str]:
    """The code lists that rules refer to."""
    return sorted({rule.args["codebook"] for rule in rules if "codebook" in rule.args})


def rule_sql(rule: Rule, codes: Mapping[str, Sequence[str]], *, batch: str | None = None) -> str:
    """SELECT the rows of `batch` (by default the rule's table) that break the rule.

    `codes` holds the codes of each list in use. A missing value breaks not_null only. A table with too few or too many
    rows gives one row.
    """
    column = f'"{rule.column}"' if rule.column else ""
    sql = {
        "not_null": lambda: f"select * from {{batch}} as b where {column} is null",
        "unique": lambda: _unique(rule),
        "in_set": lambda: f"select * from {{batch}} as b where {column} not in ({_listed(allowed(rule, codes))})",
        "between": lambda: f"select * from {{batch}} as b where {_outside(column, rule.args)}",
        "matches": lambda: (
            f"select * from {{batch}} as b where not regexp_full_match({column}::varchar, {_literal(rule.args['pattern'])})"
        ),
        "foreign_key": lambda: (
            f"select * from {{batch}} as b where {column} is not null and not exists "
            f'(select 1 from {rule.args["table"]} as k where k."{rule.args["column"]}" = b.{column})'
        ),
        "sums_to": lambda: (
            f'select * from {{batch}} as b where "{rule.args["total"]}" <> '
            + " + ".join(f'"{part}"' for part in rule.args["parts"])
        ),
        "row_count_between": lambda: (
            f"select count(*) as n from {{batch}} as b having {_outside('count(*)', rule.args)}"
        ),
        "rows_sql": lambda: rule.args["sql"].strip(),
    }[rule.kind]()
    return sql.replace("{batch}", batch or rule.table)


def allowed(rule: Rule, codes: Mapping[str, Sequence[str]]) -> list[Any]:
    """The values an in_set rule accepts."""
    return list(rule.args["values"]) if "values" in rule.args else list(codes.get(rule.args["codebook"], ()))


def unique_columns(rule: Rule) -> list[str]:
    """The columns whose values together must not repeat."""
    return list(rule.args.get("columns") or [rule.column])


def _unique(rule: Rule) -> str:
    names = [f'"{name}"' for name in unique_columns(rule)]
    some = " or ".join(f"{name} is not null" for name in names)
    return f"select * from {{batch}} as b where {some} qualify count(*) over (partition by {', '.join(names)}) > 1"


def _outside(column: str, args: Mapping[str, Any]) -> str:
    bounds = [f"{column} < {_literal(args['min'])}"] if args.get("min") is not None else []
    bounds += [f"{column} > {_literal(args['max'])}"] if args.get("max") is not None else []
    return " or ".join(bounds)


def _listed(values: Sequence[Any]) -> str:
    return ", ".join(_literal(value) for value in values) or "null"


def _literal(value: Any) -> str:
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def _read(path: Path) -> list[Rule]:
    table = load_toml(path)
    reader = Reader(path)
    reader.known(table, ("rule",), "")
    rules = [_rule(reader, block) for block in reader.get(table, "rule", list, "", [])]
    for code in sorted({rule.code for rule in rules if [other.code for other in rules].count(rule.code) > 1}):
        reader.note(f"[[rule]] {code}", "代码重复", "the code stands twice", got=code)
    reader.finish()
    return rules


def _rule(reader: Reader, block: dict[str, Any]) -> Rule:
    where = f"[[rule]] {block.get('code', '?')}"
    reader.known(block, _KEYS, where)
    rule = Rule(
        code=reader.get(block, "code", str, where),
        table=reader.get(block, "table", str, where),
        kind=reader.choice(block, "kind", tuple(KINDS), where),
        severity=reader.choice(block, "severity", SEVERITIES, where),
        why_zh=reader.get(block, "why_zh", str, where),
        why_en=reader.get(block, "why_en", str, where),
        column=reader.get(block, "column", str, where, None),
        args=reader.get(block, "args", dict, where, {}),
        counterexample=tuple(reader.get(block, "counterexample", list, where) or []),
        example=tuple(reader.get(block, "example", list, where, [])),
        context=reader.get(block, "context", dict, where, {}),
    )
    _check_arguments(reader, rule, where)
    return rule


def _check_arguments(reader: Reader, rule: Rule, where: str) -> None:
    if rule.kind not in KINDS:
        return
    needed, optional = KINDS[rule.kind]
    reader.known(rule.args, (*needed, *optional), f"{where} args")
    for name in needed:
        if name not in rule.args:
            reader.note(where, "规则缺少参数", "the rule lacks an argument", expected=f"args.{name}")
    if rule.kind in ("not_null", "in_set", "between", "matches", "foreign_key") and not rule.column:
        reader.note(where, "规则缺少 column", "the rule lacks its column", expected="column")
    if rule.kind == "in_set" and len({"values", "codebook"} & set(rule.args)) != 1:
        reader.note(where, "values 与 codebook 二选一", "give either values or codebook")
    if rule.kind == "between" and not {"min", "max"} & set(rule.args):
        reader.note(where, "min 与 max 至少写一个", "give min or max or both")
