"""A grid of cells, each in the colour of its status."""

from __future__ import annotations

import altair as alt
import polars as pl


def tiles(table: pl.DataFrame, *, x: str, y: str, status: str, colors: dict[str, str], height: int = 22) -> alt.Chart:
    """One tile for each pair of x and y; columns and rows in the order they come in. `colors`: status → colour, in the order of the legend."""
    frame = table.select(x, y, status)
    seen = set(frame[status])
    names = [name for name in colors if name in seen]
    order = {name: frame[name].unique(maintain_order=True).to_list() for name in (x, y)}
    return (
        alt.Chart(frame)
        .mark_rect(stroke="white")
        .encode(
            x=alt.X(f"{x}:O", sort=order[x], axis=alt.Axis(title=None, labelAngle=-60, orient="top", labelLimit=120)),
            y=alt.Y(f"{y}:O", sort=order[y], title=None),
            color=alt.Color(
                f"{status}:N",
                title=None,
                legend=alt.Legend(orient="bottom", columns=2, labelLimit=330),
                scale=alt.Scale(domain=names, range=[colors[name] for name in names]),
            ),
        )
        .properties(width=alt.Step(20), height=alt.Step(height))
    )
