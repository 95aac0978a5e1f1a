"""Why a verdict is what it is."""

import tomllib

import polars as pl
import pytest

from pipeline.analysis.verdicts.reasons import ALWAYS, CELL, TOLD, cell_reasons, station_reasons
from pipeline.paths import METADATA

QUIET = {
    "verdict_code": "met", "is_evaluable": True, "p_needed": 0.9, "need_basis_code": "station", "is_offered": True, "served": 0.0,
    "unserved": 0.0, "n": 20, "checks_weight": 1.0,
    **{f"told_{name}": 0.0 for name in ("checks", "facilities", "outcomes", "stocks", "use", "met")},
}  # fmt: skip
CALM = {
    "verdict_code": "unmet", "is_evaluable": True, "p_needed": 0.9, "p_gap": 0.9, "need_basis_code": "cell", "n": 20, "n_stations": 2,
    "p_bare": 0.0, "p_hidden": 0.0, "p_fails": 0.0, "p_unheard": 0.0,
}  # fmt: skip
TYPES = {"p_needed": pl.Float64, "served": pl.Float64, "unserved": pl.Float64, "n": pl.Int64, "is_offered": pl.Boolean,
         "need_basis_code": pl.String, "p_gap": pl.Float64}  # fmt: skip


def said(**changes):
    """Reasons of one station and service."""
    rows = pl.DataFrame([QUIET | changes], schema_overrides=TYPES)
    return station_reasons(rows, doubles=2.0, few=10)[0].split(",")


def of_cell(**changes):
    rows = pl.DataFrame([CALM | changes], schema_overrides=TYPES)
    return cell_reasons(rows, few=10)[0].split(",")


def test_without_anything_to_say_there_is_no_reason():
    assert said() == [""]


@pytest.mark.parametrize(
    ("verdict", "changes", "reasons"),
    [
        ("low_need", {"p_needed": 0.1, "need_basis_code": "area", "n": None}, ["need_low", "need_from_area", "few_answers"]),
        ("unmet", {"is_offered": False, "unserved": 2.0}, ["not_declared", "asked_though_not_declared"]),
        ("unmet", {"is_offered": None}, ["ledger_silent", "not_in_log"]),
        ("hidden_demand", {"is_offered": False, "served": 9.0}, ["not_declared", "used_though_not_declared"]),
        ("declared_but_failing", {"told_facilities": -3.0, "told_checks": -1.0}, ["nothing_working", "checks_not_met"]),
        ("declared_but_failing", {"told_outcomes": -1.0, "told_stocks": -1.0}, ["refused", "stock_outs"]),
        ("unknown_to_users", {"told_use": -2.0, "told_met": -1.0, "told_checks": 1.0}, ["little_used", "little_met", "checks_met"]),
        ("met", {"told_facilities": 1.0, "told_use": 1.0}, ["facilities_work", "used_as_expected"]),
        ("no_evidence", {"is_evaluable": False}, ["out_of_season"]),
        ("no_evidence", {"p_needed": None, "need_basis_code": None}, ["need_unknown"]),
        ("met", {"p_needed": None, "need_basis_code": None, "told_use": 1.0}, ["used_as_expected", "need_unknown"]),
        ("no_evidence", {"served": None, "unserved": None, "checks_weight": 0.0}, ["nobody_looked", "no_log", "no_checks"]),
    ],
)  # fmt: skip
def test_the_reasons_of_each_verdict(verdict, changes, reasons):
    assert said(verdict_code=verdict, **changes) == reasons


def test_evidence_that_less_than_doubles_the_odds_is_not_named():
    assert said(told_use=0.6) == [""] and said(told_use=0.7) == ["used_as_expected"]


@pytest.mark.parametrize(
    ("verdict", "changes", "reasons"),
    [
        ("low_need", {"need_basis_code": "use", "n": None}, ["need_low", "need_from_use"]),
        ("met", {}, ["few_go_without"]),
        ("unmet", {"n_stations": 0, "p_bare": 1.0}, ["many_go_without", "no_station"]),
        ("unmet", {"p_bare": 0.9}, ["many_go_without", "none_declares"]),
        ("unmet", {}, ["many_go_without", "too_little"]),
        ("hidden_demand", {"p_bare": 0.9}, ["many_go_without", "none_declares", "used_though_not_declared"]),
        ("declared_but_failing", {}, ["many_go_without", "none_works"]),
        ("unknown_to_users", {"need_basis_code": "area", "n": 4}, ["many_go_without", "none_known", "need_from_area", "few_answers"]),
        ("no_evidence", {"p_gap": None}, ["gap_unknown"]),
    ],
)  # fmt: skip
def test_the_reasons_of_each_verdict_of_a_cell(verdict, changes, reasons):
    assert of_cell(verdict_code=verdict, **changes) == reasons


def test_every_reason_has_words_and_every_word_a_reason():
    text = (METADATA / "codebooks" / "verdict_reasons.toml").read_text(encoding="utf-8")
    words = {block["code"] for block in tomllib.loads(text)["code"]}
    assert words == {*ALWAYS, *(code for told in (TOLD, CELL) for codes in told.values() for code in codes)}
