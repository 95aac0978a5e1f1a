"""A streamed study is read as any other: every planted fault is found as planted, and nothing besides."""

from __future__ import annotations

import csv
from dataclasses import replace

import polars as pl
import pytest

from pipeline.clean.fates import FATES
from pipeline.cleaning import clean_logs, clean_place_and_ledgers
from pipeline.contracts.bundle import load_contracts
from pipeline.paths import study
from pipeline.receive import receive
from pipeline.simulate import simulate

pytestmark = pytest.mark.xdist_group("streamed_logs")

ROWS = 300_000
LOGS = "门禁|小程序"


@pytest.fixture(scope="module")
def streamed(tmp_path_factory):
    out = tmp_path_factory.mktemp("streamed")
    simulate(out, log_rows=ROWS, streamed_above=100_000)
    return out


@pytest.fixture(scope="module")
def truth(streamed):
    return {name: pl.read_csv(streamed / f"truth/{name}.csv") for name in ("log_defects", "log_rows")}


@pytest.fixture(scope="module")
def loaded(streamed, tmp_path_factory):
    """Row fates, ledger and notices of both logs by file, and the stored events."""
    place = study(streamed, tmp_path_factory.mktemp("out"))
    contracts = load_contracts(place)
    received = receive(place, contracts)
    prepared = clean_place_and_ledgers(place, contracts, received, b"key")
    logs = replace(prepared, fates=[], ledger=[], notices=[])
    clean_logs(place, contracts, received, b"key", logs)
    names = pl.col("source_file_id").replace_strict({file.file_id: file.shown for file in received.files})
    stored = [pl.read_parquet(path, columns=list(FATES)).cast(FATES) for path in logs.fate_files]
    fates = [pl.concat([*logs.fates, *stored])]
    tables = [pl.concat(part).with_columns(names.alias("file")) for part in (fates, logs.ledger, logs.notices)]
    events = pl.concat([pl.read_parquet(file.path, hive_partitioning=False) for file in logs.events])
    return [table.filter(pl.col("file").str.contains(LOGS)) for table in tables], events


def test_every_line_of_every_file_is_read(loaded, truth):
    (_, ledger, _), _ = loaded
    read = ledger.filter(pl.col("n_read") > 0).select("file", "n_read").sort("file")
    assert read.rows() == truth["log_rows"].select("file", "n_lines").sort("file").rows()
    assert 0.95 * ROWS < truth["log_rows"]["n_lines"].sum() < 1.05 * ROWS


def test_every_fault_is_found_in_its_file_and_column_and_none_besides(loaded, truth):
    (fates, _, _), _ = loaded
    found = fates.filter(pl.col("fate") != "duplicate").group_by("file", "column_name", "reason_code").len()
    found = {(file, column or "", code): n for file, column, code, n in found.iter_rows()}
    counted = ("duplicate_row", "resent_batch", "kept_as_unknown")
    planted = truth["log_defects"].filter(~pl.col("defect_code").is_in(counted)).drop("area_code")
    assert found == {(file, column or "", code): n for file, column, code, n in planted.iter_rows()}


def test_exactly_the_repeated_and_resent_rows_are_duplicates(loaded, truth):
    (fates, _, _), _ = loaded
    twice = truth["log_defects"].filter(pl.col("defect_code").is_in(["duplicate_row", "resent_batch"]))
    found = fates.filter(pl.col("fate") == "duplicate").height
    assert found == twice["n_defects"].sum() > 1000


def test_unknown_user_groups_are_noted_and_the_visits_kept(loaded, truth):
    (_, _, notices), _ = loaded
    planted = truth["log_defects"].filter(pl.col("defect_code") == "kept_as_unknown")["n_defects"].sum()
    assert notices.filter(pl.col("column_name") == "人员类别")["n"].sum() == planted > 0


def test_events_span_two_years_of_local_months(loaded):
    _, events = loaded
    months = events.filter(pl.col("event_kind_code").is_in(["entry", "use", "request"]))["used_at"].dt.strftime("%Y-%m")
    assert months.n_unique() >= 24 and months.max() == "2023-05" and months.filter(months < "2021-06").is_empty()


def test_everything_but_the_logs_is_as_without_them(streamed, tmp_path):
    simulate(tmp_path)
    made = {path.relative_to(streamed).as_posix(): path for path in streamed.rglob("*") if path.is_file()}
    of_logs = ("raw/门禁/", "raw/小程序/", "raw/MANIFEST.csv", "raw/README.md", "truth/log_", "truth/use",
               "truth/stock_outs", "truth/closures", "truth/defects")  # fmt: skip
    for name, path in made.items():
        if not name.startswith(of_logs):
            assert path.read_bytes() == (tmp_path / name).read_bytes(), name


def test_the_study_says_that_it_is_simulated_and_where_the_truth_stands(streamed, truth):
    readme = (streamed / "raw/README.md").read_text(encoding="utf-8")
    assert readme.startswith("# 模拟数据") and "truth/log_defects.csv" in readme and "2021-06-01" in readme
    assert "`[streamed_logs]`：above_rows 2000000；months 24" in readme
    with (streamed / "raw/MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["path"]: row["is_simulated"] for row in csv.DictReader(file)}
    assert all(listed[name] == "true" for name in truth["log_rows"]["file"])
    defects = pl.read_csv(streamed / "truth/defects.csv")
    assert defects.filter(pl.col("file").str.contains(LOGS)).is_empty() and defects.height > 100


def test_two_areas_get_their_own_logs(tmp_path):
    simulate(tmp_path, stations=6, couriers=60, log_rows=6000, streamed_above=1000, areas=2)
    rows = pl.read_csv(tmp_path / "truth/log_rows.csv")
    assert rows["area_code"].unique().sort().to_list() == ["QC", "QD"]
    assert all((tmp_path / "raw" / name).is_file() for name in rows["file"])
    assert (rows["file"].str.slice(0, 2) == rows["area_code"]).all()
    assert "QC-S001" in pl.read_csv(tmp_path / "truth/use.csv")["station_id"]


def test_up_to_the_threshold_the_logs_stay_three_months(tmp_path):
    simulate(tmp_path, stations=6, couriers=60, log_rows=5000, streamed_above=5000)
    assert len(list((tmp_path / "raw/小程序").iterdir())) == 3
    assert not (tmp_path / "truth/log_rows.csv").exists()
