"""Ratios with their intervals on one line each, about the line of no change."""

from __future__ import annotations

import altair as alt
import polars as pl

from pipeline.charts.look import BLUE, GREY
from pipeline.charts.shapes import WIDTH

TICKS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 20)
LEAST = (0.7, 1.5)  # what the axis shows at least, so that a small change looks small


def ratios(
    table: pl.DataFrame, *, label: str, value: str, lower: str, upper: str, title: str, hidden: str = "[不公开]"
) -> alt.LayerChart:
    """Dots with intervals on a logarithmic axis, a line at 1; a figure that is hidden or cannot be told reads as its word.

    `table`: a *disclosed* frame. A column `reason`, where there is one, says in place of `hidden` why there is no figure.
    """
    why = [name for name in ("reason",) if name in table.columns]
    frame = table.select(label, value, lower, upper, *why)
    y = alt.Y(f"{label}:N", sort=frame[label].unique(maintain_order=True).to_list(), title=None)
    shown = frame.filter(pl.col(value).is_not_null() & (pl.col(value) > 0)).select(label, value, lower, upper)
    ends = [*shown[lower].drop_nulls(), *shown[upper].drop_nulls(), *shown[value], *LEAST]
    axis = alt.Axis(
        title=title, values=[tick for tick in TICKS if min(ends) <= tick <= max(ends)], format="~g", labelOverlap=True
    )
    x = alt.X(
        f"{value}:Q", scale=alt.Scale(type="log", domain=[min(ends) * 0.95, max(ends) * 1.05], nice=False), axis=axis
    )
    layers: list[alt.Chart] = [
        alt.Chart(pl.DataFrame({value: [1.0]})).mark_rule(color=GREY, strokeDash=[4, 3]).encode(x=x),
        alt.Chart(shown)
        .mark_rule(color="#333a44", strokeWidth=1.4)
        .encode(x=alt.X(f"{lower}:Q"), x2=f"{upper}:Q", y=y),
        alt.Chart(shown).mark_point(filled=True, size=70, color=BLUE, opacity=1).encode(x=x, y=y),
    ]
    word = pl.when(pl.col("reason") != "").then(pl.col("reason")).otherwise(pl.lit(hidden)) if why else pl.lit(hidden)
    none = frame.filter(pl.col(value).is_null()).select(label, word.alias("word"))
    layers.append(
        alt.Chart(none)
        .mark_text(align="left", dx=3, color=GREY, fontSize=12)
        .encode(x=alt.value(0), y=y, text="word:N")
    )
    return alt.layer(*layers).properties(width=WIDTH, height=alt.Step(23))
