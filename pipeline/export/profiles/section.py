"""The page of one station."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import polars as pl

from pipeline.export.profiles.facts import fact_lines
from pipeline.export.profiles.services import service_table
from pipeline.export.profiles.sketch import sketch
from pipeline.findings.context import period_line
from pipeline.findings.covering.words import walks
from pipeline.findings.district.rules import walking
from pipeline.findings.finding import Context
from pipeline.findings.ground import DATUM
from pipeline.findings.profiles.around import Around
from pipeline.findings.profiles.words import word

MOST_FIXES = 6


@dataclass(frozen=True)
class Rows:
    """What the tables say of one station, what lies around it, and what to fix there."""

    facts: dict[str, Any]
    services: pl.DataFrame
    standards: pl.DataFrame
    listings: pl.DataFrame
    around: Around | None
    fixes: list[str]


def section(rows: Rows, context: Context) -> str:
    """One station: what to fix, facts beside a sketch, services, sources."""
    facts = rows.facts
    name = escape(facts["station_name"])
    head = " · ".join(
        escape(text)
        for text in (facts["station_id"], context.label("station_classes", facts["class_code"]), _cell(facts, context))
        if text
    )
    told = "".join(
        f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>"
        for label, text in fact_lines(facts, rows.standards, rows.listings, rows.around, context)
    )
    return f"""<section class="station" id="{escape(facts["station_id"], quote=True)}">
<h2>{name}</h2>
<p class="period">{head}</p>
<h3>{word(context, "fix", "title")}</h3>
{_fixes(rows.fixes, context)}
<div class="two">
<dl class="facts">{told}</dl>
{_sketch(rows, context)}
</div>
{service_table(rows.services, facts["station_name"], context)}
{_notes(rows, context)}
<p class="top"><a href="#index">{word(context, "page", "top")}</a></p>
</section>"""


def _cell(facts: dict[str, Any], context: Context) -> str:
    cell = facts["grid_id"]
    return (
        ""
        if cell is None
        else context.label("grids", cell)
        if context.lang == "zh"
        else word(context, "facts", "cell", cell=cell)
    )


def _sketch(rows: Rows, context: Context) -> str:
    if rows.around is None:
        return f'<p class="source">{word(context, "facts", "unplaced")}</p>'
    return f"<figure>{sketch(rows.around, rows.facts['station_name'], context.pick('北', 'N'))}</figure>"


def _fixes(lines: list[str], context: Context) -> str:
    if not lines:
        return f"<p>{word(context, 'fix', 'none')}</p>"
    shown = "".join(f"<li>{escape(line)}</li>" for line in lines[:MOST_FIXES])
    more = f"<p>{word(context, 'fix', 'more', n=len(lines) - MOST_FIXES)}</p>" if len(lines) > MOST_FIXES else ""
    return f'<ol class="fixes">{shown}</ol>{more}'


def _notes(rows: Rows, context: Context) -> str:
    sources = word(
        context, "notes", "sources", ledger=rows.facts["as_of"].isoformat(), period=period_line(context), datum=DATUM
    )
    drawn = [_drawn(rows.around.known_by, context)] if rows.around else []
    read = [word(context, "notes", name) for name in ("verdict", "use", "fix")]
    return "\n".join(
        f'<p class="source">{escape(line)}</p>' for line in (context.pick("", " ").join([*drawn, *read]), sources)
    )


def _drawn(known_by: str, context: Context) -> str:
    """What the sketch shows, and how walks are known."""
    told = walks({"walking_code": known_by, "detour": walking().detour})
    line = word(
        context, "notes", "sketch", datum=DATUM, reach=f"{walking().radius_m:g}", detour=f"{walking().detour:g}"
    )
    return line + context.pick(told.zh, told.en)
