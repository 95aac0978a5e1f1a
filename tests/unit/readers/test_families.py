"""Survey exports are known by their headings, and their header rows by their platform."""

from __future__ import annotations

import pytest

from pipeline.readers import read_file

HEADINGS = {
    "wenjuanxing": "序号,提交答卷时间,所用时间,来源,来源详情,来自IP,1、您的性别 ",
    "tencent_survey": "编号,开始答题时间,结束答题时间,答题时长,用户标识,1.性别",
    "jinshuju": "序号,您的性别,提交人,提交时间,修改时间,填写设备,IP",
    "wenjuanwang": "start,finish,Q1,Q2_A1,Q2_A2,status",
    "kobo": "start,end,group/question,_id,_uuid,_submission_time,_index",
    "qualtrics": "StartDate,EndDate,Status,IPAddress,Finished,ResponseId,Q1",
    "surveymonkey": "Respondent ID,Collector ID,Start Date,End Date,IP Address,How often do you rest?",
    "google_forms": "时间戳记,您多久去一次驿站？,服务 [饮水]",
    "limesurvey": "id,submitdate,lastpage,startlanguage,Q1",
    "table": "流水号,驿站编号,开门时间,手机号",
}


@pytest.mark.parametrize("family", HEADINGS)
def test_a_platform_is_known_by_its_headings(tmp_path, family):
    heading = HEADINGS[family]
    path = tmp_path / "a.csv"
    path.write_text(f"{heading}\n{','.join('x' for _ in heading.split(','))}\n", encoding="utf-8")
    assert read_file(path)[0].family == family


def test_qualtrics_has_three_header_rows_and_the_import_ids_are_no_heading(tmp_path):
    path = tmp_path / "a.csv"
    ids = ",".join('"{""ImportId"":""x""}"' for _ in range(4))
    path.write_text(
        f'StartDate,Finished,ResponseId,Q1\nStart Date,Finished,Response ID,"How\noften?"\n{ids}\n2023,1,R_1,2\n',
        encoding="utf-8",
    )
    (table,) = read_file(path)
    assert table.columns == ("StartDate/Start Date", "Finished", "ResponseId/Response ID", "Q1/How\noften?")
    assert (table.header_rows, table.frame["source_row"].to_list()) == ((1, 2, 4), [5])


def test_surveymonkey_joins_question_and_option(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "Respondent ID,Collector ID,Start Date,Which do you need?,,\n,,,Water,Rest,Other\n1,2,3,Water,,\n",
        encoding="utf-8",
    )
    (table,) = read_file(path)
    assert table.columns[3:] == ("Which do you need?/Water", "Which do you need?/Rest", "Which do you need?/Other")
    assert table.frame.height == 1
