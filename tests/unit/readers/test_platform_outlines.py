"""What the exports of other platforms show of their questionnaires. Headings are handmade, and counted by hand."""

from __future__ import annotations

import pytest

from pipeline.errors import PipelineError
from pipeline.readers import read_file
from pipeline.readers.surveys import google_forms, jinshuju, limesurvey, plain, tencent_survey, wenjuanwang
from pipeline.readers.surveys.outline import ToldOption
from pipeline.readers.surveys.platforms import PLATFORMS, dialect_of, outline_of
from tests.unit.readers.outlines import accounted, shown, table_of

TENCENT = ["编号", "开始答题时间", "结束答题时间", "答题时长", "地理位置省", "地理位置市", "昵称", "1.性别", "2.需要什么:饮水",
           "2.需要什么:充电", "4.满意吗:卫生", "4.满意吗:距离", "5.建议"]  # fmt: skip
JINSHUJU = ["序号", "您的性别", "需要什么", "满意吗-卫生", "满意吗-距离", "常用服务（饮水）", "常用服务（充电）", "提交人", "提交时间",
            "修改时间", "填写设备", "填写地区", "IP", "微信昵称", "微信OpenID"]  # fmt: skip
GOOGLE = [
    "时间戳记",
    "电子邮件地址",
    "您多久去一次驿站？",
    "满意吗 [卫生]",
    "满意吗 [距离]",
    "年龄 [周岁]",
    "重要吗 [卫生]",
    "重要吗 [距离]",
]
LIME = ["id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "ipaddr", "refurl", "G1Q1", "G1Q1[other]",
        "Q2[SQ001]", "Q2[SQ002]", "Q2[SQ002][comment]", "Q2[other]", "Q3[SQ001]", "Q3[SQ002]", "interviewtime", "groupTime7",
        "G1Q1Time"]  # fmt: skip
WANG = ["start", "finish", "Q1", "Q1_open", "Q2_A1", "Q2_A2", "Q2_A2_open", "Q4_R1", "Q4_R2", "Q5"]


def test_tencent_headings_of_one_number_are_one_question():
    table = table_of(
        TENCENT, [*[None] * 7, "男", "饮水", None, "4", "5", "x"], [*[None] * 7, "女", None, "充电", "2", "2", None]
    )
    found = tencent_survey.outline(table)
    assert found.meta == {
        "respondent": (0,), "started_at": (1,), "submitted_at": (2,), "duration": (3,), "place": (4, 5), "dropped": (6,)
    }  # fmt: skip
    assert shown(found) == [
        ("Q1", "性别", [(7, "", "")]),
        ("Q2", "需要什么", [(8, "", "饮水"), (9, "", "充电")]),
        ("Q4", "满意吗", [(10, "卫生", ""), (11, "距离", "")]),
        ("Q5", "建议", [(12, "", "")]),
    ]


def test_jinshuju_neighbours_that_begin_alike_are_one_question():
    meta = [None] * 8
    rows = [
        ["1", "男", "饮水，充电", "满意", "一般", "饮水", None, *meta],
        ["2", "女", "饮水", "一般", "差", None, "充电", *meta],
    ]
    found = jinshuju.outline(table_of(JINSHUJU, *rows))
    assert shown(found) == [
        ("您的性别", "您的性别", [(1, "", "")]),
        ("需要什么", "需要什么", [(2, "", "")]),
        ("满意吗", "满意吗", [(3, "卫生", ""), (4, "距离", "")]),
        ("常用服务", "常用服务", [(5, "", "饮水"), (6, "", "充电")]),
    ]
    assert (found.meta["respondent"], found.meta["submitted_at"], found.meta["place"]) == ((0,), (8,), (11,))
    assert found.meta["dropped"] == (7, 9, 10, 12, 13, 14)


def test_google_grids_are_matrices_and_brackets_of_one_heading_are_not():
    found = google_forms.outline(table_of(GOOGLE))
    assert found.meta == {"submitted_at": (0,), "dropped": (1,)}
    assert shown(found) == [
        ("您多久去一次驿站？", "您多久去一次驿站？", [(2, "", "")]),
        ("满意吗", "满意吗", [(3, "卫生", ""), (4, "距离", "")]),
        ("年龄 [周岁]", "年龄 [周岁]", [(5, "", "")]),
        ("重要吗", "重要吗", [(6, "卫生", ""), (7, "距离", "")]),
    ]


def test_limesurvey_codes_name_questions_parts_and_what_was_written_beside_them():
    head = [None] * 9
    rows = [
        [*head, "A1", None, "Y", None, None, None, "4", "5", "61.2", "9", "3"],
        [*head, "-oth-", "x", None, "Y", "y", "z", "1", "2"],
    ]
    found = limesurvey.outline(table_of(LIME, rows[0], [*rows[1], None, None, None]))
    assert shown(found) == [
        ("G1Q1", "", [(9, "", ""), (10, "", "")]),
        ("Q2", "", [(11, "", "SQ001"), (12, "", "SQ002"), (13, "", "SQ002"), (14, "", "")]),
        ("Q3", "", [(15, "SQ001", ""), (16, "SQ002", "")]),
    ]
    beside = [part.position for stem in found.stems for part in stem.parts if part.is_fill_in]
    assert (beside, found.rest, found.meta["duration"]) == ([10, 13, 14], (18, 19), (17,))
    assert found.meta["dropped"] == (2, 3, 4, 6, 7, 8)


