"""The sample's demand, set against what was truly asked for: what the stock-outs hide from the log, and what is won back.

The log keeps a part of all uses (who has the mini-program, which stations keep a register), so that every rate is compared
with the truth times that part. The part is taken from what was served at the station, whatever the service.
"""

import duckdb
import polars as pl
import pytest

pytestmark = [pytest.mark.xdist_group("simulate"), pytest.mark.slow]
OPEN = (
    "exists (select 1 from mart.open_intervals as i where i.station_id = u.station_id and i.day_on = cast(u.hour_at as date) "
    "and i.opens_at < u.hour_at + interval 1 hour and i.closes_at > u.hour_at)"
)
TRUTH = (
    "select station_id, service_code, case when month(month_on) = 3 then '2023Q1' else '2023Q2' end as period_code, "
    "sum(n_asked) as asked, coalesce(sum(n_asked) filter (where outcome_code = 'served'), 0) as served from truth group by all"
)


@pytest.fixture(scope="module")
def compared(sample, line, tmp_path_factory):
    """Station, quarter and service: visits that the truth would leave in the log, and those three ways of counting give."""
    out = tmp_path_factory.mktemp("sample_run")
    done = line("run", "--data", sample, "--out", out)
    assert done.returncode == 0, done.stderr
    use = pl.read_csv(sample / "truth" / "use.csv", try_parse_dates=True)
    works = pl.read_csv(sample / "truth" / "verdicts.csv")
    with duckdb.connect(str(out / "warehouse.duckdb"), read_only=True) as con:
        con.register("truth", use.to_arrow())
        con.register("works", works.to_arrow())
        yield con.sql(
            f"with t as ({TRUTH}), kept as (select t.station_id, t.period_code, any_value(l.n) / sum(t.served) as part from t join "
            f"(select station_id, period_code, sum(n_served) as n from mart.service_use as u where service_code <> '' and {OPEN} group by all) "
            "as l using (station_id, period_code) group by all) "
            "select r.*, w.is_working, t.asked * k.part as expected, r.served_per_open_hour * r.open_hours as by_served, "
            "r.recorded_per_open_hour * r.open_hours as by_recorded, r.visits_per_open_hour_until_stock_out * r.open_hours as by_until, "
            "r.visits_per_open_hour_at_least * r.open_hours as by_bound from mart.demand_rates as r join t using (station_id, "
            "service_code, period_code) join kept as k using (station_id, period_code) join works as w using (station_id, service_code, "
            "period_code) where r.visits_per_open_hour_until_stock_out is not null"
        ).pl()  # fmt: skip


def left(table: pl.DataFrame, *columns: str) -> list[float]:
    """Visits counted in each way, as a part of those the truth would leave in the log."""
    return [float(table[name].sum() / table["expected"].sum()) for name in columns]


WAYS = ("by_served", "by_recorded", "by_until", "by_bound")


def test_where_nothing_ran_out_every_way_gives_the_same(compared):
    calm = compared.filter((pl.col("demand_basis_code") == "uncensored") & pl.col("is_working"))
    print("uncensored", [round(part, 3) for part in left(calm, *WAYS)], calm.height)
    assert calm.height > 300
    assert left(calm, *WAYS) == pytest.approx([1] * 4, abs=0.04)


def test_the_rate_until_stock_out_is_nearer_to_the_truth_than_recorded_use(compared):
    short = compared.filter((pl.col("demand_basis_code") == "until_stock_out") & pl.col("is_working"))
    served, recorded, until, bound = left(short, *WAYS)
    print("working, sold out at times", [round(part, 3) for part in (served, recorded, until, bound)], short.height)
    assert short.height > 50
    assert served < recorded < until < 1.02
    assert abs(1 - until) < abs(1 - served) * 0.75


def test_where_a_service_fails_daily_every_way_is_below_the_truth_and_the_bound_is_nearest(compared):
    failing = compared.filter((pl.col("share_days_sold_out") >= 0.3) & ~pl.col("is_working"))
    served, recorded, until, bound = left(failing, *WAYS)
    print("failing", [round(part, 3) for part in (served, recorded, until, bound)], failing.height)
    assert failing.height > 20
    assert served < 0.2 < until < 1
    assert bound >= max(recorded, until) - 1e-9
    assert bound < 1
