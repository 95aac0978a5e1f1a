"""One side of the benchmark of logs, in a process of its own: `python -m tests.benchmarks.log_sides SIDE FILE STORE`.

Prints one JSON line: seconds, peak_mb, and counts where the side makes them. All that clean do the same work: times, stations,
codes and keyed pseudonyms per month, repeated scans within two minutes found, one zstd Parquet file per month, an account.
"""

from __future__ import annotations

import hmac
import json
import resource
import sys
import time
from datetime import date
from pathlib import Path

KEY = b"benchmark"
WINDOW = 120  # seconds


def ours(file: Path, store: Path, *, is_counted: bool = False) -> dict[str, float]:
    """This project: load_logs; without the counts per month, which nobody else makes here, unless `is_counted`."""
    import pipeline.logs.months as months
    from pipeline.contracts import load_codebooks
    from pipeline.logs import LogDelivery, load_logs
    from pipeline.paths import study
    from tests.benchmarks.big_log import SOURCE, STATIONS

    books = load_codebooks()
    if not is_counted:
        months.CUBES = ()
    started = time.perf_counter()
    files = sorted(file.glob("*.csv")) if file.is_dir() else [file]
    result = load_logs(
        deliveries=[LogDelivery(path, SOURCE, "QC", path.stem) for path in files], study=study(store), codebooks=books,
        stations=STATIONS, aliases=[], key=KEY, today=date(2026, 1, 1),
    )  # fmt: skip
    seconds = time.perf_counter() - started
    ledger = result.ledger.select("n_read", "n_clean", "n_duplicate").sum().row(0)
    return {"seconds": seconds, "n_read": ledger[0], "n_clean": ledger[1], "n_duplicate": ledger[2]}


def counted(file: Path, store: Path) -> dict[str, float]:
    """This project with the counts per month."""
    return ours(file, store, is_counted=True)


def copy(file: Path, store: Path) -> dict[str, float]:
    """DuckDB copies the file as text to one zstd Parquet file."""
    import duckdb

    started = time.perf_counter()
    with duckdb.connect() as con:
        con.execute(f"copy (select * from read_csv('{file}', all_varchar = true, header = true)) to '{store}/copy.parquet' (format parquet, compression zstd)")  # fmt: skip
    return {"seconds": time.perf_counter() - started}


def read(file: Path, store: Path) -> dict[str, float]:
    """DuckDB reads every column: the sum of their lengths."""
    import duckdb

    from tests.benchmarks.big_log import HEADINGS

    lengths = ", ".join(f'sum(length("{name}"))' for name in HEADINGS)
    started = time.perf_counter()
    with duckdb.connect() as con:
        con.execute(f"select {lengths} from read_csv('{file}', all_varchar = true, header = true)").fetchall()
    return {"seconds": time.perf_counter() - started}


def polars(file: Path, store: Path) -> dict[str, float]:
    """Polars' streaming engine. Pseudonyms by distinct value; the window by sorting each person's uses."""
    import polars as pl

    from tests.benchmarks.big_log import GROUPS, HEADINGS, OUTCOMES, SERVICES, STATIONS

    started = time.perf_counter()
    station, at, person, group, service, outcome = HEADINGS
    raw = pl.scan_csv(file, infer_schema=False).with_row_index("source_row", offset=2)
    known = dict(zip(STATIONS["local_code"], STATIONS["station_id"], strict=True))
    rows = raw.select(
        "source_row", pl.col(station).replace_strict(known, default=None).alias("station_id"),
        pl.col(at).str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False).alias("used_at"), pl.col(person).alias("person"),
        pl.col(group).replace_strict(GROUPS, default=None).alias("user_group_code"),
        pl.col(service).replace_strict(SERVICES, default=None).alias("service_code"),
        pl.col(outcome).replace_strict(OUTCOMES, default=None).alias("outcome_code"),
    ).filter(pl.all_horizontal(pl.col("station_id", "used_at", "service_code", "outcome_code").is_not_null()))  # fmt: skip
    rows = rows.with_columns(pl.col("used_at").dt.truncate("1mo").alias("month_at"))
    pairs = rows.select("person", "month_at").unique().collect(engine="streaming")
    keys = [
        hmac.digest(KEY, f"{month:%Y-%m}\x1f{who}".encode(), "sha256").hex()[:16] for who, month in pairs.iter_rows()
    ]
    pairs = pairs.with_columns(pl.Series("courier_key", keys))
    rows = rows.join(pairs.lazy(), on=["person", "month_at"], how="left").drop("person")
    kept = store / "polars"
    rows.sink_parquet(pl.PartitionBy(kept, key=["month_at"], include_key=False), compression="zstd", mkdir=True, engine="streaming")  # fmt: skip
    n_duplicate, n_read = 0, 0
    for month in sorted(kept.rglob("*.parquet")):
        by = ["station_id", "courier_key", "service_code", "outcome_code"]
        uses = pl.scan_parquet(month, hive_partitioning=False).select("source_row", "used_at", *by).sort(*by, "used_at")
        near = (pl.col("used_at").diff().dt.total_seconds() <= WINDOW) & pl.all_horizontal(
            pl.col(by) == pl.col(by).shift()
        )
        found = uses.select(near.fill_null(False).sum().alias("twice"), pl.len().alias("n")).collect(engine="streaming")
        n_duplicate, n_read = n_duplicate + found["twice"][0], n_read + found["n"][0]
    return {"seconds": time.perf_counter() - started, "n_read": n_read, "n_duplicate": n_duplicate}


