"""The package keeps the rules of HSDS 3.0.0 (the tables and fields in metadata/hsds.toml), and one that does not is refused with
every problem at once."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import polars as pl
import pytest

from pipeline.contracts import hsds
from pipeline.errors import CONTRACT, PipelineError
from pipeline.export.hsds import files
from pipeline.export.hsds.register import read
from pipeline.paths import study as study_at
from pipeline.readers import read_file
from pipeline.readers.hsds import read_register
from pipeline.readers.hsds.check import problems_of
from pipeline.readers.hsds.tables import read_tables
from tests.unit.export.small_register import register_warehouse

OHANA = Path(__file__).resolve().parents[4] / "shared" / "real" / "hsds-ohana" / "sample-csv"
# What the standard's own tabular package asks of the tables named in the issue: written down here once more, by hand.
ASKED = {
    "organization": {"id", "name", "description"},
    "service": {"id", "organization_id", "name", "status"},
    "location": {"id", "location_type"},
    "service_at_location": {"id", "service_id", "location_id"},
    "schedule": {"id"},
    "taxonomy": {"id", "name", "description"},
    "taxonomy_term": {"id", "name", "description"},
    "attribute": {"id", "link_id", "taxonomy_term_id", "link_entity"},
    "address": {"id", "address_1", "city", "state_province", "postal_code", "country", "address_type"},
}


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return files(read(register_warehouse(is_simulated=True), study_at(tmp_path_factory.mktemp("study"))))


@pytest.fixture
def folder(package, tmp_path):
    for name, text in package.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    return tmp_path


def test_the_list_of_fields_is_whole():
    for table in hsds.standard().values():
        named = {*table.required, *table.unique, *table.types, *table.refers, *table.choices}
        assert named <= set(table.fields) and len(table.fields) == len(set(table.fields)), table.name
        assert set(table.refers.values()) <= set(hsds.standard())
        assert all(table.types[field] == "uuid" for field in ("id", *table.refers))
    assert {name: set(hsds.standard()[name].required) for name in ASKED} == ASKED


def test_the_package_keeps_every_rule(folder):
    tables, problems = read_tables(folder)
    assert problems == [] and problems_of(tables) == []
    assert all(tables[name].height for name in hsds.standard())
    for frame in tables.values():
        assert {uuid.UUID(value).version for value in frame["id"]} == {5}


def test_the_descriptor_describes_the_files(package):
    descriptor = json.loads(package["datapackage.json"])
    assert (descriptor["profile"], descriptor["hsds_version"]) == ("tabular-data-package", "3.0.0")
    assert {resource["path"] for resource in descriptor["resources"]} == set(package) - {"datapackage.json"}
    names = {resource["name"] for resource in descriptor["resources"]}
    assert names >= set(ASKED)
    for resource in descriptor["resources"]:
        header = package[resource["path"]].splitlines()[0].split(",")
        assert [field["name"] for field in resource["schema"]["fields"]] == header
        keys = {(key["fields"], key["reference"]["resource"]) for key in resource["schema"].get("foreignKeys", [])}
        assert keys == set(hsds.standard()[resource["name"]].refers.items()) and {there for _, there in keys} <= names
    schedule = next(resource for resource in descriptor["resources"] if resource["name"] == "schedule")
    fields = {field["name"]: field for field in schedule["schema"]["fields"]}
    assert fields["freq"]["constraints"]["enum"] == ["WEEKLY", "MONTHLY"]
    assert (fields["id"]["type"], fields["id"]["format"], fields["opens_at"]["type"]) == ("string", "uuid", "time")


def test_the_generic_reader_opens_every_table_with_every_row(folder):
    tables, _ = read_tables(folder)
    for name, table in hsds.standard().items():
        (found,) = read_file(folder / table.path)
        assert (found.columns, found.frame.height) == (table.fields, tables[name].height), name
        assert found.set_aside.is_empty()


# (file, text, what stands there instead, the word of the problem)
BROKEN = [
    ("locations.csv", ",physical,", ",somewhere,", "not one of the choices"),
    ("locations.csv", ",physical,", ",,", "a required cell is empty"),
    ("locations.csv", "116.41620000000002", "116度", "not of its kind"),
    ("schedules.csv", "WEEKLY", "DAILY", "not one of the choices"),
    ("schedules.csv", "08:00:00+08:00", "8 o'clock", "not of its kind"),
    ("schedules.csv", "2023-05-31", "2023-5-31", "not of its kind"),
    ("services.csv", "id,organization_id", "id,owner", "required columns are missing"),
    ("services.csv", "active", "open", "not one of the choices"),
    ("taxonomy_terms.csv", "services:charging", "services:water", "not unique"),
    ("attributes.csv", ",location,", ",phone,", "points to a row that is not there"),
    ("organizations.csv", "东里", "东里\udc80", "it cannot be read"),
]


@pytest.mark.parametrize(("name", "old", "new", "words"), BROKEN)
def test_a_broken_rule_is_told_by_file_column_and_row(folder, name, old, new, words):
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_bytes(text.replace(old, new).encode("utf-8", "surrogateescape"))
    with pytest.raises(PipelineError) as caught:
        read_register(folder)
    assert caught.value.exit_code == CONTRACT
    assert {problem.code for problem in caught.value.problems} == {"hsds_invalid"}
    assert any(problem.en == words and problem.where.startswith(name) for problem in caught.value.problems)


def test_every_file_that_is_missing_is_named(folder):
    for name in ("locations.csv", "taxonomies.csv"):
        (folder / name).unlink()
    with pytest.raises(PipelineError) as caught:
        read_register(folder)
    assert {problem.where for problem in caught.value.problems} == {"locations.csv", "taxonomies.csv"}


def test_a_column_that_may_be_missing_may_be_missing(folder):
    for name, column in (
        ("organizations.csv", "logo"),
        ("schedules.csv", "valid_to"),
        ("locations.csv", "transportation"),
    ):
        frame = pl.read_csv(folder / name, infer_schema=False)
        frame.drop(column).write_csv(folder / name)
    assert read_register(folder).hours["valid_to"].null_count() == 18


def test_an_id_that_points_nowhere_is_told(folder):
    path = folder / "services.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[0], *lines[2:]]), encoding="utf-8")  # the first service goes
    with pytest.raises(PipelineError) as caught:
        read_register(folder)
    assert {problem.where.split(" ·")[0] for problem in caught.value.problems} == {
        "service_at_location.csv",
        "attributes.csv",
    }


def test_a_fact_of_another_kind_is_told_and_not_dropped(folder):
    path = folder / "attributes.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("2022-12-01", "去年"), encoding="utf-8")
    with pytest.raises(PipelineError) as caught:
        read_register(folder)
    (problem,) = caught.value.problems
    assert (problem.where, problem.expected) == ("clean.stations.opened_on", "date")


def test_a_package_of_somebody_else_lacks_what_our_stations_have(folder):
    path = folder / "attributes.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(PipelineError) as caught:
        read_register(folder)
    lacking = {problem.where: problem.got for problem in caught.value.problems}
    assert lacking["clean.stations.class_code"] == "4 / 4" and "clean.station_hours.access_mode_code" in lacking


def test_a_file_saved_again_by_a_spreadsheet_still_reads(folder):
    """With a byte-order mark and Windows line ends."""
    for path in folder.glob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    back = read_register(folder)
    assert back.stations["name"].to_list() == ["东门驿站", "=南门驿站", "'-北门驿站", "西门驿站"]


@pytest.mark.skipif(not OHANA.is_dir(), reason="the folder of real files is not on this machine")
def test_an_old_package_of_others_opens_table_by_table_and_is_no_register_of_ours():
    for path in sorted(OHANA.glob("*.csv")):
        (found,) = read_file(path)
        assert found.set_aside.is_empty() and found.frame.height == pl.read_csv(path, infer_schema=False).height, (
            path.name
        )
    with pytest.raises(PipelineError) as caught:
        read_register(OHANA)
    told = {problem.where: problem.expected for problem in caught.value.problems}
    assert told["locations.csv"] == "location_type" and told["addresses.csv"] == "address_type"
    assert "taxonomies.csv" in told and "organizations.csv" not in told
