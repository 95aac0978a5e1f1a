"""Stations borrow from open hours and recorded use where thirty of them can be modelled; else they keep their own figures."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl
import pytest

from pipeline.analysis.survey.design import as_drawn_at_random
from pipeline.findings.estimating.modelled import modelled_rows
from pipeline.findings.estimating.sample import Sample

N_EACH = 30


def town(n_stations: int) -> tuple[duckdb.DuckDBPyConnection, Sample, pl.DataFrame, np.ndarray]:
    """Stations open 20 to 90 hours, need falling from .8 to .2 with them; thirty answer at each."""
    hours = np.linspace(20, 90, n_stations)
    truth = np.linspace(0.8, 0.2, n_stations)
    rng = np.random.default_rng(5)
    con = duckdb.connect()
    con.register("frame", pl.DataFrame({"station_id": [f"S{k:02d}" for k in range(n_stations)], "period_code": "2023Q2",
                                        "open_minutes_per_week": hours * 60, "n_visits": rng.integers(50, 500, n_stations)}))  # fmt: skip
    con.execute("create schema mart; create table mart.station_profiles as select * from frame")
    at = np.repeat(np.arange(n_stations), N_EACH)
    people = pl.DataFrame({"person": [f"p{i:04d}" for i in range(len(at))], "station_id": [f"S{k:02d}" for k in at],
                           "weight": np.ones(len(at))})  # fmt: skip
    sample = Sample("w", "QC", "attached", "equal", None, people, as_drawn_at_random(np.ones(len(at))))
    yes = rng.random(len(at)) < truth[at]
    answers = pl.DataFrame(
        {"person": people["person"], "item_code": "", "answer_code": pl.Series(np.where(yes, "yes", "no"))}
    )
    return con, sample, answers, truth


def test_shares_that_follow_open_hours_come_nearer_the_truth():
    con, sample, answers, truth = town(40)
    rows, model = modelled_rows(con, sample, answers, "yes", "2023Q2")
    shown = rows.with_columns(truth=pl.Series(truth)).drop_nulls("modelled_est")
    direct = rows["n_chosen"].to_numpy() / N_EACH
    assert shown.height > 30 and model is not None and model.beta[1] < 0
    assert (shown["modelled_est"] - shown["truth"]).abs().mean() < 0.6 * np.abs(direct - truth).mean()
    assert (shown["truth"].is_between(shown["modelled_lci"], shown["modelled_uci"])).mean() > 0.85


def test_fewer_than_thirty_stations_are_not_modelled():
    con, sample, answers, _ = town(29)
    rows, model = modelled_rows(con, sample, answers, "yes", "2023Q2")
    assert model is None and rows["modelled_est"].null_count() == rows.height == 29


def test_a_station_without_hours_keeps_its_own_figure_only():
    con, sample, answers, _ = town(40)
    con.execute("update mart.station_profiles set open_minutes_per_week = null where station_id = 'S00'")
    rows, _ = modelled_rows(con, sample, answers, "yes", "2023Q2")
    first = rows.row(0, named=True)
    assert (first["by_code"], first["modelled_est"], first["own_weight"]) == ("S00", None, None)
    assert first["n"] == N_EACH


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_either_answer_may_be_asked_for(answer):
    con, sample, answers, _ = town(30)
    rows, _ = modelled_rows(con, sample, answers, answer, "2023Q2")
    assert rows["n"].to_list() == [N_EACH] * 30 and set(rows["answer_code"]) == {answer}