def pandas(file: Path, store: Path) -> dict[str, float]:
    """pandas, all in memory."""
    import pandas as pd

    from tests.benchmarks.big_log import GROUPS, HEADINGS, OUTCOMES, SERVICES, STATIONS

    started = time.perf_counter()
    station, at, person, group, service, outcome = HEADINGS
    raw = pd.read_csv(file, dtype=str)
    rows = pd.DataFrame({"source_row": range(2, len(raw) + 2)})
    known = dict(zip(STATIONS["local_code"], STATIONS["station_id"], strict=True))
    rows["station_id"] = raw[station].map(known)
    rows["used_at"] = pd.to_datetime(raw[at], format="%Y-%m-%d %H:%M:%S", errors="coerce")
    for name, heading, codes in (("user_group_code", group, GROUPS), ("service_code", service, SERVICES), ("outcome_code", outcome, OUTCOMES)):  # fmt: skip
        rows[name] = raw[heading].map(codes)
    rows = rows.dropna(subset=["station_id", "used_at", "service_code", "outcome_code"])
    rows["month"] = rows["used_at"].dt.strftime("%Y-%m")
    rows["person"] = raw[person]
    pairs = rows[["person", "month"]].drop_duplicates()
    pairs["courier_key"] = [hmac.digest(KEY, f"{month}\x1f{who}".encode(), "sha256").hex()[:16] for who, month in pairs.itertuples(index=False)]  # fmt: skip
    rows = rows.merge(pairs, on=["person", "month"], how="left").drop(columns="person")
    by = ["station_id", "courier_key", "service_code", "outcome_code"]
    rows = rows.sort_values([*by, "used_at"])
    gap = rows["used_at"].diff().dt.total_seconds()
    same = (rows[by] == rows[by].shift()).all(axis=1)
    n_duplicate = int(((gap <= WINDOW) & same).sum())
    for month, part in rows.groupby("month"):
        part.sort_values("used_at").to_parquet(store / f"pandas-{month}.parquet", compression="zstd")
    return {"seconds": time.perf_counter() - started, "n_read": len(rows), "n_duplicate": n_duplicate}


def cube(file: Path, store: Path) -> dict[str, float]:
    """The cube of station × service × user group × hour from stored Parquet, and a bare count by the same columns."""
    import duckdb

    from pipeline.warehouse.marts import BY_MONTH

    files = sorted(path.as_posix() for path in (store / "processed" / "events").glob("month=*/*.parquet"))
    sql = (BY_MONTH / "service_use.sql").read_text(encoding="utf-8")
    seconds = {}
    bare = (
        "select station_id, area_code, service_code, user_group_code, event_kind_code, date_trunc('hour', used_at) as hour_at, "
        "count(*) as n from log_kept group by all"
    )
    for name, select in (("bare", bare), ("seconds", sql)):
        with duckdb.connect() as con:
            con.execute(f"create view log_kept as select * from read_parquet({files!r}, hive_partitioning = false)")
            started = time.perf_counter()
            con.execute(f"create temp table made as {select}")
            seconds[name] = time.perf_counter() - started
    return seconds


if __name__ == "__main__":
    side, file, store = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    store.mkdir(parents=True, exist_ok=True)
    figures = {
        "ours": ours,
        "counted": counted,
        "copy": copy,
        "read": read,
        "polars": polars,
        "pandas": pandas,
        "cube": cube,
    }[side](file, store)
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(figures))
