"""The chart of ratios: its axis shows every interval, a figure that is not there reads as its word or its reason."""

from __future__ import annotations

import polars as pl

from pipeline import charts

TABLE = pl.DataFrame({
    "label": ["高温", "低温", "下雨", "合计"], "est": [1.1, None, None, 0.2], "lci": [1.0, None, None, 0.1], "uci": [1.2, None, None, 4.0],
    "reason": ["", "没有这样的日子", "", ""], "secret": [1, 2, 3, 4],
})  # fmt: skip


def drawing(table: pl.DataFrame) -> tuple[dict, str]:
    chart = charts.ratios(table, label="label", value="est", lower="lci", upper="uci", title="几倍")
    return chart.to_dict(), charts.svg(chart)


def test_what_is_hidden_reads_as_its_word_and_what_cannot_be_told_as_its_reason():
    _, drawn = drawing(TABLE)
    assert "没有这样的日子" in drawn and "[不公开]" in drawn and "高温" in drawn


def test_the_axis_reaches_over_every_interval_and_holds_no_column_it_was_not_given():
    spec, _ = drawing(TABLE)
    scale = next(
        layer["encoding"]["x"]["scale"] for layer in spec["layer"] if "scale" in layer["encoding"].get("x", {})
    )
    assert scale["type"] == "log" and scale["domain"][0] < 0.1 and scale["domain"][1] > 4
    assert "secret" not in str(spec)


def test_nothing_to_draw_still_draws_the_words():
    _, drawn = drawing(TABLE.filter(pl.col("est").is_null()))
    assert "没有这样的日子" in drawn
