"""Charts: one look, a few shapes, and how they are drawn (offline, Chinese included)."""

from pipeline.charts.compare import dots, ranges
from pipeline.charts.drawing import VEGA_LITE, enable_notebooks, notebook_renderer, png, stamped, svg
from pipeline.charts.look import BLUE, FONT, GREEN, GREY, ORANGE, RED, SERIES, STATUS, register_fonts, themed
from pipeline.charts.map import Ground, area_map
from pipeline.charts.ratios import ratios
from pipeline.charts.scatter import crossed_dots
from pipeline.charts.shapes import WIDTH, bars, heat, lines, over_areas, paired_dots, stacked
from pipeline.charts.tiles import tiles

__all__ = [
    "BLUE",
    "FONT",
    "GREEN",
    "GREY",
    "ORANGE",
    "RED",
    "SERIES",
    "STATUS",
    "VEGA_LITE",
    "WIDTH",
    "Ground",
    "area_map",
    "bars",
    "crossed_dots",
    "dots",
    "enable_notebooks",
    "heat",
    "lines",
    "notebook_renderer",
    "over_areas",
    "paired_dots",
    "png",
    "ranges",
    "ratios",
    "register_fonts",
    "stacked",
    "stamped",
    "svg",
    "themed",
    "tiles",
]
