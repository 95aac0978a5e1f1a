"""Prices of changes: of the project, those of a place that win, and every mistake named with file, block and key."""

from __future__ import annotations

import tomllib

import pytest

from pipeline.contracts.costs import load_costs
from pipeline.errors import CONTRACT, PipelineError
from pipeline.paths import METADATA, study

SERVICES = [
    code["code"] for code in tomllib.loads((METADATA / "codebooks" / "services.toml").read_text("utf-8"))["code"]
]
CLASSES = ["fixed", "integrated", "social"]
GOOD = """
[[cost]]
action = "add_service"
item = "meal_heating"
one_off_yuan = 580
one_off_low = 500
one_off_high = 700
yearly_yuan = 240
source = "询价单第3项"
why_zh = "商用微波炉"
why_en = "a commercial oven"
"""


def place(tmp_path, text):
    (tmp_path / "place").mkdir()
    (tmp_path / "place" / "costs.toml").write_text(text, encoding="utf-8")
    return study(tmp_path)


def by_item(costs):
    return {(cost.action_code, cost.item_code): cost for cost in costs}


def problems(tmp_path, text):
    with pytest.raises(PipelineError) as caught:
        load_costs(place(tmp_path, text), SERVICES, CLASSES)
    assert caught.value.exit_code == CONTRACT
    return [problem.text("en") for problem in caught.value.problems]


def test_every_price_of_the_project_has_a_source_or_says_it_is_assumed_and_why():
    costs = load_costs(None, SERVICES, CLASSES)
    assert all((cost.source or cost.is_assumed) and cost.why_zh and cost.why_en for cost in costs)
    assert {cost.origin_code for cost in costs} == {"built_in"}


def test_a_price_without_a_range_is_half_as_much_again_either_way():
    water = by_item(load_costs(None, SERVICES, CLASSES))["add_service", "water"]
    assert (water.one_off, water.yearly) == ((800, 400, 1200), (1200, 600, 1800))


def test_whatever_may_be_done_somewhere_has_a_price():
    rules = tomllib.loads((METADATA / "actions.toml").read_text("utf-8"))
    priced = set(by_item(load_costs(None, SERVICES, CLASSES)))
    packages = [*(kind["services"] for kind in rules["class"]), *rules["packages"].values()]
    ways = {way for kind in rules["class"] for way in kind["extend"].values()}
    ways |= {way for site in rules["site"] for way in site["hours"].values()} - {""}
    wanted = {(action, code) for codes in packages for code in codes for action in ("add_service", "repair")}
    wanted |= {("extend_hours", way) for way in ways} | {("open", site["class"]) for site in rules["site"]}
    assert wanted | {("publicise", ""), ("verify", "")} <= priced


def test_a_price_of_the_place_wins_and_the_others_stay(tmp_path):
    costs = by_item(load_costs(place(tmp_path, GOOD), SERVICES, CLASSES))
    oven = costs["add_service", "meal_heating"]
    assert (oven.one_off, oven.yearly) == ((580, 500, 700), (240, 120, 360))
    assert (oven.is_assumed, oven.source, oven.origin_code) == (False, "询价单第3项", "place")
    assert costs["add_service", "water"].origin_code == "built_in"


def test_a_commented_file_changes_nothing(tmp_path):
    text = (METADATA / "new_study" / "costs.toml").read_text("utf-8")
    assert load_costs(place(tmp_path, text), SERVICES, CLASSES) == load_costs(None, SERVICES, CLASSES)


def test_the_commented_example_of_a_new_study_is_itself_right(tmp_path):
    text = (METADATA / "new_study" / "costs.toml").read_text("utf-8")
    block = text[text.index("# [[cost]]") :].replace("# ", "", 1).replace("\n# ", "\n")
    costs = by_item(load_costs(place(tmp_path, block), SERVICES, CLASSES))
    assert costs["add_service", "meal_heating"].source == "2023年4月询价单第3项"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("one_off_yuan = 580", "one_off_yuan = -1"), "one_off_yuan is no amount of zero or more"),
        (("one_off_yuan = 580", "one_off_yuan = nan"), "one_off_yuan is no amount of zero or more"),
        (("yearly_yuan = 240", "yearly_yuan = inf"), "yearly_yuan is no amount of zero or more"),
        (("yearly_yuan = 240\n", ""), "yearly_yuan is missing"),
        (("one_off_low = 500", "one_off_low = 600"), "low, yuan and high are out of order"),
        (("one_off_high = 700", "one_off_high = 570"), "low, yuan and high are out of order"),
        (('"meal_heating"', '"jacuzzi"'), "item is not known"),
        (('"add_service"', '"demolish"'), "action is not known"),
        (('"add_service"', '"verify"'), "item is not known"),
        (('source = "询价单第3项"\n', ""), "neither a source nor marked as assumed"),
        (('item = "meal_heating"', 'item = "meal_heating"\nunit = "weekly_hour"'), "unit is not known"),
        (('why_en = "a commercial oven"\n', ""), "why_en is missing"),
        (("one_off_low", "one_of_low"), "unknown key one_of_low"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_file_and_block(tmp_path, change, said):
    found = problems(tmp_path, GOOD.replace(*change))
    assert any(said in text and "costs.toml [[cost]] 1" in text for text in found), found


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path):
    text = GOOD.replace("580", "-1") + GOOD.replace('"meal_heating"', '"jacuzzi"') + GOOD
    found = problems(tmp_path, text)
    assert [text.split("[[cost]] ")[1][0] for text in found] == ["1", "2", "3"]
    assert "stand twice" in found[2]
