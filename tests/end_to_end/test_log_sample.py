"""The sample study's own logs, in the contracts that ship with the project."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipeline.cleaning import clean_logs, clean_place_and_ledgers
from pipeline.contracts.bundle import load_contracts
from pipeline.paths import study
from pipeline.receive import receive

SAMPLE = Path(__file__).parents[2] / "data"
pytestmark = [
    pytest.mark.xdist_group("sample_logs"),
    pytest.mark.skipif(not (SAMPLE / "raw" / "门禁").exists(), reason="the sample study is not there"),
]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory):
    place = study(SAMPLE, tmp_path_factory.mktemp("out"))
    contracts = load_contracts(place)
    received = receive(place, contracts)
    prepared = clean_place_and_ledgers(place, contracts, received, b"key")
    logs = replace(prepared, fates=[], ledger=[], notices=[])
    clean_logs(place, contracts, received, b"key", logs)
    names = {file.file_id: file.shown for file in received.files}
    return logs, names


def test_every_row_of_every_log_is_accounted_for(loaded) -> None:
    logs, names = loaded
    ledger = pl.concat(logs.ledger)
    assert ledger.height >= 10
    assert (
        ledger.select(
            (pl.col("n_read") - pl.sum_horizontal("n_clean", "n_duplicate", "n_rejected", "n_set_aside")).abs().sum()
        ).item()
        == 0
    )
    by_name = dict(zip(ledger["source_file_id"].replace_strict(names), ledger["n_read"], strict=True))
    with (SAMPLE / "raw/门禁/门禁开门记录_2023-03.csv").open(encoding="gb18030", newline="") as file:
        assert by_name["门禁/门禁开门记录_2023-03.csv"] == sum(1 for _ in csv.reader(file)) - 1
    assert ledger["n_clean"].sum() > 0.95 * ledger["n_read"].sum()


def test_the_batch_sent_again_is_wholly_known(loaded) -> None:
    logs, names = loaded
    ledger = pl.concat(logs.ledger).with_columns(name=pl.col("source_file_id").replace_strict(names))
    month = ledger.filter(pl.col("name").str.starts_with("门禁/门禁开门记录_2023-04"))
    (again,) = month.filter(pl.col("name").str.contains("补传"))["n_read"]
    assert (
        again > 100 and month["n_duplicate"].sum() > again
    )  # which of the two copies is kept hangs on the reading order
    assert month["n_clean"].sum() <= month["n_read"].sum() - again


def test_each_log_has_its_grain_and_local_times(loaded) -> None:
    logs, _ = loaded
    stored = pl.concat([pl.read_parquet(file.path, hive_partitioning=False) for file in logs.events])
    assert set(stored["event_kind_code"]) == {"entry", "use", "request"}
    assert (
        stored.filter(pl.col("event_kind_code") == "entry")["service_code"].null_count()
        == stored.filter(pl.col("event_kind_code") == "entry").height
    )
    assert stored["used_at"].dt.strftime("%Y-%m").unique().sort().to_list() == ["2023-03", "2023-04", "2023-05"]
    busiest = Counter(stored.filter(pl.col("event_kind_code") == "use")["used_at"].dt.hour().to_list()).most_common(1)[
        0
    ][0]
    assert busiest in (9, 10, 13, 14, 15, 16)  # an order trough, not the small hours of an unconverted UTC clock
