"""Use over days of a whole study of two areas: groups add up to everybody, every measure runs in one call, each area by itself."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.findings import explore
from pipeline.findings.explore import tell_use
from pipeline.findings.explore.use_days import station_days

pytestmark = [pytest.mark.xdist_group("town"), pytest.mark.slow]


@pytest.fixture
def study(processed):
    con, choices = explore.begin(data=processed.parent, out=processed)
    with con:
        yield con, choices


@pytest.mark.parametrize("service", [None, "all"])
def test_visits_of_all_groups_add_up_to_those_of_everybody(study, service):
    con, choices = study
    groups = [row[0] for row in con.sql("select code from ref.codes where list_code = 'user_groups'").fetchall()]
    whole = station_days(con, choices, service=service)
    parts = pl.concat([station_days(con, choices, service=service, user_groups=[group]) for group in groups])
    assert whole.height > 20 and whole["n_visits_all"].sum() > 20
    assert parts["n_visits_all"].sum() == whole["n_visits_all"].sum()
    assert parts["n_visits"].sum() == pytest.approx(
        whole["n_visits"].sum(), rel=0.01
    )  # two groups may both fail at the moment it runs out


def test_every_measure_of_use_over_days_runs_for_each_area_and_says_something(study):
    con, choices = study
    rates, hourly = explore.use_rates(con, choices), explore.hourly_demand(con, choices)
    lifts, fixes = explore.activity_lift(con, choices), explore.fix_effect(con, choices)
    for table in (rates, hourly, lifts, fixes):
        assert set(table["area_code"]) <= set(choices.context.areas) and table.height
        assert (
            table.filter(pl.col("est").is_null() & ~pl.col("suppressed") & (pl.col("reason") == ""))["label"].to_list()
            == []
        )
        assert (
            (table.drop_nulls("lci").select((pl.col("lci") <= pl.col("est")) & (pl.col("est") <= pl.col("uci"))))
            .to_series()
            .all()
        )
        assert (table["n_keys"].drop_nulls() >= 10).all()
    for said in (
        tell_use.rates(rates, choices),
        tell_use.hourly_demand(hourly, choices),
        tell_use.lift(lifts, choices),
        tell_use.lift(fixes, choices, "fix"),
    ):
        assert said.zh and "None" not in said.zh + said.en and "nan" not in said.zh
