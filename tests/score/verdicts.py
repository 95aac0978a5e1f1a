"""Verdicts of stations × services and of grid cells × services set against the true ones, and beside what the ledger alone would say.

`no_evidence` has no truth: said of a pair it is a miss of the true verdict. Both quarters of a district count together.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from pipeline.analysis.verdicts.tree import NO_EVIDENCE, VERDICTS
from tests.score.figures import Figure

LEVELS = {"station": "verdicts: station × service", "grid": "verdicts: grid cell × service"}
SURE = 0.8  # a verdict of so much probability should be right at least so often
GOAL = 0.8  # macro-F1 over the six verdicts
COLUMNS = ("level", "seed", "truth", "verdict_code", "probability", "ledger", "is_evaluable")


def judged(root: Path, seed: int) -> pl.DataFrame:
    """COLUMNS, one row per pair of both levels and quarters of a district that has been through the line."""
    from pipeline import paths
    from pipeline.findings import context_for
    from pipeline.findings.verdicts import grid_verdicts, station_verdicts
    from pipeline.warehouse.connect import open_warehouse
    from tests.score.line import PERIODS

    parts = []
    with open_warehouse(paths.study(root)) as con:
        for period in PERIODS:
            context = context_for(con, period=period)
            stations = station_verdicts(con, context).with_columns(_declared=pl.col("is_offered").fill_null(False))
            cells = grid_verdicts(con, context).with_columns(_declared=pl.col("n_stations_offering") > 0)
            for level, name, made in (("station", "verdicts", stations), ("grid", "verdicts_by_grid", cells)):
                parts.append(_beside(made, root / "truth" / f"{name}.csv", (level, period, seed)))
    return pl.concat(parts)


def _beside(made: pl.DataFrame, path: Path, of: tuple[str, str, int]) -> pl.DataFrame:
    """Verdicts beside the truth of their quarter; the ledger alone: declared is met, anything else unmet."""
    level, period, seed = of
    keys = ["area_code", f"{level}_id", "service_code"]
    known = pl.read_csv(path).filter(pl.col("period_code") == period).select(*keys, truth="verdict_code")
    ledger = pl.when("_declared").then(pl.lit("met")).otherwise(pl.lit("unmet"))
    rows = made.join(known, on=keys, how="inner").with_columns(level=pl.lit(level), seed=pl.lit(seed), ledger=ledger)
    return rows.select(COLUMNS)


def verdict_figures(rows: pl.DataFrame) -> list[Figure]:
    """Macro-F1 with and without the pairs left open, that of the ledger alone, F1 by verdict, pairs left open, and calibration."""
    made = []
    for level, part in LEVELS.items():
        here = rows.filter(pl.col("level") == level)
        told = here.filter(pl.col("verdict_code") != NO_EVIDENCE)
        sure = told.filter(pl.col("probability") >= SURE)
        n = here.height
        made += [
            _figure(part, "macro-F1", here, _macro, low=GOAL),
            _figure(part, "macro-F1, no_evidence left out", told, _macro),
            _figure(part, "macro-F1, what can be judged in its season", here.filter("is_evaluable"), _macro),
            _figure(part, "macro-F1, by the ledger alone", here, lambda rows: _macro(rows, "ledger")),
            *[_figure(part, f"F1, {code}", here, lambda rows, code=code: f1(rows, "verdict_code")[code]) for code in VERDICTS],
            _figure(part, "share without evidence", here, lambda rows: (rows["verdict_code"] == NO_EVIDENCE).mean()),
            _figure(part, f"right among probability ≥ {SURE:g}", sure, lambda rows: (rows["verdict_code"] == rows["truth"]).mean(), low=SURE),
            _figure(part, f"probability among those ≥ {SURE:g}", sure, lambda rows: rows["probability"].mean()),
            Figure(part, f"share with probability ≥ {SURE:g}", sure.height / n if n else np.nan, np.nan, n),
        ]  # fmt: skip
    return made


def _figure(part: str, name: str, rows: pl.DataFrame, measure, low: float | None = None) -> Figure:
    """A measure of all pairs; its error by leaving out one district at a time (jackknife)."""
    if rows.is_empty():
        return Figure(part, name, np.nan, np.nan, 0, low)
    seeds = rows["seed"].unique().to_list()
    left = [measure(rows.filter(pl.col("seed") != seed)) for seed in seeds] if len(seeds) > 1 else []
    error = np.sqrt((len(left) - 1) * np.var(left)) if left else np.nan
    return Figure(part, name, float(measure(rows)), float(error), rows.height, low)


def _macro(rows: pl.DataFrame, said: str = "verdict_code") -> float:
    """The mean of the F1 of the six verdicts; of those that are neither true nor said anywhere nothing is known."""
    found = np.array(list(f1(rows, said).values()))
    return float(np.nanmean(found))


def f1(rows: pl.DataFrame, said: str) -> dict[str, float]:
    """F1 of each verdict: twice those right over those true and those said; nan of none.

    Of two true met one is said to be unmet; nothing is truly unmet:

    >>> rows = pl.DataFrame({"truth": ["met", "met"], "verdict_code": ["met", "unmet"]})
    >>> {code: value for code, value in f1(rows, "verdict_code").items() if value == value}
    {'unmet': 0.0, 'met': 0.6666666666666666}
    """
    truth, made = rows["truth"].to_numpy(), rows[said].to_numpy()
    found = {}
    for code in VERDICTS:
        both = int((truth == code).sum() + (made == code).sum())
        found[code] = 2 * int(((truth == code) & (made == code)).sum()) / both if both else np.nan
    return found


def confusion(rows: pl.DataFrame) -> str:
    """For each level how often each true verdict (row) was said to be which (column), as a table.

    >>> rows = pl.DataFrame({"level": ["station"], "truth": ["met"], "verdict_code": ["unmet"]})
    >>> print(confusion(rows).splitlines()[-1])
    | met | 0 | 1 | 0 | 0 | 0 | 0 | 0 |
    """
    lines = []
    for level, part in LEVELS.items():
        here = rows.filter(pl.col("level") == level)
        if here.height:
            lines += ["", f"{part}: true verdict by row, what was said by column", ""]
            lines += [f"| | {' | '.join((*VERDICTS, NO_EVIDENCE))} |", "|---" * (len(VERDICTS) + 2) + "|"]
            lines += [_line(here, code) for code in VERDICTS]
    return "\n".join(lines)


def _line(rows: pl.DataFrame, truth: str) -> str:
    said = dict(rows.filter(pl.col("truth") == truth).group_by("verdict_code").len().iter_rows())
    return f"| {truth} | " + " | ".join(f"{said.get(code, 0):,}" for code in (*VERDICTS, NO_EVIDENCE)) + " |"
