"""What a notebook begins with and shows: the open warehouse, the choices in words, tables people can read."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipeline import charts, disclose
from pipeline.errors import FILE, Problem, fail
from pipeline.findings.context import period_line
from pipeline.findings.estimating.sample import weight_set_in_use
from pipeline.findings.explore.cells import cell, column_heading, shown_columns
from pipeline.findings.explore.choices import Choices, choose
from pipeline.findings.explore.said import Said, say
from pipeline.findings.explore.survey import asked_about
from pipeline.findings.explore.words import label
from pipeline.findings.words import listed, number, percent
from pipeline.paths import REPOSITORY, study
from pipeline.warehouse.connect import open_warehouse

ONE_FIGURE = ("area_code", "wave_code", "item_code", "answer_code", "service_code", "label")  # a group of one wave


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


def readable(table: pl.DataFrame, choices: Choices, *columns: str, points: bool = False) -> Shown:
    """The table in words: the columns named, or those worth a reader's eye. `points`: its estimates are numbers (means), not shares."""
    names = list(columns) or shown_columns(table)
    rows = tuple(tuple(cell(name, row, choices, points) for name in names) for row in table.iter_rows(named=True))
    return Shown(tuple(column_heading(name, choices.context.lang, points) for name in names), rows)


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
