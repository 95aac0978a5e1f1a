"""What place/boundary.toml says of an area: its outline, and the number under which a map of it may be made public."""

from __future__ import annotations

import pytest

from pipeline.clean.reference import outlines
from pipeline.errors import PipelineError
from pipeline.paths import study as study_at

BOUNDARY = """[[boundary]]
area_code = "QC"
outline_wkt = "POLYGON((116.44 39.89, 116.48 39.89, 116.48 39.93, 116.44 39.89))"
source = "测试"
"""


@pytest.fixture
def place(tmp_path):
    """A study whose place/boundary.toml is written by the test."""
    (tmp_path / "place").mkdir()

    def write(text: str) -> list[str | None]:
        (tmp_path / "place" / "boundary.toml").write_text(text, encoding="utf-8")
        tables, _, _ = outlines(study_at(tmp_path))
        return tables["clean.boundaries"]["map_approval_no"].to_list()

    return write


def test_a_boundary_may_carry_the_number_of_its_map_approval(place):
    assert place(BOUNDARY + 'map_approval_no = "GS(2024)1234号"\n') == ["GS(2024)1234号"]
    assert place(BOUNDARY) == [None]


@pytest.mark.parametrize("number", ["1234", "true", '["GS(2024)1234号"]', '""', '"  "'])
def test_a_number_of_map_approval_is_text_that_says_something(place, number):
    with pytest.raises(PipelineError) as told:
        place(BOUNDARY + f"map_approval_no = {number}\n")
    (problem,) = told.value.problems
    assert (told.value.exit_code, problem.code) == (11, "contract_invalid") and "map_approval_no" in problem.en
