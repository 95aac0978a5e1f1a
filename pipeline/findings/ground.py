"""What may be drawn under the points of a map: outlines of buildings always, lines of administration by a rule.

Maps that are shown to the public need review unless they are as simple as a street plan and show no line of administration
(地图管理条例 第十五条, 地图审核管理规定 第六条). So the public edition is a street plan: buildings and stations. The area's
boundary is drawn only with the number of the approved map it comes from (审图号), which is printed; grid cells, which no such
number covers, never are. Working maps of the office are not shown to the public: they have both, and say 内部使用.
"""

from __future__ import annotations

import duckdb
import polars as pl

from pipeline.charts.map import MOST_SHAPES, Ground
from pipeline.findings.finding import Context

DATUM = "WGS-84"  # of every coordinate that leaves
IN_REACH, BEYOND = "#dde2e9", "#f0cf9e"


def approval_number(con: duckdb.DuckDBPyConnection, area: str) -> str | None:
    """The number of the approved map that an area's boundary was taken from; none where nobody gave one."""
    rows = con.sql("select map_approval_no from clean.boundaries where area_code = ?", params=[area]).fetchall()
    return (rows[0][0] or "").strip() or None if rows else None


def shows_boundary(context: Context, approval: str | None) -> bool:
    """Whether the boundary may be drawn for this reader."""
    return context.audience != "public" or approval is not None


def lines_of(con: duckdb.DuckDBPyConnection, context: Context, area: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cells (`outline_wkt label`) and boundary (`outline_wkt`) that this reader may see; empty where none."""
    boundary = con.sql("select outline_wkt from clean.boundaries where area_code = ?", params=[area]).pl()
    cells = con.sql(
        "select outline_wkt, replace(grid_id, area_code || '-', '') as label from clean.grids where area_code = ? order by grid_id",
        params=[area],
    ).pl()
    if context.audience == "public":
        cells = cells.clear()
    return cells, boundary if shows_boundary(context, approval_number(con, area)) else boundary.clear()


def ground_of(
    con: duckdb.DuckDBPyConnection, context: Context, area: str, shapes: pl.DataFrame, colors: dict[str, str]
) -> Ground:
    """The ground of an area's map: `shapes` with `outline_wkt kind`, and the lines this reader may see."""
    cells, boundary = lines_of(con, context, area)
    return Ground(shapes.select("outline_wkt", "kind"), cells, boundary, colors)


def notes_of(con: duckdb.DuckDBPyConnection, context: Context, area: str, n_shapes: int) -> tuple[str, ...]:
    """What stands under the map: datum and scale, for whom it is, the approval number, and what is left out."""
    approval = approval_number(con, area)
    lines = [context.pick(f"{DATUM} 坐标，各方向同一比例。", f"{DATUM} coordinates, one scale in all directions.")]
    if context.audience != "public":
        lines.append(
            context.pick("内部使用。边界与网格仅供工作参考。", "For the office only: boundary and cells for work.")
        )
    elif approval is None:
        lines.append(
            context.pick("街区示意，不画行政区域界线。", "A street plan: no administrative boundary is drawn.")
        )
    if approval is not None and shows_boundary(context, approval):
        lines.append(context.pick(f"审图号：{approval}", f"Map approval number: {approval}"))
    if n_shapes > MOST_SHAPES:
        lines.append(context.pick("楼宇太多，只画驿站。", "Too many buildings to draw: stations only."))
    return tuple(lines)
