"""Shapes that set figures against each other: several ways of making one figure, and ranges within ranges."""

from __future__ import annotations

import altair as alt
import polars as pl

from pipeline.charts.look import BLUE, GREY, ORANGE, SERIES
from pipeline.charts.shapes import WIDTH

SIGNS = ["circle", "diamond", "square", "triangle-up", "cross"]


def dots(
    table: pl.DataFrame,
    *,
    label: str,
    value: str,
    series: str,
    title: str,
    mark: float | None = None,
    domain: tuple[float, float] | None = None,
    percent: bool = True,
) -> alt.LayerChart:
    """One line per label, one dot per series on it; `mark` draws an upright line at a figure to compare with."""
    frame = table.select(label, value, series).filter(pl.col(value).is_not_null())
    names = frame[series].unique(maintain_order=True).to_list()
    y = alt.Y(f"{label}:N", sort=frame[label].unique(maintain_order=True).to_list(), title=None)
    scale = alt.Scale(domain=list(domain)) if domain else alt.Scale(zero=True, nice=True)
    axis = alt.Axis(title=title, format=".0%" if percent else ",.2~f", tickCount=5)
    of = {"title": None, "legend": alt.Legend(columns=2, labelLimit=240)}
    drawn = (
        alt.Chart(frame)
        .mark_point(filled=True, size=80, opacity=0.9)
        .encode(
            x=alt.X(f"{value}:Q", axis=axis, scale=scale),
            y=y,
            color=alt.Color(f"{series}:N", scale=alt.Scale(domain=names, range=SERIES[: len(names)]), **of),
            shape=alt.Shape(f"{series}:N", scale=alt.Scale(domain=names, range=SIGNS[: len(names)]), **of),
        )
    )
    ends = frame.group_by(label, maintain_order=True).agg(
        pl.col(value).min().alias("from"), pl.col(value).max().alias("to")
    )
    layers = [
        alt.Chart(ends).mark_rule(color="#c3c8cf", strokeWidth=2).encode(x=alt.X("from:Q", scale=scale), x2="to:Q", y=y)
    ]
    if mark is not None:
        line = alt.Chart(pl.DataFrame({"mark": [mark]})).mark_rule(color=GREY, strokeDash=[4, 3])
        layers.append(line.encode(x=alt.X("mark:Q", scale=scale)))
    return alt.layer(*layers, drawn).properties(width=WIDTH + 110, height=alt.Step(25))


def ranges(
    table: pl.DataFrame,
    *,
    label: str,
    value: str,
    lower: str,
    upper: str,
    title: str,
    wide: tuple[str, str] | None = None,
    names: tuple[str, str, str] | None = None,
    group: str | None = None,
    percent: bool = True,
    mark: float | None = None,
) -> alt.LayerChart:
    """A figure with its range, `wide` a second range around that one; `names` of figure, range and wide range as a legend.

    Rows without a figure are left out. `group` colours the ranges; `mark` draws an upright line.
    """
    columns = [label, value, lower, upper, *(wide or ()), *([group] if group else [])]
    frame = table.select(columns).filter(pl.col(value).is_not_null())
    y = alt.Y(f"{label}:N", sort=frame[label].unique(maintain_order=True).to_list(), title=None)
    axis = alt.Axis(title=title, format=".0%" if percent else ",d", tickCount=6)
    scale = alt.Scale(zero=percent, nice=percent)
    colour = alt.value(BLUE)
    if group:
        kinds = frame[group].unique(maintain_order=True).to_list()
        colour = alt.Color(f"{group}:N", title=None, scale=alt.Scale(domain=kinds, range=SERIES[: len(kinds)]))
    base, layers = alt.Chart(frame), []
    if wide:
        layers.append(
            base.mark_bar(height=9, opacity=0.3, color=ORANGE).encode(
                x=alt.X(f"{wide[0]}:Q", scale=scale), x2=f"{wide[1]}:Q", y=y
            )
        )
    layers.append(
        base.mark_rule(strokeWidth=5, opacity=0.75).encode(
            x=alt.X(f"{lower}:Q", axis=axis, scale=scale), x2=f"{upper}:Q", y=y, color=colour
        )
    )
    layers.append(
        base.mark_point(filled=True, size=60, color="#333a44", opacity=1).encode(
            x=alt.X(f"{value}:Q", scale=scale), y=y
        )
    )
    if mark is not None:
        line = alt.Chart(pl.DataFrame({"mark": [mark]})).mark_rule(color=GREY, strokeDash=[4, 3])
        layers.append(line.encode(x=alt.X("mark:Q", scale=scale)))
    drawn = alt.layer(*layers).properties(width=WIDTH + 110, height=alt.Step(24))
    words = f"● {names[0]}　▬ {names[1]}　" + (f"░ {names[2]}" if wide else "") if names else ""
    return drawn.properties(title=alt.TitleParams(words, fontSize=11, color="#5b6470")) if words else drawn
