"""What couriers say: demand, quality, profile, and the wave that speaks for a quarter."""

from __future__ import annotations

from datetime import date

from tests.unit.marts.small_world import respondent, rows, survey, wave, world

PEOPLE = [
    respondent(1, "water charging", "water"),  # needs both, gets water
    respondent(2, "water", "", user_group_code="courier"),  # needs water, does not get it
    respondent(3, "charging", None),  # needs charging, left the second question blank
    respondent(4, None, "water"),  # left the first question blank: not asked
    respondent(5, "water", "water", user_group_code="office_staff"),  # no courier
    respondent(6, "water", "water", is_valid=False, is_speeder=True),  # not valid
]
WEIGHTS = {"r1": 1.0, "r2": 3.0, "r3": 2.0, "r4": 1.0}


def demand(con, group: str, service: str) -> tuple:
    return rows(
        con,
        "select n_asked, n_need, n_judged, n_met, n_unmet, w_asked, w_need, w_judged, w_met, w_unmet, weight_set_code "
        f"from mart.service_demand where user_group_code = '{group}' and service_code = '{service}'",
    )[0]


def test_demand_counts_valid_couriers_and_riders_who_answered() -> None:
    con = world(**wave(), **survey(PEOPLE, **WEIGHTS))
    # asked: 1, 2, 3. Need water: 1 and 2; 1 gets it, 2 does not. Weights 1 + 3 + 2.
    assert demand(con, "all", "water") == (3, 2, 2, 1, 1, 6.0, 4.0, 4.0, 1.0, 3.0, "poststratified")
    # need charging: 1 and 3; 3 did not say what she gets, so only 1 can be judged: unmet
    assert demand(con, "all", "charging") == (3, 2, 1, 0, 1, 6.0, 3.0, 1.0, 0.0, 1.0, "poststratified")
    assert demand(con, "rider", "water") == (2, 1, 1, 1, 0, 3.0, 1.0, 1.0, 1.0, 0.0, "poststratified")


def test_groups_without_answers_and_options_that_are_no_service_are_absent() -> None:
    con = world(**wave(), **survey(PEOPLE, **WEIGHTS))
    found = rows(con, "select distinct user_group_code, service_code from mart.service_demand")
    assert {group for group, _ in found} == {"all", "courier", "rider"}
    assert {service for _, service in found} == {"water", "charging"}


def test_without_weights_everybody_weighs_one() -> None:
    con = world(**wave(), **survey(PEOPLE))
    assert demand(con, "all", "water")[5:] == (3.0, 2.0, 2.0, 1.0, 1.0, "equal")


def test_flags_are_counted_over_all_answers() -> None:
    con = world(**wave(), **survey(PEOPLE, **WEIGHTS))
    found = rows(
        con, "select user_group_code, n_respondents, n_valid, n_speeder, median_minutes from mart.survey_quality"
    )
    assert found == [("courier", 1, 1, 0, 2.0), ("office_staff", 1, 1, 0, 2.0), ("rider", 4, 3, 1, 2.0)]


def test_people_of_two_waves_are_found_by_their_key() -> None:
    second = wave("v", closed=date(2023, 5, 1))
    both = {name: [*found, *second[name]] for name, found in wave().items()}
    people = [
        respondent(1, "water", "", panel_key="p"),
        respondent(2, "water", "", panel_key="q"),
        respondent(1, "water", "", panel_key="p", wave_code="v"),
    ]
    con = world(**both, **survey(people))
    assert rows(con, "select wave_code, n_panel from mart.survey_quality order by 1") == [("v", 1), ("w", 1)]


def test_one_wave_speaks_for_a_quarter_and_populations_are_never_pooled() -> None:
    second = wave("v", population="delivering", closed=date(2023, 5, 1))
    both = {name: [*found, *second[name]] for name, found in wave().items()}
    people = [
        respondent(1, "water", "", station_id="QC-S1"),
        respondent(2, "water", "", station_id="QC-S1"),
        respondent(1, "water", "", station_id="QC-S1", wave_code="v"),
    ]
    con = world(**both, **survey(people))
    assert rows(con, "select wave_code, population_code, n_respondents from mart.period_waves") == [
        ("w", "attached", 2)
    ]
    gap = (
        "select wave_code, population_code, n_asked, n_need, n_unmet from mart.service_gap where service_code = 'water'"
    )
    assert rows(con, f"{gap} and station_id = 'QC-S1'") == [("w", "attached", 2, 2, 2)]
    assert rows(con, f"{gap} and station_id = 'QC-S2'") == [
        (None, None, None, None, None)
    ]  # nobody asked: empty, not 0


