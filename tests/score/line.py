"""Whole districts through the whole line: messy files in, findings out, set against what is true there.

Figures are taken as the findings make them, before small numbers are hidden and shares are rounded for the public.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager, nullcontext
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from pipeline.analysis.comparisons.multiplicity import FALSE_SHARE, PRACTICAL_GAP
from tests.score.figures import Figure, Tally, covered
from tests.score.gaps import false_share
from tests.score.jobs import AT_ONCE, progress
from tests.score.verdicts import confusion, judged, verdict_figures

FIRST_SEED = 8001
PERIODS = ("2023Q1", "2023Q2")
LEVELS = {"station_id": "needs_by_station", "grid_id": "needs_by_grid"}  # the narrower first: a station lies in a cell
OF_NEED = ("top_needed_services", "promised_vs_needed", "staff_vs_couriers")  # the others are of unmet need
LARGE = 50  # respondents from which the target of coverage holds


def score_line(n: int, kept: Path | None = None) -> tuple[list[Figure], str]:
    """Simulates `n` districts, runs the line on each, and scores every survey finding that has intervals, and the verdicts.

    Returns the figures, and how verdicts were confused, as tables. `kept`: a folder where districts stay; those already there are not
    made again, only their findings are asked anew.
    """
    with ProcessPoolExecutor(AT_ONCE) as pool:
        waiting = [pool.submit(rows_of, FIRST_SEED + k, kept) for k in range(n)]
        found = [done.result() for done in progress(as_completed(waiting), n)]
    rows = pl.concat([survey for survey, _ in found], how="diagonal_relaxed")
    verdicts = pl.concat([judged for _, judged in found]).sort("level", "seed", maintain_order=True)
    figures = figures_of(rows.sort("finding", "figure", "seed", maintain_order=True))
    return [*figures, *verdict_figures(verdicts)], confusion(verdicts)


def rows_of(seed: int, kept: Path | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One simulated district through the line: the rows of `compared` of both waves, and of `judged`."""
    with nullcontext(kept / str(seed)) if kept else TemporaryDirectory() as folder:
        root = Path(folder)
        _made(root, seed)
        return compared(root, seed), judged(root, seed)


def _made(root: Path, seed: int) -> None:
    """Sees that the district is there and has been through the line."""
    if not (root / "processed" / "findings").exists():
        _command("simulate", "--out", str(root), "--seed", str(seed))
        _command("run", "--data", str(root))


