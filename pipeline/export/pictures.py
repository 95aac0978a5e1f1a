"""Charts as SVG and PNG files."""

from __future__ import annotations

from pipeline import charts, disclose
from pipeline.findings.finding import Context, Result


def draw(results: list[Result]) -> dict[str, str]:
    """Finding id → drawing (SVG), for the findings that have a chart."""
    return {result.finding.id: charts.svg(result.chart) for result in results if result.chart is not None}


def files(drawings: dict[str, str], end: str, context: Context) -> dict[str, bytes | str]:
    """File name → content of every chart, as SVG and PNG; stamped where simulated, for a picture travels by itself."""
    made: dict[str, bytes | str] = {}
    for name, drawing in drawings.items():
        if context.is_simulated:
            drawing = charts.stamped(drawing, disclose.rules()["simulated"][context.lang])
        made[f"{name}{end}.svg"] = drawing
        made[f"{name}{end}.png"] = charts.png(drawing)
    return made
