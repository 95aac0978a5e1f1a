"""What must hold for any counts: the order of rows, the unit of time and the names of stations do not matter; totals agree."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analysis.use import negative_binomial as nb
from pipeline.analysis.use.demand import gamma_interval, hourly_rates

COUNTS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 60), st.integers(1, 24)), min_size=4, max_size=40)


def table(rows: list[tuple[int, int, int]]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"station_id": f"S{place}", "day_on": day, "n": n, "h": float(hours)}
            for day, (place, n, hours) in enumerate(rows)
        ]
    )


@settings(max_examples=40, deadline=None)
@given(COUNTS)
def test_a_rate_of_even_days_is_events_over_hours_and_lies_in_its_interval(rows):
    found = hourly_rates(table(rows), count="n", exposure="h", even_days=True).row(0, named=True)
    n, hours = sum(row[1] for row in rows), sum(row[2] for row in rows)
    assert found["est"] == pytest.approx(n / hours) and found["n_events"] == n
    assert 0 <= found["lci"] <= found["est"] <= found["uci"]
    assert found["n_eff"] <= n


@settings(max_examples=30, deadline=None)
@given(COUNTS, st.sampled_from([60.0, 1 / 24]))
def test_time_in_another_unit_scales_the_rate_and_its_interval(rows, unit):
    plain, other = (
        hourly_rates(table(rows).with_columns(pl.col("h") * by), count="n", exposure="h").row(0, named=True)
        for by in (1.0, unit)
    )
    for name in ("est", "lci", "uci"):
        assert other[name] * unit == pytest.approx(plain[name], rel=1e-4, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.5, 500), st.floats(1, 5))
def test_fewer_effective_events_never_narrow_an_interval(n_eff, factor):
    many, few = gamma_interval(1.0, n_eff * factor), gamma_interval(1.0, n_eff)
    assert few[0] <= many[0] * (1 + 1e-12) and few[1] >= many[1] * (1 - 1e-12)  # but for rounding


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=12, max_size=30))
def test_at_its_maximum_neither_a_station_nor_a_column_pulls_on_the_likelihood(counts):
    count = np.array(counts, dtype=float)
    group = np.arange(len(count)) % 3
    x = (np.arange(len(count)) % 2).astype(float)[:, None]
    found = nb.fit(count, np.ones(len(count)), x, group)
    assert found.is_converged
    pull = (count - found.mean) / (1 + found.alpha * found.mean)
    assert np.abs(np.bincount(group, pull)).max() < 1e-5 and abs(float(x[:, 0] @ pull)) < 1e-5
