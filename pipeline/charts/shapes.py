"""The few chart shapes.

Every shape takes a *disclosed* frame and draws only the columns it names (a chart's specification embeds its whole
frame). A hidden cell is drawn as its word, never as a zero. Shapes are narrow on purpose: they are read on a phone.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from pipeline.charts.look import BLUE, GREY, ORANGE, SERIES

WIDTH = 250


def _axis(title: str, percent: bool) -> alt.Axis:
    if percent:
        return alt.Axis(title=title, format=".0%", values=[0, 0.25, 0.5, 0.75, 1])
    return alt.Axis(title=title, format=",d", tickCount=4, labelOverlap=True)


def _scale(percent: bool) -> alt.Scale:
    return alt.Scale(domain=[0, 1]) if percent else alt.Scale(zero=True, nice=True)


def _order(frame: pl.DataFrame, label: str) -> list[str]:
    return frame[label].unique(maintain_order=True).to_list()


def bars(
    table: pl.DataFrame,
    *,
    label: str,
    value: str,
    title: str,
    lower: str | None = None,
    upper: str | None = None,
    group: str | None = None,
    group_colors: dict[str, str] | None = None,
    percent: bool = True,
    hidden: str = "[不公开]",
) -> alt.LayerChart:
    """Horizontal bars, with intervals where there are any; a hidden figure reads as its word."""
    columns = [name for name in (label, value, lower, upper, group) if name]
    frame = table.select(columns)
    y = alt.Y(f"{label}:N", sort=_order(frame, label), title=None)
    x = alt.X(f"{value}:Q", axis=_axis(title, percent), scale=_scale(percent))
    color: Any = alt.value(BLUE)
    if group and frame.height:  # a legend of nothing cannot be drawn
        names = list(group_colors or {}) or _order(frame, group)
        palette = list((group_colors or {}).values()) or SERIES[: len(names)]
        color = alt.Color(f"{group}:N", title=None, scale=alt.Scale(domain=names, range=palette))
    shown = frame.filter(pl.col(value).is_not_null())
    layers = [alt.Chart(shown).mark_bar(height=13, opacity=0.85).encode(x=x, y=y, color=color)]
    if lower and upper:
        layers.append(
            alt.Chart(shown.select(label, lower, upper))
            .mark_rule(color="#333a44", strokeWidth=1.4)
            .encode(x=alt.X(f"{lower}:Q"), x2=f"{upper}:Q", y=y)
        )
    layers.append(_words(frame.filter(pl.col(value).is_null()).select(label), label, y, hidden))
    return alt.layer(*layers).properties(width=WIDTH, height=alt.Step(23))


def _words(frame: pl.DataFrame, label: str, y: alt.Y, word: str) -> alt.Chart:
    rows = frame.with_columns(pl.lit(word).alias("word")).unique(maintain_order=True)
    return (
        alt.Chart(rows)
        .mark_text(align="left", dx=3, color=GREY, fontSize=12)
        .encode(x=alt.value(0), y=y, text="word:N")
    )


def paired_dots(
    table: pl.DataFrame,
    *,
    label: str,
    first: str,
    second: str,
    names: tuple[str, str],
    title: str,
    percent: bool = True,
    hidden: str = "[不公开]",
    reverse: bool = False,
) -> alt.LayerChart:
    """Two figures for each label on one line (need and met; sample and frame)."""
    frame = table.select(label, first, second)
    whole = frame.filter(pl.col(first).is_not_null() & pl.col(second).is_not_null())
    long = pl.concat(
        [
            frame.select(label, pl.lit(name).alias("series"), pl.col(column).cast(pl.Float64).alias("value"))
            for column, name in ((first, names[0]), (second, names[1]))
        ]
    ).filter(pl.col("value").is_not_null())
    y = alt.Y(f"{label}:N", sort=_order(frame, label), title=None)
    scale = _scale(percent) if not reverse else alt.Scale(reverse=True, zero=False, nice=True)
    x = alt.X("value:Q", axis=_axis(title, percent), scale=scale)
    color = alt.Color("series:N", title=None, scale=alt.Scale(domain=list(names), range=[BLUE, ORANGE]))
    rule = (
        alt.Chart(whole).mark_rule(color="#c3c8cf", strokeWidth=2).encode(x=alt.X(f"{first}:Q"), x2=f"{second}:Q", y=y)
    )
    dots = (
        alt.Chart(long)
        .mark_point(filled=True, size=85, opacity=0.95)
        .encode(
            x=x,
            y=y,
            color=color,
            shape=alt.Shape("series:N", title=None, scale=alt.Scale(domain=list(names), range=["circle", "diamond"])),
        )
    )
    none = frame.filter(pl.col(first).is_null() & pl.col(second).is_null()).select(label)
    return alt.layer(rule, dots, _words(none, label, y, hidden)).properties(width=WIDTH, height=alt.Step(23))


def heat(
    table: pl.DataFrame,
    *,
    x: str,
    y: str,
    value: str,
    title: str,
    percent: bool = True,
    hidden: str = "[不公开]",
    height: int = 22,
    every: int | None = None,
) -> alt.LayerChart:
    """A grid of cells; hidden cells are hatched grey and named in the legend line. `every`: columns are hours or the like, of which
    only every so many has its label."""
    frame = table.select(x, y, value)
    columns = _order(frame, x)
    axis = (
        alt.Axis(title=None, labelAngle=0, orient="top", values=columns[::every])
        if every
        else alt.Axis(title=None, labelAngle=-60, orient="top", labelLimit=120)
    )
    xs = alt.X(f"{x}:O", sort=columns, axis=axis)
    ys = alt.Y(f"{y}:O", sort=_order(frame, y), title=None)
    color = alt.Color(
        f"{value}:Q",
        scale=alt.Scale(scheme="oranges"),
        legend=alt.Legend(
            title=title,
            format=".0%" if percent else ",d",
            gradientLength=150,
            gradientThickness=9,
            tickCount=3,
            orient="bottom",
        ),
    )
    shown = (
        alt.Chart(frame.filter(pl.col(value).is_not_null())).mark_rect(stroke="white").encode(x=xs, y=ys, color=color)
    )
    blank = frame.filter(pl.col(value).is_null()).select(x, y).with_columns(pl.lit("×").alias("word"))
    none = alt.Chart(blank).mark_text(color=GREY, fontSize=12).encode(x=xs, y=ys, text="word:N")
    return alt.layer(shown, none).properties(width=WIDTH + (60 if every else 0), height=alt.Step(height))


def lines(
    table: pl.DataFrame,
    *,
    x: str,
    value: str,
    title: str,
    x_title: str,
    group: str | None = None,
    percent: bool = False,
    x_type: str = "Q",
    step: int = 3,
) -> alt.Chart:
    """A line over hours or months, one for each group; hidden points leave a gap."""
    frame = table.select([name for name in (x, value, group) if name])
    axis = alt.Axis(title=x_title, labelOverlap=True)
    if x_type == "Q":
        axis = alt.Axis(title=x_title, values=list(range(0, 24, step)), format="d")
    color: Any = alt.value(BLUE)
    extra: dict[str, Any] = {}
    if group and frame.height:
        names = _order(frame, group)
        color = alt.Color(f"{group}:N", title=None, scale=alt.Scale(domain=names, range=SERIES[: len(names)]))
        extra["strokeDash"] = alt.StrokeDash(f"{group}:N", title=None, scale=alt.Scale(domain=names))
    return (
        alt.Chart(frame)
        .mark_line(point=alt.OverlayMarkDef(size=28), strokeWidth=2, invalid="break-paths-filter-domains")
        .encode(
            x=alt.X(f"{x}:{x_type}", axis=axis),
            y=alt.Y(f"{value}:Q", axis=_axis(title, percent), scale=alt.Scale(zero=True)),
            color=color,
            **extra,
        )
        .properties(width=WIDTH + 60, height=190)
    )


def stacked(
    table: pl.DataFrame, *, label: str, value: str, status: str, colors: dict[str, str], title: str
) -> alt.Chart:
    """Counts of each status, stacked, one bar for each label."""
    frame = table.select(label, value, status)
    seen = set(frame.filter(pl.col(value) > 0)[status])
    names = [name for name in colors if name in seen]
    long = max((len(name) for name in names), default=0) > 8
    legend = alt.Legend(columns=1 if long else 3, labelLimit=330)
    frame = frame.filter(pl.col(status).is_in(names) | (pl.col(value) == 0))
    frame = frame.with_columns(pl.col(status).replace_strict(names, range(len(names)), default=99).alias("rank"))
    return (
        alt.Chart(frame)
        .mark_bar(height=15)
        .encode(
            x=alt.X(f"{value}:Q", axis=_axis(title, False)),
            y=alt.Y(f"{label}:N", sort=_order(frame, label), title=None),
            color=alt.Color(
                f"{status}:N",
                title=None,
                legend=legend,
                scale=alt.Scale(domain=names, range=[colors[name] for name in names]),
            ),
            order=alt.Order("rank:Q"),
        )
        .properties(width=WIDTH, height=alt.Step(24))
    )


def over_areas(parts: list[tuple[str, alt.TopLevelMixin]]) -> alt.TopLevelMixin:
    """One chart for one area, or the charts of several areas below each other under their names."""
    if len(parts) == 1:
        return parts[0][1]
    return alt.vconcat(*[chart.properties(title=name) for name, chart in parts])
