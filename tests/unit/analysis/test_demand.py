"""Rates per open hour: by hand, exact where counts are few, wide where days differ, right where busy days end early."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy import stats

from pipeline.analysis.use.demand import gamma_interval, hourly_rates, rule_of_three
from tests.benchmarks.censored_demand import days, demand_error


def rate(counts: list[int], hours: float = 5.0, **how) -> dict:
    table = pl.DataFrame({"station_id": "A", "day_on": range(len(counts)), "n": counts, "h": hours})
    return hourly_rates(table, count="n", exposure="h", **how).row(0, named=True)


def test_the_interval_of_an_even_count_is_the_exact_one_of_poisson():
    for n in (1, 3, 10, 57):
        low, high = gamma_interval(n / 4, n)
        assert stats.poisson.sf(n - 1, low * 4) == pytest.approx(0.025)  # so many or more, were the rate the lower end
        assert stats.poisson.cdf(n, high * 4) == pytest.approx(0.025)


def test_no_event_gives_the_rule_of_three_and_no_lower_end_above_nothing():
    row = rate([0] * 20)
    assert (row["est"], row["lci"], row["method"]) == (0.0, 0.0, "rule_of_three")
    assert row["uci"] == pytest.approx(3 / 100, rel=0.01)
    assert stats.poisson.cdf(0, rule_of_three(100) * 100) == pytest.approx(0.05)


def test_days_that_differ_have_fewer_effective_events_and_a_wider_interval():
    even, uneven = rate([10] * 10), rate([0, 20] * 5)
    assert even["n_eff"] == 100 and even["est"] == uneven["est"] == 2.0
    assert uneven["n_eff"] == pytest.approx(100**2 / (10 / 9 * 10 * 10**2))  # Σ² / (D/(D-1) Σ (n - mean)²)
    assert uneven["uci"] - uneven["lci"] > 2 * (even["uci"] - even["lci"])


def test_one_day_gives_a_rate_without_an_interval_and_no_hours_give_nothing():
    assert [rate([7])[name] for name in ("est", "lci", "uci", "method")] == [1.4, None, None, "one_day"]
    assert [rate([7, 8], hours=0.0)[name] for name in ("est", "n_events", "method")] == [None, 0, "no_hours"]


def test_groups_without_any_hour_keep_their_row():
    table = pl.DataFrame(
        {
            "service_code": ["water", "water", "rest"],
            "station_id": "A",
            "day_on": [1, 2, 1],
            "n": [5, 5, None],
            "h": [5.0, 5.0, 9.0],
        }
    )
    found = hourly_rates(table, ["service_code"], count="n", exposure="h")
    assert found.select("service_code", "est", "method").rows() == [("water", 1.0, "ratio"), ("rest", None, "no_hours")]


def test_stations_weigh_by_the_column_named():
    table = pl.DataFrame({"station_id": ["A", "A", "B", "B"], "day_on": [1, 2, 1, 2], "n": [4, 6, 20, 20], "h": [5.0, 5.0, 5.0, 5.0],
                          "open_hours": [30.0, 30.0, 10.0, 10.0]})  # fmt: skip
    plain, weighted = (
        hourly_rates(table, count="n", exposure="h", weight=name)["est"][0] for name in (None, "open_hours")
    )
    assert plain == pytest.approx(2.5) and weighted == pytest.approx((1 * 30 + 4 * 10) / 40)


def test_a_day_that_all_stations_share_counts_once():
    apart = pl.DataFrame(
        {"station_id": np.repeat(range(8), 2), "day_on": [0, 1] * 8, "n": [10, 20, 20, 10] * 4, "h": 5.0}
    )
    together = apart.with_columns(n=pl.Series([10, 20] * 8))
    n_eff = [hourly_rates(table, count="n", exposure="h")["n_eff"][0] for table in (apart, together)]
    assert n_eff[0] == 240 and n_eff[1] < 20


def test_where_days_differ_the_ratio_runs_low_and_the_model_does_not():
    found = demand_error(range(4), spread=0.3, n_stations=20).rows_by_key("way", named=True, unique=True)
    assert found["recorded"]["bias"] < found["ratio"]["bias"] < -0.08
    assert abs(found["model"]["bias"]) < 0.03 and found["model"]["coverage"] > 0.88


def test_order_of_rows_and_unit_of_hours_change_nothing():
    table = days(3, n_stations=4)
    plain = hourly_rates(table, ["station_id"]).sort("station_id")
    other = hourly_rates(table.reverse().with_columns(pl.col("hours_until_stock_out") * 60), ["station_id"]).sort(
        "station_id"
    )
    for name in ("est", "lci", "uci"):
        assert np.allclose(plain[name], other[name] * 60, rtol=1e-5)
