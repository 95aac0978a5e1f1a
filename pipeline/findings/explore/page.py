"""What a notebook begins with and shows: the open warehouse, the choices in words, tables people can read."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipeline import charts, disclose
from pipeline.errors import FILE, Problem, fail
from pipeline.findings.columns import COLUMNS, heading, kind
from pipeline.findings.context import period_line
from pipeline.findings.estimating.sample import weight_set_in_use
from pipeline.findings.explore.choices import Choices, choose
from pipeline.findings.explore.said import Said, say
from pipeline.findings.explore.survey import asked_about
from pipeline.findings.explore.words import label, notebook_words
from pipeline.findings.words import listed, number, percent
from pipeline.paths import REPOSITORY, study
from pipeline.warehouse.connect import open_warehouse

KEYS = ("label", "origin_label", "period_code")
QUIET = ("origin", "month_on", "kind", "is_evaluable", "hour_on", "weekday_on", "day_on", "n_eff")
SHARES = ("lowest", "highest", "est_before", "change", "change_lci", "change_uci")
AGAINST = ("n_before", "est_before", "change", "change_lci", "change_uci")  # empty where waves cannot be compared
ONE_FIGURE = ("area_code", "wave_code", "item_code", "answer_code", "service_code", "label")  # a group of one wave
PARTS = ("n_flagged", "n_blank", "n_chosen", "n_unmet")


@dataclass(frozen=True)
class Shown:
    """A disclosed table in words; a hidden figure reads as its word."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def _repr_html_(self) -> str:
        cell = lambda tag, text, side: f'<{tag} style="text-align:{side}">{html.escape(text)}</{tag}>'  # noqa: E731
        side = lambda place: "left" if place == 0 else "right"  # noqa: E731
        lines = ["".join(cell("th", text, side(i)) for i, text in enumerate(self.header))]
        lines += ["".join(cell("td", text, side(i)) for i, text in enumerate(row)) for row in self.rows]
        return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def begin(
    *, data: str | Path = "data", out: str | Path | None = None, **parameters: Any
) -> tuple[duckdb.DuckDBPyConnection, Choices]:
    """The warehouse of a study and the choices made; relative paths are taken from the repository. Charts are switched on.

    `parameters`: those of `choose` (period, areas, population, user_groups, drop_flags, weight_set, gap_threshold).
    """
    charts.enable_notebooks()
    place = study(REPOSITORY / data, REPOSITORY / out if out else None)
    if not place.warehouse.exists():
        fail(FILE, Problem("warehouse_missing", place.warehouse.name, "还没有建好数据库", "the warehouse has not been built",
                           expected=place.warehouse.name, do_zh="请先运行 make pipeline（或 python -m pipeline run --data 文件夹）",
                           do_en="run make pipeline first (or python -m pipeline run --data DIR)"))  # fmt: skip
    con = open_warehouse(place)
    return con, choose(con, **parameters)


def summary(con: duckdb.DuckDBPyConnection, choices: Choices) -> Said:
    """What is looked at: place, period, survey, people, flags, weights; stamped when simulated."""
    context = choices.context
    stamp = (
        [f"**【{disclose.rules()['simulated']['zh']}】** ", f"[{disclose.rules()['simulated']['en']}] "]
        if context.is_simulated
        else ["", ""]
    )
    both = [_figures(con, choices, lang) for lang in ("zh", "en")]
    said = say("choices" if choices.waves else "no_survey", *both)
    return Said(stamp[0] + said.zh, stamp[1] + said.en)


def _figures(con: duckdb.DuckDBPyConnection, choices: Choices, lang: str) -> dict[str, Any]:
    context = choices.context
    kept = [asked_about(con, choices, area, wave).height for area, wave in choices.waves]
    sets = [choices.weight_set or weight_set_in_use(con, wave, area) for area, wave in choices.waves]
    own = {"zh": "按各波次自己的规则", "en": "by each wave's own rule"}[lang]
    nobody = {"zh": "无", "en": "nobody"}[lang]
    flags = [label(choices, "flags", flag, lang) for flag in choices.drop_flags or ()]
    return {
        "place": listed([context.label("areas", area, lang) for area in context.areas], lang),
        "period": period_line(context) if lang == context.lang else context.period,
        "waves": listed([context.label("waves", wave, lang) for _, wave in choices.waves], lang),
        "n": listed(
            [number(n) if n >= disclose.threshold() else disclose.word("suppressed", lang) for n in kept], lang
        ),
        "groups": listed([label(choices, "user_groups", group, lang) for group in choices.user_groups], lang),
        "flags": own if choices.drop_flags is None else listed(flags, lang) or nobody,
        "weights": listed(dict.fromkeys(label(choices, "weight_sets", used, lang) for used in sets), lang),
        "threshold": percent(choices.gap_threshold),
    }


def readable(table: pl.DataFrame, choices: Choices, *columns: str) -> Shown:
    """The table in words: the columns named, or those worth a reader's eye."""
    names = list(columns) or _shown_columns(table)
    rows = tuple(tuple(_cell(name, row, choices) for name in names) for row in table.iter_rows(named=True))
    return Shown(tuple(_heading(name, choices.context.lang) for name in names), rows)


def _shown_columns(table: pl.DataFrame) -> list[str]:
    figures = [name for name in table.columns if not name.startswith(("suppressed", "label")) and not name.endswith(("_code", "_id"))
               and name not in (*KEYS, *QUIET)]  # fmt: skip
    return [name for name in KEYS if name in table.columns] + figures


def _heading(name: str, lang: str) -> str:
    own = notebook_words()["columns"].get(name)
    return str(own[0 if lang == "zh" else 1]) if own else heading(name, lang)


def _cell(name: str, row: dict[str, Any], choices: Choices) -> str:
    lang, value = choices.context.lang, row[name]
    if value is None and name in AGAINST and row.get("why_not"):
        return str(notebook_words()["words"]["not_comparable"][0 if lang == "zh" else 1])
    if value is None:
        return disclose.word("not_evaluable" if row.get("is_evaluable") is False else "suppressed", lang)
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    if isinstance(value, float | int):
        share = name.endswith("_share") or name in SHARES or (name in COLUMNS and kind(name) == "share")
        coarse = any(
            part in row and row[part] is None for part in PARTS
        )  # a hidden part leaves the share in steps of five points
        return (
            ("约" if coarse and lang == "zh" else "") + percent(value)
            if share
            else number(value, 0 if float(value).is_integer() else 1)
        )
    return value.isoformat() if isinstance(value, date) else str(value)


def beside(table: pl.DataFrame, pair: tuple[str, str], *, column: str = "by_code", value: str = "est") -> pl.DataFrame:
    """One row per label with the figures of two groups of one wave next to each other, as `first` and `second`."""
    on = [name for name in ONE_FIGURE if name in table.columns]
    sides = [
        table.filter(pl.col(column) == code).select(*on, pl.col(value).alias(name))
        for code, name in zip(pair, ("first", "second"), strict=True)
    ]
    order = table.select(on).unique(maintain_order=True)
    both = order.join(sides[0], on=on, how="left").join(sides[1], on=on, how="left")
    return both.sort(pl.max_horizontal("first", "second"), descending=True, nulls_last=True, maintain_order=True)
