"""One weight set of one wave and area, and the line it leaves in audit.weight_reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from pipeline.analysis.weighting.report import WeightReport
from pipeline.clean.weighting.settings import weighting_settings

RESPONDENTS = "respondents"


@dataclass(frozen=True)
class WeightSet:
    """`weights` and `inclusion` (pseudo-probability before adjusting to totals; null where unknown) per row of the people
    of a wave and area, null where the set gives none. `levels`: row and one column per margin, as weighed to. `speaks_for`: the population, or
    respondents where no totals are known. `notes` are codes of metadata/weighting.toml."""

    code: str
    weights: pl.Series
    inclusion: pl.Series
    report: WeightReport
    speaks_for: str
    levels: pl.DataFrame = field(default_factory=pl.DataFrame)
    margins: Sequence[str] = ()
    notes: Sequence[str] = ()
    covers_never_visitors: bool | None = None

    def line(self) -> dict[str, Any]:
        """The set's part of its line in audit.weight_reports."""
        r, words = self.report, weighting_settings().notes
        return {
            "weight_set_code": self.code, "method": r.method, "speaks_for": self.speaks_for,
            "margins": " ".join(self.margins), "n": r.n, "population": r.population, "iterations": r.iterations,
            "max_margin_error": r.max_margin_error, "g_min": r.g_min, "g_max": r.g_max, "cv": r.cv,
            "kish_deff": r.kish_deff, "n_eff": r.n_eff, "covers_never_visitors": self.covers_never_visitors,
            "note_zh": "；".join(words[code][0] for code in self.notes) or None,
            "note_en": "; ".join(words[code][1] for code in self.notes) or None,
        }  # fmt: skip


def at(n: int, rows: np.ndarray, values: np.ndarray) -> pl.Series:
    """A column of `n` rows that holds `values` at `rows` and null elsewhere.

    >>> at(3, np.array([0, 2]), np.array([1.5, 2.5])).to_list()
    [1.5, None, 2.5]
    """
    column = np.full(n, np.nan)
    column[rows] = values
    return pl.Series(column, nan_to_null=True)
