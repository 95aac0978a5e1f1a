from __future__ import annotations

import polars as pl
import pytest

from pipeline.analysis.weighting.response import representativeness
from pipeline.errors import PipelineError


def frame_of(*groups):
    """Rows of (platform, shift, responded, how many)."""
    rows = [group[:3] for group in groups for _ in range(group[3])]
    return pl.DataFrame(rows, schema=["platform", "shift", "r"], orient="row")


def test_equal_response_is_representative():
    found = representativeness(
        frame_of(("a", "day", 1, 5), ("a", "day", 0, 5), ("b", "day", 1, 20), ("b", "day", 0, 20)), "r", ["platform"]
    )
    assert (found.r, found.r_adjusted, found.rate, found.cv) == pytest.approx((1, 1, 0.5, 0))


def test_one_variable_gives_the_spread_between_its_categories():
    found = representativeness(
        frame_of(("a", "day", 1, 6), ("a", "day", 0, 4), ("b", "day", 1, 2), ("b", "day", 0, 8)), "r", ["platform"]
    )
    assert found.s == pytest.approx((20 * 0.2**2 / 19) ** 0.5)  # 0.6 and 0.2, ten each
    assert found.r == pytest.approx(1 - 2 * found.s)
    assert found.variables.row(0) == pytest.approx(("platform", found.s, found.s))
    # mean sampling variance of the propensities: (0.6·0.4 + 0.2·0.8) / 10 / 2
    assert found.r_adjusted == pytest.approx(1 - 2 * (found.s**2 - 0.02) ** 0.5)
    assert found.propensities[[0, 19]] == pytest.approx([0.6, 0.2])


def test_a_variable_that_says_the_same_as_another_adds_nothing_of_its_own():
    # shift follows platform; response depends on platform alone
    groups = [("a", "day", 1, 12), ("a", "day", 0, 8), ("a", "night", 1, 3), ("a", "night", 0, 2),
              ("b", "day", 1, 1), ("b", "day", 0, 4), ("b", "night", 1, 4), ("b", "night", 0, 16)]  # fmt: skip
    found = representativeness(frame_of(*groups), "r", ["platform", "shift"])
    kinds = {row[0]: row[1:] for row in found.variables.rows()}
    assert kinds["shift"][0] > 0.05 and kinds["shift"][1] == pytest.approx(0, abs=1e-9)
    assert kinds["platform"][1] > 0.1
    signs = dict(found.categories.filter(pl.col("variable") == "platform").select("category", "unconditional").rows())
    assert signs["a"] > 0 > signs["b"]


def test_a_category_where_all_respond_has_propensity_one_and_a_missing_one_is_a_category():
    found = representativeness(
        frame_of(("a", "day", 1, 5), (None, "day", 1, 2), (None, "day", 0, 3)), "r", ["platform"]
    )
    assert found.propensities[[0, 9]] == pytest.approx([1, 0.4], abs=1e-9)
    assert found.categories["category"].to_list() == ["a", "—"]


@pytest.mark.parametrize("responses", [[1, 1], [0, 0], [1, None], [1, 2], []])
def test_a_response_that_is_no_mixture_of_yes_and_no_is_refused(responses):
    frame = pl.DataFrame(
        {"platform": ["a"] * len(responses), "r": responses}, schema={"platform": pl.String, "r": pl.Int64}
    )
    with pytest.raises(PipelineError) as refused:
        representativeness(frame, "r", ["platform"])
    assert [one.code for one in refused.value.problems] == ["response_not_two"]


def test_columns_that_are_not_there_are_named():
    with pytest.raises(PipelineError) as refused:
        representativeness(frame_of(("a", "day", 1, 1)), "came", ["platform", "sector"])
    assert [one.where for one in refused.value.problems] == ["came", "sector"]
    with pytest.raises(PipelineError, match="no variable"):
        representativeness(frame_of(("a", "day", 1, 1)), "r", [])
