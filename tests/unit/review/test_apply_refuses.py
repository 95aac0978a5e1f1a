"""What is wrong with a review workbook is said at once, with sheet and row, and nothing is written."""

from __future__ import annotations

import io
import zipfile

import pytest
from fill_review import fill

from pipeline.contracts import load_codebooks, load_study_file
from pipeline.contracts.study_file import aliases
from pipeline.errors import PipelineError
from pipeline.export.review_workbook import render
from pipeline.review import apply
from tests.unit.review.review_room import STUDY_TOML, SWAPPED, cell, place, spelling


def test_a_file_that_takes_no_blocks_at_its_end_is_left_alone(study, refused):
    (study.place / "aliases.toml").write_text("alias = []\n", encoding="utf-8")
    codes, text = refused(
        place("乙", "S1 东门驿站"), spelling("甲"), decisions={("地点", "乙"): "S1 东门驿站", ("写法", "甲"): "饮水"}
    )
    assert codes == ["toml_not_appendable"] and "[[alias]]" in text


def test_every_problem_is_told_at_once_with_sheet_and_row(refused):
    codes, text = refused(
        spelling("甲"), spelling("乙"), place("丙", "S1 东门驿站"), cell("经度", "1", "116.4"),
        decisions={("写法", "甲"): "飞翔", ("地点", "丙"): "S77", ("更正", "经度"): "也许"}, reviewer=None, on="昨天",
    )  # fmt: skip
    assert sorted(codes) == ["decision_unknown"] * 3 + ["review_unsigned"] * 2
    for words in (
        "[写法] 第4行",
        "飞翔",
        "饮水",
        "[地点] 第4行",
        "S77",
        "S1 东门驿站",
        "[更正] 第4行",
        "也许",
        "审核人",
        "昨天",
        "已审核.xlsx",
    ):
        assert words in text


def test_two_rows_that_decide_one_text_differently(refused, decide):
    asked = (place("东门译站", "S1 东门驿站"), place("东门 译站", "S2 东门外驿站"))
    codes, text = refused(
        *asked, decisions={("地点", "东门译站"): "S1 东门驿站", ("地点", "东门 译站"): "S2 东门外驿站"}
    )
    assert codes == ["decision_conflict"] and "[地点] 第4行" in text and "[地点] 第5行" in text
    same = (spelling("打水"), spelling("打 水"))
    assert decide(*same, decisions={("写法", "打水"): "饮水", ("写法", "打 水"): "water"}).written["spelling"] == 1


def test_what_contradicts_an_earlier_decision_or_the_register(study, decide, refused, with_register):
    decide(place("丙", "S1 东门驿站"), spelling("甲"), decisions={("地点", "丙"): "不是同一处", ("写法", "甲"): "饮水"})
    for asked, decision in (
        (place("东大门", "S2 同名驿站"), "S2 同名驿站"),  # an alias of S1
        (place("东大门", "S1 东门驿站"), "不是同一处"),  # the alias says so
        (place("丙", "S1 东门驿站"), "S1 东门驿站"),  # found to be another place
        (place("东门驿站", "S2 同名驿站"), "S2 同名驿站"),  # the name of S1
        (spelling("甲"), "手机充电"),
        (spelling("饮水"), "视为无效值"),
    ):
        said = asked.cells["写法"]
        codes, _ = refused(asked, decisions={(asked.part.name, said): decision})
        assert codes == ["decision_conflict"], said


def test_which_of_two_namesakes_is_meant_can_be_settled(study, decide, refused, with_register):
    codes, text = refused(place("同名"), decisions={("地点", "同名"): "同名驿站"})
    assert codes == ["decision_unknown"] and "S2 / S3" in text
    decide(place("同名驿站"), decisions={("地点", "同名驿站"): "S3"})
    assert [block["local_code"] for block in aliases(study)] == ["S1", "S3"]


def test_half_of_a_pair_of_coordinates_is_not_corrected(refused):
    codes, text = refused(*SWAPPED, decisions={("更正", "经度"): "接受"})
    assert codes == ["decision_conflict"] and "一起" in text


def test_a_correction_that_stands_there_with_another_value(study, decide, refused):
    decide(*SWAPPED, decisions={("更正", "39.91"): "接受"})
    codes, text = refused(*SWAPPED, decisions={("更正", "39.91"): "接受"}, cells={("更正", "经度", "建议值"): "116.5"})
    assert codes == ["decision_conflict"] and "review.toml" in text
    assert refused(*SWAPPED, decisions={("更正", "39.91"): "不接受"})[0] == ["decision_conflict"] * 2


def test_a_row_whose_mark_was_changed_is_no_guess(refused):
    codes, text = refused(spelling("甲"), place("乙"), decisions={("写法", "甲"): "饮水", ("地点", "乙"): "S1"},
                          cells={("写法", "甲", "标识（请勿改动）"): "services", ("地点", "乙", "标识（请勿改动）"): '{"kind": "station"}'})  # fmt: skip
    assert codes == ["decision_unknown"] * 2 and "标识被改动" in text


def test_the_workbook_of_another_study_area_or_kind(study, decide, refused):
    codes, text = refused(place("乙", "Z1 站", area="ZZ"), decisions={("地点", "乙"): "Z1 站"})
    assert codes == ["decision_unknown"] and "ZZ" in text
    path = study.place / "study.toml"
    book = render([spelling("甲")], load_codebooks(), load_study_file(study), is_simulated=False)
    path.write_text(STUDY_TOML.replace("试点", "别处").replace("AA", "BB"), encoding="utf-8")
    (study.root / "x.xlsx").write_bytes(fill(book, {("写法", "甲"): "饮水"}))
    with pytest.raises(PipelineError) as caught:
        apply(study.root / "x.xlsx", study)
    (problem,) = caught.value.problems
    assert (caught.value.exit_code, problem.code, problem.got, problem.expected) == (
        11,
        "review_other_study",
        "试点 / AA",
        "别处 / BB",
    )


@pytest.mark.parametrize(("was", "now"), [("标识（请勿改动）", "标识"), ("待决定事项（由程序生成）", "通讯录")])
def test_a_workbook_that_lost_a_heading_or_is_no_review_workbook(study, was, now):
    asked = render([spelling("甲")], load_codebooks(), load_study_file(study), is_simulated=False)
    book = fill(asked, {("写法", "甲"): "饮水"})
    path = study.root / "x.xlsx"
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).decode().replace(was, now))
    with pytest.raises(PipelineError) as caught:
        apply(path, study)
    assert (caught.value.exit_code, [p.code for p in caught.value.problems]) == (11, ["review_unreadable"])


@pytest.mark.parametrize(
    ("data", "code", "exit_code"), [(None, "file_missing", 10), (b"no workbook", "review_broken", 10)]
)
def test_a_file_that_is_no_workbook(study, data, code, exit_code):
    path = study.root / "x.xlsx"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(PipelineError) as caught:
        apply(path, study)
    assert (caught.value.exit_code, [p.code for p in caught.value.problems]) == (exit_code, [code])
