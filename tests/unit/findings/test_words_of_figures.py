"""What is said of few, of borrowed figures and of ranks."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline import findings
from pipeline.findings.estimating.method import method_of
from pipeline.findings.staff_vs_couriers import _ranks
from tests.unit.findings.two_waves import warehouse, wave


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    return warehouse((wave("w1", 5), 60, 60), tmp_path=tmp_path_factory.mktemp("one"))


@pytest.mark.parametrize(("n", "told"), [(9, False), (10, True)])
def test_the_line_on_method_tells_no_number_below_the_threshold(con, n, told):
    con.execute("delete from audit.weight_reports")
    row = {
        "wave_code": "w1",
        "area_code": "QC",
        "weight_set_code": "equal",
        "is_in_use": True,
        "method": "equal",
        "margins": "",
    }
    row |= {
        "population_code": "attached",
        "speaks_for": "respondents",
        "n": n,
        "n_eff": float(n),
        "population": float(n),
        "iterations": 0,
    }
    report = pl.DataFrame([row | dict.fromkeys(("max_margin_error", "g_min", "g_max", "cv", "kish_deff"), 1.0)])  # noqa: F841
    con.execute("insert into audit.weight_reports by name select * from report")
    zh, en = method_of(con, ["w1"], findings.context_for(con, period="2023Q2"))
    assert (f"{n}人" in zh, f"{n} of them" in en) == (told, told)


def test_a_rank_that_is_not_certain_is_told_with_those_it_may_be():
    assert _ranks({"rank_from": 2, "rank_to": 5}) == ("（第2至第5都有可能）", " (anywhere from 2 to 5)")
    assert _ranks({"rank_from": 1, "rank_to": 1}) == _ranks({"rank_from": None, "rank_to": None}) == ("", "")
