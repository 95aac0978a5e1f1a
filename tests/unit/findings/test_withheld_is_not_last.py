"""Figures that are too uncertain to be shown are not passed over when sentences say what comes first."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline import findings
from pipeline.findings import need_not_met, need_not_met_by_grid, promised_vs_needed, top_needed_services, who_answered
from tests.unit.findings.small_district import district

SPEAK = (top_needed_services.speak, need_not_met.speak, promised_vs_needed.speak)


@pytest.fixture(scope="module")
def context():
    return findings.context_for(district(), is_simulated=True)


def table(*rows, n=40):
    """Services with est, lci, uci (None: not shown) and the reason; all are promised, none is a gap."""
    names = ("service_code", "est", "lci", "uci", "withheld_code")
    types = {
        "service_code": pl.String,
        "est": pl.Float64,
        "lci": pl.Float64,
        "uci": pl.Float64,
        "withheld_code": pl.String,
    }
    made = pl.DataFrame([dict(zip(names, row, strict=True)) for row in rows], schema=types)
    return made.with_columns(
        area_code=pl.lit("QC"), wave_code=pl.lit("w"), n=pl.lit(n), is_gap=pl.lit(False), is_promised=pl.lit(True),
        is_evaluable=pl.lit(True), suppressed=pl.lit(False), shrunken_est=pl.col("est"), shrunken_lci=pl.col("lci"),
        grid_id=pl.lit("QC-G1"),
    )  # fmt: skip


WIDE, ZERO = ("charging", None, None, None, "wide"), ("meal_heating", 0.0, 0.0, 0.1, "")
SOME = ("water", 0.2, 0.1, 0.3, "")


@pytest.mark.parametrize("speak", SPEAK)
def test_what_is_too_wide_may_stand_before_what_is_named_first(speak, context):
    said = speak(table(SOME, WIDE), context)
    assert "20%" in said.zh and "也可能更高：手机充电。" in said.zh and "phone charging" in said.en
    assert (
        "更高" not in speak(table(SOME, ("warm", None, None, None, "uncertain")), context).zh
    )  # a rare one is not higher


@pytest.mark.parametrize("speak", (*SPEAK, need_not_met_by_grid.speak))
def test_nothing_that_nobody_names_is_first(speak, context):
    assert "没有一项确定" in speak(table(ZERO, WIDE), context).zh
    assert "没有谁" in speak(table(ZERO), context).zh
    assert "没有一项确定" in speak(table(WIDE), context).zh
    assert "没有可用" in speak(table(), context).zh


@pytest.mark.parametrize("speak", SPEAK[:2])
def test_a_single_figure_has_nothing_to_be_compared_with(speak, context):
    assert "没有别的一项可以相比" in speak(table(SOME, ZERO), context).zh


def test_a_frame_that_may_not_be_set_beside_the_sample_is_not_said_to_be_missing(context):
    rows = pl.DataFrame({"area_code": "QC", "wave_code": "w", "population_code": "attached", "variable_code": ["mode", "user_group"],
                         "value_code": ["qr", "rider"], "n": [24, None], "n_total": [24, None], "raw_share": [1.0, None],
                         "frame_share": [None, 0.2]})  # fmt: skip
    assert "不公开" in who_answered.speak(rows, context).zh
    assert "没有总体名册" in who_answered.speak(rows.with_columns(frame_share=pl.lit(None, pl.Float64)), context).zh


def test_promises_whose_need_is_not_shown_are_neither_missing_nor_passed_over(context):
    unpromised = pl.col("service_code").ne("water").alias("is_promised")
    rare = ("warm", None, None, None, "uncertain")
    only = promised_vs_needed.speak(table(SOME, rare).with_columns(unpromised), context)
    assert "1项不在承诺之列：饮水" in only.zh and "没有一项确定" in only.zh and "没有登记" not in only.zh
    assert "能显示的承诺服务里需要最少的是饮水" in promised_vs_needed.speak(table(SOME, rare), context).zh
    assert "能显示的" not in promised_vs_needed.speak(table(SOME), context).zh
    none = table(SOME).with_columns(is_promised=pl.lit(False))
    assert "没有登记服务承诺" in promised_vs_needed.speak(none, context).zh
