"""Service logs: smart-lock scans (CSV, GBK), mini-program uses and requests (JSON lines, UTC), paper registers."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from pipeline.simulate.defects import Record
from pipeline.simulate.labels import spellings
from pipeline.simulate.visits import GROUPS
from pipeline.simulate.weather import FIRST_DAY
from pipeline.simulate.world import World

MONTHS = ((3, 0, 31), (4, 31, 61), (5, 61, 92))
APP_OUTCOMES = {"served": "ok", "closed": "closed", "refused": "refused", "stocked_out": "out_of_stock"}


def write_lock_log(world: World, record: Record, rng: np.random.Generator) -> None:
    """Door scans of the stations that have a smart lock, one file a month and a batch sent twice."""
    scans = _scans(world, rng)
    header = "流水号,驿站编号,驿站名称,开门时间,手机号,人员类别,结果,设备号"
    for month, first, last in MONTHS:
        part = scans.filter(pl.col("day").is_between(first, last - 1))
        lines = part.select(_lock_line()).to_series().to_list()
        file = f"门禁/门禁开门记录_2023-{month:02d}.csv"
        as_logged = set(lines)
        lines = _spoil_lock(lines, file, record, rng, _opened_later(world, last))
        record.path(file).write_bytes(("\r\n".join([header, *lines]) + "\r\n").encode("gbk"))
        if month == 4:
            start = min(100, len(lines) // 3)
            again = [line for line in lines[start : start + min(300, len(lines) // 3)] if line in as_logged]
            if not again:  # a very small world has nothing to send again
                continue
            name = "门禁/门禁开门记录_2023-04_补传.csv"
            record.path(name).write_bytes(("\r\n".join([header, *again]) + "\r\n").encode("gbk"))
            for i in range(len(again)):
                record.add(name, "", i + 2, "", "resent_batch")


def _scans(world: World, rng: np.random.Generator) -> pl.DataFrame:
    stations = world.stations.table.with_row_index("station").select(
        pl.col("station").cast(pl.Int64), "local_code", pl.col("name").alias("station_name"), "has_lock"
    )
    visits = world.visits.visits.join(stations, on="station", how="left", maintain_order="left").filter("has_lock")
    visits = visits.filter(pl.Series(rng.random(visits.height) < world.assumptions["capture"]["lock_logged"]))
    shut = world.operation.shut[visits["station"].to_numpy(), visits["day"].to_numpy()]
    minute = visits["minute"].to_numpy()
    closed = (minute >= shut[:, 0]) & (minute < shut[:, 1])
    luck = rng.random(visits.height)
    outcome = np.where(closed, "未开放", np.where(luck < 0.006, "拒绝", "成功"))
    seconds = pl.Series(rng.integers(0, 60, visits.height))
    return visits.with_columns(
        pl.Series("outcome", outcome),
        pl.Series("phone", phone_of(world, visits["person"].to_numpy())),
        pl.Series("group_text", _group_texts(visits["group"].to_numpy(), rng)),
        _moment(visits, seconds),
    ).sort("moment", "visit").with_row_index("number")  # fmt: skip


def _lock_line() -> pl.Expr:
    return pl.concat_str(
        pl.lit("L") + pl.col("number").cast(pl.String).str.zfill(8),
        "local_code",
        "station_name",
        pl.col("moment").dt.strftime("%Y-%m-%d %H:%M:%S"),
        "phone",
        "group_text",
        "outcome",
        pl.lit("D") + pl.col("local_code").str.slice(1),
        separator=",",
    )


def _moment(visits: pl.DataFrame, seconds: pl.Series) -> pl.Expr:
    total = visits["day"].cast(pl.Int64) * 86400 + visits["minute"] * 60 + seconds
    return pl.lit(FIRST_DAY).cast(pl.Datetime("us")).alias("moment") + pl.duration(seconds=pl.lit(total))


def phone_of(world: World, person: np.ndarray) -> np.ndarray:
    """The phone of a courier, or an invented one for everybody else (empty for one in six of them)."""
    known = world.people.table["phone"].to_numpy()
    texts = np.char.add("1009", np.char.zfill((-1 - person).clip(0).astype(str), 7))
    texts = np.where((-1 - person) % 6 == 5, "", texts)
    return np.where(person >= 0, known[person.clip(0)], texts)


def _group_texts(group: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The user group in one of its spellings; one in fifty is left blank."""
    texts = [spellings("user_groups", code)[:4] for code in GROUPS]
    picked = rng.integers(0, 4, len(group))
    table = np.array([[row[i % len(row)] for i in range(4)] for row in texts])
    return np.where(rng.random(len(group)) < 0.02, "", table[group, picked])


