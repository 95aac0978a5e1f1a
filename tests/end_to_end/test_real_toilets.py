"""200 public toilets of Haikou, as a map service's data came: a contract in the place is all it takes to load them."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.__main__ import main

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "real" / "fac-haikou-toilets" / "haikou_toilets.json"
pytestmark = [
    pytest.mark.skipif(not REAL.is_file(), reason="the folder of real files is not on this machine"),
    pytest.mark.slow,
    pytest.mark.xdist_group("toilets"),
]
STUDY = """\
name_zh = "海口公厕"
name_en = "Public toilets of Haikou"
is_simulated = false
[[areas]]
code = "HK"
label_zh = "海口"
label_en = "Haikou"
"""
OUTLINE = """\
[[boundary]]
area_code = "HK"
outline_wkt = "POLYGON((110.1 19.5, 110.75 19.5, 110.75 20.1, 110.1 20.1, 110.1 19.5))"
source = "手画的方框"
"""
CONTRACT = """\
code = "public_toilets"
label_zh = "公共厕所"
label_en = "Public toilets"
files = ["公厕/*.json"]
datum = "gcj02"
as_of = "filename"
key = ["local_code"]

[[column]]
name = "local_code"
headings = ["_id"]
not_null = true

[[column]]
name = "name"
headings = ["name"]
not_null = true

[[column]]
name = "address"
headings = ["address"]

[[column]]
name = "point"
headings = ["location.coordinates"]
type = "coordinate_pair"
order = "lon_lat"
not_null = true

[[table]]
name = "clean.stations"
set = { class_code = "social" }
"""
LOG = """\
code = "log_visits"
label_zh = "使用记录"
label_en = "Visits"
files = ["记录/*.csv"]
kind = "log"
grain = "use"

[[column]]
name = "station"
headings = ["公厕"]
required = true

[[column]]
name = "used_at"
headings = ["时间"]
required = true

[[table]]
name = "clean.service_events"
set = { service_code = "toilet" }
"""
VISITS = (
    "公厕,时间\nB0K64AMVY9,2025-07-09 10:00\n公共厕所,2025-07-09 11:00\n"  # a code, and a name that 82 toilets carry
)


def run(root):
    """A study with this one file and a log of two visits, run: its warehouse."""
    for path, text in (
        ("place/study.toml", STUDY),
        ("place/outlines.toml", OUTLINE),
        ("place/sources/public_toilets.toml", CONTRACT),
        ("place/sources/log_visits.toml", LOG),
        ("raw/记录/使用_2025-07.csv", VISITS),
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    (root / "raw" / "公厕").mkdir()
    shutil.copy(REAL, root / "raw" / "公厕" / "公厕_2025-07-09.json")
    assert main(["run", "--data", str(root)]) == 0
    return duckdb.connect(str(root / "processed" / "warehouse.duckdb"), read_only=True)


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    with run(tmp_path_factory.mktemp("haikou") / "海口") as connection:
        yield connection


def test_every_toilet_is_accounted_for_and_loads(con):
    ledger = con.sql(
        "select n_read, n_clean, n_duplicate, n_rejected, n_set_aside from audit.row_ledger where n_read = 200"
    )
    assert ledger.fetchall() == [(200, 200, 0, 0, 0)]
    assert con.sql("select count(*), count(distinct station_id), any_value(datum) from clean.stations").fetchall() == [
        (200, 200, "gcj02")
    ]


def test_they_stand_half_a_kilometre_from_where_the_file_says(con):
    kept = con.sql("select lon_raw, lat_raw from clean.stations where local_code = 'B0K64AMVY9'").fetchall()
    assert kept == [(110.193694, 20.050602)]
    (least, most), = con.sql(
        "select min(m), max(m) from (select sqrt(((lon_raw - lon) * 104600) ** 2 + ((lat_raw - lat) * 110700) ** 2) as m "
        "from clean.stations)"
    ).fetchall()  # fmt: skip
    assert 400 < least < most < 700


def test_names_that_several_toilets_carry_are_reported(con):
    (n,), = con.sql(
        "select count(*) from clean.stations where name in (select name from clean.stations group by name having count(*) > 1)"
    ).fetchall()  # fmt: skip
    assert con.sql("select count(*) from clean.stations where name = '公共厕所'").fetchall() == [(82,)]
    said = con.sql("select column_name, n from audit.notices where reason_code = 'repeated_name'").fetchall()
    assert said == [("name", n)] and n > 82


def test_a_name_that_several_carry_means_none_of_them(con):
    assert con.sql("select station_id from clean.service_events").fetchall() == [("HK-B0K64AMVY9",)]
    fates = con.sql("select source_row, reason_code from audit.row_fates where fate = 'rejected'").fetchall()
    assert fates == [(3, "unknown_station")]
