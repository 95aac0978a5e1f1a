"""Pictures of methods: made-up people on which the right method wins, and tables of the survey at hand; nothing hidden, nothing cut."""

from __future__ import annotations

import json

import polars as pl
import pytest

from pipeline import charts
from pipeline.findings import explore
from pipeline.findings.explore import illustrate, illustrate_people, tell_methods, ways
from tests.unit.findings.small_district import district


@pytest.fixture(scope="module")
def con():
    con = district()
    con.execute("delete from audit.weight_reports")
    wave = con.execute("select distinct wave_code from clean.respondents order by 1").fetchall()[0][0]
    for code, n_eff, covers in (("equal", 24.0, None), ("poststratified", 20.0, None)):
        con.execute(
            "insert into audit.weight_reports by name select ? as wave_code, 'QC' as area_code, ? as weight_set_code, ? = 'poststratified' as is_in_use, "
            "'m' as method, 'attached' as population_code, 'attached' as speaks_for, '' as margins, 24 as n, 100.0 as population, 1 as iterations, "
            "0.0 as max_margin_error, 0.5 as g_min, 2.0 as g_max, 0.4 as cv, 1.2 as kish_deff, ? as n_eff, 1.0 as r_indicator, "
            "?::boolean as covers_never_visitors, null::varchar as note_zh, null::varchar as note_en",
            [wave, code, code, n_eff, covers],
        )
    return con


@pytest.fixture(scope="module")
def choices(con):
    return explore.choose(con, period="2023Q2")


def test_the_rule_holds_the_truth_where_the_plain_interval_does_not():
    table = illustrate.interval_coverage()
    few = dict(table.filter(n=5).select("method_code", "coverage").iter_rows())
    many = table.filter(n=300)["coverage"]
    assert few["wald"] < 0.8 < 0.93 < few["rule"]
    assert many.min() > 0.92
    assert few["rule"] == max(few["rule"], few["wald"], few["logit"])
    said = tell_methods.coverage(table)
    assert said.zh.startswith("模拟：") and said.en.startswith("Simulated:")


def test_who_asks_everybody_has_nothing_left_to_guess():
    half = dict(illustrate.finite_population(1000, (999,)).select("way_code", "half_width").iter_rows())
    assert half["known"] < 0.002 < 0.03 < half["endless"]


def test_interviews_away_from_the_stations_bring_the_poster_to_the_truth():
    table = illustrate_people.poster_samples(repeats=40)
    off = dict(table.select("way_code", (pl.col("est") - pl.col("truth")).abs()).iter_rows())
    assert off["with_interviews"] < 0.02 < off["poster"]
    assert "40" in tell_methods.poster(table, 40).zh


def test_lists_judged_together_hold_fewer_false_gaps_than_lists_judged_one_by_one():
    table = illustrate_people.many_tests()
    false, found = (dict(table.select("method_code", name).iter_rows()) for name in ("false_share", "found_share"))
    assert false["bh"] <= 0.05 < false["raw"]
    assert found["raw"] >= found["bh"] >= found["by"] >= found["holm"] > 0.3


def test_sentences_on_made_up_people_repeat_the_figures_of_their_tables():
    twice = illustrate.same_people(repeats=3)
    assert f"±{100 * twice['half_width'][0]:.1f}" in tell_methods.same_people(twice).zh
    cells = illustrate_people.borrowing(districts=2)
    assert "2个模拟街道、24个网格" in tell_methods.borrowing(cells).zh
    assert "1,000人" in tell_methods.population(illustrate.finite_population(1000), 1000).zh


def test_weight_reports_name_the_sets_and_leave_no_hidden_cell(con, choices):
    table = ways.weight_reports(con, choices)
    assert table["label"].to_list() == ["等权", "事后分层"]
    assert table["never_visitors"].to_list() == ["—", "—"] and table["note"].to_list() == ["—", "—"]
    assert "24份" in tell_methods.cost(table, choices).zh and "抵得上20份" in tell_methods.cost(table, choices).zh


def test_needs_under_several_weights_stand_in_as_many_rows_for_each_service(con, choices):
    table = ways.needs_by_weights(con, choices)
    assert table.group_by("service_code").len()["len"].unique().to_list() == [2]
    assert set(table["series"]) == {"等权", "事后分层"} and table["est"].null_count() == 0


def test_places_in_the_order_hold_the_estimated_rank(con, choices):
    table = ways.need_order(con, choices)
    assert table.height and (table["rank_from"] <= table["rank"]).all() and (table["rank"] <= table["rank_to"]).all()
    assert f"{table.height}项需要" in tell_methods.order(table, choices).zh


def test_a_survey_without_visits_or_no_survey_at_all_says_that_there_are_no_data(con, choices):
    nothing = explore.choose(con, period="2023Q2", areas=["QC"], population="delivering")
    assert tell_methods.who_comes(ways.who_comes(con, choices)).zh.startswith("本期没有可用于此问题的数据")
    for sample in (choices, nothing):
        for table in (ways.who_comes(con, sample), ways.needs_by_weights(con, sample)):
            drawing = charts.svg(charts.dots(table, label="label", value="est", series="series", title="比例"))
            assert charts.png(drawing).startswith(b"\x89PNG")
    assert ways.weight_reports(con, nothing).is_empty() and ways.need_order(con, nothing).is_empty()
    assert tell_methods.weights(ways.needs_by_weights(con, nothing), ways.weight_reports(con, nothing), nothing).zh


def test_a_range_chart_draws_the_wider_range_and_only_the_columns_it_names():
    table = pl.DataFrame(
        {"label": ["饮水"], "est": [0.4], "lci": [0.3], "uci": [0.5], "a": [0.2], "b": [0.7], "phone": ["13800000000"]}
    )
    chart = charts.ranges(table, label="label", value="est", lower="lci", upper="uci", wide=("a", "b"), title="缺口",
                          names=("估计", "区间", "敏感带"), mark=0.1)  # fmt: skip
    assert "13800000000" not in json.dumps(chart.to_dict()) and "敏感带" in charts.svg(chart)


def test_a_range_chart_of_nothing_is_still_a_picture():
    names = ("label", "est", "lci", "uci", "tier")
    table = pl.DataFrame(schema=dict.fromkeys(names, pl.Float64) | {"label": pl.String, "tier": pl.String})
    chart = charts.ranges(
        table, label="label", value="est", lower="lci", upper="uci", group="tier", title="名次", percent=False
    )
    assert charts.png(charts.svg(chart)).startswith(b"\x89PNG")
