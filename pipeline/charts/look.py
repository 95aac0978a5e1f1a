"""Fonts, colours and the look of every chart."""

from __future__ import annotations

from functools import cache

import altair as alt
import vl_convert as vlc

FONT = "Noto Sans SC, sans-serif"  # a family that is missing is drawn with no text at all; sans-serif guards
BLUE, ORANGE, GREEN, GREY, RED = "#2f6fb5", "#d9822b", "#3c8d5a", "#8a8f98", "#c2493d"
STATUS = {"met": GREEN, "partly": "#e0b13f", "not_met": RED, "unknown": "#b7bcc4", "not_checked": "#d9dce1"}
SERIES = [BLUE, ORANGE, GREY, GREEN, "#8b6bb1", "#b5892f"]


@cache
def register_fonts() -> None:
    """Make Noto Sans SC known to the renderer; without the package the fallback family is drawn."""
    try:
        import pylopdf_fonts_zh_cn as fonts
    except ImportError:  # an office without the font package still gets charts, in its own font
        return
    vlc.register_font_directory(str(fonts.sans_path().parent))


def themed(chart: alt.TopLevelMixin) -> alt.TopLevelMixin:
    """The same chart in the project's look."""
    text = {"font": FONT, "fontSize": 12, "color": "#333a44"}
    return (
        chart.configure(font=FONT, background="transparent", padding=6, aria=False)
        .configure_view(stroke=None)
        .configure_axis(
            labelFont=FONT,
            titleFont=FONT,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelColor="#333a44",
            titleColor="#5b6470",
            gridColor="#e3e6ea",
            domainColor="#c3c8cf",
            tickColor="#c3c8cf",
            labelLimit=150,
        )
        .configure_legend(
            labelFont=FONT,
            titleFont=FONT,
            labelFontSize=12,
            titleFontSize=12,
            orient="top",
            titleFontWeight="normal",
            labelColor="#333a44",
            titleColor="#5b6470",
            labelLimit=170,
            symbolType="square",
            columns=3,
        )
        .configure_title(font=FONT, fontSize=13, fontWeight="normal", anchor="start", color="#333a44")
        .configure_header(labelFont=FONT, titleFont=FONT)
        .configure_text(**text)
    )