def test_needs_by_grid_cell_use_the_cell_people_work_in() -> None:
    people = [
        respondent(1, "water", "", grid_id="QC-G1"),
        respondent(2, "charging", "charging", grid_id="QC-G1"),
        respondent(3, "water", ""),  # no cell
    ]
    con = world(**wave(), **survey(people))
    found = rows(
        con, "select service_code, n_stations, n_visits, n_asked, n_need, n_unmet from mart.service_gap_by_grid"
    )
    assert found == [
        ("charging", 2, None, 2, 1, 0),
        ("rest", 2, None, None, None, None),
        ("water", 2, None, 2, 1, 1),
    ]


def test_who_answered_is_compared_with_the_frame() -> None:
    frame = {
        "area_code": "QC", "employment_type_code": "full_time", "n_persons_qualifier": "eq", "source_file_id": "f",
        "source_sheet": "", "source_row": 1,
    }  # fmt: skip
    counts = [
        {**frame, "user_group_code": "rider", "platform_code": "a", "n_persons": 70.0, "as_of": date(2023, 3, 31)},
        {**frame, "user_group_code": "courier", "platform_code": "b", "n_persons": 30.0, "as_of": date(2023, 3, 31)},
        {**frame, "user_group_code": "rider", "platform_code": "a", "n_persons": 999.0, "as_of": date(2022, 12, 31)},
    ]
    con = world(**wave(), **survey(PEOPLE, **WEIGHTS), clean_population_frame=counts)
    found = rows(
        con, "select value_code, n, w, n_frame from mart.respondent_profile where variable_code = 'user_group'"
    )
    assert found == [("courier", 1, 3.0, 30.0), ("office_staff", 1, None, None), ("rider", 3, 4.0, 70.0)]


def test_a_blank_is_not_said_rather_than_none() -> None:
    people = [respondent(1, "water", "", visits_per_week=0.0), respondent(2, "water", "")]
    con = world(**wave(), **survey(people))
    found = rows(con, "select value_code, n from mart.respondent_profile where variable_code = 'visits_band'")
    assert found == [("none", 1), ("unknown", 1)]


def test_each_step_of_the_funnel_has_its_own_denominator() -> None:
    base = wave()
    question = {"wave_code": "w", "sort_order": 9, "type_code": "single", "text_zh": "?"}
    base["ref_questions"] += [
        {**question, "question_code": "a", "variable_code": "aware"},
        {**question, "question_code": "f", "variable_code": "found"},
    ]
    base["ref_options"] += [
        {"wave_code": "w", "question_code": q, "item_code": "", "option_code": o, "text_zh": o, "value_code": v}
        for q in ("a", "f")
        for o, v in (("1", "yes"), ("2", "no"))
    ]
    people = [respondent(1, "", ""), respondent(2, "", ""), respondent(3, "", "")]

    def said(number: int, question_code: str, option: str | None) -> dict:
        first = people[0][1][0]
        return {
            **first, "respondent_id": str(number), "question_code": question_code, "option_code": "",
            "state": "answered" if option else "not_shown", "value_text": option, "value_number": None,
        }  # fmt: skip

    tables = survey(people, r1=1.0, r2=2.0, r3=4.0)
    tables["clean_answers"] = [{"value_text": None, **row} for row in tables["clean_answers"]]
    # all three were asked whether they know of stations, 1 and 2 do; only they were asked whether they find one
    tables["clean_answers"] += [said(1, "a", "1"), said(2, "a", "1"), said(3, "a", "2")]
    tables["clean_answers"] += [said(1, "f", "2"), said(2, "f", "1"), said(3, "f", None)]
    found = rows(
        world(**base, **tables), "select step_code, n_asked, n, w_asked, w from mart.funnel order by sort_order"
    )
    assert found == [("aware", 3, 2, 7.0, 3.0), ("found", 2, 1, 3.0, 2.0)]
