"""Corrections as data: they change one cell of one file, and say so when they no longer fit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.clean.way_back.corrections import correct
from pipeline.contracts import load_sources
from pipeline.contracts.corrections import Correction, load_corrections
from pipeline.errors import PipelineError
from pipeline.paths import study
from tests.unit.clean.test_ledgers import AS_OF, EAST, FILE, LEDGER_HEADINGS, replaced, text_table

SOURCES = load_sources()
GOOD = {
    "source": "station_ledger", "file": FILE.shown, "sheet": "驿站台账", "row": 5, "column": "座位数", "expect": "-3",
    "value": "3", "reason": "与填报单位核对", "reviewer": "审核员甲", "reviewed_on": date(2023, 6, 1),
}  # fmt: skip


def correction(number: int = 1, **changes) -> Correction:
    return Correction(**{**GOOD, **changes}, path=Path("corrections/a.toml"), number=number)


def claims():
    table = text_table("驿站台账", LEDGER_HEADINGS, [EAST, replaced(EAST, 编号="S002", 座位数="-3")], notes=AS_OF)
    return {"station_ledger": [(FILE, table)]}


def seats(made) -> list[str]:
    return made.claims["station_ledger"][0][1].frame[f"c{LEDGER_HEADINGS.index('座位数')}"].to_list()


def test_a_correction_changes_exactly_its_cell_and_not_its_input():
    given = claims()
    made = correct(given, [correction()], SOURCES)
    assert made.problems == [] and seats(made) == ["10", "3"]
    assert given["station_ledger"][0][1].frame[f"c{LEDGER_HEADINGS.index('座位数')}"].to_list() == ["10", "-3"]
    assert made.applied.row(0) == (
        FILE.file_id, "驿站台账", 5, "座位数", "与填报单位核对", date(2023, 6, 1), "a.toml 1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"expect": "-4"}, "原值"),
        ({"row": 99}, "这一行"),
        ({"file": "台账/别的.xlsx"}, "这份文件"),
        ({"column": "没有的列"}, "没有这一列"),
        ({"column": "联系电话", "expect": "10000000001"}, "个人信息"),
        ({"source": "log_smart_lock"}, "台账来源"),
        ({"source": "nothing"}, "台账来源"),
    ],
)
def test_a_correction_that_does_not_fit_says_why_and_shows_no_personal_value(changes, word):
    (problem,) = correct(claims(), [correction(**changes)], SOURCES).problems
    assert problem.code == "correction_stale" and word in problem.zh
    assert "10000000001" not in problem.text("zh") or changes.get("expect") == "10000000001"
    assert "10000000001" not in problem.got


def test_all_that_do_not_fit_are_said_at_once_and_two_of_one_cell_are_refused():
    made = correct(claims(), [correction(1), correction(2, value="4"), correction(3, expect="x")], SOURCES)
    assert [problem.code for problem in made.problems] == ["correction_twice", "correction_stale"]


def test_a_sheet_need_not_be_named_where_the_row_is_in_one():
    assert seats(correct(claims(), [correction(sheet=None, value="")], SOURCES)) == ["10", None]


def test_corrections_are_read_from_place_and_every_mistake_is_said(tmp_path):
    folder = tmp_path / "place" / "corrections"
    folder.mkdir(parents=True)
    block = "\n".join(f"{k} = {v!r}".replace("'", '"') for k, v in GOOD.items() if k != "reviewed_on")
    (folder / "a.toml").write_text(f"[[correction]]\n{block}\nreviewed_on = 2023-06-01\n", encoding="utf-8")
    assert [(c.row, c.number) for c in load_corrections(study(tmp_path))] == [(5, 1)]
    (folder / "b.toml").write_text('[[correction]]\nsource = "x"\nrow = "5"\ncolum = "座位数"\n', encoding="utf-8")
    with pytest.raises(PipelineError) as error:
        load_corrections(study(tmp_path))
    assert error.value.exit_code == 11 and len(error.value.problems) >= 8
