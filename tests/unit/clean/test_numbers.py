"""Numbers keep what was said about them; what may mean two things is refused; units are converted or refused."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean.values.numbers import Written, numbers, read_number, read_numbers
from pipeline.clean.values.numerals import in_digits


@pytest.mark.parametrize(
    ("text", "value", "qualifier"),
    [
        ("3", 3, "eq"),
        ("２０", 20, "eq"),
        ("-2.5", -2.5, "eq"),
        ("−3", -3, "eq"),
        ("1,200", 1200, "eq"),
        ("1，234，567", 1234567, "eq"),
        ("1 200", 1200, "eq"),
        ("12台", 12, "eq"),
        (" 12 台 ", 12, "eq"),
        ("35㎡", 35, "eq"),
        ("共6家", 6, "eq"),
        ("约20", 20, "approx"),
        ("20个左右", 20, "approx"),
        ("20来个", 20, "approx"),
        ("约1,200余人", 1200, "approx"),
        ("近30万", 300000, "lt"),
        ("不足10人", 10, "lt"),
        ("5人以下", 5, "lt"),
        ("超过1100", 1100, "gt"),
        ("至少5个", 5, "gt"),
        ("20余", 20, "gt"),
        ("300多人", 300, "gt"),
        ("20余万", 200000, "gt"),
        ("30多万人", 300000, "gt"),
        ("3万余", 30000, "gt"),
        ("4.5万", 45000, "eq"),
        ("3百万", 3000000, "eq"),
        ("30亿", 3e9, "eq"),
        ("100以上", 100, "gt"),
        ("100人以上", 100, "gt"),
        ("100+", 100, "gt"),
        ("二十", 20, "eq"),
        ("三百五十", 350, "eq"),
        ("两个", 2, "eq"),
        ("二十余人", 20, "gt"),
        ("十几个", 10, "gt"),
        ("1.5e-05", 1.5e-05, "eq"),
        ("1.2E+05", 120000, "approx"),  # a spreadsheet that shows it so has rounded it
    ],
)
def test_a_number_keeps_what_was_said_about_it(text, value, qualifier):
    found, said = numbers(pl.Series([text]))
    assert (found.item(), said.item()) == (value, qualifier)


@pytest.mark.parametrize(
    "text",
    ["很多", "3-5", "3~5", "3至5", "1,23", "12,3456", "3，5", "1.2.3", "3 5", "3\n5", "2台3个", "1e5", "三百五", "一万五", "两三个",
     "几十", "百余人", "二〇二三", "3万5", "近20余", "(3)", "第3", "5.", "微波炉2台", "", None],
)  # fmt: skip
def test_what_is_no_number_is_null_and_has_no_qualifier(text):
    found, said = numbers(pl.Series([text], dtype=pl.String))
    assert (found.item(), said.item()) == (None, None)


@pytest.mark.parametrize("text", ["3w", "3k", "3打", "8点", "2023年", "35%"])
def test_a_unit_nobody_knows_is_no_number_and_says_so(text):
    assert (read_number(text).value, read_number(text).fault) == (None, "unknown_unit")


@pytest.mark.parametrize(
    ("text", "unit", "heading_unit", "value"),
    [
        ("3.5", "人", "万人", 35000),
        ("3.5万人", "人", None, 35000),
        ("35000人", "人", "万人", 35000),  # the unit behind the number goes before the heading's
        ("3.5万人", "人", "万人", 35000),
        ("0.5公里", "米", None, 500),
        ("1.2", "米", "km", 1200),
        ("500", "㎡", None, 500),
        ("3亩", "㎡", None, 2000),
        ("2", "㎡", "万平方米", 20000),
        ("35%", "%", None, 35),
        ("30人次", None, None, 30),
        ("3.5", None, "万", 35000),
    ],
)
def test_numbers_stand_in_the_column_s_unit(text, unit, heading_unit, value):
    found = read_number(text, Written(unit, heading_unit))
    assert found.value == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "unit", "heading_unit"),
    [("30人次", "人", None), ("2公里", "㎡", None), ("3万", "人", "万人"), ("3", "㎡", "公里"), ("3打", "人", None)],
)
def test_units_that_do_not_go_with_the_column_are_refused(text, unit, heading_unit):
    assert read_number(text, Written(unit, heading_unit)).value is None


def test_two_units_of_measure_in_a_column_without_one_are_both_refused():
    one = read_numbers(pl.Series(["2公里", "3公里", "5"]))
    assert one["value"].to_list() == [2.0, 3.0, 5.0] and one["fault"].to_list() == [None] * 3
    two = read_numbers(pl.Series(["2公里", "500米", "5"]))
    assert two["value"].to_list() == [None, None, 5.0]
    assert two["fault"].to_list() == ["unknown_unit", "unknown_unit", None]


@pytest.mark.parametrize("text", ["微波炉2台", "2台微波炉", "微波炉：2", "微波炉×2台", "微 波 炉2台", "微波炉两台"])
def test_a_number_may_carry_its_column_s_own_name(text):
    label = Written(labels=("微波炉", "微 波 炉"))
    assert (read_number(text, label).value, read_number(text).value) == (2, None)


@pytest.mark.parametrize("text", ["微波炉", "饮水机2台", "微波炉饮水机2台", "微波炉2-3台"])
def test_another_name_is_news(text):
    assert read_number(text, Written(labels=("微波炉",))).value is None


def spoken(number: int) -> str:
    """A number below 100,000,000 in Chinese, written out in full, by the rules of school."""
    digits, sizes = "零一二三四五六七八九", ("", "十", "百", "千")
    high, low = divmod(number, 10_000)
    if high:
        rest = spoken(low) if low else ""
        return f"{spoken(high)}万{'零' if low and (low < 1000) else ''}{rest}"
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + digits[digit] + sizes[place]
        gap = digit == 0
    return text or digits[0]


@settings(deadline=None)
@given(st.integers(0, 99_999_999))
def test_a_numeral_written_out_in_full_is_its_number(number):
    assert in_digits(spoken(number)) == str(number)


@settings(deadline=None)
@given(st.integers(-(10**9), 10**9), st.sampled_from(["", "人", "个", "台"]), st.sampled_from(["{}", "{:,}", " {} "]))
def test_a_whole_number_comes_back_from_any_way_of_writing_it(number, unit, way):
    found, said = numbers(pl.Series([way.format(number) + unit]))
    assert (found.item(), said.item()) == (number, "eq")


@settings(deadline=None)
@given(st.text(max_size=12))
def test_no_text_breaks_the_reader_and_a_number_always_has_a_qualifier(text):
    found = read_number(text)
    assert (found.value is None) == (found.qualifier is None) == (found.fault is not None)


def test_a_column_keeps_its_length():
    assert read_numbers(pl.Series([], dtype=pl.String)).height == 0
    assert numbers(pl.Series(["1", None, "x", "1"]))[0].to_list() == [1.0, None, None, 1.0]
