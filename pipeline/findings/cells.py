"""How one cell of a disclosed table reads: a figure, the words for a code, or the word for why there is no figure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from pipeline import disclose
from pipeline.findings.columns import COLUMNS, heading, kind
from pipeline.findings.finding import Context, Finding, Result
from pipeline.findings.who_answered import value_label
from pipeline.findings.words import number, percent, phrases

REASON = "withheld_code"
STATE_COLUMNS = ("is_evaluable", "is_answered_here", "is_outcome_told", REASON)
OUTCOMES = ("n_served", "n_unserved", "served_share")
WITHHELD = ("est", "se", "lci", "uci", "band_low", "band_high", "covered_share", "covered_lci", "covered_uci")
PAIRS = {
    "interval": ("lci", "uci"), "band": ("band_low", "band_high"), "ranks": ("rank_from", "rank_to"),
    "shrunken": ("shrunken_lci", "shrunken_uci"), "expected_range": ("expected_low", "expected_high"),
    "covered_interval": ("covered_lci", "covered_uci"),
    "gain_range": ("gain_low", "gain_high"),
    "interval_loss": ("lci_loss", "uci_loss"),
}  # fmt: skip
RIGHT = ("count", "share", "number", "degrees")


def shown_columns(table: pl.DataFrame, context: Context) -> list[str]:
    """Columns worth a reader's eye: no flags, no constant key, one language."""
    other = "_en" if context.lang == "zh" else "_zh"
    names = [
        name for name in table.columns if not name.startswith(("suppressed", REASON)) and name not in STATE_COLUMNS
    ]
    names = [
        name
        for name in names
        if not (name.endswith(other) and name[:-3] + ("_zh" if other == "_en" else "_en") in COLUMNS)
    ]
    constant = ("area_code", "wave_code", "population_code")
    return [name for name in names if not (name in constant and table[name].n_unique() <= 1)]


def page_columns(result: Result, context: Context) -> list[str]:
    """Columns of a finding's table on the page: those it names, led by keys that differ between rows."""
    table = result.page_table
    names = [name for name in shown_columns(table, context) if name in ("area_code", "wave_code", "population_code")]
    other = "_en" if context.lang == "zh" else "_zh"
    wanted = [name for name in result.finding.shows if not name.endswith(other)]
    wanted = [name for name in wanted if name in table.columns or PAIRS.get(name, ("",))[0] in table.columns]
    return [*names, *wanted] if wanted else shown_columns(table, context)


def header(name: str, context: Context) -> str:
    """The heading of a column, without the name of its language."""
    text = heading(name, context.lang)
    return text.removesuffix(" (Chinese)")


def is_right(name: str) -> bool:
    """Whether a column holds figures, set to the right."""
    return kind(name) in RIGHT


def no_figure(row: Mapping[str, Any], name: str, finding: Finding, lang: str) -> str:
    """The word for an empty cell: out of season, hidden, too few answers, outcome not recorded, or no data."""
    for part in finding.disclosure.protect:
        if name in part.columns():
            if row.get("is_evaluable") is False:
                return disclose.word("not_evaluable", lang)
            if row.get(part.flag):
                few = part.basis == "respondents" and row.get("is_answered_here") is False
                return disclose.word("small_sample" if few else "suppressed", lang)
    reason = _reason(row, name)
    if reason:
        return str(phrases()["lists"]["withheld"][reason][0 if lang == "zh" else 1])
    if name in OUTCOMES and "is_outcome_told" in row:
        pair = phrases()["lists"]["empty_cells"]["no_outcome"]
        return str(pair[0 if lang == "zh" else 1])
    return "—"


def _reason(row: Mapping[str, Any], name: str) -> str | None:
    """Why an estimate was withheld: `withheld_code` speaks of est, `withheld_code_loss` of est_loss, and so on."""
    codes = [column for column in row if column.startswith(REASON)]
    stems = {
        code: name.removesuffix(code.removeprefix(REASON)) for code in codes if name.endswith(code.removeprefix(REASON))
    }
    return next((row[code] for code, stem in stems.items() if stem in WITHHELD and row[code]), None)


def text(row: Mapping[str, Any], name: str, finding: Finding, context: Context) -> str:
    """One cell in words."""
    if name in PAIRS:
        first, last = PAIRS[name]
        low, high = text(row, first, finding, context), text(row, last, finding, context)
        return low if row[first] is None or low == high else f"{low}–{high}"
    value, form = row[name], kind(name)
    if value is None:
        return no_figure(row, name, finding, context.lang)
    if form == "share":
        return percent(value)
    if form == "count":
        return number(value)
    if form == "number":
        return number(value, 0 if float(value).is_integer() else 1)
    if form == "degrees":
        return f"{value:.6f}"
    if form == "bool":
        return context.pick("是", "yes") if value else context.pick("否", "no")
    if isinstance(value, date):
        return value.isoformat()
    return label(row, name, context)


def label(row: Mapping[str, Any], name: str, context: Context) -> str:
    """The words for a code; text as it is."""
    value, form = row[name], kind(name)
    if form == "code:values":
        return value_label(context, row.get("variable_code", ""), value)
    return context.label(form.removeprefix("code:"), value) if form.startswith("code:") else str(value)