def test_limesurvey_wording_is_read_with_and_without_codes():
    coded = limesurvey.outline(
        table_of(["Q1. 您的性别", "Q2[SQ001]. 满意吗 [卫生]", "Q2[SQ002]. 满意吗 [距离]"], ["男", "4", "5"])
    )
    assert shown(coded) == [("Q1", "您的性别", [(0, "", "")]), ("Q2", "满意吗", [(1, "卫生", ""), (2, "距离", "")])]
    worded = limesurvey.outline(table_of(["您的性别", "需要什么 [饮水]", "需要什么 [充电]"], ["男", "Yes", "No"]))
    assert shown(worded) == [
        ("您的性别", "您的性别", [(0, "", "")]),
        ("需要什么", "需要什么", [(1, "", "饮水"), (2, "", "充电")]),
    ]


def test_wenjuanwang_codes_are_worded_by_its_code_file(tmp_path):
    path = tmp_path / "code.csv"
    lines = [
        "Q1,性别,单选题",
        ",1,男",
        ",2,女",
        "Q2,需要什么,多选题",
        ",1,饮水",
        ",2,其他",
        "Q4,满意吗,矩阵单选题",
        ",1,好",
        ",2,差",
        "Q5,建议,填空题",
    ]
    path.write_bytes("\r\n".join(lines).encode("gbk"))
    form = wenjuanwang.form(read_file(path)[0])
    assert {name: (told.text, told.type, len(told.options)) for name, told in form.items()} == {
        "Q1": ("性别", "single", 2), "Q2": ("需要什么", "multiple", 2), "Q4": ("满意吗", "matrix", 2), "Q5": ("建议", "text", 0)
    }  # fmt: skip
    assert form["Q2"].options[0] == ToldOption("Q2_A1", "饮水", 1)
    table = table_of(
        WANG, ["a", "b", "1", None, "1", "0", None, "1", "2", "x"], ["a", "b", "2", "y", "0", "1", "z", "2", "2", "x"]
    )
    found = wenjuanwang.outline(table, form)
    assert shown(found) == [
        ("Q1", "性别", [(2, "", ""), (3, "", "")]),
        ("Q2", "需要什么", [(4, "", "饮水"), (5, "", "其他"), (6, "", "其他")]),
        ("Q4", "满意吗", [(7, "R1", ""), (8, "R2", "")]),
        ("Q5", "建议", [(9, "", "")]),
    ]
    assert [part.position for stem in found.stems for part in stem.parts if part.is_fill_in] == [3, 6]
    assert found.meta == {"started_at": (0,), "submitted_at": (1,)}


def test_wenjuanwang_words_stand_behind_the_last_underscore():
    headings = ["start", "finish", "答题时长", "Q1_性别", "Q4_满意吗_卫生", "Q4_满意吗_距离"]
    assert wenjuanwang.is_wenjuanwang(headings)
    found = wenjuanwang.outline(table_of(headings, ["a", "b", "3", "男", "好", "差"]))
    assert shown(found) == [("Q1", "性别", [(3, "", "")]), ("Q4", "满意吗", [(4, "卫生", ""), (5, "距离", "")])]


def test_a_plain_table_is_a_question_per_column_worded_by_its_codebook(tmp_path):
    path = tmp_path / "codebook.csv"
    path.write_text(
        "变量,题干,取值,取值标签,缺失\nsex,您的性别,1,男,\n,,2,女,\n,,9,拒答,是\n,,8,不适用,是\nhours,每天几小时,,,\n",
        encoding="utf-8",
    )
    form = plain.form(read_file(path)[0])
    assert form["sex"].options == (ToldOption("1", "男", 1), ToldOption("2", "女", 2))
    assert (form["sex"].type, form["sex"].missing) == ("single", {"9": "blank", "8": "not_shown"})
    assert (form["hours"].text, form["hours"].type, form["hours"].options) == ("每天几小时", None, ())
    found = outline_of(table_of(["sex", "other"]), form=form)
    assert shown(found) == [("sex", "您的性别", [(0, "", "")]), ("other", "other", [(1, "", "")])]


def test_a_codebook_may_hold_its_options_in_one_cell():
    form = plain.form(table_of(["variable", "label", "values", "type"], ["q1", "性别", "1=男；2=女;9=拒答", "单选题"]))
    assert [(option.code, option.text) for option in form["q1"].options] == [("1", "男"), ("2", "女"), ("9", "拒答")]
    assert form["q1"].type == "single"


def test_a_codebook_without_variables_is_refused():
    with pytest.raises(PipelineError) as caught:
        plain.form(table_of(["题干", "取值"], ["性别", "1"]))
    assert (caught.value.exit_code, caught.value.problems[0].code) == (11, "codebook_columns")


@pytest.mark.parametrize(
    ("family", "headings"),
    [
        ("tencent_survey", TENCENT),
        ("jinshuju", JINSHUJU),
        ("google_forms", GOOGLE),
        ("limesurvey", LIME),
        ("wenjuanwang", WANG),
    ],
)
def test_every_column_is_accounted_for_once_and_the_platform_is_known_by_content(tmp_path, family, headings):
    path = tmp_path / "a.csv"
    path.write_bytes(("\ufeff" + ",".join(headings) + "\r\n" + ",".join("x" for _ in headings) + "\r\n").encode())
    (table,) = read_file(path)
    assert table.family == family and dialect_of(family).family == family
    assert accounted(outline_of(table)) == list(range(len(headings)))


def test_the_registry_names_each_module_by_its_family():
    assert all(module.DIALECT.family == family and callable(module.outline) for family, module in PLATFORMS.items())
    personal = {
        "昵称",
        "用户标识",
        "IP",
        "微信昵称",
        "微信OpenID",
        "ipaddr",
        "token",
        "Email Address",
        "电子邮件地址",
        "来源详情",
    }
    roles = {
        role for dialect in map(dialect_of, PLATFORMS) for heading, role in dialect.meta.items() if heading in personal
    }
    assert roles == {"dropped"}
