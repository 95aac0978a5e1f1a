"""The registry of findings: every module here that holds a `FINDING` is one; adding a module is all it takes."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import duckdb
import polars as pl

from pipeline import charts, disclose
from pipeline.contracts.period import previous_period, same_quarter_last_year
from pipeline.findings.comparable import first_reason
from pipeline.findings.context import context_for, period_line, period_words, periods, span
from pipeline.findings.counts import weight_sets
from pipeline.findings.estimating.method import method_of
from pipeline.findings.finding import Comparison, Context, Finding, Headline, Result, Sentence
from pipeline.findings.words import nothing, number, percent, phrases, points

__all__ = [
    "Comparison",
    "Context",
    "Finding",
    "Headline",
    "Result",
    "Sentence",
    "context_for",
    "evaluate",
    "period_line",
    "periods",
    "registry",
]


@cache
def registry() -> dict[str, Finding]:
    """Every finding by its id, in order of presentation."""
    found = []
    for module in pkgutil.iter_modules(__path__):
        finding = getattr(importlib.import_module(f"{__name__}.{module.name}"), "FINDING", None)
        if isinstance(finding, Finding):
            found.append(finding)
    return {finding.id: finding for finding in sorted(found, key=lambda f: (f.order, f.id))}


def evaluate(
    con: duckdb.DuckDBPyConnection, ids: Iterable[str] | None = None, context: Context | None = None
) -> list[Result]:
    """Answers of the findings (all, or those named) for a context; every table has passed the gate."""
    context = context or context_for(con)
    return [_result(con, registry()[name], context) for name in (ids or registry())]


def _result(con: duckdb.DuckDBPyConnection, finding: Finding, context: Context) -> Result:
    table = _disclosed(con, finding, context)
    parts = [(area, table.filter(pl.col("area_code").is_in([area, "ALL"]))) for area in context.areas]
    parts = [(area, part) for area, part in parts if part.height] if table.height else []
    sentences = [(area, finding.say(part, context)) for area, part in parts]
    zh, en = _joined(sentences, context)
    page = finding.for_page(table, context) if finding.for_page and table.height else table
    n = finding.count(table) if finding.count and table.height else None
    return Result(
        finding=finding,
        table=table,
        chart=_chart(con, finding, parts, context),
        sentence_zh=zh,
        sentence_en=en,
        caveats=finding.caveats_zh if context.lang == "zh" else finding.caveats_en,
        source_line=_source_line(con, finding, table, n, context),
        period=context.period,
        n=n,
        comparison=_comparisons(con, finding, table, context),
        strength=sentences[0][1].strength if sentences else "none",
        page_table=page,
        method=_method(con, finding, table, context),
    )


def _method(con: duckdb.DuckDBPyConnection, finding: Finding, table: pl.DataFrame, context: Context) -> tuple[str, str]:
    """How survey figures were made and what they assume, zh and en."""
    if not finding.is_weighted or "wave_code" not in table.columns:
        return "", ""
    return method_of(con, table["wave_code"].drop_nulls().unique().sort(), context)


def _disclosed(con: duckdb.DuckDBPyConnection, finding: Finding, context: Context) -> pl.DataFrame:
    table = finding.table(con, context)
    return disclose.disclose(table, finding.disclosure, audience=context.audience, name=finding.id)


def _joined(sentences: list[tuple[str, Sentence]], context: Context) -> tuple[str, str]:
    if not sentences:
        none = nothing("no_data")
        return none.zh, none.en
    if len(sentences) == 1:
        return sentences[0][1].zh, sentences[0][1].en
    return (
        "".join(f"{context.label('areas', area, 'zh')}：{said.zh}" for area, said in sentences),
        " ".join(f"{context.label('areas', area, 'en')}: {said.en}" for area, said in sentences),
    )


def _chart(
    con: duckdb.DuckDBPyConnection, finding: Finding, parts: list[tuple[str, pl.DataFrame]], context: Context
) -> object | None:
    if finding.draw is None:
        return None
    drawn = []
    for area, part in parts:
        under = (finding.ground(con, context, area),) if finding.ground else ()
        drawn.append((context.label("areas", area), finding.draw(part, context, *under)))
    drawn = [(name, chart) for name, chart in drawn if chart is not None]
    return charts.over_areas(drawn) if drawn else None


def _source_line(
    con: duckdb.DuckDBPyConnection, finding: Finding, table: pl.DataFrame, n: int | None, context: Context
) -> str:
    parts = [context.pick(f"来源：{finding.source_zh}", f"Source: {finding.source_en}")]
    if "wave_code" in table.columns and table.height:
        codes = table["wave_code"].drop_nulls().unique().sort().to_list()
        used = weight_sets(con, codes) if finding.is_weighted else {}
        waves = [_wave(code, used.get(code), context) for code in codes]
        parts.append(context.pick(f"调查：{'、'.join(waves)}", f"survey: {', '.join(waves)}"))
    parts.append(context.pick(f"时期：{period_line(context)}", f"period: {period_line(context)}"))
    why = "suppressed" if disclose.hides(table) else "missing"
    shown = disclose.word(why, context.lang) if n is None else number(n)
    if finding.count is not None:
        parts.append(context.pick(f"{finding.count_zh} n={shown}", f"{finding.count_en} n={shown}"))
    return context.pick("；", "; ").join(parts)


def _wave(code: str, weight_set: str | None, context: Context) -> str:
    """A survey by name, with the weights its shares were made with where they matter."""
    name, weights = context.label("waves", code), context.label("weight_sets", weight_set)
    return context.pick(f"{name}（{weights}）", f"{name} ({weights})") if weight_set else name


def _comparisons(
    con: duckdb.DuckDBPyConnection, finding: Finding, table: pl.DataFrame, context: Context
) -> tuple[Comparison, ...]:
    """The headline figure in the quarter before and a year before, or why it cannot be set beside."""
    if finding.headline is None or len(context.areas) != 1 or table.is_empty():
        return ()
    now = finding.headline(table, None)
    if now is None:
        return ()
    return tuple(
        _comparison(con, finding, now, replace_period(context, other))
        for other in (previous_period(context.period), same_quarter_last_year(context.period))
    )


def replace_period(context: Context, period: str) -> Context:
    """The same context for another, whole quarter."""
    starts, ends = span(period)
    return replace(context, period=period, starts_on=starts, ends_on=ends, last_on=ends, is_partial=False)


def _comparison(con: duckdb.DuckDBPyConnection, finding: Finding, now: Headline, then: Context) -> Comparison:
    names = period_words(then.period, "zh"), period_words(then.period, "en")
    table = _disclosed(con, finding, then)
    before = finding.headline(table, now.item) if table.height else None
    if before is None:
        return Comparison(
            then.period,
            False,
            f"{names[0]}：不可比（该期无数据或不公开）",
            f"{names[1]}: not comparable (no data, or not shown)",
        )
    why = _why_not(con, finding, before, now)
    if why is not None:
        zh, en = then.label("not_comparable", why, "zh"), then.label("not_comparable", why, "en")
        return Comparison(then.period, False, f"{names[0]}：不可比（{zh}）", f"{names[1]}: not comparable ({en})")
    show = percent if now.is_share else number
    zh, en = _changed(con, finding, before, now, then)
    return Comparison(
        then.period,
        True,
        f"{names[0]}：{now.zh}{show(before.value)}，本期{show(now.value)}{zh}",
        f"{names[1]}: {now.en} {show(before.value)}, now {show(now.value)}{en}",
        before.value,
    )


def _changed(
    con: duckdb.DuckDBPyConnection, finding: Finding, before: Headline, now: Headline, context: Context
) -> tuple[str, str]:
    """What the difference of the two headline figures may be, in words; nothing where the finding has no measure of it."""
    found = finding.change(con, before, now, context.areas[0]) if finding.change and now.wave != before.wave else None
    if found is None:
        return "", ""
    words = phrases()["change"]["certain" if found.is_certain else "uncertain"]
    values = {name: points(getattr(found, name)) for name in ("change", "lci", "uci")}
    return words["zh"].format(**values), words["en"].format(**values)


def _why_not(con: duckdb.DuckDBPyConnection, finding: Finding, before: Headline, now: Headline) -> str | None:
    """Why two headline figures cannot be set beside each other: other people, or questions that mean something else."""
    if before.population != now.population:
        return "other_population"
    return first_reason(con, finding.variables, before.wave, now.wave)
