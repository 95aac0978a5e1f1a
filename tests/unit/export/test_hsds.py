"""The register as an HSDS 3 package: what is in it, that only open columns leave, and that it reads back to the last bit."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipeline import disclose
from pipeline.contracts import hsds
from pipeline.errors import CONTRACT, DISCLOSURE, FILE, PipelineError
from pipeline.export.hsds import files, write
from pipeline.export.hsds.register import read
from pipeline.paths import study as study_at
from pipeline.readers.hsds import read_register
from pipeline.warehouse.dictionary import tables
from pipeline.warehouse.load import create
from tests.unit.export.small_register import register_warehouse

OURS = ("stations", "station_services", "station_hours")


@pytest.fixture(scope="module")
def con():
    return register_warehouse()


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory):
    """A study without a place/ folder."""
    return study_at(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def register(con, nowhere):
    return read(con, nowhere)


@pytest.fixture(scope="module")
def package(register):
    return files(register)


@pytest.fixture
def folder(package, tmp_path):
    return put(package, tmp_path)


def put(package, folder):
    for name, text in package.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


def rows(package, table):
    return list(csv.DictReader(io.StringIO(package[hsds.standard()[table].path])))


def open_columns(table):
    return ", ".join(c.name for c in tables()[f"clean.{table}"].columns if c.privacy == "open")


@pytest.mark.parametrize("table", OURS)
def test_the_package_holds_exactly_the_open_columns(table):
    """A new open column must say in metadata/hsds.toml where it goes; one that is not open must not be there."""
    assert ", ".join(column.name for column in hsds.kept(table)) == open_columns(table)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_reads_back_to_the_same_tables(con, nowhere, tmp_path, lang):
    back = read_register(put(files(read(con, nowhere, lang)), tmp_path))
    stations = con.sql(f"select {open_columns('stations')} from clean.stations order by station_id").pl()
    assert_frame_equal(back.stations, stations, check_exact=True)
    # everything but what AA-S1 and AA-S3 said in March, when a ledger of May names them
    now = "where valid_to is null or valid_to > date '2023-05-30'"
    services = (
        f"select {open_columns('station_services')} from clean.station_services {now} order by station_id, service_code"
    )
    hours = f"select {open_columns('station_hours')} from clean.station_hours {now} order by station_id, weekday, opens_minute"
    assert_frame_equal(back.services, con.sql(services).pl(), check_exact=True)
    assert_frame_equal(back.hours, con.sql(hours).pl(), check_exact=True)
    assert (back.stations.height, back.services.height, back.hours.height) == (4, 7, 18)


def test_stations_are_locations_and_nothing_else_is(package):
    places = {row["external_identifier"]: row for row in rows(package, "location")}
    assert sorted(places) == ["AA-S1", "AA-S2", "AA-S3", "BB-S1"]
    assert "快递公司甲" not in "".join(package.values()) and "AA-D1" not in "".join(package.values())
    east = places["AA-S1"]
    assert (east["name"], east["location_type"]) == ("东门驿站", "physical")
    assert (east["longitude"], east["latitude"]) == ("116.41620000000002", "39.91140000000001")
    assert east["description"] == "暖心驿站（整合式阵地、工会职工之家）"
    assert (places["AA-S2"]["longitude"], places["AA-S2"]["latitude"]) == ("", "")


def test_an_area_with_stations_is_an_organization(package):
    assert [row["name"] for row in rows(package, "organization")] == ["东里街道", "西里街道"]
    assert [row["identifier"] for row in rows(package, "organization_identifier")] == ["AA", "BB"]


def test_only_what_a_station_offers_is_a_service_there(package):
    """AA-S1 offers water and charging, BB-S1 water and a clinic; AA-S2 says no, and nobody is sent there."""
    assert [row["name"] for row in rows(package, "service")] == ["手机充电", "饮水", "义诊", "饮水"]
    assert len(rows(package, "service_at_location")) == 4
    terms = {row["id"]: row["code"] for row in rows(package, "taxonomy_term")}
    said = [
        (terms[row["taxonomy_term_id"]], row["value"])
        for row in rows(package, "attribute")
        if row["link_type"] == "declarations"
    ]
    assert said == [("declarations:not_said", "rest"), ("declarations:no", "rest"), ("declarations:no", "water")]
    assert "services:rest" in terms.values()  # the code in a value is explained


def test_hours_are_weekly_schedules_and_midnight_is_the_last_second(package):
    names = {row["id"]: row["external_identifier"] for row in rows(package, "location")}
    said = [
        (names[r["location_id"]], r["byday"], r["opens_at"], r["closes_at"], r["valid_from"], r["valid_to"], r["attending_type"])
        for r in rows(package, "schedule")
    ]  # fmt: skip
    assert said == [
        ("AA-S1", "MO,TU,WE,TH,FR", "08:00:00+08:00", "12:00:00+08:00", "2023-05-31", "", "有人值守"),
        ("AA-S1", "MO,WE", "13:00:00+08:00", "23:59:00+08:00", "2023-05-31", "", "有人值守"),
        ("AA-S2", "SA", "22:00:00+08:00", "23:59:59+08:00", "2023-05-31", "", "扫码进入"),
        ("AA-S2", "SU", "00:00:00+08:00", "02:00:00+08:00", "2023-05-31", "", "扫码进入"),
        ("BB-S1", "MO,TU,WE,TH,FR,SA,SU", "00:00:00+08:00", "23:59:59+08:00", "2023-03-31", "", "扫码进入"),
        ("BB-S1", "TU,TH", "09:00:00+08:00", "18:00:00+08:00", "2023-03-31", "2023-12-31", "有人值守"),
    ]
    assert {r["freq"] for r in rows(package, "schedule")} == {"WEEKLY"}
    assert rows(package, "schedule")[2]["description"] == "周六 22:00–24:00"


def test_nothing_of_the_office_leaves(package):
    text = "".join(package.values())
    for closed in ("不外传", "feedfeedfeedfeed", "驿站台账", "台账.xlsx"):
        assert closed not in text


def test_a_column_that_is_not_open_stops_the_export(con, nowhere, monkeypatch):
    columns = (*hsds.kept("stations"), hsds.Kept("host_unit", zh="责任单位", en="Unit"))
    monkeypatch.setattr(hsds, "kept", lambda table: columns)
    with pytest.raises(PipelineError) as caught:
        read(con, nowhere)
    assert caught.value.exit_code == DISCLOSURE


def test_no_text_can_become_a_formula(package):
    assert {row["name"] for row in rows(package, "location")} >= {"'=南门驿站", "''-北门驿站"}
    assert [row["address_1"] for row in rows(package, "address")] == ["东里一街1号\n二层，“左”门", "'－1号"]


def test_the_same_warehouse_gives_the_same_bytes(register, package, nowhere):
    assert files(register) == package
    assert files(read(register_warehouse(), nowhere)) == package


def test_ids_are_the_same_in_both_languages_and_never_those_of_simulated_stations(register, package):
    english, simulated = files(replace(register, lang="en")), files(replace(register, is_simulated=True))
    ids = {row["id"] for row in rows(package, "location")}
    assert ids == {row["id"] for row in rows(english, "location")}
    assert not ids & {row["id"] for row in rows(simulated, "location")}
    every = [row["id"] for table in hsds.standard() for row in rows(package, table)]
    assert len(every) == len(set(every))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_simulated_says_so_wherever_people_read(register, lang):
    warning = disclose.rules()["simulated"][lang]
    package = files(replace(register, lang=lang, is_simulated=True))
    descriptor = json.loads(package["datapackage.json"])
    assert (
        warning in descriptor["title"] and descriptor["description"].startswith(warning) and descriptor["is_simulated"]
    )
    for table in ("organization", "location", "service"):
        assert all(row["description"].startswith(warning) for row in rows(package, table)), table
    said = [row["replacement_value"] for row in rows(package, "metadata") if row["field_name"] == "is_simulated"]
    assert said == [warning, warning]


def test_what_was_received_does_not_say_that_it_is_simulated(package):
    assert not any(
        words in text for words in ("模拟", "imulated") for text in package.values() if "is_simulated" not in text
    )
    assert json.loads(package["datapackage.json"])["is_simulated"] is False
    assert {row["field_name"] for row in rows(package, "metadata")} == {"location"}


def test_english_is_english_where_the_register_has_it(register):
    package = files(replace(register, lang="en"))
    first, _ = rows(package, "organization")
    assert (first["name"], first["alternate_name"]) == ("Dongli", "东里街道")
    chinese = {name for name in ("organization", "service", "schedule") for row in rows(package, name)
               for field, cell in row.items() if field != "alternate_name" and re.search(r"[\u4e00-\u9fff]", cell)}  # fmt: skip
    assert chinese == set()


def test_what_nobody_stated_of_an_address_is_said_to_be_so(package):
    (east, north) = rows(package, "address")
    assert [east[name] for name in ("city", "state_province", "postal_code", "country")] == ["未写明"] * 3 + ["ZZ"]
    assert north["address_type"] == "physical"


def test_a_place_states_city_province_and_country(con, tmp_path):
    place = study_at(tmp_path)
    place.place.mkdir()
    said = '[[address]]\narea_code = "AA"\ncity = "某市"\nstate_province = "某省"\ncountry = "CN"\n'
    (place.place / "addresses.toml").write_text(said, encoding="utf-8")
    (east, _) = rows(files(read(con, place)), "address")
    assert [east[name] for name in ("city", "state_province", "postal_code", "country")] == [
        "某市",
        "某省",
        "未写明",
        "CN",
    ]
    (place.place / "addresses.toml").write_text(said + said + said.replace("AA", "XX"), encoding="utf-8")
    with pytest.raises(PipelineError) as caught:
        read(con, place)
    assert caught.value.exit_code == CONTRACT
    assert [(p.en, p.got, p.expected) for p in caught.value.problems] == [
        ("an area twice", "AA", "AA / BB / CC"), ("there is no such area", "XX", "AA / BB / CC")]  # fmt: skip


def test_without_a_warehouse_or_a_folder_to_write_to_it_says_so(tmp_path):
    study = study_at(tmp_path)
    with pytest.raises(PipelineError) as caught:
        write(study, tmp_path / "out")
    assert (caught.value.exit_code, caught.value.problems[0].code) == (FILE, "warehouse_missing")
    study.out.mkdir()
    study.warehouse.touch()
    (tmp_path / "out").touch()
    with pytest.raises(PipelineError) as caught:
        write(study, tmp_path / "out")
    assert (caught.value.exit_code, caught.value.problems[0].code) == (FILE, "out_unwritable")


RESPONDENT = """
insert into clean.respondents by name
select 'w' as wave_code, 'respondent-77' as respondent_id, 'AA' as area_code, 'qr' as mode_code, 'courier' as user_group_code,
       false as is_speeder, false as is_straightliner, false as is_attention_failed, false as is_duplicate, true as is_valid,
       'f' as source_file_id, '' as source_sheet, 1 as source_row
