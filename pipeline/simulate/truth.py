"""What is true in the simulated district: written to `truth/` only, so that cleaning and estimation can be scored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from pipeline.simulate.cell_truth import verdicts_by_grid
from pipeline.simulate.defects import Record, defects_table
from pipeline.simulate.geography import grid_code
from pipeline.simulate.mess import moment
from pipeline.simulate.stream.tally import Tally
from pipeline.simulate.survey import PLANS, Answers
from pipeline.simulate.visits import GROUPS
from pipeline.simulate.who_answers import weekly_visits
from pipeline.simulate.world import World


def write_truth(
    truth: Path, worlds: list[World], waves: list[list[Answers]], records: list[Record], tallies: list[Tally]
) -> None:
    """One CSV per kind of truth; every table carries area_code. `tallies`: of streamed logs, one per world or none."""
    truth.mkdir(parents=True, exist_ok=True)
    if tallies:
        worlds = [replace(world, operation=tally.troubles) for world, tally in zip(worlds, tallies, strict=True)]
    tables = {
        "needs": _needs, "needs_by_grid": _needs_by_grid, "needs_by_station": _needs_by_station, "verdicts": verdicts,
        "verdicts_by_grid": verdicts_by_grid,
        "hours": _hours, "stock_outs": _stock_outs, "closures": _closures, "use": _use,
    }  # fmt: skip
    for name, make in tables.items():
        pl.concat([_with_area(make(world), world) for world in worlds]).write_csv(truth / f"{name}.csv")
    _write_streamed(truth, worlds, tallies)
    people = [
        _respondents(world, answers) for world, answered in zip(worlds, waves, strict=True) for answers in answered
    ]
    pl.concat(people).write_csv(truth / "respondents.csv")
    defects_table(records).write_csv(truth / "defects.csv")


def _write_streamed(truth: Path, worlds: list[World], tallies: list[Tally]) -> None:
    """Use, defects and rows of streamed logs: counts, since a line for each would be millions."""
    if not tallies:
        return
    pairs = list(zip(worlds, tallies, strict=True))
    uses = [_with_area(tally.use_table(world, station_ids(world)), world) for world, tally in pairs]
    pl.concat(uses).write_csv(truth / "use.csv")
    pl.concat([tally.defects_table(world.area.code) for world, tally in pairs]).write_csv(truth / "log_defects.csv")
    pl.concat([tally.rows_table(world.area.code) for world, tally in pairs]).write_csv(truth / "log_rows.csv")


def _with_area(table: pl.DataFrame, world: World) -> pl.DataFrame:
    return table.select(pl.lit(world.area.code).alias("area_code"), pl.all())


def need_counts(world: World, plan_number: int, keep: np.ndarray, head: dict[str, Any]) -> list[dict[str, Any]]:
    """Persons of the frame, those in need, and those in need who get it, per service."""
    need, met = world.people.need[plan_number][keep], world.people.met[plan_number][keep]
    served = (need & met).sum(axis=0)
    return [
        {**head, "period_code": PLANS[plan_number].period, "service_code": code, "n_persons": int(keep.sum()),
         "n_need": int(need[:, k].sum()), "n_met": int(served[k]), "n_unmet": int(need[:, k].sum() - served[k])}
        for k, code in enumerate(world.supply.codes)
    ]  # fmt: skip


def _frame(world: World) -> tuple[np.ndarray, pl.DataFrame]:
    return world.people.table["is_attached"].to_numpy(), world.people.table


def _needs(world: World) -> pl.DataFrame:
    attached, table = _frame(world)
    rows = []
    for plan in PLANS:
        for group in ("all", "courier", "rider"):
            keep = attached & ((table["user_group"].to_numpy() == group) | (group == "all"))
            rows += need_counts(world, plan.number, keep, {"user_group_code": group})
    return pl.DataFrame(rows)


def _needs_by_grid(world: World) -> pl.DataFrame:
    attached, table = _frame(world)
    cells = table["cell"].to_numpy()
    return pl.DataFrame([
        row for plan in PLANS for cell in range(world.geography.n_cells)
        for row in need_counts(world, plan.number, attached & (cells == cell), {"grid_id": f"{world.area.code}-{grid_code(cell)}"})
    ])  # fmt: skip


def _needs_by_station(world: World) -> pl.DataFrame:
    attached, table = _frame(world)
    main = table["main_station"].to_numpy()
    return pl.DataFrame([
        row for plan in PLANS for station in range(world.stations.n)
        for row in need_counts(world, plan.number, attached & (main == station), {"station_id": station_id(world, station)})
    ])  # fmt: skip


def station_id(world: World, station: int) -> str:
    """The id that cleaning gives the station."""
    return f"{world.area.code}-{world.stations.table['local_code'][station]}"


def station_ids(world: World) -> list[str]:
    """The ids that cleaning gives the stations, in their order."""
    return [station_id(world, station) for station in range(world.stations.n)]


def verdicts(world: World) -> pl.DataFrame:
    """Station × service × quarter: what is declared, works, is known, its hourly capacity, the need around, and the verdict."""
    limits, supply, people = world.assumptions["verdicts"], world.supply, world.people
    weight = people.pull * people.table["is_attached"].to_numpy()[:, None]
    rows = []
    for plan in PLANS:
        share = (weight.T @ people.need[plan.number]) / weight.sum(axis=0)[:, None]
        for station in range(world.stations.n):
            for k, code in enumerate(supply.codes):
                rows.append({
                    "station_id": station_id(world, station), "period_code": plan.period, "service_code": code,
                    "is_declared": bool(supply.declared[station, k]), "is_working": bool(supply.works[station, k]),
                    "aware_share": round(float(supply.aware[station, k]), 4), "capacity_per_hour": float(supply.capacity[station, k]),
                    "need_share": round(float(share[station, k]), 4),
                    "verdict_code": verdict(world, station, k, float(share[station, k]), limits),
                })  # fmt: skip
    return pl.DataFrame(rows)


def verdict(world: World, station: int, service: int, need: float, limits: dict[str, float]) -> str:
    """The true verdict, in this order: needed by few; not declared (given all the same, or not); failing; unknown; met."""
    supply = world.supply
    if need < limits["low_need_below"]:
        return "low_need"
    if not supply.declared[station, service]:
        return "hidden_demand" if supply.hidden[station, service] else "unmet"
    if not supply.works[station, service]:
        return "declared_but_failing"
    return "met" if supply.aware[station, service] >= limits["aware_from"] else "unknown_to_users"


def _hours(world: World) -> pl.DataFrame:
    """True opening intervals (the ledger's may differ: some stations close early)."""
    rows = []
    for station, weekday in np.ndindex(world.stations.n, 7):
        steps = np.diff(np.concatenate([[0], world.stations.open[station, weekday].astype(int), [0]]))
        for opens, closes in zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True):
            rows.append({"station_id": station_id(world, station), "weekday": weekday + 1, "opens_minute": int(opens) * 30,
                         "closes_minute": int(closes) * 30})  # fmt: skip
    return pl.DataFrame(rows)


