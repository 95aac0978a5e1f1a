"""The same arguments give the same bytes, and the committed sample is what simulate writes."""

import csv
import hashlib
import shutil
import zipfile

import pytest

from pipeline.paths import REPOSITORY
from pipeline.simulate import simulate

pytestmark = pytest.mark.xdist_group("simulate")  # one worker makes the sample

DATA = REPOSITORY / "data"


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def uncompressed(folder):
    """Contents with workbooks unpacked: another zlib packs the same sheet into other bytes."""
    found = contents(folder)
    for path in folder.rglob("*.xlsx"):
        with zipfile.ZipFile(path) as book:
            found[path.relative_to(folder).as_posix()] = {name: book.read(name) for name in book.namelist()}
    return {name: data for name, data in found.items() if name != "MANIFEST.csv"}


def test_same_seed_gives_same_bytes(small, tmp_path):
    simulate(tmp_path, stations=12, couriers=120)
    assert contents(tmp_path) == contents(small)


def test_another_seed_gives_other_answers(small, tmp_path):
    simulate(tmp_path, seed=1, stations=12, couriers=120)
    assert (tmp_path / "truth/needs.csv").read_bytes() != (small / "truth/needs.csv").read_bytes()


def test_a_tiny_world_and_a_second_run_over_the_first_work(small, tmp_path):
    shutil.copytree(small, tmp_path, dirs_exist_ok=True)
    simulate(tmp_path, stations=6, couriers=30, log_rows=2000)
    assert (tmp_path / "raw/MANIFEST.csv").exists()
    assert (tmp_path / "raw/MANIFEST.csv").read_bytes() != (small / "raw/MANIFEST.csv").read_bytes()


def test_more_log_rows_make_more_visits(small, tmp_path):
    simulate(tmp_path, stations=12, couriers=120, log_rows=40_000)
    logs = "raw/小程序/events_2023-05.jsonl"
    assert (tmp_path / logs).stat().st_size > 2 * (small / logs).stat().st_size


@pytest.mark.parametrize("folder", ["raw", "place"])
def test_the_committed_sample_is_what_simulate_writes(sample, folder):
    made, committed = uncompressed(sample / folder), uncompressed(DATA / folder)
    assert sorted(made) == sorted(committed), "run: python -m pipeline simulate --out data"
    assert [name for name in made if made[name] != committed[name]] == [], "run: python -m pipeline simulate --out data"


def test_the_committed_sample_equals_its_manifest():
    with (DATA / "raw/MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["path"]: row for row in csv.DictReader(file)}
    there = {name: data for name, data in contents(DATA / "raw").items() if name not in ("README.md", "MANIFEST.csv")}
    assert sorted(listed) == sorted(there)
    for name, data in there.items():
        assert listed[name]["sha256"] == hashlib.sha256(data).hexdigest(), name
        assert (listed[name]["bytes"], listed[name]["is_simulated"]) == (str(len(data)), "true"), name


def test_the_committed_sample_stays_small():
    assert sum(len(data) for data in contents(DATA / "raw").values()) < 9_000_000


def test_the_number_of_areas_is_checked(tmp_path):
    with pytest.raises(ValueError, match="areas"):
        simulate(tmp_path, areas=3)
