"""How a benchmark prints a figure: one JSON line each."""

from __future__ import annotations

import json


def report(name: str, value: float, unit: str, peer: str | None = None, peer_value: float | None = None) -> None:
    """Print one figure."""
    ratio = round(peer_value / value, 2) if peer_value is not None and value else None
    figure = {"name": name, "value": round(value, 3), "unit": unit, "peer": peer}
    print(json.dumps({**figure, "peer_value": peer_value and round(peer_value, 3), "ratio": ratio}))
