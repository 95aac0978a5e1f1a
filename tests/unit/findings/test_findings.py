"""The findings on the small district, every number worked out by hand."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace

import polars as pl
import pytest

from pipeline import disclose, findings
from pipeline.contracts.period import previous_period, same_quarter_last_year
from pipeline.errors import FILE, PipelineError
from pipeline.findings import cells, measures
from pipeline.findings.columns import COLUMNS
from pipeline.findings.context import not_evaluable
from pipeline.findings.show import show
from pipeline.findings.summary import summarise
from pipeline.paths import METADATA
from pipeline.paths import study as study_at
from tests.unit.findings.small_district import district

FIRST = (
    "what_to_change",
    "who_answered",
    "top_needed_services",
    "promised_vs_needed",
    "staff_vs_couriers",
    "service_use",
    "coverage_by_service",
    "coverage_by_hour",
    "access_by_grid",
    "who_is_left_out",
    "use_by_hour",
    "need_not_met",
    "need_not_met_by_grid",
    "gaps_by_grid",
    "open_answers",
    "evidence_by_station",
    "gaps_by_station",
    "where_couriers_are_lost",
    "station_map",
    "standards_progress",
    "data_quality",
)


@pytest.fixture(scope="module")
def con():
    return district()


@pytest.fixture(scope="module")
def context(con):
    return findings.context_for(con, is_simulated=True)


@pytest.fixture(scope="module")
def results(con, context):
    return {result.finding.id: result for result in findings.evaluate(con, context=context)}


def row(result, **wanted):
    return result.table.filter(*[pl.col(name) == value for name, value in wanted.items()]).row(0, named=True)


def test_the_registry_holds_the_first_findings_in_order():
    assert tuple(findings.registry()) == FIRST


@pytest.mark.parametrize("name", FIRST)
def test_every_finding_speaks_both_languages(results, name):
    result = results[name]
    for text in (
        result.sentence_zh,
        result.sentence_en,
        result.finding.question_zh,
        result.finding.question_en,
        result.finding.measure_zh,
        result.finding.measure_en,
        result.source_line,
    ):
        assert text.strip() and "{" not in text
    assert result.caveats


@pytest.mark.parametrize("name", FIRST)
def test_every_column_of_a_finding_has_words(name):
    finding = findings.registry()[name]
    assert set(finding.disclosure.columns()) <= set(COLUMNS)


@pytest.mark.parametrize("name", FIRST)
def test_every_table_passes_the_door(results, name):
    disclose.check(results[name].table, results[name].finding.disclosure, name=name)


@pytest.mark.parametrize("name", FIRST)
def test_no_chart_holds_a_key_or_a_column_it_does_not_draw(results, name):
    if results[name].chart is None:
        return
    text = json.dumps(results[name].chart.to_dict(), ensure_ascii=False)
    assert "key0" not in text and "person0" not in text and "n_keys" not in text


def test_need_is_the_weighted_share_of_those_asked(results):
    charging = row(results["top_needed_services"], service_code="charging")
    assert (charging["n"], charging["n_need"]) == (60, 50)
    assert charging["est"] == 0.75  # 40 × 10 + 10 × 20 of 800
    assert charging["lci"] < charging["est"] < charging["uci"]


def test_a_need_named_by_four_is_too_uncertain_to_be_shown(results, context):
    rare = row(results["top_needed_services"], service_code="legal_advice")
    assert (rare["est"], rare["se"], rare["n_need"], rare["withheld_code"]) == (None, None, None, "uncertain")
    assert cells.text(rare, "est", results["top_needed_services"].finding, context) == "误差太大"


def test_the_error_of_a_need_takes_weights_and_the_finite_population_into_account(results):
    # 40 stand for 10 each, drawn with probability .1, 20 for 20 each, .05; 10 of the riders do not need charging
    z = [10 * 0.25] * 40 + [20 * 0.25] * 10 + [20 * -0.75] * 10
    left = [0.9] * 40 + [0.95] * 20
    variance = 60 / 59 * sum(share * (value / 800) ** 2 for share, value in zip(left, z, strict=True))
    charging = row(results["top_needed_services"], service_code="charging")
    assert charging["se"] == pytest.approx(variance**0.5, abs=5e-5)
    assert charging["n_eff"] == pytest.approx(0.75 * 0.25 / variance, abs=0.1)
    assert charging["band_low"] < charging["lci"] and charging["uci"] < charging["band_high"]


def test_the_place_of_the_service_needed_most_is_certain_and_of_the_next_is_not(results):
    places = {
        r["service_code"]: (r["rank_from"], r["rank_to"])
        for r in results["top_needed_services"].table.iter_rows(named=True)
    }
    assert places["charging"] == (1, 1) and places["water"][1] > places["water"][0]
    assert row(results["top_needed_services"], service_code="charging")["tier_code"] == "clearly_above"


def test_gaps_are_judged_together_and_one_out_of_season_not_at_all(results):
    table = results["need_not_met"].table
    assert set(table.filter("is_gap")["service_code"]) == {"water", "meal_heating"}
    assert row(results["need_not_met"], service_code="warm")["is_gap"] is None


def test_the_gap_is_need_minus_met(results):
    water = row(results["need_not_met"], service_code="water")
    assert water["est"] == pytest.approx(220 / 800, abs=0.001)
    assert water["need_share"] - water["met_share"] == pytest.approx(water["est"], abs=0.002)


def test_a_met_need_of_one_person_is_given_in_steps(results):
    legal = row(results["need_not_met"], service_code="legal_advice")  # 4 need it, 1 gets it, 80 × 10 persons
    assert (legal["n_need_met"], legal["met_share"], legal["need_share"]) == (None, 0.0, 0.05)


def test_two_services_needed_most_are_not_promised(results):
    assert "2项不在承诺之列：手机充电、热饭" in results["promised_vs_needed"].sentence_zh


def test_first_three_of_staff_and_couriers_share_two(results):
    assert "有2项相同" in results["staff_vs_couriers"].sentence_zh


def test_use_of_three_couriers_and_of_a_keyless_register_is_hidden(results):
    assert row(results["service_use"], service_code="charging")["n_visits"] == 24
    water = row(results["service_use"], service_code="water")
    assert (water["n_visits"], water["n_keys"], water["suppressed"]) == (None, None, True)


def test_a_lone_hidden_service_takes_the_next_smallest_with_it(results):
    rest = row(results["service_use"], service_code="rest")
    assert rest["suppressed"] is True


def test_a_grid_cell_with_eight_answers_is_hidden(results):
    table = results["need_not_met_by_grid"].table
    small = table.filter((pl.col("grid_id") == "QC-G2") & pl.col("is_evaluable"))
    assert small["suppressed"].all() and small["est"].null_count() == small.height


def test_evidence_reads_in_plain_words(results):
    def label(station, service):
        return row(results["evidence_by_station"], station_id=station, service_code=service)["evidence_code"]

    assert label("QC-S1", "charging") == "declared_used"
    assert label("QC-S1", "meal_heating") == "declared_unseen"
    assert label("QC-S2", "charging") == "declared_failing"
    assert label("QC-S3", "water") == "undeclared_used"
    assert label("QC-S1", "water") == "undeclared_needed"
    assert label("QC-S4", "charging") == "undeclared"
    assert label("QC-S1", "warm") == "out_of_season"


def test_a_station_without_answers_reads_too_few(results):
    other = row(results["evidence_by_station"], station_id="QC-S4", service_code="charging")
    assert other["is_answered_here"] is False and other["need_share"] is None


def test_the_public_edition_names_no_private_host(con, context):
    public = findings.evaluate(con, ["evidence_by_station"], replace(context, audience="public"))[0]
    assert set(public.table["class_code"]) == {"fixed", "integrated"}


def test_warming_cannot_be_judged_in_spring_and_cooling_not_in_march(context):
    assert not_evaluable(context) == ["warm"]
    first = replace(
        context,
        period="2023Q1",
        starts_on=context.starts_on.replace(month=1),
        ends_on=context.ends_on.replace(month=3),
        last_on=None,
    )
    assert not_evaluable(first) == ["cool"]


def test_a_partial_quarter_says_until_when(context):
    assert findings.period_line(context) == "2023年第2季度（截至2023年5月20日）"


def test_neighbouring_periods():
    assert (previous_period("2023Q1"), same_quarter_last_year("2023Q1")) == ("2022Q4", "2022Q1")


def test_a_period_without_data_is_said_not_to_compare(results):
    said = results["need_not_met"].comparison
    assert [c.period for c in said] == ["2023Q1", "2022Q2"]
    assert all(not c.is_comparable and "不可比" in c.zh for c in said)


def test_a_period_without_anything_still_answers(con, context):
    empty = findings.evaluate(con, context=findings.replace_period(context, "2020Q1"))
    assert {r.sentence_zh for r in empty if r.finding.id != "data_quality"} == {"本期没有可用于此问题的数据。"}


def test_no_phrase_speaks_of_couriers_at_large():
    text = (METADATA / "phrases.toml").read_text(encoding="utf-8")
    said = json.dumps(dict(tomllib.loads(text).items()), ensure_ascii=False)
    for word in ("普遍", "所有小哥", "广大", "显然", "证明"):
        assert word not in said


def test_the_first_screen_has_at_most_three_actions_with_place_hours_and_who(results, context):
    summary = summarise(list(results.values()), context)
    assert summary.conclusion.startswith(results["need_not_met"].sentence_zh)
    assert 1 <= len(summary.actions) <= 3
    assert all(a.what and a.hours and a.who and a.why and a.finding_id in results for a in summary.actions)
    assert summary.actions[0].what == "第1网格：增设饮水"
    assert any("本期不可评价" in line for line in summary.unknowns)


def test_shares_of_any_question(con):
    table = measures.share_of_answers(con, "w1", "need")
    charging = table.filter(pl.col("answer_code") == "charging").row(0, named=True)
    # 40 × 10 + 10 × 20 of 800
    assert (charging["n"], charging["n_chosen"], charging["est"], charging["label_zh"]) == (60, 50, 0.75, "手机充电")


def test_shares_without_weights_and_by_group(con):
    table = measures.share_of_answers(con, "w1", "q5", by="user_group", weight_set="equal")
    rider = table.filter((pl.col("by_code") == "rider") & (pl.col("answer_code") == "charging")).row(0, named=True)
    assert (rider["n"], rider["n_chosen"], rider["withheld_code"]) == (20, 10, "wide")


def test_flags_to_drop_are_chosen_by_the_reader(con):
    kept = measures.share_of_answers(con, "w1", "need", drop_flags=("speeder",), weight_set="equal")
    assert kept["n"].max() == 58


@pytest.mark.parametrize("arguments", [("w9", "need"), ("w1", "shoe_size")])
def test_an_unknown_wave_or_question_is_named_with_what_there_is(con, arguments):
    with pytest.raises(PipelineError) as caught:
        measures.share_of_answers(con, *arguments)
    assert caught.value.problems[0].expected


def test_use_over_time_hides_few_people(con):
    table = measures.use_over_time(con, by="month", service="water")
    assert table["n_visits"].to_list() == [None] and table["suppressed"].all()


def test_gap_table_marks_what_is_wider_than_the_threshold(con):
    table = measures.gap_table(con, "2023Q2", threshold=0.1)
    assert table.filter("is_gap")["service_code"].to_list() == ["water", "meal_heating"]


def test_survey_quality_hides_two_speeders(con):
    table = measures.survey_quality(con, "w1")
    assert table["n_respondents"].to_list() == [60] and table["n_speeder"].to_list() == [None]


def test_a_study_without_a_warehouse_is_told_what_to_run_first(tmp_path):
    with pytest.raises(PipelineError) as caught:
        show(study_at(tmp_path), "need_not_met")
    problem = caught.value.problems[0]
    assert (caught.value.exit_code, problem.code) == (FILE, "warehouse_missing")
    assert "先运行 make pipeline" in problem.text("zh") and "run make pipeline first" in problem.text("en")


def answer(con, name, **changes):
    """A finding of a warehouse of its own, one service per row."""
    return findings.evaluate(con, [name], findings.context_for(con, **changes))[0]


WEIGHTED = (
    "top_needed_services",
    "need_not_met",
    "need_not_met_by_grid",
    "promised_vs_needed",
    "staff_vs_couriers",
    "evidence_by_station",
)


@pytest.mark.parametrize("name", WEIGHTED)
def test_the_source_line_says_which_weights_were_used(results, name):
    assert "五月问卷（事后分层加权）" in results[name].source_line


@pytest.mark.parametrize(("lang", "words"), [("zh", "五月问卷（未加权）"), ("en", "May survey (unweighted)")])
def test_a_wave_without_a_frame_is_said_to_be_unweighted(lang, words):
    con = district()
    con.execute("update clean.respondent_weights set weight_set_code = 'equal', weight = 1")
    for name in WEIGHTED:
        line = answer(con, name, lang=lang).source_line
        assert words in line and "事后分层" not in line and "post-stratified" not in line


def test_an_empty_finding_has_no_data_and_hides_nothing(con, context):
    empty = findings.evaluate(con, ["need_not_met"], findings.replace_period(context, "2020Q1"))[0]
    assert empty.source_line.endswith("n=无数据") and "不公开" not in empty.source_line
    english = replace(findings.replace_period(context, "2020Q1"), lang="en")
    assert findings.evaluate(con, ["need_not_met"], english)[0].source_line.endswith("n=no data")


def test_a_hidden_count_is_said_to_be_hidden():
    con = district()
    con.execute("delete from clean.respondents where respondent_id >= 'person009'")
    result = answer(con, "top_needed_services")
    assert result.source_line.endswith("n=[不公开]") and "不公开不等于零" in result.sentence_zh


def test_rows_without_a_figure_where_nothing_was_hidden_have_no_data():
    con = district()
    con.execute("delete from clean.answers")
    result = answer(con, "top_needed_services")
    assert result.source_line.endswith("n=无数据") and result.sentence_zh == "本期没有可用于此问题的数据。"


def test_only_logs_that_name_a_failure_tell_the_share_served(results):
    # 24 visits of charging, every seventh event stocked out: 0, 7, 14, 21
    charging = row(results["service_use"], service_code="charging")
    assert (charging["n_served"], charging["n_unserved"], charging["served_share"]) == (20, 4, round(20 / 24, 3))


def test_a_log_without_outcomes_makes_no_claim_about_being_served():
    con = district()
    con.execute("update clean.service_events set outcome_code = 'served'")
    result = answer(con, "service_use")
    charging = row(result, service_code="charging")
    assert (charging["n_visits"], charging["served_share"], charging["n_served"]) == (24, None, None)
    assert charging["suppressed"] is False and charging["suppressed_served"] is False
    assert "无从判断" in result.sentence_zh and "100%" not in result.sentence_zh
    shown = cells.text(charging, "served_share", result.finding, findings.context_for(con))
    assert shown == "未记录结果" and any("未记录结果" in caveat for caveat in result.caveats)


def test_a_log_without_outcomes_does_not_better_the_share_of_another():
    con = district()
    con.execute(
        "insert into audit.source_files by name select * replace ('g' as source_file_id, 'log_door' as source_code) "
        "from audit.source_files"
    )
    con.execute(
        "insert into clean.service_events by name select * replace ('g' as source_file_id, 'served' as outcome_code, "
        "'d' || event_id as event_id) from clean.service_events where service_code = 'charging'"
    )
    con.execute(
        "update mart.service_use_months set n_visits = 2 * n_visits, n_served = n_served + n_visits where service_code = 'charging'"
    )
    charging = row(answer(con, "service_use"), service_code="charging")
    assert (charging["n_visits"], charging["served_share"]) == (48, round(20 / 24, 3))
    assert (charging["n_served"], charging["n_unserved"]) == (None, None)


def test_a_share_served_told_by_few_couriers_is_hidden():
    con = district()
    con.execute(
        "insert into audit.source_files by name select * replace ('g' as source_file_id, 'log_door' as source_code) "
        "from audit.source_files"
    )
    con.execute(
        "update clean.service_events set source_file_id = 'g', outcome_code = 'served' where courier_key >= 'key09' "
        "and service_code = 'charging'"
    )
    result = answer(con, "service_use")
    charging = row(result, service_code="charging")
    assert (charging["n_visits"], charging["n_keys_told"], charging["served_share"]) == (24, None, None)
    assert charging["suppressed_served"] is True and "不公开" in result.sentence_zh
    assert cells.text(charging, "served_share", result.finding, findings.context_for(con)) == "[不公开]"
