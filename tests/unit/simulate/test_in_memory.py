"""Districts and samples in memory are those of the written files."""

import numpy as np
import pytest

from pipeline.simulate.in_memory import draw_sample, of_world, population
from pipeline.simulate.survey import answer_waves


@pytest.fixture(scope="module")
def district(world):
    return of_world(world)


def test_the_first_written_wave_is_a_sample_of_the_district(world, district):
    written = answer_waves(world, np.random.default_rng(4), np.random.default_rng(5))[0].rows
    drawn = draw_sample(district, 0, np.random.default_rng(4))
    persons = district.people["person"].to_numpy()[drawn.rows]
    for mode in ("qr", "intercept"):
        assert {row["_person"] for row in written if row["mode"] == mode} == set(persons[drawn.mode == mode])


def test_nobody_is_drawn_twice_and_the_poster_sees_frequent_visitors_more(district):
    rng = np.random.default_rng(6)
    weekly = district.people["visits_per_week"].to_numpy()
    means = {"qr": [], "intercept": []}
    for _ in range(60):
        sample = draw_sample(district, 1, rng, wanted=(25, 10))
        assert len(set(sample.rows)) == sample.rows.size == 35
        for mode, found in means.items():
            found.append(weekly[sample.rows[sample.mode == mode]].mean())
    assert np.mean(means["qr"]) > 1.2 * np.mean(means["intercept"])


def test_who_never_comes_gets_nothing_where_visits_matter_and_needs_stay():
    plain, hard = (population(11, n_couriers=128, n_stations=6, met_by_visits=flag) for flag in (False, True))
    never = (plain.people["visits_band"] == "0").to_numpy()
    assert np.array_equal(plain.need, hard.need)
    assert plain.met[:, never].any() and not hard.met[:, plain.people["visits_per_week"].to_numpy() == 0].any()
    assert not (hard.met & ~plain.met).any()
