"""Points with an interval in two directions: two estimates of each thing, cut into four by lines."""

from __future__ import annotations

import altair as alt
import polars as pl

from pipeline.charts.look import BLUE, GREY, SERIES

SIDE = 330
CORNERS = (("left", 6, -8), ("left", 6, 9), ("right", -6, -8), ("right", -6, 9))  # of a dot, where its name may stand


def crossed_dots(
    table: pl.DataFrame,
    *,
    label: str,
    x: tuple[str, str, str],
    y: tuple[str, str, str],
    titles: tuple[str, str],
    percent: tuple[bool, bool] = (True, True),
    lines: tuple[float | None, float | None] = (None, None),
    group: str | None = None,
) -> alt.LayerChart:
    """One dot per row at two estimates, each with its interval; `x` and `y`: columns of estimate, lower and upper end.

    `lines`: where to cut the plane. `group`: a column whose values have colours of their own. Rows without either figure are not
    drawn: their names stand in the table beside the chart, never at zero.
    """
    names = list(dict.fromkeys((label, *x, *y, *((group,) if group else ()))))
    frame = table.select(names).filter(pl.all_horizontal(pl.col(x[0], y[0]).is_not_null()))
    axis = [
        alt.Axis(title=title, format=".0%" if share else ".1f", tickCount=5)
        for title, share in zip(titles, percent, strict=True)
    ]
    scale = alt.Scale(domain=[0, 1]) if frame.is_empty() else alt.Scale(zero=False, nice=True)
    at_x, at_y = alt.X(f"{x[0]}:Q", axis=axis[0], scale=scale), alt.Y(f"{y[0]}:Q", axis=axis[1], scale=scale)
    color = alt.value(BLUE)
    if group and frame.height:
        seen = frame[group].unique(maintain_order=True).to_list()
        color = alt.Color(f"{group}:N", title=None, scale=alt.Scale(domain=seen, range=SERIES[: len(seen)]),
                          legend=alt.Legend(columns=1, labelLimit=320))  # fmt: skip
    cuts = [
        alt.Chart(pl.DataFrame({"cut": [at]})).mark_rule(color=GREY, strokeDash=[4, 3]).encode(**{side: alt.datum(at)})
        for side, at in zip(("x", "y"), lines, strict=True)
        if at is not None
    ]
    base = alt.Chart(frame)
    thin = {"strokeWidth": 1, "color": "#a9b0b9"}
    across = base.mark_rule(**thin).encode(x=alt.X(f"{x[1]}:Q", scale=scale), x2=f"{x[2]}:Q", y=at_y)
    up = base.mark_rule(**thin).encode(y=alt.Y(f"{y[1]}:Q", scale=scale), y2=f"{y[2]}:Q", x=at_x)
    dots = base.mark_point(filled=True, size=60, opacity=1).encode(x=at_x, y=at_y, color=color)
    places = _places(frame, label, x, y)
    words = [
        alt.Chart(frame.filter(places == place)).mark_text(align=align, dx=dx, dy=dy, fontSize=12).encode(
            x=at_x, y=at_y, text=f"{label}:N"
        )
        for place, (align, dx, dy) in enumerate(CORNERS)
        if (places == place).any()
    ]  # fmt: skip
    return alt.layer(*cuts, across, up, dots, *words).properties(width=SIDE, height=SIDE)


def _places(frame: pl.DataFrame, label: str, x: tuple[str, str, str], y: tuple[str, str, str]) -> pl.Series:
    """The corner of each dot in which its name stands: the first in which it covers neither a name placed before nor a dot."""
    pixels = [_pixels(frame, *side) for side in (x, y)]
    dots = [(px - 4, SIDE - py - 4, 8, 8) for px, py in zip(*pixels, strict=True)]
    taken, places = list(dots), []
    for name, px, py in zip(frame[label].to_list(), *pixels, strict=True):
        width = 12.0 * len(name)
        boxes = [
            (px + dx - (width if align == "right" else 0), SIDE - py + dy - 7, width, 14) for align, dx, dy in CORNERS
        ]
        free = [place for place, box in enumerate(boxes) if not any(_overlap(box, other) for other in taken)]
        places.append(free[0] if free else 0)
        taken.append(boxes[places[-1]])
    return pl.Series("place", places, dtype=pl.Int64)


def _pixels(frame: pl.DataFrame, middle: str, lower: str, upper: str) -> list[float]:
    """About where each dot lies on an axis as long as the chart."""
    if frame.is_empty():
        return []
    ends = frame.select(
        pl.min_horizontal(middle, lower).min().alias("low"), pl.max_horizontal(middle, upper).max().alias("high")
    )
    low, high = ends.row(0)
    return [SIDE * (value - low) / ((high - low) or 1) for value in frame[middle]]


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Whether two boxes (left, top, width, height) cover each other."""
    return all(one[i] < other[i] + other[i + 2] and other[i] < one[i] + one[i + 2] for i in (0, 1))