def _opened_later(world: World, last: int) -> tuple[str, str] | None:
    """Code and name of a station that opened after day `last` of the logs, if there is one."""
    later = world.stations.table.filter(pl.col("opened_on") > FIRST_DAY + timedelta(days=last))
    return later.select("local_code", "name").row(0) if later.height else None


def _spoil_lock(
    lines: list[str], file: str, record: Record, rng: np.random.Generator, unopened: tuple[str, str] | None
) -> list[str]:
    """Impossible times, unknown stations and groups, a station not yet open, repeated scans."""
    if len(lines) < 60:
        return lines
    at = np.sort(rng.choice(len(lines) - 2, 12, replace=False))
    for number, i in enumerate(at):
        cells = lines[i].split(",")
        kind = number % 4
        if number == 11 and unopened:
            (cells[1], cells[2]), code, column = unopened, "before_opening", "开门时间"
        elif kind == 0:
            cells[3], code, column = "2099-01-01 00:00:00", "future_time", "开门时间"
        elif kind == 1:
            cells[1], cells[2], code, column = "S999", "未登记点位", "unknown_station", "驿站编号"
        elif kind == 2:
            cells[3], code, column = "0000-00-00 00:00:00", "bad_time", "开门时间"
        else:
            cells[5], code, column = (
                "测试人员",
                "kept_as_unknown",
                "人员类别",
            )  # its user group is unknown, the visit counts
        lines[i] = ",".join(cells)
        record.add(file, "", int(i) + 2, column, code)
    return _repeat_lines(lines, at, file, record, rng)


