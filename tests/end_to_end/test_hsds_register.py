"""The register of the town and of the sample, written by the command and read back: the same tables as in the warehouse."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from make_town import canaries
from polars.testing import assert_frame_equal

from pipeline.__main__ import main
from pipeline.contracts import hsds
from pipeline.readers.hsds import read_register
from pipeline.warehouse.dictionary import tables

SAMPLE = Path(__file__).parents[2] / "data"
pytestmark = [pytest.mark.xdist_group("town"), pytest.mark.slow]


def open_columns(table):
    return ", ".join(c.name for c in tables()[f"clean.{table}"].columns if c.privacy == "open")


def assert_same(con, back):
    """Every station; of services and hours what no later ledger has ended."""
    stations = f"select {open_columns('stations')} from clean.stations order by station_id"
    services = (
        f"select {open_columns('station_services')} from clean.station_services where valid_to is null "
        "order by station_id, service_code"
    )
    hours = (
        f"select {open_columns('station_hours')} from clean.station_hours where valid_to is null "
        "order by station_id, weekday, opens_minute, closes_minute, access_mode_code"
    )
    assert_frame_equal(back.stations, con.sql(stations).pl(), check_exact=True)
    assert_frame_equal(back.services, con.sql(services).pl(), check_exact=True)
    assert_frame_equal(back.hours, con.sql(hours).pl(), check_exact=True)


def test_the_register_of_the_town(town, processed, tmp_path, capsys):
    """By hand: 东里 S1 and S2 from the May ledger, S3 from March; 西里 three from March. Hours: S1, S2 every day = 14, S3 five,
    西里 S1 and S3 every day = 14 (its hidden sheet and S2's blank give none). Water is offered by all six, charging by one,
    heating by two."""
    folder = tmp_path / "名录 包"
    assert main(["hsds", str(folder), "--data", str(town[0])]) == 0
    assert capsys.readouterr().out.splitlines()[0] == str(folder / "datapackage.json")
    back = read_register(folder)
    with duckdb.connect(str(processed / "warehouse.duckdb"), read_only=True) as con:
        assert_same(con, back)
    assert back.stations["station_id"].to_list() == ["AA-S1", "AA-S2", "AA-S3", "BB-S1", "BB-S2", "BB-S3"]
    assert back.hours.group_by("station_id").len().sort("station_id").rows() == [
        ("AA-S1", 7), ("AA-S2", 7), ("AA-S3", 5), ("BB-S1", 7), ("BB-S3", 7)]  # fmt: skip
    offered = back.services.filter("is_offered").group_by("service_code").len().sort("service_code")
    assert offered.rows() == [("charging", 1), ("meal_heating", 2), ("water", 6)]
    text = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    assert [value for value in canaries() if value in text] == []


def test_twice_is_the_same_and_english_keeps_the_ids(town, tmp_path):
    for name, lang in (("one", "zh"), ("two", "zh"), ("three", "en")):
        assert main(["hsds", str(tmp_path / name), "--data", str(town[0]), "--lang", lang]) == 0
    names = ["datapackage.json", *(table.path for table in hsds.standard().values())]
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == sorted(names)
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    assert_frame_equal(read_register(tmp_path / "three").stations, read_register(tmp_path / "one").stations)


def test_before_the_first_run_it_says_what_to_do(tmp_path, capsys):
    assert main(["hsds", str(tmp_path / "out"), "--data", str(tmp_path)]) == 10
    assert "还没有建好数据库" in capsys.readouterr().err and not (tmp_path / "out").exists()
    assert main(["hsds", str(tmp_path / "out"), "--lang", "fr"]) == 2


@pytest.mark.skipif(not (SAMPLE / "raw").is_dir(), reason="the sample study is not here")
def test_the_register_of_the_sample(tmp_path):
    """All its ledgers and no logs: the register does not rest on them. It is simulated, and says so."""
    study = sample_without_logs(tmp_path)
    assert main(["hsds", str(tmp_path / "package"), "--data", str(SAMPLE), "--out", str(study.out)]) == 0
    back = read_register(tmp_path / "package")
    with duckdb.connect(str(study.warehouse), read_only=True) as con:
        assert_same(con, back)
    assert (back.stations.height, back.services.height) == (60, 60 * 18)
    assert sorted(back.stations["class_code"].value_counts().rows()) == [
        ("fixed", 13),
        ("integrated", 15),
        ("social", 32),
    ]
    descriptor = json.loads((tmp_path / "package" / "datapackage.json").read_text(encoding="utf-8"))
    assert descriptor["is_simulated"] and "模拟数据，仅供演示，不得作为决策依据" in descriptor["title"]


def sample_without_logs(folder):
    """The sample's warehouse from its place/ and ledgers."""
    from pipeline.cleaning import clean_place_and_ledgers, close_accounts
    from pipeline.contracts.bundle import load_contracts
    from pipeline.paths import study as study_at
    from pipeline.receive import receive
    from pipeline.warehouse import load

    study = study_at(SAMPLE, folder / "processed")
    study.out.mkdir()
    contracts = load_contracts(study)
    received = receive(study, contracts)
    prepared = clean_place_and_ledgers(study, contracts, received, b"key")
    close_accounts(contracts, received, prepared)
    with load.create(study.warehouse) as con:
        load.load(con, prepared.tables)
    return study
