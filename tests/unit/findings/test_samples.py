"""Whom a sample stands for: groups nobody counted, sets of weights a wave lacks, waves without anybody left, people outside every group."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.contracts.wave import FLAGS
from pipeline.errors import PipelineError
from pipeline.findings import measures
from pipeline.findings.estimating.areas import area_rows
from pipeline.findings.estimating.sample import take_domain, take_sample
from tests.unit.findings.two_waves import warehouse, wave


@pytest.fixture()
def con(tmp_path):
    """60 couriers in need of water, without it, and 60 not; the first 40 name station S1, the last 20 station S2, the others none."""
    con = warehouse((wave("w1", 5), 60, 60), tmp_path=tmp_path)
    con.execute(
        "update clean.respondents set station_id = case when cast(respondent_id as integer) < 40 then 'QC-S1' "
        "when cast(respondent_id as integer) >= 100 then 'QC-S2' end"
    )
    return con


def test_office_staff_are_no_part_of_the_couriers_counted(con):
    con.execute("update ref.waves set frame_total = 150")
    con.execute("update clean.respondents set user_group_code = 'office_staff'")
    staff, persons = take_domain(con, "w1", "QC", None, None, ["office_staff"])
    assert persons is None and staff.frame.height == 120
    assert staff.population is None and staff.response_rate is None and not staff.design.fraction.any()
    assert staff.speaks_for == "respondents"


def test_a_set_of_weights_that_no_wave_has_is_refused(con):
    with pytest.raises(PipelineError) as caught:
        measures.share_of_answers(con, "w1", "need", weight_set="rakd")
    assert caught.value.exit_code == 2 and caught.value.problems[0].code == "unknown_weight_set"


def test_a_wave_that_lacks_the_set_named_speaks_for_its_respondents_alone(con):
    con.execute(
        "insert into clean.respondent_weights by name select 'w0' as wave_code, '1' as respondent_id, 'QC' as area_code, "
        "'raked' as weight_set_code, 2.0 as weight, 'f' as source_file_id, '' as source_sheet, 1 as source_row"
    )
    sample = take_sample(con, "w1", "QC", weight_set="raked")
    assert (sample.weight_set, sample.speaks_for, sample.frame["weight"].unique().to_list()) == (
        "equal",
        "respondents",
        [1.0],
    )


def test_a_wave_of_which_every_flag_leaves_nobody_has_no_figure(con):
    con.execute("update clean.respondents set is_speeder = true")
    assert measures.share_of_answers(con, "w1", "need", drop_flags=FLAGS).is_empty()
    assert take_sample(con, "w1", "QC", drop_flags=["speeder"]).frame.is_empty()


def test_stations_that_borrow_add_up_to_those_who_name_one(con):
    """All 40 of S1 go without water, none of the 20 of S2: two thirds of both together, though half of everybody."""
    rows = area_rows(con, take_sample(con, "w1", "QC"), "station_id").filter(pl.col("service_code") == "water")
    assert rows.select("by_code", "n", "n_unmet").rows() == [("QC-S1", 40, 40), ("QC-S2", 20, 0)]
    assert rows["shrunken_est"].to_numpy() @ rows["n"].to_numpy() / 60 == pytest.approx(40 / 60, abs=1e-6)
