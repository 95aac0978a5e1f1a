"""stations.html: one page per station, offline, without a script; each prints on a sheet of its own."""

from __future__ import annotations

from html import escape
from pathlib import Path

import polars as pl

from pipeline.export.document import audience, document
from pipeline.export.profiles.section import Rows, section
from pipeline.findings.context import period_line
from pipeline.findings.finding import Context
from pipeline.findings.profiles import Profiles
from pipeline.findings.profiles.fixes import fixes
from pipeline.findings.profiles.words import word

STYLE = Path(__file__).with_name("profiles.css")
MOST = 1000  # stations on one page; of more, those with most to fix


def render(profiles: Profiles, context: Context, build: dict[str, str]) -> str:
    """The page in the context's language."""
    stations = _stations(profiles, context)
    shown = sorted(
        sorted(stations, key=lambda rows: -len(rows.fixes))[:MOST], key=lambda rows: rows.facts["station_id"]
    )
    places = context.pick("、", ", ").join(context.label("areas", area) for area in context.areas)
    link = f'<a href="findings{"" if context.lang == "zh" else f".{context.lang}"}.html">{word(context, "page", "findings")}</a>'
    lead = f'<p class="period">{escape(places)} · {escape(period_line(context))}{audience(context)} · {link}</p>'
    main = [f"<p>{escape(line)}</p>" for line in _said(len(stations), len(shown), context)]
    main += [_index(shown, context), *(section(rows, context) for rows in shown)] if shown else []
    return document(
        word(context, "page", "title"), lead, "\n".join(main), context, build, style=STYLE.read_text(encoding="utf-8")
    )


def _said(n: int, shown: int, context: Context) -> list[str]:
    lines = [word(context, "page", "lead", stations=shown) if shown else word(context, "page", "none")]
    lines += [word(context, "page", "public")] if context.audience == "public" else []
    return [*lines, word(context, "page", "cut", most=MOST)] if shown < n else lines


def _stations(profiles: Profiles, context: Context) -> list[Rows]:
    """The rows of each station, with what to fix there."""
    parts = {
        name: table.partition_by("station_id", as_dict=True, maintain_order=True)
        for name, table in profiles.tables().items()
        if name != "facts"
    }
    made = []
    for facts in profiles.facts.iter_rows(named=True):
        of = [
            parts[name].get((facts["station_id"],), _none(profiles, name))
            for name in ("services", "standards", "listings")
        ]
        made.append(Rows(facts, *of, profiles.around.get(facts["station_id"]), fixes(facts, *of, context)))
    return made


def _none(profiles: Profiles, name: str) -> pl.DataFrame:
    return profiles.tables()[name].clear()


def _index(stations: list[Rows], context: Context) -> str:
    items = "\n".join(
        f'<li><a href="#{escape(rows.facts["station_id"], quote=True)}">{escape(rows.facts["station_name"])}</a></li>'
        for rows in stations
    )
    name = word(context, "page", "index")
    return f'<nav id="index" aria-label="{name}">\n<strong>{name}</strong>\n<ol>\n{items}\n</ol>\n</nav>'
