"""Every number of the town that was worked out by hand (tests/town/README.md), from raw files to what leaves."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import duckdb
import pytest

from pipeline.findings.estimating.needs import need_estimates
from pipeline.findings.estimating.sample import period_samples

EXPECTED = tomllib.loads((Path(__file__).resolve().parents[1] / "town" / "expected.toml").read_text(encoding="utf-8"))
pytestmark = [pytest.mark.xdist_group("town"), pytest.mark.slow]


@pytest.fixture(scope="module")
def con(town):
    """The town's warehouse."""
    with duckdb.connect(str(town[0] / "processed" / "warehouse.duckdb"), read_only=True) as connection:
        yield connection


def written(value):
    """A value as expected.toml writes it: null and booleans as words."""
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else value


@pytest.mark.parametrize("query", EXPECTED["query"], ids=lambda query: query["name"])
def test_a_table_holds_what_was_counted_by_hand(con, query):
    found = [[written(value) for value in row] for row in con.sql(query["sql"]).fetchall()]
    assert found == [[pytest.approx(v, abs=1e-6) if isinstance(v, float) else v for v in row] for row in query["rows"]]


@pytest.mark.parametrize(("table", "rows"), EXPECTED["n_rows"].items())
def test_a_table_has_as_many_rows_as_were_counted(con, table, rows):
    assert con.sql(f"select count(*) from {table}").fetchall()[0][0] == rows


def test_every_raw_row_is_accounted_for(con):
    found = con.sql(
        "select path, source_sheet, n_read, n_clean, n_duplicate, n_rejected, n_set_aside from audit.row_ledger "
        "join audit.source_files using (source_file_id) where coalesce(source_code, '') <> 'place'"
    ).fetchall()
    assert sorted(map(list, found)) == sorted(EXPECTED["row_ledger"])


def test_every_row_that_is_not_clean_says_why(con):
    found = con.sql(
        "select path, source_sheet, source_row, fate, reason_code from audit.row_fates join audit.source_files using (source_file_id)"
    ).fetchall()
    assert sorted(map(list, found)) == sorted(EXPECTED["row_fates"])


def test_both_forms_of_the_questionnaire_agree_in_every_row(con):
    assert con.sql("select count(*) from audit.notices where reason_code = 'pair_disagrees'").fetchall()[0][0] == 0


def test_coordinates_are_moved_by_the_half_kilometre_of_gcj02(con):
    metres = con.sql(
        "select station_id, sqrt(power((lon - lon_raw) * 85270, 2) + power((lat - lat_raw) * 111195, 2)) "
        "from clean.stations where lon is not null order by 1"
    ).fetchall()
    assert [station for station, _ in metres] == ["AA-S1", "AA-S2"]
    assert all(distance == pytest.approx(545, abs=30) for _, distance in metres)


def test_free_text_keeps_its_words_and_loses_its_phone(con):
    said = con.sql(
        "select value_text from clean.answers where question_code = 'q8' and state = 'answered' order by 1"
    ).fetchall()
    assert [text for (text,) in said] == ["多放几把椅子", "请打〔已隐去〕找我"]


@pytest.mark.parametrize("wanted", EXPECTED["estimate"], ids=lambda e: f"{e['what']} {e['service_code']}")
def test_a_share_and_its_error_are_what_was_worked_out_by_hand(con, wanted):
    (sample,) = period_samples(con, "2023Q2")
    found = getattr(need_estimates(con, sample), wanted["what"]).table()
    (row,) = found.filter(service_code=wanted["service_code"]).iter_rows(named=True)
    assert (row["est"], row["se"]) == (pytest.approx(wanted["est"], abs=1e-6), pytest.approx(wanted["se"], abs=1e-6))
    assert row["n"] == wanted["n"]


def rows_of(processed, finding):
    """The rows of one finding's CSV."""
    (path,) = processed.glob(f"findings/2023Q2/data/{finding}.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("finding", EXPECTED["finding"], ids=lambda finding: finding["id"])
def test_what_leaves_is_what_may_leave(processed, finding):
    rows = rows_of(processed, finding["id"])
    assert len(rows) == finding.get("n_rows", len(rows))
    for cells in finding["cells"]:
        where = cells["where"]
        (row,) = [row for row in rows if all(row[name] == value for name, value in where.items())]
        for name, value in cells.items():
            if name == "where":
                continue
            if isinstance(value, (int, float)):
                assert float(row[name]) == pytest.approx(value, abs=0.0006 if name in ("lci", "uci") else 1e-9), (
                    where,
                    name,
                )
            else:
                assert row[name] == value, (where, name)


def test_no_number_below_ten_people_leaves(processed):
    for path in processed.glob("findings/2023Q2/data/*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                for name in ("n", "n_keys", "n_need", "n_unmet"):
                    assert row.get(name) in (None, "") or float(row[name]) >= 10 or float(row[name]) == 0, (
                        path.name,
                        row,
                    )
