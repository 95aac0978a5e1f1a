"""`python -m tests.score`: estimates set against districts whose truth is known, as a table."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
FULL, QUICK = (
    (20, 1000, 20),
    (3, 60, 2),
)  # districts in memory, samples of each design, districts through the whole line


def main() -> None:
    """Scores, prints, and writes into the page if wished."""
    parser = argparse.ArgumentParser(prog="python -m tests.score", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few districts and samples, to see that it runs")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    parser.add_argument("--only", default="", metavar="TEXT", help="pieces in memory whose name holds this; no line")
    parser.add_argument("--no-line", action="store_true", help="leave out the districts through the whole line")
    parser.add_argument("--lines", type=int, metavar="N", help="districts through the whole line (20)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where districts stay, and are taken from")
    chosen = parser.parse_args()
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):  # two pieces at a time, each on a core of its own
        os.environ.setdefault(name, "1")
    _score(chosen)


def _score(chosen: argparse.Namespace) -> None:
    from tests.score.jobs import score_in_memory
    from tests.score.line import score_line
    from tests.score.table import markdown, write_into

    n_districts, samples, n_lines = QUICK if chosen.quick else FULL
    figures = score_in_memory(n_districts, samples, chosen.only)
    confused = ""
    if not (chosen.no_line or chosen.only):
        of_line, confused = score_line(chosen.lines or n_lines, chosen.keep)
        figures += of_line
    text = f"{markdown(figures)}\n{confused}".rstrip()
    print(text)
    missed = [f"{one.part}: {one.name}" for one in figures if one.is_met is False]
    print(f"\n{len(missed)} not met", *missed, sep="\n  ")
    if chosen.write:
        write_into(PAGE, text)


if __name__ == "__main__":
    main()
