"""Keep the solver from talking: it prints a line of its debugging now and then, whatever `disp` says."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet() -> Iterator[None]:
    """Nothing that is printed inside reaches standard output, also from compiled code; a process without one is left as it is."""
    try:
        kept = os.dup(1)
    except OSError:
        yield
        return
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
