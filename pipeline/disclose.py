"""The one gate before anything leaves: small numbers become null and flagged, undeclared columns stop the run.

A table that wants to leave declares its columns (`Disclosure`): keys and open facts on one side, and on the other the
figures each of which rests on people, with the column that counts those people (`Protect`). The threshold stands in
metadata/disclosure.toml and nowhere else. A suppressed cell is null with its flag set; it is never 0.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from pipeline.errors import DISCLOSURE, Problem, fail
from pipeline.paths import METADATA, PACKAGE

BASES = ("respondents", "couriers")
REASON, HIDDEN, FEW = "withheld_code", "suppressed", "small_sample"  # why an estimate is not shown


@dataclass(frozen=True)
class Protect:
    """Figures that rest on people.

    `n`: columns with the unweighted number of people behind the figures; each must reach the threshold.
    `values`: the figures. `shares`: those of them that are parts of `n[0]`, with `numerator` the unweighted part.
    `beside`: the unweighted numbers of other parts of the same people, shown elsewhere: where one of them is small, or leaves
    few, differences between parts would give it away, and the numerator counts as small as well.
    `spread`: errors and other figures that would give a coarse share away exactly: null where it is coarse.
    `within`: the columns of a one-way group whose total is known, so that one hidden cell alone could be worked back.
    `zeros_open`: true when a recorded zero (nobody came) is itself an open fact, as in a log.
    """

    n: tuple[str, ...]
    values: tuple[str, ...]
    basis: str
    shares: tuple[str, ...] = ()
    spread: tuple[str, ...] = ()
    numerator: str | None = None
    beside: tuple[str, ...] = ()
    within: tuple[str, ...] | None = None
    zeros_open: str | None = None
    flag: str = "suppressed"

    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.n, *self.parts(), *self.shares, *self.spread, *self.values)))

    def parts(self) -> tuple[str, ...]:
        """The numerator and the parts beside it."""
        return (*((self.numerator,) if self.numerator else ()), *self.beside)


@dataclass(frozen=True)
class Disclosure:
    """What a table may show: key columns, open facts, and figures that rest on people."""

    keys: tuple[str, ...]
    open: tuple[str, ...] = ()
    protect: tuple[Protect, ...] = ()

    def columns(self) -> tuple[str, ...]:
        protected = [name for part in self.protect for name in (*part.columns(), part.flag)]
        return tuple(dict.fromkeys((*self.keys, *self.open, *protected)))


@cache
def rules() -> dict[str, Any]:
    """The figures and words of metadata/disclosure.toml."""
    return tomllib.loads((METADATA / "disclosure.toml").read_text(encoding="utf-8"))


def threshold() -> int:
    """The smallest number of people that may be shown."""
    return int(rules()["threshold"])


def word(kind: str, lang: str = "zh") -> str:
    """The word written in a cell that has no figure: `suppressed`, `not_evaluable`, `missing` or `small_sample`."""
    return str(rules()["words"][kind][lang])


@cache
def closed_columns(audience: str = "office") -> frozenset[str]:
    """Column names that never leave: restricted ones, and for the public those that are only for the office."""
    text = (PACKAGE / "warehouse" / "tables.sql").read_text(encoding="utf-8")
    found = re.findall(r"^\s+(\w+)\s[^\n]*?--\s*(open|office|restricted);", text, flags=re.M)
    classes: dict[str, set[str]] = {}
    for name, privacy in found:
        classes.setdefault(name, set()).add(privacy)
    closed = {name for name, seen in classes.items() if "restricted" in seen}
    if audience == "public":
        closed |= {name for name, seen in classes.items() if seen == {"office"}}
    return frozenset(closed)


def disclose(
    table: pl.DataFrame, disclosure: Disclosure | None, *, audience: str = "office", name: str = ""
) -> pl.DataFrame:
    """The table as it may leave: small cells null and flagged, small shares coarse; columns in the declared order.

    Raises PipelineError (exit 13) when the table declares no basis, holds a column it does not declare, or one that is
    restricted (or, for the public, meant for the office).
    """
    declared = _declared(table, disclosure, audience=audience, name=name)
    before = [table.select(_thin(part).alias("thin"), _has_figure(part).alias("told")) for part in declared.protect]
    for part, was in zip(
        declared.protect, before, strict=True
    ):  # as it was before another part emptied what both share
        table = _suppress(_coarsen(table, part, was["thin"]), part, was["told"])
    return _give_reasons(table, declared).select(declared.columns())


def hides(table: pl.DataFrame) -> bool:
    """Whether anything in a table that passed the gate was hidden; what is merely absent has no flag."""
    return hidden_rows(table) > 0


def hidden_rows(table: pl.DataFrame) -> int:
    """Rows of a table that passed the gate with any figure hidden, each counted once."""
    flags = [name for name in table.columns if name.startswith("suppressed")]
    return table.filter(pl.any_horizontal(flags)).height if flags else 0


def check(table: pl.DataFrame, disclosure: Disclosure | None, *, audience: str = "office", name: str = "") -> None:
    """The same gate for a table that says it has passed: refuses any small number that is still there."""
    declared = _declared(table, disclosure, audience=audience, name=name)
    for part in declared.protect:
        if part.flag not in table.columns:
            _refuse(name, f"不公开标记列缺失 {part.flag}", f"the flag column {part.flag} is missing")
        small = table.filter(_few(part) & _has_figure(part) & ~pl.col(part.flag))
        hidden = table.filter(pl.col(part.flag) & pl.any_horizontal(pl.col(c).is_not_null() for c in part.columns()))
        if small.height or hidden.height:
            _refuse(
                name,
                f"{small.height + hidden.height} 行含小于门槛的数字",
                f"{small.height + hidden.height} rows hold figures below the threshold",
            )


def _declared(table: pl.DataFrame, disclosure: Disclosure | None, *, audience: str, name: str) -> Disclosure:
    if disclosure is None or not disclosure.keys:
        _refuse(name, "没有声明公开依据", "declares no disclosure basis")
    closed = closed_columns(audience)
    bad = sorted(set(table.columns) & closed)
    if bad:
        _refuse(name, f"含不得外传的列 {', '.join(bad)}", f"holds columns that must not leave: {', '.join(bad)}")
    unknown = sorted(set(table.columns) - set(disclosure.columns()))
    if unknown:
        _refuse(name, f"含未声明的列 {', '.join(unknown)}", f"holds undeclared columns: {', '.join(unknown)}")
    wrong = [part.basis for part in disclosure.protect if part.basis not in BASES]
    if wrong:
        _refuse(name, f"公开依据未知 {wrong[0]}", f"unknown basis {wrong[0]}")
    return disclosure


def _refuse(name: str, zh: str, en: str) -> None:
    fail(
        DISCLOSURE,
        Problem(
            "disclosure_refused",
            name or "table",
            f"公开检查不通过，{zh}",
            f"the disclosure gate refused: {en}",
            do_zh="请在该发现的 DISCLOSURE 中声明每一列，或去掉该列",
            do_en="declare every column in the finding's DISCLOSURE, or drop it",
        ),
    )


def _has_figure(part: Protect) -> pl.Expr:
    return pl.any_horizontal(pl.col(name).is_not_null() for name in part.columns())


def _few(part: Protect) -> pl.Expr:
    few = pl.any_horizontal(pl.col(name).fill_null(0) < threshold() for name in part.n)
    return few & (pl.col(part.zeros_open).fill_null(0) != 0) if part.zeros_open else few


def _thin(part: Protect) -> pl.Expr:
    """Rows whose numerator, or a part beside it, rests on few people or leaves few."""
    if part.numerator is None:
        return pl.lit(False)
    sides = [side for name in part.parts() for side in (pl.col(name), pl.col(part.n[0]) - pl.col(name))]
    return (pl.min_horizontal(sides) < threshold()).fill_null(False)


def _coarsen(table: pl.DataFrame, part: Protect, thin: pl.Series) -> pl.DataFrame:
    digits = int(rules()["share_digits"])
    if not part.shares:
        return table
    shares = [name for name in part.shares if table.schema[name].is_float()]
    table = table.with_columns(pl.col(shares).round(digits) + 0.0, pl.col(part.spread).round(digits + 1))
    if part.numerator is None:
        return table
    step = float(rules()["small_share_step"])
    coarse = [
        pl.when(thin).then(_in_steps(name, step).round(digits) + 0.0).otherwise(name).alias(name) for name in shares
    ]
    exact = [pl.when(thin).then(None).otherwise(pl.col(name)).alias(name) for name in (*part.parts(), *part.spread)]
    return table.with_columns(*coarse, *exact)


def _in_steps(name: str, step: float) -> pl.Expr:
    """A share in steps; the ends of an interval go outwards, so that it still holds what it held."""
    steps = pl.col(name) / step
    if name.endswith(("lci", "low")):
        return (steps + 1e-9).floor() * step
    return ((steps - 1e-9).ceil() if name.endswith(("uci", "high")) else steps.round()) * step


def _suppress(table: pl.DataFrame, part: Protect, told: pl.Series) -> pl.DataFrame:
    table = table.with_columns((_few(part) & told).alias(part.flag))
    if part.within is not None:
        table = _cover(table, part)
    return table.with_columns(
        pl.when(pl.col(part.flag)).then(None).otherwise(pl.col(name)).alias(name) for name in part.columns()
    )


def _give_reasons(table: pl.DataFrame, declared: Disclosure) -> pl.DataFrame:
    """Says `suppressed` where a hidden estimate had another reason or none: the reason would tell something of the figure."""
    for name in [name for name in table.columns if name.startswith(REASON)]:
        figure = f"est{name.removeprefix(REASON)}"
        for part in [part for part in declared.protect if figure in part.columns()]:
            hidden = pl.col(part.flag) & (pl.col(name).fill_null("") != FEW)
            table = table.with_columns(pl.when(hidden).then(pl.lit(HIDDEN)).otherwise(pl.col(name)).alias(name))
    return table


def _cover(table: pl.DataFrame, part: Protect) -> pl.DataFrame:
    """Hide a second cell where one hidden cell alone could be worked back from the total; a zero is no cover."""
    size = pl.col(part.n[0]).fill_null(0)
    group = list(part.within or ()) or pl.lit(1)
    alone = (pl.col(part.flag).sum().over(group) == 1) & (pl.len().over(group) > 1)
    usable = ~pl.col(part.flag) & (size > 0)
    rank = pl.when(usable).then(size).otherwise(None).rank("ordinal").over(group)
    return table.with_columns((pl.col(part.flag) | (alone & usable & (rank == 1)).fill_null(False)).alias(part.flag))
