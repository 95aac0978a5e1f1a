"""Service logs of any size: the months before the small logs and theirs, written block by block in flat memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from pipeline.simulate.defects import Record
from pipeline.simulate.stream.block import Block, Model, make_block
from pipeline.simulate.stream.crowd import build_crowd
from pipeline.simulate.stream.faults import Planted
from pipeline.simulate.stream.progress import progress
from pipeline.simulate.stream.tally import Tally
from pipeline.simulate.stream.timeline import Month, Timeline, build_timeline
from pipeline.simulate.stream.traffic import ROWS_PER_VISIT, build_traffic
from pipeline.simulate.stream.troubles import build_troubles
from pipeline.simulate.stream.write_block import Writer, build_writer, plant, start_month, write_block
from pipeline.simulate.visits import service_pull
from pipeline.simulate.world import World

BLOCK = 100_000  # visits drawn at a time, in whole days
TRIAL = 200_000  # visits, in at least six and at most 120 days
THREADS = 2

Span = tuple[Month, int, int]  # the days of a block, from … up to before …, and their month


def stream_logs(world: World, record: Record, n_rows: int, rng: np.random.Generator, *, watched: bool = False) -> Tally:
    """Write both logs of all months, about n_rows rows together, below `record`; returns the truth about them.

    Files of the small logs at the same paths are replaced. The same world, rows and generator give the same bytes.
    """
    timeline, model = build_model(world, n_rows, rng)
    writer = build_writer(record, model, timeline)
    spans = [span for month in timeline.months for span in _spans(model, month)]
    lock, app, label = 0, 0, ""
    with progress(n_rows, watched=watched) as tell, ThreadPoolExecutor(THREADS) as pool:
        for (month, first, _), (block, planted) in zip(spans, _drawn(pool, writer, spans, rng), strict=True):
            if month.label != label:
                if label:
                    tell(label, 0)
                start_month(writer, month)
                label = month.label
            n_lock, n_app = write_block(writer, month, first, block, planted, (lock, app), pool)
            lock, app = lock + block.lock["second"].size, app + block.app["second"].size
            tell(label, n_lock + n_app)
        tell(label, 0)
    return writer.tally


def build_model(world: World, n_rows: int, rng: np.random.Generator) -> tuple[Timeline, Model]:
    """The days and what they are drawn from; a trial of a few days finds how many visits make n_rows rows."""
    figures = world.assumptions["streamed_logs"]
    timeline = build_timeline(world.weather, figures, rng)
    traffic = build_traffic(world, timeline, rng)
    n_visits = n_rows / ROWS_PER_VISIT
    crowd = build_crowd(world, traffic, n_visits, rng)
    pull = service_pull(world.supply, timeline.weather, world.assumptions, timeline.season)
    model = Model(world, traffic, crowd, build_troubles(world, timeline, rng), pull, n_visits)
    n_days = int(np.clip(TRIAL * timeline.n_days / n_visits, 6, 120))
    days = np.linspace(0, timeline.n_days, n_days, endpoint=False).astype(int) + timeline.n_days // (2 * n_days)
    blocks = [make_block(model, day, day + 1, rng) for day in days]
    rows = sum(block.lock["second"].size + block.app["second"].size for block in blocks)
    expected = traffic.share[:, days].sum() * n_visits
    return timeline, replace(model, n_visits=n_visits * ROWS_PER_VISIT * expected / max(rows, 1))


def _spans(model: Model, month: Month) -> Iterator[Span]:
    """Whole days of a month, as many together as make a block."""
    per_day = model.traffic.share[:, month.first : month.end].sum(axis=0) * model.n_visits
    first, expected = month.first, 0.0
    for day, visits in enumerate(per_day, start=month.first):
        if day > first and expected + visits > BLOCK:
            yield month, first, day
            first, expected = day, 0.0
        expected += visits
    yield month, first, month.end


def _drawn(
    pool: Executor, writer: Writer, spans: list[Span], rng: np.random.Generator
) -> Iterator[tuple[Block, tuple[Planted, Planted]]]:
    """Blocks in their order, each from a generator of its own, two drawn ahead."""

    def draw(span: Span, own: np.random.Generator) -> tuple[Block, tuple[Planted, Planted]]:
        block = make_block(writer.model, span[1], span[2], own)
        return block, plant(writer, span[0], block, own)

    waiting: deque[Future[tuple[Block, tuple[Planted, Planted]]]] = deque()
    for span, own in zip(spans, rng.spawn(len(spans)), strict=True):
        waiting.append(pool.submit(draw, span, own))
        if len(waiting) > THREADS:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
