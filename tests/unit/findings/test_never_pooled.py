"""Two waves of different people in one quarter: no figure anywhere rests on more people than one of them asked."""

from __future__ import annotations

import ast
import re

import polars as pl
import pytest

from pipeline import findings
from pipeline.findings import explore, measures
from pipeline.findings.counts import asked
from pipeline.paths import PACKAGE
from pipeline.warehouse import dictionary, marts
from tests.unit.findings.two_waves import warehouse, wave

SIZES = {"w1": 120, "w2": 180}
PEOPLE = re.compile(r"clean\.(respondents|valid_respondents|answers|service_needs)\b")
COUNTS = re.compile(r"^(n|n_(total|asked|need|judged|met|unmet|need_met|chosen|respondents|valid|flagged|blank))$")
DATES_ONLY = {"periods"}  # takes the days of answers, no figures


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    """120 attached couriers and 180 who deliver there, asked alike in one quarter; a station and a cell that all name."""
    asked = (wave("w1", 4), 60, 60), (wave("w2", 5, population="delivering"), 135, 45)
    return warehouse(*asked, tmp_path=tmp_path_factory.mktemp("two"), station_id="QC-S1", grid_id="QC-G1")


def too_many(table):
    """Counts of people above the size of the wave they are said to come from (of the larger one where none is named)."""
    limit = pl.col("wave_code").replace_strict(SIZES, default=180) if "wave_code" in table.columns else pl.lit(180)
    counts = [name for name in table.columns if COUNTS.match(name)]
    return [name for name in counts if table.select((pl.col(name) > limit).any()).item()]


@pytest.mark.parametrize("name", list(findings.registry()))
def test_no_finding_counts_more_people_than_one_wave_asked(con, name):
    context = findings.context_for(con, period="2023Q2")
    raw = findings.registry()[name].table(con, context)
    assert too_many(raw) == []
    (result,) = findings.evaluate(con, [name], context)
    assert name == "data_quality" or result.n is None or result.n <= 180


def test_a_finding_shows_both_waves_apart_with_their_populations(con):
    (result,) = findings.evaluate(con, ["top_needed_services"], findings.context_for(con, period="2023Q2"))
    water = result.table.filter(service_code="water").sort("wave_code")
    assert water.select("wave_code", "population_code", "n", "est").rows() == [
        ("w1", "attached", 120, 0.5),
        ("w2", "delivering", 180, 0.75),
    ]


def test_what_a_station_and_a_cell_are_told_comes_from_one_wave(con):
    for mart, place in (("service_gap", "station_id"), ("service_gap_by_grid", "grid_id")):
        found = con.sql(
            f"select distinct {place}, wave_code, population_code, n_asked from mart.{mart} where n_asked is not null"
        )
        assert [row[1:] for row in found.fetchall()] == [("w2", "delivering", 180)]
    assert con.sql("select wave_code, population_code, n_respondents from mart.station_profiles").fetchall() == [
        ("w2", "delivering", 180)
    ]


def test_whoever_explores_sees_one_population_at_a_time(con):
    for population, n in (("attached", 120), ("delivering", 180), (None, 180)):
        choices = explore.choose(con, period="2023Q2", population=population)
        tables = [
            explore.answers(con, choices, "need"),
            explore.needs_and_gaps(con, choices),
            explore.flags(con, choices),
        ]
        assert [table["n"].max() for table in tables] == [n, n, n]
        assert [too_many(table) for table in tables] == [[], [], []]


def test_measures_of_a_quarter_keep_its_waves_apart(con):
    for table in (measures.gap_table(con, "2023Q2"), measures.survey_quality(con)):
        assert set(table["wave_code"]) == {"w1", "w2"} and too_many(table) == []


@pytest.mark.parametrize("name", sorted(marts.files()))
def test_a_mart_made_from_answers_names_the_wave(con, name):
    text = re.sub(r"--[^\n]*", "", marts.files()[name].read_text(encoding="utf-8"))
    columns = {row[0] for row in con.execute(f"describe mart.{name}").fetchall()}
    assert not PEOPLE.search(text) or name in DATES_ONLY or "wave_code" in columns


def sql_texts():
    """Every text in the code of findings and exports that reads answers or respondents."""
    for folder in ("findings", "export"):
        for path in sorted((PACKAGE / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                whole = ast.unparse(node) if isinstance(node, ast.Constant | ast.JoinedStr) else ""
                if PEOPLE.search(whole) and "from clean" in whole:
                    yield f"{path.name}:{node.lineno}", whole


def test_every_query_of_answers_says_of_which_wave():
    found = dict(sql_texts())
    assert (
        found
        and [where for where, text in found.items() if "wave_code" not in text and path_is_not_a_leak_check(where)]
        == []
    )


def path_is_not_a_leak_check(where):
    """The check of outgoing files looks for every identifier there is, and shows none."""
    return not where.startswith("leak_check.py")


def test_the_views_of_people_carry_their_wave():
    tables = dictionary.tables()
    for name in (
        "clean.respondents",
        "clean.answers",
        "clean.valid_respondents",
        "clean.service_needs",
        "clean.respondent_weights",
    ):
        assert "wave_code" in {column.name for column in tables[name].columns}


def test_people_of_several_areas_are_added_up_within_one_population_only():
    rows = {"wave_code": ["a", "b", "c"], "population_code": ["attached", "delivering", "attached"], "n": [30, 50, 20]}
    table = pl.DataFrame({"area_code": ["AA", "BB", "CC"], **rows})
    assert asked(table) == 50 and asked(table.filter(pl.col("area_code") == "BB")) == 50