"""


def test_a_respondent_named_in_the_register_stops_the_export_and_nothing_is_written(tmp_path):
    study = study_at(tmp_path)
    study.out.mkdir()
    with create(study.warehouse) as con:
        register_warehouse(con)
        con.execute(RESPONDENT)
    written = write(study, tmp_path / "good")
    assert [path.name for path in written] == ["datapackage.json", *(table.path for table in hsds.standard().values())]
    with duckdb.connect(str(study.warehouse)) as con:
        con.execute("update clean.stations set address = '找respondent-77' where station_id = 'AA-S1'")
    with pytest.raises(PipelineError) as caught:
        write(study, tmp_path / "bad")
    assert caught.value.exit_code == DISCLOSURE and not (tmp_path / "bad").exists()


def test_a_warehouse_without_stations_has_no_register(register):
    with pytest.raises(PipelineError) as caught:
        files(replace(register, stations=register.stations.clear()))
    assert (caught.value.exit_code, caught.value.problems[0].code) == (FILE, "no_stations")


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=12)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=10, deadline=None)
@given(
    names=st.lists(TEXT, min_size=4, max_size=4),
    addresses=st.lists(st.none() | TEXT, min_size=4, max_size=4),
    numbers=st.lists(st.tuples(NUMBER, NUMBER, NUMBER, st.none() | NUMBER), min_size=4, max_size=4),
    days=st.lists(st.none() | st.integers(0, 20000), min_size=4, max_size=4),
)
def test_any_text_number_and_date_reads_back(register, tmp_path_factory, names, addresses, numbers, days):
    lon, lat, area, raw = zip(*numbers, strict=True)
    stations = register.stations.with_columns(
        pl.Series("name", names, dtype=pl.String),
        pl.Series("building_id", names, dtype=pl.String),
        pl.Series("address", addresses, dtype=pl.String),
        pl.Series("lon", lon, dtype=pl.Float64),
        pl.Series("lat", lat, dtype=pl.Float64),
        pl.Series("area_m2", area, dtype=pl.Float64),
        pl.Series("lon_raw", raw, dtype=pl.Float64),
        pl.Series("opened_on", [d if d is None else date(1990, 1, 1) + timedelta(d) for d in days], dtype=pl.Date),
    )
    made = put(files(replace(register, stations=stations)), tmp_path_factory.mktemp("any"))
    assert_frame_equal(read_register(made).stations, stations, check_exact=True)
