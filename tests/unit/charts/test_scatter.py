"""Two estimates of each thing: a dot for each that has both, nothing at zero for one that has not, names that do not cover each other."""

from __future__ import annotations

import polars as pl

from pipeline import charts
from pipeline.charts.scatter import CORNERS, SIDE, _overlap, _places

X, Y = ("need", "need_low", "need_high"), ("points", "points_low", "points_high")


def table(*rows: tuple[str, float | None, float | None]) -> pl.DataFrame:
    """Names with two estimates, each with an interval of a tenth to both sides."""
    frame = pl.DataFrame(rows, schema={"label": pl.String, "need": pl.Float64, "points": pl.Float64}, orient="row")
    ends = [
        (pl.col(name) + side).alias(f"{name}_{end}")
        for name in ("need", "points")
        for end, side in (("low", -0.1), ("high", 0.1))
    ]
    return frame.with_columns(ends)


def drawn(frame: pl.DataFrame, **more) -> str:
    return charts.svg(charts.crossed_dots(frame, label="label", x=X, y=Y, titles=("需要", "满意"), **more))


def test_a_row_without_one_of_its_figures_is_not_drawn():
    drawing = drawn(table(("热饭", 0.4, 3.0), ("如厕", 0.5, None)))
    assert "热饭" in drawing and "如厕" not in drawing


def test_lines_cut_the_plane_where_they_are_told():
    frame = table(("热饭", 0.4, 3.0), ("饮水", 0.6, 4.0))
    dashed = 'stroke-dasharray="4,3"'
    assert drawn(frame, lines=(0.5, 3.5)).count(dashed) == 2
    assert drawn(frame).count(dashed) == 0


def test_a_survey_that_did_not_ask_leaves_an_empty_chart_and_no_error():
    drawing = drawn(table(("", None, None)), group="label", lines=(None, None))
    assert charts.png(drawing).startswith(b"\x89PNG")


def test_names_of_neighbours_stand_in_different_corners():
    frame = table(("应急药品", 0.110, 3.60), ("义诊", 0.111, 3.58), ("饮水", 0.6, 4.0))
    places = _places(frame, "label", X, Y)
    assert places[0] != places[1] and places[2] == 0


def test_boxes_overlap_only_where_they_share_ground():
    assert _overlap((0, 0, 10, 10), (9, 9, 10, 10))
    assert not _overlap((0, 0, 10, 10), (10, 0, 10, 10))
    assert len(CORNERS) == 4 and SIDE > 0
