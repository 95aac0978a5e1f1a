"""Charts as SVG and PNG files."""

from __future__ import annotations

from pipeline import charts
from pipeline.findings.finding import Result


def draw(results: list[Result]) -> dict[str, str]:
    """Finding id → drawing (SVG), for the findings that have a chart."""
    return {result.finding.id: charts.svg(result.chart) for result in results if result.chart is not None}


def files(drawings: dict[str, str], end: str) -> dict[str, bytes | str]:
    """File name → content of every chart, as SVG and PNG."""
    made: dict[str, bytes | str] = {}
    for name, drawing in drawings.items():
        made[f"{name}{end}.svg"] = drawing
        made[f"{name}{end}.png"] = charts.png(drawing)
    return made
