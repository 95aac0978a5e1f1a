"""A block of drawn rows → lines appended to the two files of its month, faults planted and counted."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from pipeline.simulate.defects import Record
from pipeline.simulate.stream.block import Block, Model, Rows
from pipeline.simulate.stream.faults import APP, LOCK, Planted, plant_app, plant_lock
from pipeline.simulate.stream.lines import LOCK_HEADER, Words, app_lines, build_words, lock_lines
from pipeline.simulate.stream.tally import Tally
from pipeline.simulate.stream.timeline import Month, Timeline

SENT_AGAIN = "2023-04"  # the month of which a part is sent twice, as in the small logs


@dataclass(frozen=True)
class Writer:
    """Where lines go and what they are made of; `opened` per station the day it opened, counted from the first day."""

    record: Record
    model: Model
    words: Words
    opened: np.ndarray
    tally: Tally


def build_writer(record: Record, model: Model, timeline: Timeline) -> Writer:
    """A writer for one area."""
    opened = np.array(
        [(day - timeline.first_on) // timedelta(days=1) for day in model.world.stations.table["opened_on"]]
    )
    return Writer(record, model, build_words(model.world, timeline), opened, Tally(model.troubles))


def lock_file(label: str, again: bool = False) -> str:
    """The path of a month of scans below raw/.

    >>> lock_file("2023-04", again=True)
    '门禁/门禁开门记录_2023-04_补传.csv'
    """
    return f"门禁/门禁开门记录_{label}{'_补传' if again else ''}.csv"


def app_file(label: str) -> str:
    """The path of a month of the mini-program below raw/."""
    return f"小程序/events_{label}.jsonl"


def start_month(writer: Writer, month: Month) -> None:
    """Empty files with their headers; files of the small logs at the same paths are replaced."""
    writer.record.path(lock_file(month.label)).write_bytes(LOCK_HEADER)
    writer.record.path(app_file(month.label)).write_bytes(b"")
    if month.label == SENT_AGAIN:
        writer.record.path(lock_file(month.label, again=True)).write_bytes(LOCK_HEADER)


def plant(writer: Writer, month: Month, block: Block, rng: np.random.Generator) -> tuple[Planted, Planted]:
    """The faults of a block's scans and of its uses."""
    figures = writer.model.world.assumptions["streamed_logs"]
    unopened, again = _unopened(writer, month) is not None, month.label == SENT_AGAIN
    lock = plant_lock(block.lock["second"].size, figures, rng, unopened=unopened, sent_again=again)
    return lock, plant_app(block.app["second"].size, figures, rng)


def write_block(
    writer: Writer, month: Month, first: int, block: Block, planted: tuple[Planted, Planted], number: tuple[int, int],
    pool: Executor,
) -> tuple[int, int]:  # fmt: skip
    """Append a block that begins on day `first` to its month's files; rows are numbered from `number`. Returns how many
    lines were written to each kind of log (those sent again not counted)."""
    words, crowd, (lock, app) = writer.words, writer.model.crowd, planted
    later = _unopened(writer, month) or 0
    clean = np.full(lock.again.size, -1)
    jobs = (
        (lock_file(month.label), lock_lines, block.lock, lock.order, lock.fault, number[0], (later,)),
        (app_file(month.label), app_lines, block.app, app.order, app.fault, number[1], ()),
        (lock_file(month.label, again=True), lock_lines, block.lock, lock.again, clean, number[0], (later,)),
    )
    texts = [
        (file, order.size, pool.submit(make, words, crowd, _take(rows, order), first, order + start, fault, *more))
        for file, make, rows, order, fault, start, more in jobs
        if order.size
    ]
    for file, n, text in texts:
        with writer.record.path(file).open("ab") as out:
            out.write(text.result())
        writer.tally.wrote(writer.record.name(file), n)
    _count(writer, month, block, planted)
    return lock.order.size, app.order.size


def _unopened(writer: Writer, month: Month) -> int | None:
    """The first station that opens after the month, if there is one."""
    later = np.flatnonzero(writer.opened > month.end)
    return int(later[0]) if later.size else None


def _take(rows: Rows, order: np.ndarray) -> Rows:
    return {name: values[order] for name, values in rows.items()}


def _count(writer: Writer, month: Month, block: Block, planted: tuple[Planted, Planted]) -> None:
    tally, record, (lock, app) = writer.tally, writer.record, planted
    logs = ((lock_file(month.label), LOCK, lock, ""), (app_file(month.label), APP, app, "id"))
    for file, kinds, made, repeated in logs:
        for place, (column, code, _) in enumerate(kinds):
            tally.planted(record.name(file), column, code, int((made.fault == place).sum()))
        tally.planted(record.name(file), repeated, "duplicate_row", made.n_repeated)
    again = record.name(lock_file(month.label, again=True))
    tally.planted(again, "", "resent_batch", lock.again.size)
    tally.asked[month.label] = tally.asked.get(month.label, 0) + block.asked
