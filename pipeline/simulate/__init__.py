"""A district with known truth: writes raw files as messy as real ones, the place they belong to, and the truth apart."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np

from pipeline.simulate.assumptions import generators, load_assumptions
from pipeline.simulate.defects import Record
from pipeline.simulate.geography import Area
from pipeline.simulate.manifest import write_manifest
from pipeline.simulate.readme import write_readme
from pipeline.simulate.scoring_truth import write_scoring_truth
from pipeline.simulate.stream import stream_logs
from pipeline.simulate.survey import Answers, answer_waves
from pipeline.simulate.truth import write_truth
from pipeline.simulate.world import World, build_world
from pipeline.simulate.write_buildings import write_buildings
from pipeline.simulate.write_logs import write_app_log, write_lock_log
from pipeline.simulate.write_operation import write_operation
from pipeline.simulate.write_place import write_place
from pipeline.simulate.write_places import write_places
from pipeline.simulate.write_programme import write_programme
from pipeline.simulate.write_stations import write_stations
from pipeline.simulate.write_surveys import write_surveys

AREAS = (
    ("QC", "晴川街道（模拟）", "Qingchuan Subdistrict (simulated)", "晴川", 116.4476, 39.9022),
    ("QD", "青渡街道（模拟）", "Qingdu Subdistrict (simulated)", "青渡", 116.4796, 39.9022),
)


def simulate(
    out: Path,
    *,
    seed: int = 20230514,
    stations: int = 60,
    couriers: int = 1100,
    log_rows: int | None = None,
    areas: int = 1,
    streamed_above: int | None = None,
    watched: bool = False,
) -> None:
    """Write `out/raw`, `out/place` and `out/truth`. The same arguments give the same bytes.

    `log_rows` scales how often people come in the three months of the logs. Above `streamed_above` rows (by default
    `above_rows` of simulation.toml) everything else stays as it is without `log_rows`, and the logs are streamed over two
    years; `watched` shows how far they are. With `areas=2` each area has so many rows, and the second area's local
    station codes collide with the first one's. Folders of an earlier run are replaced.
    """
    if not 1 <= areas <= len(AREAS):
        raise ValueError(f"areas must lie between 1 and {len(AREAS)}: {areas}")
    out = Path(out)
    for name in ("raw", "place", "truth"):
        if (out / name).exists():
            shutil.rmtree(out / name)
    assumptions = load_assumptions()
    limit = assumptions["streamed_logs"]["above_rows"] if streamed_above is None else streamed_above
    streamed = log_rows if log_rows is not None and log_rows > limit else None
    random = generators(seed, areas)
    worlds, waves, records, tallies = [], [], [], []
    for (code, zh, en, name, lon, lat), rngs in zip(AREAS, random, strict=False):
        folder = code if areas > 1 else ""
        area = Area(code, zh, en, name, folder, lon, lat)
        record = Record(out / "raw", code, folder)
        rows = None if streamed else log_rows
        world = build_world(area, assumptions, rngs, stations=stations, couriers=couriers, log_rows=rows)
        answered = answer_waves(world, rngs["survey"], rngs["opinions"])
        _write_raw(world, answered, record, rngs, with_defects=not streamed)
        if streamed:
            tallies.append(stream_logs(world, record, streamed, rngs["stream"], watched=watched))
        worlds.append(world)
        waves.append(answered)
        records.append(record)
    write_place(out / "place", worlds, waves, records)
    write_truth(out / "truth", worlds, waves, records, tallies)
    write_scoring_truth(out / "truth", worlds, streamed=streamed is not None)
    write_readme(out / "raw", assumptions, seed, streamed=streamed is not None)
    write_manifest(out / "raw")


def _write_raw(
    world: World, answered: list[Answers], record: Record, rngs: dict[str, np.random.Generator], *, with_defects: bool
) -> None:
    """All raw files of one area. The small logs are written even where streamed ones replace them (their defects are
    then left out of the record): so the files after them get the same luck."""
    logs = record if with_defects else replace(record, defects=[])
    mess, programme = rngs["mess"], rngs["programme"]
    write_stations(world, record, mess)
    write_buildings(world, record, mess)
    write_surveys(world, answered, record, mess)
    write_lock_log(world, logs, mess)
    write_app_log(world, logs, mess)
    write_operation(world, record, mess)
    depots = write_places(world, record, programme)
    write_programme(world, depots, record, programme)
