"""Where couriers are lost, on 120 people and 37 users counted by hand."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline import findings
from pipeline.findings.estimating.sample import take_sample
from pipeline.findings.estimating.steps import step_rows
from pipeline.findings.finding import Context
from pipeline.findings.lost_in_words import speak
from tests.unit.marts.small_world import ORIGIN, build_world, event, respondent, station, wave, world

ID = "where_couriers_are_lost"
ASKED = ("aware", "entered", "served", "felt_welcome")
PLACES = [
    station("S4", "social", "G1", host_type_code="shop"),
    station("S5", "integrated", "G1", host_type_code="building_station"),
]
# station, how many, and what they said at each question: yes, no, or nothing because it was not shown
PEOPLE = [
    (None, 15, ("no", None, None, None)),  # lost at hearing of it
    (None, 5, ("yes", "no", None, None)),  # at going in
    ("S4", 15, ("yes", "yes", "yes", "5")),
    ("S4", 5, ("yes", "yes", "yes", "2")),
    ("S4", 30, ("yes", "yes", "no", "3")),  # at being served
    ("S5", 30, ("yes", "yes", "yes", "4")),
    ("S5", 5, ("yes", "yes", "no", "4")),
    ("S5", 15, ("yes", "yes", "no", "1")),
]


def questions() -> dict[str, list[dict]]:
    tables = wave()
    for place, name in enumerate(ASKED, start=10):
        one = {"wave_code": "w", "question_code": name}
        tables["ref_questions"].append(
            {**one, "sort_order": place, "type_code": "single", "variable_code": name, "text_zh": name}
        )
        options = ("yes", "no") if name != "felt_welcome" else ("1", "2", "3", "4", "5")
        tables["ref_options"] += [
            {**one, "item_code": "", "option_code": o, "text_zh": o, "value_code": o} for o in options
        ]
    return tables


def survey() -> dict[str, list[dict]]:
    people, answers = [], []
    for local, size, said in PEOPLE:
        for _ in range(size):
            number = len(people)
            people.append(respondent(number, None, None, station_id=f"QC-{local}" if local else None)[0])
            answers += [
                {"wave_code": "w", "respondent_id": str(number), "area_code": "QC", "question_code": name, "item_code": "",
                 "option_code": "", "state": "answered" if word else "not_shown", "value_text": word, "value_number": None, **ORIGIN}
                for name, word in zip(ASKED, said, strict=True)
            ]  # fmt: skip
    return {"clean_respondents": people, "clean_answers": answers}


def log() -> list[dict]:
    """Doors: 20 riders get into S5, 10 of them were once shut out. Uses: 12 at S4, one of whom comes back in a later week; 25 at S5, 13
    of whom do, and 15 of whom once found it sold out."""
    doors = [event("S5", None, 3, courier_key=f"d{i}") for i in range(20)]
    shut = [event("S5", None, 4, courier_key=f"d{i}", outcome_code="closed") for i in range(10)]
    shop = [event("S4", "water", 3, courier_key=f"a{i}") for i in range(12)]
    office = [event("S5", "water", 5, courier_key=f"b{i}") for i in range(25)]
    back = [
        event("S4", "water", 12, courier_key="a0"),
        *(event("S5", "water", 11, courier_key=f"b{i}") for i in range(13)),
    ]
    sold_out = [event("S5", "water", 6, courier_key=f"b{i}", outcome_code="stocked_out") for i in range(15)]
    return [*doors, *shut, *shop, *office, *back, *sold_out]


FILE = [
    {
        "source_file_id": "f",
        "path": "x.csv",
        "sha256": "0",
        "bytes": 1,
        "family": "csv",
        "source_code": "log",
        "is_simulated": True,
    }
]


@pytest.fixture(scope="module")
def con():
    tables = {
        **questions(),
        **survey(),
        "clean_stations": PLACES,
        "clean_service_events": log(),
        "audit_source_files": FILE,
    }
    return build_world(tables)


@pytest.fixture(scope="module")
def result(con):
    (found,) = findings.evaluate(con, [ID], findings.context_for(con, period="2023Q2"))
    return found


def row(result, step: str, venue: str = "all") -> dict:
    return result.table.filter(step_code=step, host_type_code=venue).row(0, named=True)


def test_cumulative_shares_losses_and_passing_shares_of_all(con):
    rows = step_rows(con, take_sample(con, "w", "QC"))
    got = rows.filter(pl.col("step_code") != "felt_welcome").select(
        "step_code", "part_code", "n", "n_asked", "est", "est_pass"
    )
    assert got.rows() == [
        ("aware", "door", 120, 120, 105 / 120, 105 / 120),
        ("entered", "home", 120, 105, pytest.approx(100 / 120), pytest.approx(100 / 105)),
        ("served", "benefit", 120, 100, pytest.approx(50 / 120), 0.5),
    ]
    assert rows["est_loss"].to_list()[0] == pytest.approx(15 / 120) and rows["withheld_code_loss"][1] == "uncertain"
    assert rows["may_be_most"].to_list() == [False, False, None, True]
    welcome = rows.row(2, named=True)
    assert (welcome["n_asked"], welcome["est_pass"], welcome["est"]) == (100, 0.5, None)


def test_a_share_five_people_from_the_next_is_given_in_steps_and_so_is_what_would_tell_it(result):
    aware, entered, served = (row(result, step) for step in ("aware", "entered", "served"))
    assert (aware["est"], aware["n_lost"], aware["n_reached"]) == (0.875, 15, 105)
    assert (entered["est"], entered["n_reached"], entered["se"]) == (
        0.85,
        None,
        None,
    )  # 0.8333, only 5 fewer than before
    assert (served["est"], served["n_reached"]) == (0.417, 50)  # 55 fewer than the last share given exactly
    assert (served["est_loss"], served["n_lost"]) == (0.4, None)  # 0.4167 + 0.417 would be the share that went in


def test_venues_are_set_against_all_others(result):
    shop, office = (row(result, "felt_welcome", venue) for venue in ("shop", "building_station"))
    assert (shop["n_asked"], shop["est_pass"], shop["difference"], shop["is_apart"]) == (50, 0.3, -0.4, True)
    assert (office["est_pass"], office["difference"]) == (0.7, 0.4)
    assert row(result, "served", "shop")["difference"] == pytest.approx(-0.2)
    assert row(result, "aware", "shop")["is_apart"] is None  # all of them passed: nothing to test


def test_logs_stand_beside_the_step_they_see(result):
    door = row(result, "open", "all")  # the survey never asked, the log tells
    assert (door["n_records"], door["n_keys"], door["n_keys_lost"], door["log_kind_code"]) == (30, 20, 10, "entry")
    assert door["log_share"] == pytest.approx(20 / 30, abs=1e-3) and door["n"] is None and door["part_code"] == "door"
    served = row(result, "served", "building_station")
    assert (served["n_records"], served["n_keys"], served["n_keys_lost"]) == (53, 25, 15)
    assert served["log_share"] == pytest.approx(38 / 53, abs=1e-3)
    back = row(result, "returned", "building_station")
    assert (back["n_keys"], back["n_keys_lost"], back["log_share"]) == (25, 12, 0.52)
    assert row(result, "returned", "shop")["log_share"] == 0.1  # 1 of 12, in steps of five points


def test_the_sentence_names_the_step_the_venue_and_what_the_logs_add(result):
    assert "最多的人在“得到服务”这一步（惠）流失：全部人中的约40%" in result.sentence_zh
    assert "most are lost at “being served” (the benefit): about 40%" in result.sentence_en
    assert "building_station：“受欢迎”比其他场所高40个百分点" in result.sentence_zh
    assert "33%的刷门没能进去" in result.sentence_zh
    assert result.n == 120 and "{" not in result.sentence_zh + result.sentence_en


def losses(*steps: tuple[str, float | None, bool]) -> pl.DataFrame:
    """A disclosed table: step, share lost (None: withheld), whether it may be the most."""
    rows = [
        {"area_code": "QC", "wave_code": "w", "host_type_code": "all", "step_code": step, "part_code": "door", "n": 300, "est": 0.9 - 0.1 * i,
         "lci": 0.5, "uci": 0.95, "est_loss": loss, "lci_loss": loss and loss - 0.02, "uci_loss": loss and loss + 0.02, "may_be_most": may,
         "difference": None, "is_apart": None, "log_share": None, "log_kind_code": None, "speaks_for_code": "respondents",
         "withheld_code": "", "suppressed": False}
        for i, (step, loss, may) in enumerate(steps)
    ]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


@pytest.fixture
def context(con) -> Context:
    return findings.context_for(con, period="2023Q2")


def test_steps_that_cannot_be_told_apart_are_named_together(context):
    said = speak(losses(("aware", 0.12, True), ("found", 0.1, True), ("open", 0.02, False)), context)
    assert "分不出：听说过、找得到这2步" in said.zh and "any of hearing of them and finding one" in said.en


def test_a_largest_loss_that_may_not_be_shown_is_named_without_a_number(context):
    said = speak(losses(("aware", None, True), ("found", 0.1, False)), context)
    assert "流失最多的一步是“听说过”" in said.zh and "“找得到”的流失最大，为全部人中的约10%" in said.zh


def test_no_certain_loss_at_all_is_said_so(context):
    said = speak(losses(("aware", None, True), ("found", None, True)), context)
    assert said.zh.startswith("每一步的流失都不够确定")


def test_one_question_with_all_steps_as_ticks_tells_the_same():
    tables = wave()
    steps = ("aware", "found", "open", "entered", "served", "returned")
    one = {"wave_code": "w", "question_code": "f"}
    tables["ref_questions"].append(
        {**one, "sort_order": 9, "type_code": "multiple", "variable_code": "funnel", "text_zh": "?"}
    )
    tables["ref_options"] += [{**one, "item_code": "", "option_code": s, "text_zh": s, "value_code": s} for s in steps]
    people = [respondent(i, None, None)[0] for i in range(4)]
    ticks = [
        ["aware", "found", "entered"],
        ["aware"],
        [],
        None,
    ]  # the first ticked no open door, but went in; the last left it blank
    answers = [
        {**one, "respondent_id": str(i), "area_code": "QC", "item_code": "", "option_code": step, "state": "answered" if told is not None else "blank",
         "value_number": None if told is None else float(step in told), **ORIGIN}
        for i, told in enumerate(ticks) for step in steps
    ]  # fmt: skip
    con = world(**tables, clean_respondents=people, clean_answers=answers)
    rows = step_rows(con, take_sample(con, "w", "QC"))
    assert rows["step_code"].to_list() == list(steps) and rows["n_asked"].to_list() == [3, 2, 1, 1, 1, 0]


def test_a_wave_that_asked_none_of_the_steps_has_no_rows():
    con = world(**wave(), clean_respondents=[respondent(1, None, None)[0]])
    assert step_rows(con, take_sample(con, "w", "QC")).is_empty()
