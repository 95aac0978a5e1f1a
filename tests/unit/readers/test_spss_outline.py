"""Variables of an SPSS file gathered into questions: by sets, and by how Wenjuanxing names and labels them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from pipeline.readers import read_file
from pipeline.readers.surveys.outline import Told, ToldOption
from pipeline.readers.surveys.platforms import outline_of
from pipeline.readers.surveys.spss import outline
from tests.unit.readers.outlines import accounted, shown, table_of

REAL = Path(__file__).parents[3].parent / "shared/real/sav-pyreadstat"
LABELS = {
    "index": "序号", "totalseconds": "所用时间", "T1": "标题", "Q1": "您的性别", "Q2_Blank1": "家里有汽车(家里有汽车—共几辆)",
    "Q2_Blank2": "家里有汽车(其中新能源)", "Q4_1": "需要什么(饮水)", "Q4_2": "需要什么(充电)", "Q6_Row1": "满意吗(满意吗—卫生)",
    "Q6_Row2": "满意吗(距离)", "Q7": "建议",
}  # fmt: skip


@pytest.fixture
def survey(tmp_path):
    columns = {name: [1.0, 0.0] for name in LABELS} | {
        "Q1": [2.0, -2.0],
        "Q6_Row1": [5.0, -3.0],
        "Q6_Row2": [4.0, -3.0],
    }
    frame = pl.DataFrame(columns | {"Q7": ["好", ""], "T1": ["", ""]})
    rating = {1: "差", 5: "好"}
    labels = {"Q1": {1: "男", 2: "女"}, "Q6_Row1": rating, "Q6_Row2": rating}
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(frame, path, column_labels=LABELS, variable_value_labels=labels)
    return read_file(path)[0]


def test_a_wenjuanxing_file_shows_its_questions(survey):
    found = outline_of(survey)
    assert found.meta == {"respondent": (0,), "duration": (1,)} and found.rest == (2,)
    assert shown(found) == [
        ("Q1", "您的性别", [(3, "", "")]),
        ("Q2", "家里有汽车", [(4, "共几辆", ""), (5, "其中新能源", "")]),
        ("Q4", "需要什么", [(6, "", "饮水"), (7, "", "充电")]),
        ("Q6", "满意吗", [(8, "卫生", ""), (9, "距离", "")]),
        ("Q7", "建议", [(10, "", "")]),
    ]
    assert [stem.number for stem in found.stems] == [1, 2, 4, 6, 7]
    assert accounted(found) == list(range(11))


def test_its_marks_for_missing_are_told_though_not_declared(survey):
    told = {stem.name: stem.told for stem in outline_of(survey).stems}
    assert told["Q1"].missing == {"-2": "blank"} and told["Q6"].missing == {"-3": "not_shown"}
    assert [option.code for option in told["Q1"].options] == ["1", "2"]
    assert (told["Q6"].type, told["Q4"].type, told["Q2"].type) == ("matrix", "multiple", "number")
    assert told["Q4"].options == (ToldOption("Q4_1", "饮水"), ToldOption("Q4_2", "充电"))


def test_other_files_keep_minus_three_as_a_number():
    (stem,) = outline(table_of(["Q1"], ["-3"], family="spss")).stems
    assert stem.told.missing == {}


def test_a_set_gathers_its_variables_and_other_names_stand_alone():
    form = {
        "news": Told("消息来源", "multiple", (ToldOption("tv", "电视"), ToldOption("net", "网络"))),
        "tv": Told("电视"),
        "net": Told("网络"),
    }
    table = table_of(["tv", "age_1", "net", "age_2"], family="spss", labels=["电视", "", "网络", ""])
    assert shown(outline(table, form)) == [
        ("news", "消息来源", [(0, "", "电视"), (2, "", "网络")]),
        ("age_1", "", [(1, "", "")]),
        ("age_2", "", [(3, "", "")]),
    ]


@pytest.mark.skipif(not REAL.is_dir(), reason="real files are not here")
def test_real_sets_are_questions_of_several_parts():
    (table,) = read_file(REAL / "multiple_response/simple_alltypes.sav")
    found = {name: parts for name, _, parts in shown(outline_of(table))}
    assert found["mymrset"] == [(4, "", "Response #1"), (5, "", "Response #2"), (6, "", "Response #3")]
    assert found["categorical_array"] == [(7, "ca_subvar_1", ""), (8, "ca_subvar_2", ""), (9, "ca_subvar_3", "")]
    assert accounted(outline_of(table)) == list(range(12))
