"""The two sides of the ledger benchmark, each run in a process of its own: `ours FILE` or `pandas FILE`.

Prints one JSON object: seconds of reading, seconds of cleaning, peak memory in MB, and counts that must agree.
The peer does the same cleaning the way one writes it with pandas: per column, on distinct values where that helps, with the
same code lists and the same parser of opening hours.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from pathlib import Path

from pipeline.clean.hours import parse_hours
from pipeline.contracts import load_codebooks, load_sources

BOOKS = load_codebooks()


def ours(path: Path) -> dict[str, float]:
    """Read and clean with the project's own ledger path."""
    from pipeline.clean.ledgers import Around, clean_ledgers
    from pipeline.clean.places.known_places import Places
    from pipeline.contracts.deliveries import RawFile
    from pipeline.readers import read_file
    from pipeline.warehouse.dictionary import tables as dictionary

    source = load_sources()["station_ledger"]
    columns_of = {name: [column.name for column in table.columns] for name, table in dictionary().items()}
    around = Around(BOOKS, Places(), {}, b"key", columns_of, [])
    file = RawFile(path, path.name, path.name, "QC", "0" * 64, path.stat().st_size, False)
    started = time.perf_counter()
    tables = read_file(path)
    read = time.perf_counter()
    result = clean_ledgers([source], {source.code: [file]}, lambda _: tables, around)
    cleaned = time.perf_counter()
    stations, services = result.tables["clean.stations"], result.tables["clean.station_services"]
    return {
        "read": read - started,
        "clean": cleaned - read,
        "n_stations": stations.height,
        "n_hours": result.tables["clean.station_hours"].height,
        "n_offered": int((services["is_offered"]).sum()),
        "n_said": services["is_offered"].drop_nulls().len(),
        "area": round(float(stations["area_m2"].sum()), 3),
        "opened": int(stations["opened_on"].dt.epoch("d").sum()),
    }


def peer(path: Path) -> dict[str, float]:
    """The same with pandas and openpyxl."""
    import pandas as pd

    started = time.perf_counter()
    frame = pd.read_excel(path, engine="openpyxl", header=[2, 3], dtype=object)
    read = time.perf_counter()
    frame.columns = [upper if lower.startswith("Unnamed") else f"{upper}/{lower}" for upper, lower in frame.columns]
    frame = frame.drop(columns=["联系人", "联系电话", "填表人", "备注"])
    for name, book in (("驿站类别", "station_classes"), ("阵地类型", "host_types"), ("进入方式", "access_modes")):
        frame[name] = frame[name].map({text: BOOKS[book].lookup(text) for text in frame[name].dropna().unique()})
    for name in ("面积（㎡）", "座位数", "经度", "纬度"):
        frame[name] = frame[name].map({value: _number(value) for value in frame[name].dropna().unique()})
    opened = {value: _date(pd, value) for value in frame["启用日期"].dropna().unique()}
    frame["启用日期"] = frame["启用日期"].map(opened)
    hours = {text: len(parse_hours(text) or []) for text in frame["开放时间"].dropna().unique()}
    n_hours = frame["开放时间"].map(hours).sum()
    wide = [name for name in frame.columns if name.startswith("服务项目/")]
    long = frame.melt(id_vars=["驿站编号"], value_vars=wide, var_name="service", value_name="tick")
    ticks = {text: BOOKS["ticks"].lookup(text) == "yes" for text in long["tick"].dropna().unique()}
    long["tick"] = long["tick"].map(ticks)
    said = long["tick"].dropna()
    frame = frame.drop_duplicates("驿站编号")
    cleaned = time.perf_counter()
    return {
        "read": read - started,
        "clean": cleaned - read,
        "n_stations": len(frame),
        "n_hours": int(n_hours),
        "n_offered": int(said.sum()),
        "n_said": len(said),
        "area": round(float(frame["面积（㎡）"].sum()), 3),
        "opened": int(((frame["启用日期"] - pd.Timestamp("1970-01-01")).dt.days).sum()),
    }


def _number(value: object) -> float | None:
    if isinstance(value, int | float):
        return float(value)
    found = re.match(r"^约?(\d+(?:\.\d+)?)", str(value))
    return float(found[1]) if found else None


def _date(pd, value: object):
    if isinstance(value, int | float):
        return pd.Timestamp("1899-12-30") + pd.Timedelta(days=int(value))
    if not isinstance(value, str):
        return pd.Timestamp(value)
    return pd.Timestamp("-".join(part.zfill(2) for part in re.split(r"[.年月日]+", value) if part))


if __name__ == "__main__":
    figures = {"ours": ours, "pandas": peer}[sys.argv[1]](Path(sys.argv[2]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**figures, "peak_mb": peak}))
