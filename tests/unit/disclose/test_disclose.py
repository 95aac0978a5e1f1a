"""The gate: small numbers, lone cells, small shares, undeclared and closed columns."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.disclose import Disclosure, Protect, check, closed_columns, disclose, hidden_rows, hides, threshold
from pipeline.errors import DISCLOSURE, PipelineError

PEOPLE = Protect(n=("n",), values=("value",), basis="respondents")
BASIS = Disclosure(keys=("key",), protect=(PEOPLE,))


def table(*numbers: int) -> pl.DataFrame:
    return pl.DataFrame(
        {"key": list("abcdefgh"[: len(numbers)]), "n": list(numbers), "value": [float(n) for n in numbers]}
    )


def test_the_threshold_is_ten():
    assert threshold() == 10


def test_nine_people_are_hidden_and_ten_are_shown():
    shown = disclose(table(9, 10), BASIS)
    assert shown["suppressed"].to_list() == [True, False]
    assert shown["value"].to_list() == [None, 10.0]
    assert shown["n"].to_list() == [None, 10]


def test_a_hidden_cell_is_null_and_never_zero():
    assert disclose(table(0, 3, 12), BASIS)["value"].to_list() == [None, None, 12.0]


def test_the_input_is_not_changed():
    before = table(3, 20)
    disclose(before, BASIS)
    assert before["n"].to_list() == [3, 20]


def test_one_lone_hidden_cell_takes_a_second_one_with_it():
    basis = Disclosure(keys=("key",), protect=(Protect(n=("n",), values=("value",), basis="respondents", within=()),))
    assert disclose(table(3, 30, 20, 40), basis)["suppressed"].to_list() == [True, False, True, False]


def test_two_hidden_cells_need_no_third():
    basis = Disclosure(keys=("key",), protect=(Protect(n=("n",), values=("value",), basis="respondents", within=()),))
    assert disclose(table(3, 4, 20, 40), basis)["suppressed"].to_list() == [True, True, False, False]


def test_the_second_cell_is_sought_within_its_own_group():
    rows = table(3, 30, 20, 40).with_columns(pl.Series("group", ["x", "x", "y", "y"]))
    basis = Disclosure(
        keys=("group", "key"), protect=(Protect(n=("n",), values=("value",), basis="respondents", within=("group",)),)
    )
    assert disclose(rows, basis)["suppressed"].to_list() == [True, True, False, False]


def test_a_true_zero_is_no_cover():
    part = Protect(n=("n",), values=("value",), basis="couriers", within=(), zeros_open="value")
    assert disclose(table(3, 0, 20, 40), Disclosure(("key",), (), (part,)))["suppressed"].to_list() == [
        True,
        False,
        True,
        False,
    ]


def test_a_recorded_zero_of_a_log_is_an_open_fact():
    part = Protect(n=("n",), values=("value",), basis="couriers", zeros_open="value")
    assert disclose(table(0, 3), Disclosure(("key",), (), (part,)))["value"].to_list() == [0.0, None]


def test_visits_without_keys_are_hidden_however_many():
    rows = pl.DataFrame({"key": ["a"], "n": [0], "value": [500.0]})
    part = Protect(n=("n",), values=("value",), basis="couriers", zeros_open="value")
    assert disclose(rows, Disclosure(("key",), (), (part,)))["value"].to_list() == [None]


def test_every_contributor_column_must_reach_the_threshold():
    rows = pl.DataFrame({"key": ["a"], "n": [50], "m": [9], "value": [1.0]})
    part = Protect(n=("n", "m"), values=("value",), basis="respondents")
    assert disclose(rows, Disclosure(("key",), (), (part,)))["suppressed"].to_list() == [True]


def test_a_share_resting_on_few_is_given_in_steps_of_five_points():
    rows = pl.DataFrame({"key": ["a", "b"], "n": [26, 200], "part": [2, 60], "share": [2 / 26, 0.3046]})
    part = Protect(n=("n",), values=(), shares=("share",), numerator="part", basis="respondents")
    shown = disclose(rows, Disclosure(("key",), (), (part,)))
    assert shown["share"].to_list() == [0.10, 0.305]
    assert shown["part"].to_list() == [None, 60]


@pytest.mark.parametrize("basis", [None, Disclosure(keys=())])
def test_a_table_without_a_basis_is_refused(basis):
    with pytest.raises(PipelineError) as caught:
        disclose(table(20), basis)
    assert caught.value.exit_code == DISCLOSURE


def test_an_undeclared_column_is_refused():
    with pytest.raises(PipelineError, match="undeclared"):
        disclose(table(20).with_columns(pl.lit("x").alias("surprise")), BASIS)


@pytest.mark.parametrize("column", ["courier_key", "respondent_id", "panel_key", "event_id"])
def test_a_restricted_column_is_refused_even_when_declared(column):
    basis = Disclosure(keys=("key", column), protect=(PEOPLE,))
    with pytest.raises(PipelineError, match="must not leave"):
        disclose(table(20).with_columns(pl.lit("x").alias(column)), basis)


def test_office_columns_are_closed_to_the_public_only():
    assert "host_unit" in closed_columns("public")
    assert "host_unit" not in closed_columns("office")


def test_a_table_that_skipped_the_gate_is_refused_at_the_door():
    raw = table(3, 20).with_columns(pl.lit(False).alias("suppressed"))
    with pytest.raises(PipelineError) as caught:
        check(raw, BASIS)
    assert caught.value.exit_code == DISCLOSURE


def test_a_disclosed_table_passes_the_door():
    check(disclose(table(3, 20), BASIS), BASIS)


def test_a_row_with_two_hidden_figures_is_one_hidden_row_and_absent_figures_are_none():
    table = pl.DataFrame(
        {"n": [None, None, 20], "suppressed": [True, False, False], "suppressed_met": [True, False, False]}
    )
    assert hidden_rows(table) == 1 and hides(table)
    assert not hides(table.tail(2)) and not hides(table.select("n"))


def parts_of(n: int, need: int, met: int, unmet: int) -> pl.DataFrame:
    """One group of n people: in need, with and without; shares, and an error that would tell a share exactly."""
    counts = {"key": ["a"], "n": [n], "need": [need], "met": [met], "unmet": [unmet]}
    return pl.DataFrame(counts | {"est": [unmet / n], "se": [0.0123], "need_share": [need / n], "met_share": [met / n]})


BESIDE = Disclosure(
    keys=("key",),
    protect=(
        Protect(
            n=("n",), values=(), shares=("est",), spread=("se",), numerator="unmet", beside=("need", "met"), basis="respondents"
        ),
        Protect(
            n=("n",), values=(), shares=("need_share", "met_share"), numerator="met", beside=("need", "unmet"), basis="respondents",
            flag="suppressed_met",
        ),
    ),
)  # fmt: skip


def test_a_small_part_cannot_be_worked_back_from_the_difference_of_two_large_ones():
    shown = disclose(parts_of(300, 60, 55, 5), BESIDE).row(0, named=True)
    assert shown["need"] is None and shown["met"] is None and shown["unmet"] is None and shown["se"] is None
    assert (shown["est"], shown["need_share"], shown["met_share"]) == (0.0, 0.2, 0.2)


def test_few_people_without_a_need_make_all_its_parts_coarse():
    shown = disclose(parts_of(120, 115, 60, 55), BESIDE).row(0, named=True)
    assert shown["met"] is None and shown["unmet"] is None and shown["est"] == 0.45


def test_parts_that_are_all_large_stay_exact():
    shown = disclose(parts_of(300, 120, 60, 60), BESIDE).row(0, named=True)
    assert (shown["need"], shown["met"], shown["unmet"]) == (120, 60, 60)
    assert (shown["est"], shown["need_share"], shown["se"]) == (0.2, 0.4, 0.0123)


def test_a_hidden_estimate_gives_no_other_reason_than_that_it_is_hidden():
    rows = pl.DataFrame(
        {"key": list("abcd"), "n": [9, 9, 9, 30], "est": [None, 0.5, None, None]}
        | {"withheld_code": ["wide", "", "small_sample", "uncertain"]}
    )
    basis = Disclosure(("key",), ("withheld_code",), (Protect(n=("n",), values=("est",), basis="respondents"),))
    assert disclose(rows, basis)["withheld_code"].to_list() == ["suppressed", "suppressed", "small_sample", "uncertain"]


def test_a_row_with_nothing_to_hide_keeps_its_reason():
    rows = pl.DataFrame({"key": ["a"], "n": [None], "est": [None], "withheld_code": [None]},
                        schema={"key": pl.String, "n": pl.Int64, "est": pl.Float64, "withheld_code": pl.String})  # fmt: skip
    basis = Disclosure(("key",), ("withheld_code",), (Protect(n=("n",), values=("est",), basis="respondents"),))
    assert disclose(rows, basis)["withheld_code"].to_list() == [None]
