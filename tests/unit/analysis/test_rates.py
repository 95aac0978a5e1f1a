"""Rate ratios of use: two groups by hand, known effects found again, covariates that cannot be told named with a reason."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.use import negative_binomial as nb
from pipeline.analysis.use.rates import rate_ratios
from pipeline.errors import PipelineError


def world(seed: int = 20230514, n_stations: int = 20, n_days: int = 84, alpha: float = 0.3) -> pl.DataFrame:
    """Stations of very different size; heat multiplies by 1.05 a degree, a holiday by 0.6, Sunday by 0.8."""
    dice = np.random.default_rng(seed)
    day = np.tile(np.arange(n_days), n_stations)
    heat = np.maximum(0, dice.normal(-2, 6, n_days)).round(1)[day]
    holiday = (day // 7) % 5 == 4
    weekday = day % 7 + 1
    hours = dice.uniform(4, 12, len(day)).round(1)
    mean = (
        hours
        * np.repeat(np.exp(dice.normal(0, 1, n_stations)), n_days)
        * 1.05**heat
        * np.where(holiday, 0.6, 1)
        * np.where(weekday == 7, 0.8, 1)
    )
    return pl.DataFrame({
        "station_id": np.repeat([f"S{n:02d}" for n in range(n_stations)], n_days), "day_on": day, "open_hours": hours, "heat": heat,
        "is_holiday": holiday, "weekday": weekday.astype(str), "n_visits": dice.poisson(mean * dice.gamma(1 / alpha, alpha, len(day))),
    })  # fmt: skip


ALL = ("heat", "weekday", "is_holiday")


def ratio(found, term: str) -> dict:
    return found.table.filter(pl.col("term") == term).row(0, named=True)


def test_two_groups_of_one_station_give_the_ratio_of_their_rates():
    table = pl.DataFrame({"station_id": "A", "day_on": range(8), "open_hours": [4.0, 8.0] * 4, "hot": [False, False, True, True] * 2,
                          "n_visits": [4, 8, 8, 17, 5, 7, 8, 15]})  # fmt: skip
    row = ratio(rate_ratios(table, ["hot"]), "hot")
    assert row["rate_ratio"] == pytest.approx((48 / 24) / (24 / 24))
    assert row["lci"] < 2 < row["uci"] and row["n_days"] == 4 and row["n_events"] == 48


def test_with_a_level_for_each_station_the_ratio_is_the_one_within_stations():
    """A busy station logs the hot days, a quiet one the cool: the crude ratio would be 10, within both it is 1."""
    rows = [("A", d, d < 6, 20) for d in range(9)] + [("B", d, d >= 6, 2) for d in range(9)]
    table = pl.DataFrame(rows, schema=["station_id", "day_on", "hot", "n_visits"], orient="row").with_columns(
        open_hours=5.0
    )
    crude = table.group_by("hot").agg(pl.col("n_visits").mean()).sort("hot")["n_visits"]
    assert crude[1] / crude[0] > 1.5
    assert ratio(rate_ratios(table, ["hot"]), "hot")["rate_ratio"] == pytest.approx(1)


def test_known_effects_and_the_spread_of_counts_are_found_again():
    found = rate_ratios(world(), ALL)
    assert found.method == "negative_binomial" and found.is_converged
    assert found.alpha == pytest.approx(0.3, rel=0.15)
    for term, true in {"heat": 1.05, "is_holiday": 0.6, "weekday=7": 0.8}.items():
        row = ratio(found, term)
        assert abs(np.log(row["rate_ratio"] / true)) < 3 * row["se"] and row["lci"] < true < row["uci"], row


def test_sweeping_station_levels_out_equals_columns_for_them():
    """Maximum of the likelihood with a column for each station: the score of every one of them is zero there."""
    table = world(n_stations=4)
    group = table["station_id"].rank("dense").to_numpy().astype(int) - 1
    y, hours = table["n_visits"].to_numpy().astype(float), table["open_hours"].to_numpy()
    x = np.column_stack([table["heat"].to_numpy(), table["is_holiday"].to_numpy().astype(float)])
    found = nb.fit(y, hours, x, group)
    pull = (y - found.mean) / (1 + found.alpha * found.mean)
    assert np.abs(np.column_stack([x, np.eye(4)[group]]).T @ pull).max() < 1e-5
    height = nb.log_likelihood(y, found.mean, found.alpha)
    assert all(nb.log_likelihood(y, found.mean, found.alpha * step) < height for step in (0.99, 1.01))


def test_counts_that_vary_as_poisson_counts_fall_back_and_say_so():
    dice = np.random.default_rng(1)
    table = pl.DataFrame({"station_id": "A", "day_on": range(40), "open_hours": 8.0, "hot": [False, True] * 20,
                          "n_visits": np.clip(dice.poisson(16, 40), 13, 19)})  # fmt: skip
    found = rate_ratios(table, ["hot"])
    assert (found.method, found.alpha) == ("quasi_poisson", 0.0)
    assert ratio(found, "hot")["rate_ratio"] is not None


def test_what_cannot_be_told_has_no_figure_but_a_reason():
    table = world(n_stations=3, n_days=30).with_columns(
        never=pl.lit(0.0), once=pl.col("day_on") == 4, unknown=pl.lit(None, pl.Float64), twice_heat=pl.col("heat") * 2,
        place=pl.when(pl.col("station_id") == "S00").then(1.0).otherwise(0.0),
    )  # fmt: skip
    found = rate_ratios(table, ["heat", "never", "once", "unknown", "twice_heat", "place"]).table
    assert dict(found.select("term", "reason").iter_rows()) == {
        "heat": "", "never": "no_variation", "once": "few_days", "unknown": "unknown", "twice_heat": "collinear", "place": "collinear"}  # fmt: skip
    assert found.filter(pl.col("reason") != "").select("rate_ratio", "se", "lci", "uci").null_count().row(0) == (5,) * 4


def test_row_order_hours_in_other_units_and_silent_or_shut_rows_change_nothing():
    table = world(n_stations=5, n_days=42)
    plain = rate_ratios(table, ALL)
    silent = table.filter(pl.col("station_id") == "S00").with_columns(
        station_id=pl.lit("Z"), n_visits=pl.lit(0, pl.Int64)
    )
    shut = table.head(9).with_columns(open_hours=pl.lit(0.0))
    other = rate_ratios(pl.concat([table.reverse(), silent, shut]).with_columns(pl.col("open_hours") * 60), ALL)
    assert (other.n_silent, other.n_left_out, other.n_rows) == (1, 9, table.height)
    for name in ("rate_ratio", "se", "lci", "uci"):
        assert np.allclose(plain.table[name].to_numpy(), other.table[name].to_numpy(), rtol=1e-6)


def test_a_day_that_all_stations_share_widens_what_rests_on_days():
    dice = np.random.default_rng(5)
    shared = dice.gamma(10, 0.1, 84)
    table = world(alpha=0.05).with_columns(n_visits=(pl.col("n_visits") * pl.Series(np.tile(shared, 20)) * 3).round().cast(pl.Int64),
                                           row=pl.int_range(pl.len()))  # fmt: skip
    by_day, by_row = (ratio(rate_ratios(table, ALL, cluster=name), "is_holiday")["se"] for name in ("day_on", "row"))
    both = ratio(rate_ratios(table, ALL, cluster=("day_on", "station_id")), "is_holiday")["se"]
    assert by_day > 1.5 * by_row and both >= by_day


def test_nothing_recorded_says_so():
    table = world(n_stations=2, n_days=20).with_columns(n_visits=pl.lit(0))
    found = rate_ratios(table, ["heat"])
    assert found.method == "none" and found.table["reason"].to_list() == ["no_events"]


def test_absent_columns_and_counts_below_zero_are_refused_by_name():
    table = world(n_stations=2, n_days=20)
    with pytest.raises(PipelineError, match="frost"):
        rate_ratios(table, ["frost"])
    with pytest.raises(PipelineError, match="n_visits"):
        rate_ratios(table.with_columns(n_visits=-1), ["heat"])
