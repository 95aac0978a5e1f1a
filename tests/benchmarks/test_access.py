"""Access beside pysal access doing the same work in the same run, and access with coverage of a city and of a nation.

Made-up worlds. `ACCESS_CITY`, `ACCESS_NATION` (places × stations × stations in reach, as 20000x5000x4.1) and `ACCESS_HOURS` (hours
the peer works out, of 168) in the environment make them smaller. The peer comes with `bootstrap.py --with peers`.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
import warnings
from pathlib import Path
from types import ModuleType

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.access.floating_catchment import access
from pipeline.analysis.access.kernels import truncated_gaussian
from pipeline.analysis.access.pairs import Pairs, from_table, within_walk
from pipeline.analysis.access.week import cut, open_share
from tests.benchmarks.access_sides import world
from tests.benchmarks.figures import report
from tests.reference.spatial.spatial_cases import FOLDER, needs

ROOT = Path(__file__).resolve().parents[2]
CITY = os.environ.get("ACCESS_CITY", "20000x5000x4.1")
NATION = os.environ.get("ACCESS_NATION", "2000000x180000x1.1")
HOURS = int(os.environ.get("ACCESS_HOURS", "168"))
PLACES, STATIONS, REACH, SIGMA, TIMES = 147, 60, 500, 250, 5
MISSING = "pysal access is not installed: python bootstrap.py --with peers"


def peer() -> ModuleType | None:
    """pysal access, if it is there."""
    try:
        return importlib.import_module("access")
    except ImportError:
        print(json.dumps({"peer": None, "why": MISSING}))
        return None


def rated(
    pysal: ModuleType, pairs: Pairs, supply: np.ndarray, demand: np.ndarray, sigma: float
) -> tuple[float, np.ndarray]:
    """Processor seconds pysal access needs for places × services of one hour, and its ratings; what it leaves out is 0."""
    import pandas as pd

    names = [f"s{service}" for service in range(supply.shape[1])]
    people = pd.DataFrame({"place": range(len(demand)), "people": demand})
    offered = pd.DataFrame({"station": range(len(supply)), **dict(zip(names, supply.T, strict=True))})
    costs = pd.DataFrame({"origin": pairs.place, "dest": pairs.station, "cost": pairs.metres})
    started = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        of = pysal.Access(
            demand_df=people, demand_index="place", demand_value="people", supply_df=offered, supply_index="station",
            supply_value=names, cost_df=costs, cost_origin="origin", cost_dest="dest", cost_name="cost",
        )  # fmt: skip
        table = of.enhanced_two_stage_fca(name="a", max_cost=REACH * 1e9, weight_fn=pysal.weights.gaussian(sigma))
    seconds = time.process_time() - started
    return seconds, table.reindex(range(len(demand)))[[f"a_{name}" for name in names]].fillna(0).to_numpy()


def test_a_district_beside_pysal_access() -> None:
    """The same E2SFCA, every hour of the week and every service: values equal, processor time of both printed."""
    here = world(PLACES, STATIONS, 4.0)
    pairs = within_walk(*here.points, REACH)
    opened = open_share(cut(*here.hours, STATIONS))
    demand, capacity = here.demand.rows(0, PLACES), here.capacity
    seconds = []
    for _ in range(TIMES):
        started = time.process_time()
        found = access(pairs, truncated_gaussian(pairs.metres, SIGMA, REACH), (capacity, opened), demand)
        seconds.append(time.process_time() - started)
    name, pysal, theirs = f"e2sfca_{PLACES}x{STATIONS}x{capacity.shape[1]}x{HOURS}", peer(), 0.0
    if pysal is None:
        report(name, min(seconds) * 1000, "ms of the processor")
        pytest.skip(MISSING)
    for hour in range(HOURS):
        spent, ratings = rated(pysal, pairs, capacity * opened[:, hour, None], demand[:, hour], SIGMA)
        theirs += spent
        np.testing.assert_allclose(found.values[:, :, hour], ratings, rtol=1e-12, atol=0)
    report(name, min(seconds) * 1000, "ms of the processor", f"pysal access {pysal.__version__}", theirs * 1000)


@needs("chicago_1930.csv")
def test_chicago_beside_pysal_access() -> None:
    """Doctors and dentists within 15 km, the points as the file rounds them: equal to 1e-12."""
    pysal = peer()
    if pysal is None:
        pytest.skip(MISSING)
    tracts, reach, sigma = pl.read_csv(FOLDER / "chicago_1930.csv"), 15_000.0, 5_000.0
    x, y = (tracts[axis].to_numpy() for axis in ("x", "y"))
    metres = np.hypot(x[:, None] - x, y[:, None] - y)
    place, station = np.nonzero(metres <= reach)
    pairs = from_table(place, station, metres[place, station], len(x), len(x), reach)
    supply, people = tracts.select("doc", "dentist").to_numpy().astype(float), tracts["pop"].to_numpy().astype(float)
    started = time.process_time()
    found = access(pairs, truncated_gaussian(pairs.metres, sigma, reach), supply[:, :, None], people[:, None])
    mine = time.process_time() - started
    theirs, ratings = rated(pysal, pairs, supply, people, sigma)
    np.testing.assert_allclose(found.values[:, :, 0], ratings, rtol=1e-12, atol=0)
    report("e2sfca_chicago", mine * 1000, "ms of the processor", f"pysal access {pysal.__version__}", theirs * 1000)


@pytest.mark.parametrize(("name", "side", "size"), [("city", "written_out", CITY), ("nation", "totals", NATION)])
def test_access_and_coverage_of_a_large_world(name: str, side: str, size: str) -> None:
    """Seconds and memory of all steps, in a process of its own; no visit is lost on the way."""
    command = [sys.executable, "-m", "tests.benchmarks.access_sides", side, *size.split("x")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["lost"] < (1e-6 if side == "written_out" else 1e-9)
    assert found["counted_otherwise"] < 1e-9
    steps = ("pairs", "week", "open", "kernel", "coverage", "access")
    for step in steps:
        report(f"{name}_{size}_{step}", found[step], "s")
    report(f"{name}_{size}_access_and_coverage", sum(found[step] for step in steps[1:]), "s")
    report(f"{name}_{size}_all", sum(found[step] for step in steps), "s")
    report(f"{name}_{size}_all_processor", sum(found[f"{step}_processor"] for step in steps), "s")
    report(f"{name}_{size}_pairs_per_place", found["n_pairs"] / int(size.split("x")[0]), "")
    report(f"{name}_{size}_peak_memory", found["peak_mb"], "MB")
