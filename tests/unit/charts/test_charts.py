"""Charts: Chinese is drawn, hidden cells are words, and a chart holds only what it draws."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import polars as pl

from pipeline import charts

TABLE = pl.DataFrame(
    {
        "label": ["饮水", "充电"],
        "est": [0.4, None],
        "lci": [0.3, None],
        "uci": [0.5, None],
        "phone": ["13800000000", "13900000000"],
    }
)


def bars():
    return charts.bars(TABLE, label="label", value="est", lower="lci", upper="uci", title="比例")


def test_a_chart_holds_only_the_columns_it_draws():
    assert "13800000000" not in json.dumps(bars().to_dict())


def test_a_hidden_cell_is_drawn_as_its_word():
    drawing = charts.svg(bars())
    assert "[不公开]" in drawing and "充电" in drawing


def test_the_fallback_family_is_always_named():
    assert "Noto Sans SC, sans-serif" in charts.svg(bars())


def test_chinese_is_drawn_and_not_left_blank():
    def dark(label: str) -> bytes:
        return charts.png(
            charts.svg(
                charts.bars(
                    TABLE.with_columns(pl.lit(label).alias("label")).head(1), label="label", value="est", title=""
                )
            )
        )

    assert dark("饮水") != dark("休憩")


def test_pictures_repeat_byte_for_byte():
    assert charts.png(charts.svg(bars())) == charts.png(charts.svg(bars()))


def test_the_notebook_renderer_gives_what_lab_bundles_and_a_picture():
    shown = charts.notebook_renderer(bars().to_dict())
    assert set(shown) == {"application/vnd.vegalite.v5+json", "image/png"}
    assert shown["application/vnd.vegalite.v5+json"]["$schema"].endswith("v5.20.1.json")


def test_a_stamp_stands_under_the_chart_and_fits_its_width():
    drawing = charts.svg(bars())
    for text in ("模拟数据，仅供演示", "Simulated data & nothing else; not a basis for any decision at all"):
        stamped = charts.stamped(drawing, text)
        tree = ElementTree.fromstring(stamped)
        line = tree[-1]
        before = float(ElementTree.fromstring(drawing).get("height"))
        assert line.text == text and before < float(line.get("y")) < float(tree.get("height"))
        ems = sum(1.0 if ord(sign) > 0x2E7F else 0.55 for sign in text)
        assert ems * float(line.get("font-size").removesuffix("px")) < float(tree.get("width"))
        assert charts.png(stamped) != charts.png(drawing)


def test_groups_of_an_empty_table_are_drawn_as_an_empty_chart():
    empty = TABLE.head(0).with_columns(pl.lit("甲").alias("part"))
    drawn = charts.bars(empty, label="label", value="est", title="比例", group="part")
    assert charts.png(charts.svg(drawn))
