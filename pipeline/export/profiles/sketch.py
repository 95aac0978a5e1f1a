"""A small drawing of what lies around a station: buildings, other stations, and how far a walk reaches."""

from __future__ import annotations

from html import escape

import numpy as np

from pipeline.findings.district.rules import walking
from pipeline.findings.profiles.around import Around

SIDE = 220  # pixels
BAR = 100  # metres of the scale bar


def sketch(around: Around, name: str, north: str) -> str:
    """SVG, north on top, the station in the middle, `radius_m` metres to each side."""
    reach = walking().radius_m
    scale = SIDE / 2 / reach
    buildings = "".join(f'<path class="built" d="{_path(ring, scale)}"/>' for ring in around.buildings)
    others = "".join(
        f'<circle class="other" cx="{x:.0f}" cy="{y:.0f}" r="3.5"/>'
        for x, y in _pixels(np.array(around.stations).reshape(-1, 2), scale)
    )
    middle = SIDE / 2
    bar = BAR * scale
    return (
        f'<svg class="sketch" role="img" aria-label="{escape(name, quote=True)}" viewBox="0 0 {SIDE} {SIDE}" '
        f'width="{SIDE}" height="{SIDE}"><g>{buildings}</g>'
        f'<circle class="walk" cx="{middle:g}" cy="{middle:g}" r="{middle / walking().detour:.1f}"/>{others}'
        f'<circle class="here" cx="{middle:g}" cy="{middle:g}" r="5.5"/>'
        f'<path class="bar" d="M8 {SIDE - 12}v4h{bar:.1f}v-4"/><text x="{12 + bar:.1f}" y="{SIDE - 7}">{BAR} m</text>'
        f'<text x="{SIDE - 6}" y="15" text-anchor="end">{escape(north)} ↑</text></svg>'
    )


def _pixels(metres: np.ndarray, scale: float) -> np.ndarray:
    return metres * np.array([scale, -scale]) + SIDE / 2


def _path(ring: np.ndarray, scale: float) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in _pixels(ring[:-1], scale)) + "Z"