def _command(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", "pipeline", *arguments], capture_output=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"python -m pipeline {' '.join(arguments)}: {done.stderr[-3000:]}")


def compared(root: Path, seed: int) -> pl.DataFrame:
    """Every figure with an interval and its truth: finding, figure, n, est, lci, uci, band_low, band_high, is_gap, truth."""
    from pipeline import paths
    from pipeline.findings import context_for, registry
    from pipeline.warehouse.connect import open_warehouse

    found = []
    known = {name: pl.read_csv(root / "truth" / f"{name}.csv") for name in ("needs", "needs_by_grid")}
    known["needs_by_station"] = of_those_who_come(seed)
    with open_warehouse(paths.study(root)) as con:
        for period in PERIODS:
            context = context_for(con, period=period)
            for (name, finding), is_all in product(registry().items(), (True, False)):
                with limits_lifted() if is_all else nullcontext():
                    table = finding.table(con, context)
                if {"service_code", "est", "lci", "uci"} <= set(table.columns) and table.height:
                    labels = {"finding": name if is_all else f"{name} as shown", "seed": seed}
                    parts = against(table, known, period, name)
                    found += [part.with_columns(pl.lit(v).alias(k) for k, v in labels.items()) for part in parts]
    return pl.concat(found, how="diagonal_relaxed")


@contextmanager
def limits_lifted() -> Iterator[None]:
    """Figures too uncertain to be shown are made all the same: choosing the narrow ones would judge the choice as well."""
    from pipeline.findings.estimating.figures import rules

    show = rules()["show"]
    held = dict(show)
    show.update(dict.fromkeys(held, float("inf")))
    try:
        yield
    finally:
        show.update(held)


def of_those_who_come(seed: int) -> pl.DataFrame:
    """Needs by the station mostly gone to, of those who come to stations at all: who never comes names none."""
    from pipeline.simulate.in_memory import population
    from pipeline.simulate.truth import PLANS, station_ids

    made = population(seed)
    comes = (made.people["visits_band"] != "0").to_numpy()
    place = made.people["station"].to_numpy()[comes]
    ids, n = station_ids(made.world), np.bincount(place, minlength=made.world.stations.n)
    rows = []
    for plan in PLANS:
        need = made.need[plan.number][comes]
        unmet = need & ~made.met[plan.number][comes]
        for k, service in enumerate(made.services):
            counts = [np.bincount(place, one[:, k], len(n)) for one in (need, unmet)]
            columns = {"station_id": ids, "n_persons": n, "n_need": counts[0], "n_unmet": counts[1]}
            rows.append(
                pl.DataFrame(columns).with_columns(period_code=pl.lit(plan.period), service_code=pl.lit(service))
            )
    return pl.concat(rows).filter(pl.col("n_persons") > 0).with_columns(area_code=pl.lit("QC"))


def against(table: pl.DataFrame, truth: dict[str, pl.DataFrame], period: str, finding: str) -> list[pl.DataFrame]:
    """The figures of one table beside their truth: the share itself and, where there is one, the shrunken one."""
    level = next((name for name in LEVELS if name in table.columns), None)
    known = truth[LEVELS.get(level, "needs")].filter(pl.col("period_code") == period)
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


AIMS = {"coverage, n ≥ 50": (0.93, 0.97), "coverage, shrunken": (0.93, None), "band holds": (0.9, None),
        "FDR": (None, FALSE_SHARE)}  # fmt: skip
AS_SHOWN = " as shown"


def figures_of(rows: pl.DataFrame) -> list[Figure]:
    """Coverage, bias and how often the band holds, by finding; false discoveries of gap lists."""
    made = []
    for (finding,), table in rows.group_by("finding", maintain_order=True):
        tally = Tally()
        for (seed, figure), part in table.group_by("seed", "figure", maintain_order=True):
            _add(tally, seed, figure, part)
        names = ("coverage, n ≥ 50", "coverage, n < 50", "coverage, shrunken", "bias, points")
        names += () if finding.endswith(AS_SHOWN) else ("band holds", "FDR", "power")
        aims = {} if finding.endswith(AS_SHOWN) else AIMS
        made += [tally.figure(f"whole line: {finding}", name, *aims.get(name, ())) for name in names]
    return [figure for figure in made if figure.n]


def _add(tally: Tally, seed: int, figure: str, part: pl.DataFrame) -> None:
    est, low, high, truth = (part[column].cast(pl.Float64).to_numpy() for column in ("est", "lci", "uci", "truth"))
    hit, n = covered(low, high, truth), part["n"].fill_null(0).to_numpy()
    if figure == "shrunken":
        tally.add("coverage, shrunken", seed, hit)
        return
    tally.add("coverage, n ≥ 50", seed, hit[n >= LARGE])
    tally.add("coverage, n < 50", seed, hit[n < LARGE])
    tally.add("bias, points", seed, 100 * (est - truth))
    if "band_low" in part.columns:
        ends = (part[column].cast(pl.Float64).to_numpy() for column in ("band_low", "band_high"))
        tally.add("band holds", seed, covered(*ends, truth))
    if "is_gap" in part.columns and part["is_gap"].null_count() < part.height:
        tested = part.filter(pl.col("is_gap").is_not_null())
        listed, true = tested["is_gap"].to_numpy(), (tested["truth"] > PRACTICAL_GAP).to_numpy()
        tally.add("FDR", seed, false_share(listed, true))
        tally.add("power", seed, listed[true])
