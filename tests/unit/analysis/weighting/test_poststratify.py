from __future__ import annotations

import polars as pl
import pytest

from pipeline.analysis.weighting.poststratify import poststratify
from pipeline.analysis.weighting.report import kish_deff

FRAME = pl.DataFrame(
    {
        "group": ["courier", "courier", "courier", "rider", "rider"],
        "platform": ["a", "b", "z", "a", "b"],
        "n_persons": [100.0, 50.0, 10.0, 200.0, 40.0],
    }
)
BY = ["group", "platform"]


def people(*cells):
    rows = [cell[:2] for cell in cells for _ in range(cell[2])]
    return pl.DataFrame(rows, schema={"group": pl.String, "platform": pl.String}, orient="row")


def test_each_respondent_stands_for_the_persons_of_the_cell():
    full = [("courier", "a", 10), ("courier", "b", 5), ("courier", "z", 5), ("rider", "a", 20), ("rider", "b", 8)]
    result = poststratify(people(*full), FRAME, by=BY)
    assert result.weights.unique(maintain_order=True).to_list() == [
        10.0,
        2.0,
        5.0,
    ] or result.weights.sum() == pytest.approx(400)
    assert result.cells["weight"].to_list() == [10.0, 10.0, 2.0, 10.0, 5.0]
    assert result.collapsed.is_empty()


def test_small_cells_are_pooled_within_the_leading_variable():
    result = poststratify(
        people(("courier", "a", 6), ("courier", "b", 3), ("courier", "z", 4), ("rider", "a", 7), ("rider", "b", 2)),
        FRAME,
        by=BY,
    )
    assert result.collapsed.select("group", "platform").rows() == [
        ("courier", "b"), ("courier", "z"), ("rider", "a"), ("rider", "b"),
    ]  # fmt: skip
    assert result.cells["weight"].to_list() == pytest.approx([100 / 6, 60 / 7, 60 / 7, 240 / 9, 240 / 9])
    assert result.weights.sum() == pytest.approx(400)


def test_a_cell_nobody_answered_from_is_carried_by_its_neighbours():
    result = poststratify(people(("courier", "a", 10), ("courier", "b", 10), ("rider", "a", 5)), FRAME, by=BY)
    assert result.weights.sum() == pytest.approx(400)
    assert result.cells.filter(pl.col("platform") == "z")["n"].to_list() == [0]


def test_with_too_few_respondents_altogether_everybody_weighs_the_same():
    result = poststratify(people(("courier", "a", 2), ("rider", "b", 2)), FRAME, by=BY)
    assert result.weights.to_list() == [100.0] * 4


def test_nobody_at_all_gives_no_weights():
    assert poststratify(people(), FRAME, by=BY).weights.is_empty()


def test_respondents_outside_the_frame_have_no_weight_and_those_who_left_a_variable_out_have_one():
    sample = pl.concat([people(("courier", "a", 8), ("courier", "b", 8), ("courier", "z", 8), ("rider", "a", 8), ("rider", "b", 8)),
                        pl.DataFrame({"group": ["office", "rider", None], "platform": ["a", None, "b"]})])  # fmt: skip
    result = poststratify(sample, FRAME, by=BY)
    assert result.weights.to_list()[40] is None
    assert result.weights.null_count() == 1
    assert (result.n_outside, result.n_unplaced) == (1, 2)
    assert result.weights.sum() == pytest.approx(400)


def test_the_design_effect_is_one_plus_the_squared_variation_of_the_weights():
    assert kish_deff(pl.Series([2.0, 2.0, 2.0])) == pytest.approx(1.0)
    assert kish_deff(pl.Series([1.0, 3.0])) == pytest.approx(1.25)
    assert kish_deff(pl.Series([], dtype=pl.Float64)) is None


def test_the_order_of_the_frame_does_not_matter():
    sample = people(("courier", "a", 6), ("courier", "b", 3), ("courier", "z", 4), ("rider", "a", 7), ("rider", "b", 2))
    assert poststratify(sample, FRAME, by=BY).weights.equals(poststratify(sample, FRAME.reverse(), by=BY).weights)
