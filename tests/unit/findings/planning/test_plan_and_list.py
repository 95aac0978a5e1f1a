"""The plan of a corner, how it fares in draws, and the list it becomes."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl
import pytest

from pipeline.disclose import disclose
from pipeline.errors import USAGE, PipelineError
from pipeline.findings.context import context_for
from pipeline.findings.explore import what_to_change
from pipeline.findings.planning import others
from pipeline.findings.planning.area import lacking, plan_rows
from pipeline.findings.planning.bundles import Bundles
from pipeline.findings.planning.draws import drawn_need, drawn_state, need_spread
from pipeline.findings.planning.first_screen import plan_actions
from pipeline.findings.planning.lines import ALTERNATIVE, POOR, SCHEMA, VERIFY, lines, nothing
from pipeline.findings.planning.now import as_it_stands
from pipeline.findings.planning.others import left_out
from pipeline.findings.planning.plan import propose
from pipeline.findings.planning.prices import Prices
from pipeline.findings.planning.settings import rules
from pipeline.findings.planning.tell import plan_sentence
from pipeline.findings.planning.words import Speaker
from pipeline.findings.planning.worlds import added, holding
from pipeline.findings.what_to_change import DISCLOSURE
from pipeline.run import Options
from tests.unit.findings.planning.corner import CHARGING, WATER, context, corner, prices
from tests.unit.findings.small_district import district


def proposal(budget=2000, draws=0, floor_share=0.0, of=prices, **corner_is):
    return propose(as_it_stands(corner(**corner_is)), of(), budget, draws=draws, floor_share=floor_share)


def table(made, **context_is):
    rows = lines(made, prices(), context(**context_is), 1000)
    kept = rows.select(name for name in DISCLOSURE.columns() if name != "suppressed")
    return disclose(kept, DISCLOSURE, audience=context_is.get("audience", "office"), name="what_to_change")


def unsure_prices():
    once = {key: (range_[0] * 0.5, range_[1], range_[1] * 1.5) for key, range_ in prices().once.items()}
    return Prices(once, prices().yearly, prices().basis)


# the plan


def test_the_money_goes_where_a_yuan_brings_most():
    made = proposal(
        2000
    )  # a charger at either station serves A and B for 45 hours; nothing else is to be had for the money
    (v,) = made.order
    assert (made.bundles.group[v] < 2, made.plan.value, made.plan.cost) == (True, pytest.approx(45 * 0.2 * 2), 1700)


@pytest.mark.parametrize("budget", [1000, 4000, 12_000, 14_000, 26_000])
def test_the_plan_is_the_best_of_all_there_are(budget):
    made = proposal(budget)
    menu, best = made.menu, 0.0
    for size in (1, 2, 3):
        for plan in combinations(range(menu.n_actions), size):
            if len(set(menu.group[list(plan)])) == size and menu.cost[list(plan)].sum() <= budget:
                best = max(best, menu.value(plan))
    assert (made.plan.value, made.plan.bound) == (pytest.approx(best), pytest.approx(best))


def test_what_each_place_adds_sums_up_to_the_whole():
    made = proposal(40_000)
    assert len(made.order) == 2
    assert made.gain.sum() == pytest.approx(made.plan.value)
    assert (np.diff(made.gain) <= 1e-9).all()


def test_the_floor_brings_money_to_the_cell_that_would_have_had_none(monkeypatch):
    monkeypatch.setitem(rules()["plan"], "fairness_most", 0.7)
    free, fair = proposal(13_000), proposal(13_000, floor_share=0.15)
    assert (free.plan.value, fair.plan.value) == (pytest.approx(190.2), pytest.approx(18 + 58.8))
    assert [set(made.bundles.group[made.order]) & {2} for made in (free, fair)] == [set(), {2}]
    assert (fair.price_of_fairness, fair.fair.kept.tolist()) == (pytest.approx(190.2 - 76.8), [True, True])


def test_a_cell_for_which_the_floor_would_cost_too_much_is_left_below_it_and_that_is_said():
    made = proposal(13_000, floor_share=1.0)  # to bring half of C within reach would cost most of what A and B gain
    assert (made.fair.kept.tolist(), made.price_of_fairness) == ([True, False], 0)
    said = plan_sentence(table(made), context())
    assert "2个网格中，1个" in said.zh and "Of 2 grid cells 1" in said.en


def test_a_floor_met_by_the_best_plan_anyway_costs_nothing():
    made = proposal(100_000, floor_share=0.5)
    assert (made.price_of_fairness, made.fair.kept.all(), made.fair.binds) == (0, True, False)


# draws


def test_with_nothing_unsure_every_draw_is_the_plan():
    made = proposal(13_000, draws=3, n=1e12)
    assert made.worlds.gain.sum(axis=1) == pytest.approx([made.plan.value] * 3, rel=1e-3)
    assert made.worlds.cost == pytest.approx([made.plan.cost] * 3)
    assert made.worlds.again()[made.order] == pytest.approx([1.0] * len(made.order), abs=1e-6)


def test_prices_move_what_the_same_list_costs():
    costs = proposal(13_000, draws=40, of=unsure_prices, n=1e12).worlds.cost
    assert costs.std() > 100 and 0.5 * costs.mean() < costs.min() and costs.max() < 1.5 * costs.mean()


def test_what_works_is_drawn_by_its_own_chance():
    now = as_it_stands(corner(works=(3, 7)))
    rng = np.random.default_rng(1)
    works = np.array([drawn_state(now, rng).chance[0, WATER] for _ in range(2000)])
    assert set(works) == {0.0, 1.0} and works.mean() == pytest.approx(0.3, abs=0.04)


def test_need_is_drawn_for_a_grid_cell_as_a_whole_within_what_its_answers_allow():
    now = as_it_stands(corner(n=100))
    spread = need_spread(now)
    draws = np.array([drawn_need(now.need, spread, rng) for rng in np.random.default_rng(1).spawn(500)])
    assert (draws[:, 0] == draws[:, 1]).all() and (draws[:, 0] != draws[:, 2]).any()
    assert draws[:, 0, WATER].std() == pytest.approx(np.sqrt(0.25 / 101), rel=0.15)


def test_what_nobody_needs_is_needed_in_no_draw():
    now = as_it_stands(corner(need=(0.0, 0.5)))
    assert (drawn_need(now.need, need_spread(now), np.random.default_rng(1))[:, CHARGING] == 0).all()


def test_a_bundle_holds_another_of_its_place_that_does_less():
    made = proposal(13_000)
    holds = holding(made.bundles).toarray() > 0
    assert holds.diagonal().all()
    b = made.bundles
    for v, w in zip(*np.nonzero(holds), strict=True):
        assert b.group[v] == b.group[w] and (b.add[v] >= b.add[w]).all() and b.longer[v] >= b.longer[w]


def test_what_is_added_counts_each_cell_once():
    made = proposal(40_000)
    assert added(made.menu, made.order[::-1]).sum() == pytest.approx(made.plan.value)


# the list


def test_a_row_tells_place_work_unit_hours_cost_and_what_to_look_at():
    rows = table(proposal(13_000))
    row = rows.filter(pl.col("station_id") == "S1").row(0, named=True)
    assert row["what_zh"] == "装密码门锁，每天24小时可进；增设手机充电"
    assert (row["place_zh"], row["who_zh"], row["hours_zh"]) == ("第1驿站", "甲单位", "每天24小时")
    assert row["watch_zh"] == "延长时段的人次，手机充电人次"
    assert (row["one_off_yuan"], row["yearly_yuan"]) == (4500, 1200 + 123 * 50 + 200)
    assert row["action_codes"] == "add_service,extend_hours"


def test_a_look_first_is_a_kind_of_its_own():
    rows = table(proposal(400, works=(50, 50)))
    assert rows.filter(pl.col("kind_code") == VERIFY)["what_en"].to_list() == [
        "look whether drinking water can be used, repair if not"
    ]


def test_a_shop_has_to_agree_before_money_is_spent_there():
    made = proposal(2000)
    speaker, b = Speaker(made.bundles, made.now, context()), made.bundles
    agree = [speaker.needs_agreement(v) for v in range(len(b))]
    assert agree == [group > 0 for group in b.group]


def test_telling_people_of_a_shop_needs_no_agreement():
    made = proposal(2000, offers=((False, False), (False, True)), known=0.1)
    v = next(
        v
        for v in np.flatnonzero(made.bundles.group == 1)
        if made.bundles.publicise[v] and not made.bundles.add[v].any()
    )
    assert not Speaker(made.bundles, made.now, context()).needs_agreement(v)


def test_the_public_reads_no_private_host_and_no_place_that_has_not_agreed():
    public = context(audience="public")
    rows = table(proposal(40_000), audience="public")
    text = str(rows.to_dicts()) + str(plan_sentence(rows, public)) + str(plan_actions(rows, public))
    assert not any(name in text for name in ("丙楼", "甲单位")) and "第1驿站" in text
    assert rows.filter(pl.col("class_code") == "social")["place_zh"].to_list() == ["某楼宇（拟新设）"]
    shop = proposal(2000, offers=((False, False), (False, True)), known=0.1)
    told = table(shop, audience="public")
    assert "第2驿站" not in str(told.to_dicts()) and "S2" not in str(told.to_dicts())
    assert "某社会化驿站" in told["place_zh"].to_list()


def test_nothing_in_the_list_is_nan_or_infinite():
    for budget in (300, 2000, 40_000):
        rows = table(proposal(budget, draws=2, works=(50, 50)))
        for name, kind in rows.schema.items():
            if kind.is_float():
                assert rows[name].drop_nulls().is_finite().all(), name


def test_an_idea_that_brings_little_for_its_money_is_listed_as_such(monkeypatch):
    made = proposal(13_000)  # the charger and the lock at A; the next yuan would go to a shop at C
    assert left_out(made).not_worth.tolist() == []
    monkeypatch.setattr(others, "POOR", 2.0)
    (v,) = left_out(made).not_worth
    assert made.bundles.group[v] == 2
    poor = table(made).filter(pl.col("kind_code") == POOR)
    assert poor.select("place_zh", "gain").row(0) == ("丙楼", pytest.approx(58.8))


def test_alternatives_stand_only_where_draws_swap_them_in():
    sure = table(proposal(2000, draws=4, n=1e12)).filter(pl.col("kind_code") == ALTERNATIVE)
    assert sure["tie_code"].drop_nulls().unique().to_list() in ([], ["A"])


def test_the_paragraph_says_money_gain_proof_and_what_is_left():
    said = plan_sentence(table(proposal(14_000, draws=3)), context())
    for part in ("用14,000元", "走300米", "已算到最优", "重抽3次"):
        assert part in said.zh
    assert "Proven best" in said.en and "drawn anew 3 times" in said.en


def test_the_first_screen_gets_what_adds_most():
    made = plan_actions(table(proposal(40_000, draws=2)), context())
    assert [action.finding_id for action in made] == ["what_to_change"] * 2
    assert all(action.what and action.hours and action.who and "元" in action.why for action in made)


# no plan, and why


@pytest.mark.parametrize(
    "reason",
    ["nothing_affordable", "nothing_to_gain", "no_survey", "no_presence", "no_coordinates", "no_station", "no_prices"],
)
def test_every_reason_for_no_list_has_its_words(reason):
    rows = nothing("QC", 50.0, reason)
    assert rows.schema == pl.DataFrame(schema=SCHEMA).schema
    said = plan_sentence(rows, context())
    assert said.zh and said.en and said.strength == "none"
    assert plan_actions(rows, context()) == []


@pytest.mark.parametrize("budget", [0, 10])
def test_too_little_money_is_a_value_with_a_reason(budget):
    made = proposal(budget, draws=2, floor_share=0.5)
    assert (len(made.order), made.plan.status_code) == (0, "nothing_affordable")


@pytest.mark.parametrize("budget", [0, 1e-300, 1e-5])
def test_no_money_at_all_buys_nothing_and_is_no_fault(budget):
    made = proposal(budget, draws=2, floor_share=0.5)
    assert (made.order.tolist(), made.plan.status_code) == ([], "nothing_affordable")
    assert made.worlds.parts.sum() == pytest.approx(0, abs=1e-6)


def test_an_area_that_does_not_know_where_couriers_are_says_so():
    con = district()
    assert lacking(con, "QC") == "no_presence"
    con.execute("insert into clean.courier_presence (building_id, area_code, hour_of_week, n_couriers, source_file_id, source_sheet, source_row) "
                "values ('B1', 'QC', 9, 3, 'f', '', 1)")  # fmt: skip
    assert lacking(con, "QC") == "no_coordinates"
    con.execute("insert into clean.buildings (building_id, area_code, name, lon, lat, source_file_id, source_sheet, source_row) "
                "values ('B1', 'QC', '楼', 116.4, 39.9, 'f', '', 1)")  # fmt: skip
    assert lacking(con, "QC") == "no_station"


def test_a_warehouse_without_presence_gives_one_row_with_the_reason():
    con = district()
    rows = plan_rows(con, context_for(con))
    assert rows.select("area_code", "kind_code", "plan_code", "budget_yuan").row(0) == (
        "QC",
        "none",
        "no_presence",
        200_000,
    )


def test_a_period_of_which_nothing_is_known_has_no_row():
    con = district()
    assert plan_rows(con, context_for(con, period="2020Q1")).is_empty()


# the budget


@pytest.mark.parametrize("budget", [-1.0, float("nan"), float("inf")])
def test_a_budget_that_is_none_is_refused(budget):
    con = district()
    for ask in (lambda: context_for(con, budget=budget), lambda: what_to_change(con, budget=budget)):
        with pytest.raises(PipelineError) as caught:
            ask()
        assert (caught.value.exit_code, caught.value.problems[0].code) == (USAGE, "bad_budget")


@pytest.mark.parametrize("budget", ["-1", "nan", "inf"])
def test_the_command_line_refuses_it_too(budget, capsys):
    from pipeline.__main__ import main

    assert main(["run", "--budget", budget]) == USAGE
    assert "--budget" in capsys.readouterr().err


def test_outputs_for_another_budget_are_other_outputs():
    assert len({Options(budget=budget).key for budget in (None, 100_000, 200_000, 1_234_567, 1_234_568)}) == 5
    assert Options().key == "latest|zh|office"


def test_a_notebook_may_ask_for_no_draws_and_no_floor():
    con = district()
    assert what_to_change(con, budget=1000, draws=0, floor_share=0.0)["plan_code"].to_list() == ["no_presence"]
    with pytest.raises(PipelineError):
        what_to_change(con, draws=-1)


def test_bundles_are_taken_apart_and_put_together_without_change():
    bundles = proposal(2000).bundles
    assert isinstance(bundles[np.array([0, 1])], Bundles) and len(bundles[np.array([0, 1])]) == 2
