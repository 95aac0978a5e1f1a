"""Charts as SVG, as PNG, and as what JupyterLab shows without a network."""

from __future__ import annotations

import base64
import copy
import json
import re
from functools import cache
from html import escape
from typing import Any

import altair as alt
import polars as pl
import vl_convert as vlc

from pipeline.charts.look import FONT, RED, register_fonts, themed

VEGA_LITE = "6.4"
STAMP_SIZE = 11.0


def svg(chart: alt.TopLevelMixin) -> str:
    """The chart as SVG text."""
    register_fonts()
    return _renumbered(vlc.vegalite_to_svg(themed(chart).to_dict(), vl_version=VEGA_LITE))


def _renumbered(drawing: str) -> str:
    """Ids counted within the drawing: the renderer counts them over the whole process, so two runs would differ."""
    names = list(dict.fromkeys(re.findall(r'\bid="((?:gradient|clip)_?\d+)"', drawing)))
    for place, name in enumerate(names):
        drawing = re.sub(rf"\b{name}\b", f"part-{place}", drawing)
    return drawing


def stamped(drawing: str, text: str) -> str:
    """The drawing with a small line of text under it, for files that travel without their page."""
    found = re.search(r'width="([\d.]+)" height="([\d.]+)" viewBox="0 0 [\d.]+ [\d.]+"', drawing)
    if found is None:
        raise ValueError("a drawing without its size cannot be stamped")
    width, height = float(found[1]), float(found[2])
    ems = sum(1.0 if ord(sign) > 0x2E7F else 0.55 for sign in text)
    size = min(STAMP_SIZE, (width - 12) / ems)
    line = (
        f'<text x="{width / 2:g}" y="{height + 12:g}" text-anchor="middle" font-family="{FONT}" font-size="{size:.1f}px" '
        f'fill="{RED}">{escape(text)}</text>'
    )
    taller = f'width="{width:g}" height="{height + 20:g}" viewBox="0 0 {width:g} {height + 20:g}"'
    return drawing.replace(found[0], taller, 1).removesuffix("</svg>") + line + "</svg>"


def png(drawing: str, *, scale: float = 2.0) -> bytes:
    """The same drawing as PNG, on white."""
    register_fonts()
    white = drawing.replace("<svg ", '<svg style="background:#ffffff" ', 1)
    return vlc.svg_to_png(white, scale=scale)


def notebook_renderer(spec: dict[str, Any], **_: Any) -> dict[str, Any]:
    """What JupyterLab shows offline: Vega-Lite relabelled as v5, which Lab bundles, and a PNG for everything else."""
    register_fonts()
    relabelled = copy.deepcopy(spec)
    relabelled["$schema"] = "https://vega.github.io/schema/vega-lite/v5.20.1.json"
    picture = vlc.vegalite_to_png(spec, vl_version=VEGA_LITE, scale=2.0)
    return {
        "application/vnd.vegalite.v5+json": json.loads(json.dumps(relabelled)),
        "image/png": base64.b64encode(picture).decode("ascii"),
    }


def enable_notebooks() -> None:
    """Make charts show in JupyterLab without a network, in the project's look."""
    _look()  # made before the theme is on: a chart made by the theme would ask for the theme
    alt.renderers.register("warm_stations", notebook_renderer)
    alt.renderers.enable("warm_stations")
    alt.theme.register("warm_stations", enable=True)(_notebook_theme)


def _notebook_theme() -> alt.theme.ThemeConfig:
    return alt.theme.ThemeConfig({"config": copy.deepcopy(_look())})


@cache
def _look() -> dict[str, Any]:
    """The project's look as a Vega-Lite configuration."""
    blank = alt.Chart(pl.DataFrame({"a": [1]})).mark_point()
    return themed(blank).to_dict()["config"]
