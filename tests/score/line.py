"""Whole districts through the whole line: messy files in, findings out, set against what is true there.

Figures are taken as the findings make them, before small numbers are hidden and shares are rounded for the public.
"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from pipeline.analysis.multiplicity import FALSE_SHARE, PRACTICAL_GAP
from tests.score.figures import Figure, Tally, covered
from tests.score.gaps import false_share
from tests.score.jobs import AT_ONCE, progress

FIRST_SEED = 8001
PERIODS = ("2023Q1", "2023Q2")
PART = "whole line"
LEVELS = {"grid_id": "needs_by_grid", "station_id": "needs_by_station"}
OF_NEED = ("top_needed_services", "promised_vs_needed", "staff_vs_couriers")  # the others are of unmet need
LARGE = 50  # respondents from which the target of coverage holds


def score_line(n: int) -> list[Figure]:
    """Simulates `n` districts, runs the line on each, and scores every survey finding that has intervals."""
    with ProcessPoolExecutor(AT_ONCE) as pool:
        waiting = [pool.submit(rows_of, FIRST_SEED + k) for k in range(n)]
        rows = pl.concat([done.result() for done in progress(as_completed(waiting), n)], how="diagonal_relaxed")
    return figures_of(rows.sort("seed", "finding", "figure"))


def rows_of(seed: int) -> pl.DataFrame:
    """One simulated district through the line: the rows of `compared` of both waves."""
    with TemporaryDirectory() as folder:
        _command("simulate", "--out", folder, "--seed", str(seed))
        _command("run", "--data", folder)
        return compared(Path(folder)).with_columns(seed=pl.lit(seed))


def _command(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", "pipeline", *arguments], capture_output=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"python -m pipeline {' '.join(arguments)}: {done.stderr[-3000:]}")


def compared(root: Path) -> pl.DataFrame:
    """Every figure with an interval and its truth: finding, figure, n, est, lci, uci, band_low, band_high, is_gap, truth."""
    from pipeline import paths
    from pipeline.findings import context_for, registry
    from pipeline.warehouse.connect import open_warehouse

    found = []
    with open_warehouse(paths.study(root)) as con:
        for period in PERIODS:
            context = context_for(con, period=period)
            for name, finding in registry().items():
                table = finding.table(con, context)
                if {"service_code", "est", "lci", "uci"} <= set(table.columns) and table.height:
                    found += [
                        part.with_columns(finding=pl.lit(name)) for part in against(table, root / "truth", period, name)
                    ]
    return pl.concat(found, how="diagonal_relaxed")


def against(table: pl.DataFrame, truth: Path, period: str, finding: str) -> list[pl.DataFrame]:
    """The figures of one table beside their truth: the share itself and, where there is one, the shrunken one."""
    level = next((name for name in LEVELS if name in table.columns), None)
    known = pl.read_csv(truth / f"{LEVELS.get(level, 'needs')}.csv").filter(pl.col("period_code") == period)
    if level is None:
        known = known.filter(pl.col("user_group_code") == "all")
    part = "n_need" if finding in OF_NEED else "n_unmet"
    keys = ["area_code", "service_code", *([level] if level else [])]
    known = known.select(*keys, truth=pl.col(part) / pl.col("n_persons"))
    joined = table.join(known, on=keys, how="inner")
    shown = [name for name in ("n", "band_low", "band_high", "is_gap") if name in table.columns]
    made = [joined.select(*shown, "est", "lci", "uci", "truth", figure=pl.lit("own"))]
    if "shrunken_est" in table.columns:
        renamed = [pl.col(f"shrunken_{name}").alias(name) for name in ("est", "lci", "uci")]
        made.append(joined.select("n", *renamed, "truth", figure=pl.lit("shrunken")))
    return made


def figures_of(rows: pl.DataFrame) -> list[Figure]:
    """Coverage, bias and how often the band holds, by finding; false discoveries of gap lists."""
    tally, made = Tally(), []
    for (seed, finding, figure), part in rows.group_by("seed", "finding", "figure", maintain_order=True):
        _add(tally, seed, finding if figure == "own" else f"{finding}, {figure}", part)
    for name in sorted(tally.sums):
        aims = {"coverage": (0.93, 0.97), "band": (0.9, None), "FDR": (None, FALSE_SHARE)}
        aim = aims.get(name.split(",")[0].split(" ")[0], (None, None))
        if "shrunken" in name:
            aim = (0.93, None)
        made.append(tally.figure(PART, name, *(aim if "n < 50" not in name and "bias" not in name else (None, None))))
    return [figure for figure in made if figure.n]


def _add(tally: Tally, seed: int, name: str, part: pl.DataFrame) -> None:
    est, low, high, truth = (part[column].cast(pl.Float64).to_numpy() for column in ("est", "lci", "uci", "truth"))
    hit, n = covered(low, high, truth), part["n"].fill_null(0).to_numpy()
    if "shrunken" in name:
        tally.add(f"coverage, {name}", seed, hit)
        return
    tally.add(f"coverage, {name}", seed, hit[n >= LARGE])
    tally.add(f"coverage, {name}, n < 50", seed, hit[n < LARGE])
    tally.add(f"bias, {name}, points", seed, 100 * (est - truth))
    if "band_low" in part.columns:
        ends = (part[column].cast(pl.Float64).to_numpy() for column in ("band_low", "band_high"))
        tally.add(f"band holds, {name}", seed, covered(*ends, truth))
    if "is_gap" in part.columns and part["is_gap"].null_count() < part.height:
        tested = part.filter(pl.col("is_gap").is_not_null())
        listed, true = tested["is_gap"].to_numpy(), (tested["truth"] > PRACTICAL_GAP).to_numpy()
        tally.add(f"FDR, {name}", seed, false_share(listed, true))
        tally.add(f"power, {name}", seed, listed[true])
