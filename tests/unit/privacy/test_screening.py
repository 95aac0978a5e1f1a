"""Personal values in free text are masked before anything is stored; what couriers say stays."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.privacy import MASK, screen_text
from tests.unit.privacy.planted import HARMLESS, KINDS, Planted, plant, unannounced

SIGNS = "欧阳东方我叫是找师傅张王李谢谢京A12 3-·:：，。路号院栋室@x.o昵称微信〔已隐去〕家一三九\ufdd0"


def screened(*texts: str | None) -> list[str | None]:
    return screen_text(pl.Series(texts, dtype=pl.String)).to_list()


def left_over(n: int, seed: int) -> list[Planted]:
    planted = plant(n, seed)
    assert {one.kind for one in planted} == set(KINDS)
    texts = screened(*(one.text for one in planted))
    return [one for one, text in zip(planted, texts, strict=True) if one.value in text]


def test_five_hundred_planted_values_are_gone():
    assert left_over(500, 20230501) == []


def test_of_four_thousand_planted_values_one_in_a_thousand_is_left_at_most():
    assert len(left_over(4_000, 20230502)) <= 4


def test_of_names_that_nothing_announces_seven_in_eight_are_gone():
    """Weaker than the rest, and known: docs/methods.md says so. A reviewer reads a sentence before it is released."""
    planted = unannounced(1_000, 311)
    texts = screened(*(one.text for one in planted))
    assert sum(one.value in text for one, text in zip(planted, texts, strict=True)) <= 125


def test_harmless_sentences_stay_as_they_are():
    lines = HARMLESS.read_text(encoding="utf-8").split()
    changed = [line for line, text in zip(lines, screened(*lines), strict=True) if line != text]
    assert len(lines) >= 120
    assert len(changed) <= 0.02 * len(lines), changed


@settings(max_examples=120, deadline=None)
@given(st.lists(st.text(st.sampled_from(SIGNS), max_size=24), max_size=4))
def test_screening_twice_is_screening_once(texts):
    once = screen_text(pl.Series(texts, dtype=pl.String))
    assert screen_text(once).to_list() == once.to_list()


def test_the_same_text_is_screened_the_same_whatever_stands_beside_it():
    planted = [one.text for one in plant(64, 3)]
    assert screened(*planted) == [screened(text)[0] for text in planted] == screened(*planted[::-1])[::-1]


def test_missing_stays_missing_and_the_name_of_the_column_stays():
    column = pl.Series("said", [None, "", "无", "13900000001"])
    assert screen_text(column).name == "said"
    assert screen_text(column).to_list() == [None, "", "无", MASK]
    assert screen_text(pl.Series("none", [None, None])).to_list() == [None, None]


@pytest.mark.parametrize(
    "text",
    [
        "电话一三九零零零零零零零一", "京A·12345", "京 AD1 2345", "京ａｄ１２３４５", "青禾路12号院3号楼2单元501", "110101900101123",
        "昵称：追风少年", "o" + "aB3_-" * 5 + "xY", "https://example.com/u/12345", "欧阳梓萱", "买买提·艾力", "６２００１１１１２２２２３３３３",
    ],
)  # fmt: skip
def test_nothing_is_left_of(text):
    assert screened(text) == [MASK] or screened(text)[0].replace("电话", "") == MASK


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("王府井站太远，找王师傅", f"王府井站太远，{MASK}"),
        ("宋庄的张伟很热情", f"宋庄的{MASK}很热情"),
        ("2023-05-14没开门，打13900000001", f"2023-05-14没开门，打{MASK}"),
        ("每月5000-8000元，卡号6200111122223333", f"每月5000-8000元，{MASK}"),
    ],
)
def test_only_what_is_personal_goes(text, kept):
    assert screened(text) == [kept]


def test_a_million_cells_take_the_time_of_their_distinct_texts():
    few = [one.text for one in plant(200, 5)]
    many = pl.Series(few * 5_000)
    assert screen_text(many).to_list()[-200:] == screened(*few)
