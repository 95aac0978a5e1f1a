"""The truth of streamed logs: counts per file and kind of defect, since a line for each would be millions."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from pipeline.simulate.operation import Operation
from pipeline.simulate.stream.block import OUTCOMES
from pipeline.simulate.visits import GROUPS
from pipeline.simulate.world import World


@dataclass
class Tally:
    """What was written and planted so far in one area: lines per file, defects per (file, column, code), and per month
    label how often station × service × group × outcome was asked for."""

    troubles: Operation
    lines: dict[str, int] = field(default_factory=dict)
    defects: dict[tuple[str, str, str], int] = field(default_factory=dict)
    asked: dict[str, np.ndarray] = field(default_factory=dict)

    def wrote(self, file: str, n: int) -> None:
        """n more lines of a file, the header not counted."""
        self.lines[file] = self.lines.get(file, 0) + n

    def planted(self, file: str, column: str, code: str, n: int) -> None:
        """n more defects of a kind."""
        if n:
            self.defects[file, column, code] = self.defects.get((file, column, code), 0) + n

    def rows_table(self, area: str) -> pl.DataFrame:
        """area_code, file, n_lines."""
        rows = [(area, file, n) for file, n in sorted(self.lines.items())]
        return pl.DataFrame(rows, {"area_code": pl.String, "file": pl.String, "n_lines": pl.Int64}, orient="row")

    def defects_table(self, area: str) -> pl.DataFrame:
        """area_code, file, column, defect_code, n_defects."""
        rows = [(area, *kind, n) for kind, n in sorted(self.defects.items())]
        names = ("area_code", "file", "column", "defect_code")
        return pl.DataFrame(rows, dict.fromkeys(names, pl.String) | {"n_defects": pl.Int64}, orient="row")

    def use_table(self, world: World, ids: list[str]) -> pl.DataFrame:
        """All services asked for, logged or not: station × service × user group × month × outcome."""
        parts = []
        for label, asked in self.asked.items():
            station, service, group, outcome = np.nonzero(asked)
            parts.append(pl.DataFrame({
                "station_id": np.array(ids)[station],
                "service_code": np.array(world.supply.codes)[service],
                "user_group_code": np.array(GROUPS)[group],
                "month_on": np.full(station.size, f"{label}-01"),
                "outcome_code": np.array(OUTCOMES)[outcome],
                "n_asked": asked[station, service, group, outcome].astype(np.uint32),
            }))  # fmt: skip
        return pl.concat(parts).sort("station_id", "service_code", "user_group_code", "month_on", "outcome_code")