def _stock_outs(world: World) -> pl.DataFrame:
    table = world.operation.stock_outs.sort("station", "service", "start")
    return pl.DataFrame({
        "station_id": [station_id(world, s) for s in table["station"]],
        "service_code": [world.supply.codes[k] for k in table["service"]],
        "started_at": [f"{moment(m):%Y-%m-%dT%H:%M:%S}" for m in table["start"]],
        "ended_at": [f"{moment(m):%Y-%m-%dT%H:%M:%S}" for m in table["end"]],
    })  # fmt: skip


def _closures(world: World) -> pl.DataFrame:
    table = world.operation.closures
    return pl.DataFrame({
        "station_id": [station_id(world, s) for s in table["station"]],
        "started_at": [f"{moment(m):%Y-%m-%dT%H:%M:%S}" for m in table["start"]],
        "ended_at": [f"{moment(m):%Y-%m-%dT%H:%M:%S}" for m in table["end"]],
    })  # fmt: skip


def _use(world: World) -> pl.DataFrame:
    """All services asked for, logged or not: station × service × user group × month × outcome."""
    uses = world.visits.uses.join(world.visits.visits, on="visit", how="left", maintain_order="left")
    ids = station_ids(world)
    month = np.searchsorted([31, 61], uses["day"].to_numpy(), side="right") + 3
    return (
        uses.select(
            pl.Series("station_id", np.array(ids)[uses["station"].to_numpy()]),
            pl.Series("service_code", np.array(world.supply.codes)[uses["service"].to_numpy()]),
            pl.Series("user_group_code", np.array(GROUPS)[uses["group"].to_numpy()]),
            pl.Series("month_on", np.array([f"2023-{m:02d}-01" for m in range(3, 6)])[month - 3]),
            pl.col("outcome").alias("outcome_code"),
        )
        .group_by(pl.all()).len("n_asked").sort(pl.all())
    )  # fmt: skip


def _respondents(world: World, answers: Answers) -> pl.DataFrame:
    """Who stands behind each row of an export (row as in the export by text, header in row 1), and how they answered."""
    weekly = weekly_visits(world)
    return pl.DataFrame([
        {"area_code": world.area.code, "period_code": answers.plan.period, "row": i, "person": row["_person"], "mode_code": row["mode"],
         "true_visits_per_week": round(float(weekly[row["_person"]]), 3), "cheat": row["_cheat"]}
        for i, row in enumerate(answers.rows, start=2)
    ])  # fmt: skip
