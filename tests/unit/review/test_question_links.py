"""Questions of waves to link: asked in the workbook, and written into the wave file by apply."""

from __future__ import annotations

import tomllib

import pytest

from pipeline.contracts import load_codebooks, load_waves
from pipeline.contracts.review import LINKS
from pipeline.contracts.study_file import no_links
from pipeline.export.review_links import link_questions
from tests.unit.review.review_room import contents

WAVE = """\
# 第一波，别动这行注释
code = "w1"
label_zh = "第一波"
label_en = "First"
platform_family = "wenjuanxing"
population_code = "attached"
mode_code = "qr"
opened_on = 2023-01-01
closed_on = 2023-01-09
consent_version = "v1"
purpose = "改进"
legal_basis = "同意"
retain_until = 2025-01-01
files = { text = "**/a.csv" }

[[question]]
code = "q1"   # 第一题
number = 1
type = "single"
# variable = "gender"  # 请确认（0.80）
text_zh = "您的性别？"
options = [
  { code = "male", text = "男" },
  { code = "female", text = "女" },
]

[[question]]
code = "q2"
number = 2
type = "single"
text_zh = "您的年龄"
options = [
  { code = "1", text = "16~19岁" },
  { code = "2", text = "20岁以上" },
]

[[question]]
code = "q3"
number = 3
type = "multiple"
variable = "need"
text_zh = "需要什么服务"
options = [ { code = "water", text = "饮水" } ]

[[question]]
code = "q4"
number = 4
type = "text"
text_zh = "您还有什么建议？"
"""


@pytest.fixture
def wave(study):
    """The study with one wave; its file."""
    path = study.place / "waves" / "w1.toml"
    path.parent.mkdir()
    path.write_text(WAVE, encoding="utf-8", newline="")
    return path


def asked(study):
    return link_questions(study, load_codebooks(study))


def test_questions_without_a_variable_are_asked_and_free_text_is_not(study, wave):
    found = [(row.part, row.cells["题目"], row.cells["建议变量"], bool(row.cells["提示"])) for row in asked(study)]
    assert found == [(LINKS, "q1", "性别 gender", False), (LINKS, "q2", "年龄段 age_band", True)]


def test_a_study_without_waves_asks_nothing(study):
    assert asked(study) == []


def test_an_accepted_link_is_written_in_place_of_the_proposal_and_nothing_else_changes(study, wave, decide):
    done = decide(*asked(study), decisions={("问卷题目", "q1"): "接受"})
    proposed = '# variable = "gender"  # 请确认（0.80）\n'
    assert (done.written["link"], done.files) == (1, [wave])
    assert wave.read_text(encoding="utf-8") == WAVE.replace(proposed, 'variable = "gender"  # 审核员甲 2023-06-01\n')
    assert load_waves(study)["w1"].question_of("gender").code == "q1"
    assert [row.cells["题目"] for row in asked(study)] == ["q2"]


@pytest.mark.parametrize("said", ["性别 gender", "gender", "性别"])
def test_another_variable_may_be_chosen_or_typed(study, wave, decide, said):
    decide(*asked(study), decisions={("问卷题目", "q1"): said})
    assert load_waves(study)["w1"].question_of("gender").code == "q1"


def test_no_variable_is_remembered_and_not_asked_again(study, wave, decide):
    decide(*asked(study), decisions={("问卷题目", "q1"): "不连接任何变量"})
    assert wave.read_text(encoding="utf-8") == WAVE
    assert [(b["wave"], b["question"], b["variable"], b["reviewer"]) for b in no_links(study)] == [
        ("w1", "q1", "gender", "审核员甲")
    ]
    assert [row.cells["题目"] for row in asked(study)] == ["q2"]


def test_what_is_applied_twice_is_written_once(study, wave, decide):
    questions = asked(study)
    decide(*questions, decisions={("问卷题目", "q1"): "接受"})
    before = contents(study)
    done = decide(*questions, decisions={("问卷题目", "q1"): "接受"})
    assert (done.n_known, done.files, contents(study)) == (1, [], before)


@pytest.mark.parametrize(
    ("question", "said", "code"),
    [
        ("q2", "接受", "decision_unknown"),  # the options cannot stand for its values
        ("q1", "收入", "decision_unknown"),  # there is no such variable
        ("q1", "need", "decision_unknown"),  # another type, and taken
    ],
)
def test_a_link_that_cannot_hold_is_refused(study, wave, refused, question, said, code):
    assert refused(*asked(study), decisions={("问卷题目", question): said})[0] == [code]


def test_a_question_linked_meanwhile_to_something_else_is_a_conflict(study, wave, refused):
    questions = asked(study)
    wave.write_text(
        WAVE.replace('# variable = "gender"  # 请确认（0.80）', 'variable = "mode"'), encoding="utf-8", newline=""
    )
    assert refused(*questions, decisions={("问卷题目", "q1"): "接受"})[0] == ["decision_conflict"]


def test_a_file_with_windows_line_ends_keeps_them(study, wave, decide):
    wave.write_bytes(WAVE.replace("\n", "\r\n").encode("utf-8"))
    decide(*asked(study), decisions={("问卷题目", "q1"): "接受"})
    data = wave.read_bytes()
    assert b'variable = "gender"' in data and data.count(b"\n") == data.count(b"\r\n")


def test_questions_that_are_not_blocks_of_their_own_are_left_to_a_person(study, wave, refused):
    head, _, rest = WAVE.partition("[[question]]")
    table = tomllib.loads("[[question]]" + rest)["question"][0]
    inline = f'question = [ {{ code = "q1", number = 1, type = "single", text_zh = "{table["text_zh"]}", options = [ {{ code = "male", text = "男" }}, {{ code = "female", text = "女" }} ] }} ]\n'
    wave.write_text(head + inline, encoding="utf-8", newline="")
    assert refused(*asked(study), decisions={("问卷题目", "q1"): "接受"})[0] == ["toml_not_appendable"]