def _repeat_lines(lines: list[str], at: np.ndarray, file: str, record: Record, rng: np.random.Generator) -> list[str]:
    """Some scans stand twice, one below the other; the defects noted further down move with their lines."""
    whole = np.setdiff1d(np.arange(len(lines)), at)
    repeats = np.sort(rng.choice(whole, max(3, len(lines) // 250), replace=False))
    shift = np.searchsorted(repeats, at)
    _renumber(record, file, dict(zip((at + 2).tolist(), (at + 2 + shift).tolist(), strict=True)))
    for number, i in enumerate(repeats):
        record.add(file, "", int(i) + 3 + number, "", "duplicate_row")
    twice = set(repeats.tolist())
    return [copy for i, line in enumerate(lines) for copy in ([line, line] if i in twice else [line])]


def _renumber(record: Record, file: str, moved: dict[int, int]) -> None:
    name = record.name(file)
    record.defects[:] = [
        (area, path, sheet, moved.get(row, row) if path == name else row, column, code, note)
        for area, path, sheet, row, column, code, note in record.defects
    ]


def write_app_log(world: World, record: Record, rng: np.random.Generator) -> None:
    """Mini-program uses and requests, one file a month, times in UTC."""
    events = _app_events(world, rng)
    for month, first, last in MONTHS:
        part = events.filter(pl.col("day").is_between(first, last - 1))
        lines = part.select(_app_line()).to_series().to_list()
        file = f"小程序/events_2023-{month:02d}.jsonl"
        lines = _spoil_app(lines, file, record, rng)
        record.path(file).write_bytes(("\n".join(lines) + "\n").encode("utf-8"))


def _app_events(world: World, rng: np.random.Generator) -> pl.DataFrame:
    figures = world.assumptions["capture"]
    events = world.visits.uses.join(world.visits.visits, on="visit", how="left", maintain_order="left")
    person = events["person"].to_numpy()
    uses_app = rng.random(1 << 20)  # a trait of the person, not of the visit
    share = np.where(person >= 0, figures["app_couriers"], figures["app_others"])
    keeps = uses_app[person % (1 << 20)] < share
    served = (events["outcome"] == "served").to_numpy()
    keeps &= served | (rng.random(events.height) < figures["request_logged"])
    events = events.filter(pl.Series(keeps))
    person = events["person"].to_numpy()
    codes = np.array(world.supply.codes)[events["service"].to_numpy()]
    appointment = np.isin(codes, ("clinic", "legal_advice", "counselling", "haircut", "financial_advice"))
    served = (events["outcome"] == "served").to_numpy()
    stations = world.stations.table["local_code"].to_numpy()
    open_ids = world.people.table["open_id"].to_numpy()
    other_ids = np.char.add("oSIMx", np.char.zfill((-1 - person).clip(0).astype(str), 9))
    seconds = pl.Series(rng.integers(0, 60, events.height) + rng.integers(0, 240, events.height))
    return events.with_columns(
        pl.Series("code", codes),
        pl.Series("local_code", stations[events["station"].to_numpy()]),
        pl.Series("open_id", np.where(person >= 0, open_ids[person.clip(0)], other_ids)),
        pl.Series("group_code", np.array(GROUPS)[events["group"].to_numpy()]),
        pl.Series("kind", np.where(served & ~appointment, "use", "request")),
        pl.col("outcome").replace_strict(APP_OUTCOMES).alias("result"),
        _moment(events, seconds),
    ).sort("moment", "visit", "service").with_row_index("number")  # fmt: skip


def _app_line() -> pl.Expr:
    utc = (pl.col("moment") - pl.duration(hours=8)).dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    fields = (
        ("id", pl.lit("u") + pl.col("number").cast(pl.String).str.zfill(7)), ("ev", pl.col("kind")), ("st", pl.col("local_code")),
        ("svc", pl.col("code")), ("ts", utc), ("openid", pl.col("open_id")), ("ut", pl.col("group_code")), ("res", pl.col("result")),
    )  # fmt: skip
    texts = [pl.lit(f'"{name}":"') + value + pl.lit('",') for name, value in fields]
    return pl.concat_str(
        pl.lit("{"), *texts, pl.lit('"min":'), pl.col("stay").cast(pl.Int64).cast(pl.String), pl.lit("}")
    )


def _spoil_app(lines: list[str], file: str, record: Record, rng: np.random.Generator) -> list[str]:
    """Unknown service codes, an impossible time, a torn line, events sent twice."""
    if len(lines) < 60:
        return lines
    at = np.sort(rng.choice(np.arange(10, len(lines) - 10), 9, replace=False))
    for number, i in enumerate(at):
        kind = number % 4
        if kind == 0:
            lines[i], code, column = _swap(lines[i], "svc", "svc_old_17"), "unknown_code", "svc"
        elif kind == 1:
            lines[i], code, column = _swap(lines[i], "ts", "2099-01-01T00:00:00Z"), "future_time", "ts"
        elif kind == 2:
            lines[i], code, column = lines[i][: len(lines[i]) // 2], "unreadable_row", ""
        else:
            lines[i], code, column = _swap(lines[i], "st", "S777"), "unknown_station", "st"
        record.add(file, "", int(i) + 1, column, code)
    first = len(lines)
    whole = np.setdiff1d(np.arange(5, 5 + max(4, len(lines) // 200)), at)
    for i in range(len(whole)):
        record.add(file, "", first + i + 1, "id", "duplicate_row")
    return [*lines, *(lines[i] for i in whole)]


def _swap(line: str, field: str, value: str) -> str:
    head, rest = line.split(f'"{field}":"', 1)
    return f'{head}"{field}":"{value}{rest[rest.index(chr(34)) :]}'
