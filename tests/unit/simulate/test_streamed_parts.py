"""The parts of the stream, each small enough to check by hand."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.simulate.assumptions import load_assumptions
from pipeline.simulate.stream import build_model
from pipeline.simulate.stream.crowd import build_crowd
from pipeline.simulate.stream.faults import APP, LOCK, plant_app, plant_lock
from pipeline.simulate.stream.lines import app_lines, build_words, lock_lines
from pipeline.simulate.stream.timeline import build_timeline, first_day
from pipeline.simulate.weather import N_DAYS

FIGURES = load_assumptions()["streamed_logs"]


@pytest.fixture(scope="module")
def words(world):
    return build_words(world, SimpleNamespace(first_on=date(2023, 5, 1), n_days=31))


PERSONS = SimpleNamespace(
    phone=np.array([b"10000000001", b""], dtype="S11"), open_id=np.array([b"oSIM0000000001", b"oSIMx000000001"])
)


def of(**columns):
    return {name: np.array(values) for name, values in columns.items()}


def test_a_scan_is_written_as_in_the_small_logs(world, words):
    rows = of(
        second=[13 * 86400 + 8 * 3600 + 181, 86399], station=[1, 0], person=[0, 1], spelling=[0, -1], outcome=[0, 2]
    )
    text = lock_lines(words, PERSONS, rows, 0, np.array([9999, 10_000]), np.array([-1, -1]), 0).decode("gbk")
    names, group = world.stations.table["name"], words.spelling[0].decode("gbk").strip(",")
    assert text == (
        f"L00009999,S002,{names[1]},2023-05-14 08:03:01,10000000001,{group},成功,D002\r\n"
        f"L00010000,S001,{names[0]},2023-05-01 23:59:59,,,未开放,D001\r\n"
    )


def test_faults_of_scans_change_their_own_cell_alone(world, words):
    n = len(LOCK)
    rows = of(second=[60] * n, station=[0] * n, person=[0] * n, spelling=[0] * n, outcome=[0] * n)
    text = lock_lines(words, PERSONS, rows, 3, np.arange(n), np.arange(n), 2).decode("gbk")
    cells = [line.split(",") for line in text.splitlines()]
    assert [row[3] for row in cells] == [
        "2099-01-01 00:00:00", "2023-05-04 00:01:00", "0000-00-00 00:00:00", "2023-05-04 00:01:00", "2023-05-04 00:01:00"
    ]  # fmt: skip
    assert [row[1] for row in cells] == ["S001", "S999", "S001", "S001", "S003"]
    assert [row[5] == "测试人员" for row in cells] == [False, False, False, True, False]
    assert {row[7] for row in cells} == {"D001"} and {len(row) for row in cells} == {8}


def test_uses_are_written_in_utc_and_torn_lines_end_early(world, words):
    n = len(APP) + 1
    rows = of(second=[3600] * n, station=[0] * n, person=[1] * n, service=[0] * n, group=[1] * n, outcome=[1] * n,
              stay=[26] * n, is_request=[True] * n)  # fmt: skip
    text = app_lines(words, PERSONS, rows, 0, np.arange(n), np.array([-1, 0, 1, 2, 3])).decode("ascii")
    lines, code = text.split("\n")[:-1], world.supply.codes[0]
    plain = (
        f'{{"id":"u0000000","ev":"request","st":"S001","svc":"{code}","ts":"2023-04-30T17:00:00Z",'
        '"openid":"oSIMx000000001","ut":"rider","res":"out_of_stock","min":26}'
    )
    assert lines[0] == plain
    assert lines[1] == plain.replace("u0000000", "u0000001").replace(code, "svc_old_17")
    assert lines[2] == plain.replace("u0000000", "u0000002").replace("2023-04-30T17:00", "2099-01-01T00:00")
    assert plain.replace("u0000000", "u0000003").startswith(lines[3]) and len(lines[3]) < len(plain)
    assert lines[4] == plain.replace("u0000000", "u0000004").replace("S001", "S777")


@given(n=st.integers(0, 3000), seed=st.integers(0, 99), unopened=st.booleans(), again=st.booleans())
def test_lines_show_every_row_and_repeat_only_whole_ones(n, seed, unopened, again):
    rng = np.random.default_rng(seed)
    for planted in (plant_lock(n, FIGURES, rng, unopened=unopened, sent_again=again), plant_app(n, FIGURES, rng)):
        shown = np.bincount(planted.order, minlength=n)
        assert shown.size == n and (n == 0 or shown.min() == 1)
        assert planted.n_repeated == planted.order.size - n
        assert (planted.fault[shown[planted.order] > 1] == -1).all()
        assert not np.isin(planted.again, planted.order[planted.fault >= 0]).any()


@pytest.mark.parametrize(("months", "first"), [(24, date(2021, 6, 1)), (5, date(2023, 1, 1)), (6, date(2022, 12, 1))])
def test_months_are_counted_back_from_the_small_logs(months, first):
    assert first_day(months) == first


def test_the_days_of_the_small_logs_keep_their_weather_and_winters_are_cold(world):
    timeline = build_timeline(world.weather, FIGURES, np.random.default_rng(3))
    assert timeline.weather.tail(N_DAYS).equals(world.weather)
    assert timeline.weather["day_on"].diff().drop_nulls().unique().dt.total_days().to_list() == [1]
    assert timeline.months[0].first == 0 and timeline.months[-1].end == timeline.n_days == 730
    mean = timeline.weather.group_by(pl.col("day_on").dt.month()).agg(pl.col("max_celsius").mean())
    by_month = dict(mean.iter_rows())
    assert by_month[1] < 12 and by_month[7] > 28
    assert ((timeline.season >= 0) & (timeline.season <= 1)).all()


def test_troubles_before_the_small_logs_are_of_open_stations(world):
    timeline, model = build_model(world, 50_000, np.random.default_rng(5))
    assert model.troubles.stock_outs.tail(world.operation.stock_outs.height).equals(world.operation.stock_outs)
    earliest = timeline.first_on
    for table in (model.troubles.stock_outs, model.troubles.closures):
        earlier = table.filter(pl.col("start") < 0)
        assert earlier.height > 2 * table.filter(pl.col("start") >= 0).height
        opened = world.stations.table["opened_on"].gather(earlier["station"])
        began = earlier.select(pl.lit(date(2023, 3, 1)) + pl.duration(days=pl.col("start") // 1440)).to_series()
        assert (began >= opened).all() and began.min() >= earliest
    assert model.troubles.out.shape[2] == model.troubles.shut.shape[1] == timeline.n_days


def test_numbers_of_persons_do_not_overlap_and_their_names_are_invented(world):
    _, model = build_model(world, 400_000, np.random.default_rng(5))
    crowd = build_crowd(world, model.traffic, 400_000, np.random.default_rng(5))
    first, size = crowd.first.ravel(), crowd.size.ravel()
    assert first[0] == world.people.table.height and (first[1:] == first[:-1] + size[:-1]).all()
    assert len(crowd.phone) == len(crowd.open_id) == first[-1] + size[-1]
    phones = [text for text in crowd.phone.tolist() if text]
    assert len(set(phones)) == len(phones) and all(text.startswith(b"100") and len(text) == 11 for text in phones)
    assert len(set(crowd.open_id.tolist())) == len(crowd.open_id)
