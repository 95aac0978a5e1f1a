"""What a person sees while logs are written: a bar with rows a second and time left on a terminal, else a line a month."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Tell = Callable[[str, int], None]  # month label and rows just written; no rows: the month is done


@contextmanager
def progress(total: int, *, watched: bool) -> Iterator[Tell]:
    """Shows how far `total` rows are, on standard error; silent when nobody asked to watch."""
    if not watched:
        yield lambda label, n: None
    elif sys.stderr.isatty():
        with _bar(total) as tell:
            yield tell
    else:
        yield _plain(total)


@contextmanager
def _bar(total: int) -> Iterator[Tell]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("模拟服务记录 {task.description}"), BarColumn(), TaskProgressColumn(),
        TextColumn("{task.completed:,.0f} 行"), TextColumn("{task.fields[speed]:,.0f} 行/秒"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=total, speed=0.0)

        def tell(label: str, n: int) -> None:
            bar.update(task, description=label, advance=n)
            bar.update(task, speed=bar.tasks[task].speed or 0.0)

        yield tell


def _plain(total: int) -> Tell:
    done, started = 0, time.perf_counter()

    def tell(label: str, n: int) -> None:
        nonlocal done
        done += n
        if not n:
            speed = done / max(time.perf_counter() - started, 1e-9)
            print(f"  {label}  {done:>13,} / {total:,} 行  {speed:>11,.0f} 行/秒", file=sys.stderr, flush=True)

    return tell
