"""How a figure of a table reads: as a share, a number or a word, or why there is none."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from pipeline import disclose
from pipeline.findings.columns import COLUMNS, heading, kind
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.words import label, notebook_words
from pipeline.findings.words import number, percent

KEYS = ("label", "origin_label", "period_code", "group", "measure")
QUIET = ("origin", "month_on", "kind", "is_evaluable", "hour_on", "weekday_on", "day_on", "n_eff")
CHANGE = ("change", "change_se", "change_lci", "change_uci")
SHARES = (
    "lowest", "highest", "est_before", *CHANGE, "rest_est", "difference", "difference_se", "difference_lci", "difference_uci", "at", "better",
    "better_lci", "better_uci", "worse", "worse_lci", "worse_uci", "p_keep_up", "p_concentrate_here", "p_low_priority",
    "p_possible_overkill", "p_category",
)  # fmt: skip
AGAINST = ("n_before", "est_before", *CHANGE, "p_adjusted", "is_change")  # empty where waves cannot be compared
OWN = ("est", "se", "lci", "uci", "difference", "difference_lci", "difference_uci")  # empty where too uncertain to show
TESTS = ("p", "p_value", "p_adjusted")
PARTS = ("n_flagged", "n_blank", "n_chosen", "n_unmet")


def shown_columns(table: pl.DataFrame) -> list[str]:
    """Columns worth a reader's eye: labels first, then figures."""
    hidden = ("suppressed", "label", "group_", "band_")
    figures = [name for name in table.columns if not name.startswith(hidden) and not name.endswith(("_code", "_id"))
               and name not in (*KEYS, *QUIET)]  # fmt: skip
    return [name for name in KEYS if name in table.columns] + figures


def column_heading(name: str, lang: str, points: bool = False) -> str:
    """The words over a column; `points`: its estimate is a mean."""
    columns = notebook_words()["columns"]
    own = columns.get("mean" if points and name == "est" else name)
    return str(own[0 if lang == "zh" else 1]) if own else heading(name, lang)


def cell(name: str, row: dict[str, Any], choices: Choices, points: bool = False) -> str:
    """One figure in words."""
    lang, value = choices.context.lang, row[name]
    if value is None:
        return _why_empty(name, row, choices)
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    if name in TESTS:
        return "<0.001" if value < 0.001 else f"{value:.3f}"
    if isinstance(value, float | int):
        return number(value, 2) if points and name in OWN else _figure(name, value, row, lang)
    return value.isoformat() if isinstance(value, date) else str(value)


def _figure(name: str, value: float, row: dict[str, Any], lang: str) -> str:
    """A share in per cent, another number with as many digits as it needs."""
    share = name.endswith("_share") or name in SHARES or (name in COLUMNS and kind(name) == "share")
    if not share:
        return number(value, 0 if float(value).is_integer() else 1)
    parts = [f"{part}_before" if name.endswith("_before") else part for part in PARTS]
    coarse = any(part in row and row[part] is None for part in parts)  # a hidden part leaves steps of five points
    return ("约" if coarse and lang == "zh" else "") + percent(value)


def _why_empty(name: str, row: dict[str, Any], choices: Choices) -> str:
    """The word for a figure that is not there."""
    lang = choices.context.lang
    off_season = row.get("is_evaluable") is False or row.get("why_not_code") == "out_of_season"
    if name in AGAINST and row.get("why_not"):
        return str(notebook_words()["words"]["not_comparable"][0 if lang == "zh" else 1])
    if off_season:
        return disclose.word("not_evaluable", lang)
    sides = ["_before"] if name.endswith("_before") else ["", "_before"] if name in CHANGE else [""]
    withheld = next((row[f"withheld_code{side}"] for side in sides if row.get(f"withheld_code{side}")), None)
    if withheld and name.removesuffix("_before") in (*OWN, *CHANGE):
        return label(choices, "withheld", withheld)
    return disclose.word("suppressed", lang)
