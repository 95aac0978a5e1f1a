"""A big simulated sample to be weighted: six margins, and totals that differ from the sample's."""

from __future__ import annotations

import numpy as np
import polars as pl

LEVELS = (4, 5, 3, 6, 2, 10)


def sample(rows: int, seed: int = 1) -> tuple[pl.DataFrame, dict[str, dict[str, float]]]:
    """A frame of six columns of codes and a weight, and the totals of each column's levels."""
    rng = np.random.default_rng(seed)
    frame = pl.DataFrame({f"v{k}": rng.integers(0, size, rows) for k, size in enumerate(LEVELS)}).cast(pl.String)
    totals = {
        f"v{k}": {str(level): float(share * rows * 10) for level, share in enumerate(rng.dirichlet(np.full(size, 8.0)))}
        for k, size in enumerate(LEVELS)
    }
    return frame.with_columns(weight=pl.Series(rng.uniform(5, 15, rows))), totals
