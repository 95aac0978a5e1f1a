"""What a person sees while the line runs: a line per stage, a summary at the end; plain when nobody is watching.

Progress goes to standard error, the paths of results to standard output.
"""

from __future__ import annotations

import sys
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import PipelineError
from pipeline.progress import Progress, shown


class Terminal:
    """Prints in one language and remembers how long each stage took."""

    def __init__(self, lang: str = "zh", *, quiet: bool = False) -> None:
        self.lang = lang
        self.quiet = quiet
        self.seconds: dict[str, float] = {}
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):  # a console of another code page must not end the run
                stream.reconfigure(errors="replace")

    def word(self, zh: str, en: str) -> str:
        """One of two wordings, by language."""
        return zh if self.lang == "zh" else en

    @contextmanager
    def stage(self, name: str, zh: str, en: str) -> Iterator[None]:
        """Run one stage: shown as running on a terminal, as one finished line anywhere."""
        label, started = self.word(zh, en), time.perf_counter()
        with self._running(label):
            yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started
        self.say(f"  {pad(label, 26)} {self.seconds[name]:6.1f} s")

    @contextmanager
    def watched(self, name: str, zh: str, en: str) -> Iterator[Progress]:
        """Run a stage that may be long, and show how far it has come."""
        label, started = self.word(zh, en), time.perf_counter()
        with shown(label, zh=self.lang == "zh", quiet=self.quiet) as progress:
            yield progress
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started
        self.say(f"  {pad(label, 26)} {self.seconds[name]:6.1f} s")

    @contextmanager
    def _running(self, label: str) -> Iterator[None]:
        if self.quiet or not sys.stderr.isatty():
            yield
            return
        from rich.console import Console

        with Console(stderr=True).status(label + " …"):
            yield

    def say(self, text: str = "") -> None:
        """One line for the person watching."""
        if not self.quiet:
            print(text, file=sys.stderr, flush=True)

    def result(self, text: str) -> None:
        """One line that another program may read."""
        print(text, flush=True)

    def error(self, error: PipelineError) -> None:
        """All problems, first in the language of the run, then (short) in the other one."""
        other = "en" if self.lang == "zh" else "zh"
        for problem in error.problems:
            print(problem.text(self.lang), file=sys.stderr)
            print(f"  ({problem.en if other == 'en' else problem.zh})", file=sys.stderr)


def width(text: str) -> int:
    """Columns a text takes on a terminal: Chinese characters take two.

    >>> width("驿站 a")
    6
    """
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """The text padded to a number of terminal columns."""
    fill = " " * max(columns - width(text), 0)
    return fill + text if right else text + fill


def table(header: list[str], rows: list[list[str]]) -> list[str]:
    """A plain table whose columns line up, Chinese included; the first column left, the others right."""
    cells = [header, *rows]
    widths = [max(width(row[i]) for row in cells) for i in range(len(header))]
    return ["  " + "  ".join(pad(cell, widths[i], right=i > 0) for i, cell in enumerate(row)) for row in cells]
