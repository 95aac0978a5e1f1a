"""Stock-outs and closures of all days of streamed logs: those of the small logs, and earlier ones at the same rates."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.simulate.operation import Operation, build_operation
from pipeline.simulate.stream.timeline import Timeline
from pipeline.simulate.weather import FIRST_DAY, N_DAYS
from pipeline.simulate.world import World


def build_troubles(world: World, timeline: Timeline, rng: np.random.Generator) -> Operation:
    """Like the world's own operation, with days counted from the first day of the timeline in `out` and `shut`.

    The intervals stay in minutes since the first day of the small logs: earlier ones are negative. A station has no
    troubles before it opened.
    """
    n_before = timeline.n_days - N_DAYS
    parts, first = [world.operation], 0
    while first > -n_before:
        first -= N_DAYS
        parts.append(_shifted(build_operation(world.stations, world.supply, world.assumptions, rng), first, world))
    parts.reverse()
    out = np.concatenate([part.out for part in parts], axis=2)[:, :, -timeline.n_days :].astype(np.int32)
    shut = np.concatenate([part.shut for part in parts], axis=1)[:, -timeline.n_days :].astype(np.int32)
    since = pl.col("start") >= -n_before * 1440
    stock_outs = pl.concat([part.stock_outs for part in parts]).filter(since)
    return Operation(stock_outs, pl.concat([part.closures for part in parts]).filter(since), out, shut)


def _shifted(part: Operation, first: int, world: World) -> Operation:
    opened = np.array([(day - FIRST_DAY).days * 1440 for day in world.stations.table["opened_on"]])

    def moved(table: pl.DataFrame) -> pl.DataFrame:
        table = table.with_columns(pl.col("start") + first * 1440, pl.col("end") + first * 1440)
        return table.filter(pl.Series(table["start"].to_numpy() >= opened[table["station"].to_numpy()]))

    return Operation(moved(part.stock_outs), moved(part.closures), part.out, part.shut)
