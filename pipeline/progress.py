"""How far long work has come: a bar with rows a second and the time left on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

_EVERY = 15.0  # seconds between two lines where there is no bar


@dataclass
class Progress:
    """Told how many more bytes and rows are done (a call), of `n_bytes` in all; bytes without rows need not be read, and count
    neither as done nor as to do. Silent unless `show` is set."""

    n_bytes: int = 0
    done: int = 0
    rows: int = 0
    show: Any = None
    started: float = field(default_factory=time.monotonic)

    def __call__(self, n_bytes: int, n_rows: int) -> None:
        if not n_rows:
            self.n_bytes = max(self.n_bytes - n_bytes, 0)
            return
        self.done += n_bytes
        self.rows += n_rows
        if self.show is not None:
            self.show(self)

    def text(self, zh: bool) -> str:
        """Rows so far, rows a second, and the time left.

        >>> Progress(n_bytes=100, done=50, rows=2_000_000, started=time.monotonic() - 10).text(zh=False)
        '50%  2,000,000 rows  200,000 rows/s  10 s left'
        """
        seconds = max(time.monotonic() - self.started, 0.001)
        share = min(self.done / self.n_bytes, 1.0) if self.n_bytes else 0.0
        left = f"{round(seconds * (1 - share) / share):,} s" if share else "?"
        rate = f"{round(self.rows / seconds, -3):,.0f}"
        if zh:
            return f"{share:.0%}  {self.rows:,} 行  每秒 {rate} 行  还需 {left}"
        return f"{share:.0%}  {self.rows:,} rows  {rate} rows/s  {left} left"


@contextmanager
def shown(label: str, *, zh: bool, quiet: bool) -> Iterator[Progress]:
    """A progress that a person can watch."""
    progress = Progress()
    if quiet:
        yield progress
    elif sys.stderr.isatty():
        with _bar(label, progress, zh):
            yield progress
    else:
        last = progress.started

        def line(state: Progress) -> None:
            nonlocal last
            if time.monotonic() - last > _EVERY:
                last = time.monotonic()
                print(f"  {label}  {state.text(zh)}", file=sys.stderr, flush=True)

        progress.show = line
        yield progress


@contextmanager
def _bar(label: str, progress: Progress, zh: bool) -> Iterator[None]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    with Bar(TextColumn("  {task.description}"), BarColumn(), TextColumn("{task.fields[told]}"),
             console=Console(stderr=True), transient=True) as bar:  # fmt: skip
        task = bar.add_task(label, total=None, told="")

        def draw(state: Progress) -> None:
            bar.update(task, total=state.n_bytes or None, completed=state.done, told=state.text(zh))

        progress.show = draw
        yield
