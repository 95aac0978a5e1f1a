"""Shapes that set figures against each other: several ways of making one figure, and ranges within ranges."""

from __future__ import annotations

from typing import Any

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
    title: str,
    series: str | None = None,
    names: tuple[str, ...] | None = None,
    mark: float | None = None,
    domain: tuple[float, float] | None = None,
) -> alt.LayerChart:
    """Shares: one line per label, one dot per series on it, in the order of `names`; `mark` draws an upright line to compare with."""
    frame = table.select([name for name in (label, value, series) if name]).filter(pl.col(value).is_not_null())
    y = alt.Y(f"{label}:N", sort=frame[label].unique(maintain_order=True).to_list(), title=None)
    scale = alt.Scale(domain=list(domain)) if domain else alt.Scale(zero=True, nice=True)
    x = alt.X(f"{value}:Q", axis=alt.Axis(title=title, format=".0%", tickCount=5), scale=scale)
    drawn = (
        alt.Chart(frame).mark_point(filled=True, size=80, opacity=0.9).encode(x=x, y=y, **_signs(frame, series, names))
    )
    ends = frame.group_by(label, maintain_order=True).agg(
        pl.col(value).min().alias("from"), pl.col(value).max().alias("to")
    )
    rule = (
        alt.Chart(ends).mark_rule(color="#c3c8cf", strokeWidth=2).encode(x=alt.X("from:Q", scale=scale), x2="to:Q", y=y)
    )
    return alt.layer(rule, *_upright(mark, scale), drawn).properties(width=WIDTH + 110, height=alt.Step(25))


def _signs(frame: pl.DataFrame, series: str | None, names: tuple[str, ...] | None) -> dict[str, Any]:
    """Colour and sign of each series."""
    if series is None or frame.is_empty():
        return {"color": alt.value(BLUE)}
    order = list(names or frame[series].unique(maintain_order=True))
    colours, signs = SERIES[: len(order)], SIGNS[: len(order)]
    legend = alt.Legend(columns=2, labelLimit=240)
    return {
        "color": alt.Color(f"{series}:N", title=None, legend=legend, scale=alt.Scale(domain=order, range=colours)),
        "shape": alt.Shape(f"{series}:N", title=None, legend=legend, scale=alt.Scale(domain=order, range=signs)),
    }


def _upright(mark: float | None, scale: alt.Scale) -> list[alt.Chart]:
    """A dashed line at a figure, where there is one."""
    if mark is None:
        return []
    line = alt.Chart(pl.DataFrame({"mark": [mark]})).mark_rule(color=GREY, strokeDash=[4, 3])
    return [line.encode(x=alt.X("mark:Q", scale=scale))]


def ranges(
    table: pl.DataFrame,
    *,
    label: str,
    value: str,
    lower: str,
    upper: str,
    title: str,
    wide: tuple[str, str] | None = None,
    names: tuple[str, ...] = (),
    group: str | None = None,
    percent: bool = True,
    mark: float | None = None,
    beside: str | None = None,
) -> alt.LayerChart:
    """A figure with its range, `wide` a second range around that one; `names` of figure, range and wide range stand above.

    Rows without a figure are left out. `group` colours the ranges; `mark` draws an upright line; `beside` is a second figure, whose
    name stands last.
    """
    columns = [label, value, lower, upper, *(wide or ()), *([group] if group else []), *([beside] if beside else [])]
    frame = table.select(columns).filter(pl.col(value).is_not_null())
    y = alt.Y(f"{label}:N", sort=frame[label].unique(maintain_order=True).to_list(), title=None)
    scale = alt.Scale(zero=percent, nice=percent)
    x = alt.X(f"{lower}:Q", axis=alt.Axis(title=title, format=".0%" if percent else ",d", tickCount=6), scale=scale)
    colour: Any = alt.value(BLUE)
    if group and not frame.is_empty():
        kinds = frame[group].unique(maintain_order=True).to_list()
        colour = alt.Color(f"{group}:N", title=None, scale=alt.Scale(domain=kinds, range=SERIES[: len(kinds)]))
    base, layers = alt.Chart(frame), []
    if wide:
        around = base.mark_bar(height=9, opacity=0.4, color=GREY)
        layers.append(around.encode(x=alt.X(f"{wide[0]}:Q", scale=scale), x2=f"{wide[1]}:Q", y=y))
    layers.append(base.mark_rule(strokeWidth=5, opacity=0.75).encode(x=x, x2=f"{upper}:Q", y=y, color=colour))
    dot = base.mark_point(filled=True, size=60, color="#333a44", opacity=1)
    layers += [dot.encode(x=alt.X(f"{value}:Q", scale=scale), y=y), *_upright(mark, scale)]
    if beside:
        diamond = base.mark_point(filled=True, size=75, color=ORANGE, opacity=1, shape="diamond")
        layers.append(diamond.encode(x=alt.X(f"{beside}:Q", scale=scale), y=y))
    drawn = alt.layer(*layers).properties(width=WIDTH + 110, height=alt.Step(24))
    signs = f"●━{'□' if wide else ''}{'◆' if beside else ''}"
    above = "　".join(f"{sign} {name}" for sign, name in zip(signs, names, strict=False))
    return drawn.properties(title=alt.TitleParams(above, fontSize=11, color="#5b6470")) if names else drawn
