from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipeline.clean.surveys import SurveyContext, clean_wave
from pipeline.errors import PipelineError
from tests.unit.surveys.questionnaire import CONTEXT, META, QUESTIONS, build_table, build_wave, meta_cells

TEXT_HEADINGS = [*META, "1、您的职业", "2、您需要哪些服务（可多选）"]
NUMBER_HEADINGS = [
    *META, "1、您的职业", "第2题(手机充电)", "第2题(饮水（热水、冷水）)", "第2题(其他【请注明】)",
]  # fmt: skip


def text_table(*rows, **given):
    return build_table(TEXT_HEADINGS, [[*meta_cells(number), *cells] for number, *cells in rows], "文本.xlsx", **given)


def number_table(*rows, **given):
    return build_table(
        NUMBER_HEADINGS, [[*meta_cells(number), *cells] for number, *cells in rows], "序号.xlsx", **given
    )


def answers_of(result, question, option=""):
    wanted = (pl.col("question_code") == question) & (pl.col("option_code") == option)
    return result.answers.filter(wanted).sort("source_row").select("state", "value_text", "value_number").rows()


def test_three_states_are_never_merged():
    rows = [(1, "快递员", "手机充电"), (2, "(跳过)", "（跳过）"), (3, "(空)", ""), (4, "跳过", None)]
    result = clean_wave(build_wave("group", "need"), {"text": text_table(*rows)}, CONTEXT)
    assert [state for state, _, _ in answers_of(result, "q1")] == ["answered", "not_shown", "blank", "not_shown"]
    assert answers_of(result, "q2", "water") == [
        ("answered", None, 0.0), ("not_shown", None, None), ("blank", None, None), ("blank", None, None),
    ]  # fmt: skip
    numbers = [
        (1, "1", "1", "0", "0"),
        (2, "-3", "-3", "-3", "-3"),
        (3, "-2", "0", "0", "0"),
        (4, "-3", "-2", "-2", "-2"),
    ]
    coded = clean_wave(build_wave("group", "need"), {"number": number_table(*numbers)}, CONTEXT)
    assert coded.answers.drop("source_file_id").equals(result.answers.drop("source_file_id"))


def test_other_text_is_kept_apart_from_the_option():
    rows = [(1, "其他〖保安〗", "手机充电┋其他【请注明】〖剪发〗"), (2, "骑手", "其他【请注明】")]
    result = clean_wave(build_wave("group", "need"), {"text": text_table(*rows)}, CONTEXT)
    assert answers_of(result, "q1") == [("answered", "3", None), ("answered", "2", None)]
    assert answers_of(result, "q1", "3") == [("answered", "保安", None)]
    assert answers_of(result, "q2", "other") == [("answered", "剪发", 1.0), ("answered", None, 1.0)]


def test_a_pair_is_joined_on_the_respondent_not_on_the_order():
    text = text_table((1, "快递员", "手机充电"), (2, "骑手", "饮水（热水、冷水）"), (7, "骑手", "手机充电"))
    number = number_table(("2.0", "2", "0", "1", "0"), ("1", "1", "1", "0", "0"), ("9", "1", "1", "0", "0"))
    result = clean_wave(build_wave("group", "need"), {"text": text, "number": number}, CONTEXT)
    assert result.respondents["respondent_id"].to_list() == ["1", "2"]
    assert result.pair_report.rows() == [("q1", 2, 2, 0), ("q2", 2, 2, 0)]
    assert result.fates.select("source_file_id", "source_row", "fate", "reason_code").rows() == [
        ("序号.xlsx", 4, "rejected", "not_in_pair"), ("文本.xlsx", 4, "rejected", "not_in_pair"),
    ]  # fmt: skip
    assert result.ledger.sort("source_file_id").select("n_read", "n_clean", "n_rejected").rows() == [
        (3, 2, 1),
        (3, 2, 1),
    ]


def test_a_disagreement_of_the_pair_is_listed_without_its_value():
    text, number = text_table((1, "快递员", "手机充电")), number_table((1, "2", "1", "1", "0"))
    result = clean_wave(build_wave("group", "need"), {"text": text, "number": number}, CONTEXT)
    assert result.pair_report.rows() == [("q1", 1, 0, 1), ("q2", 1, 0, 1)]
    assert result.notices.select("column_name", "reason_code", "n").rows() == [
        ("q1", "pair_disagrees", 1), ("q2", "pair_disagrees", 1),
    ]  # fmt: skip
    assert result.ledger["n_clean"].to_list() == [1, 1]
    assert result.disagreements.select("question_code", "option_code", "text_says", "number_says").rows() == [
        ("q1", "", "1", "2"), ("q2", "water", "0.0", "1.0"),
    ]  # fmt: skip


def test_files_without_a_common_respondent_are_no_pair():
    with pytest.raises(PipelineError) as caught:
        clean_wave(
            build_wave("group", "need"),
            {"text": text_table((1, "快递员", "手机充电")), "number": number_table((2, "1", "1", "0", "0"))},
            CONTEXT,
        )
    assert caught.value.exit_code == 11
    assert [problem.code for problem in caught.value.problems] == ["pair_mismatch"]


def test_unknown_closed_options_stop_the_run_all_at_once():
    rows = [(1, "警察", "手机充电┋理发"), (2, "警察", "手机充电"), (3, "保洁〖姓王〗", "")]
    with pytest.raises(PipelineError) as caught:
        clean_wave(build_wave("group", "need"), {"text": text_table(*rows)}, CONTEXT)
    assert caught.value.exit_code == 11
    assert [problem.got for problem in caught.value.problems] == ["警察 × 2", "保洁 × 1", "理发 × 1"]


def test_a_question_may_reject_sheets_with_unknown_options_instead():
    wave = build_wave("group", "need")
    wave = replace(wave, questions=(replace(wave.questions[0], on_unknown="reject"), wave.questions[1]))
    result = clean_wave(wave, {"text": text_table((1, "警察", "手机充电"), (2, "骑手", "手机充电"))}, CONTEXT)
    assert result.respondents["respondent_id"].to_list() == ["2"]
    assert set(result.answers["respondent_id"]) == {"2"}
    assert result.fates.select("source_row", "fate", "column_name", "reason_code").rows() == [
        (2, "rejected", "1、您的职业", "unknown_code")
    ]


def test_missing_questions_are_listed_all_at_once():
    wave = build_wave("group", "need", "hours", "remark")
    with pytest.raises(PipelineError) as caught:
        clean_wave(wave, {"text": text_table((1, "骑手", "手机充电"))}, CONTEXT)
    assert [(problem.code, problem.expected) for problem in caught.value.problems] == [
        ("question_missing", "7 每天工作几小时"), ("question_missing", "8 您的建议"),
    ]  # fmt: skip


def test_a_question_the_wave_file_does_not_list_stops_the_run_unless_it_is_left_out_on_purpose():
    cells = [[*meta_cells(1), "骑手", "", "x", "已核", "19000000001"]]
    table = build_table([*TEXT_HEADINGS, "20、别的", "标签", "联系电话"], cells)
    with pytest.raises(PipelineError) as caught:
        clean_wave(build_wave("group", "need"), {"text": table}, CONTEXT)
    assert [(problem.code, problem.got) for problem in caught.value.problems] == [("column_unlisted", "20、别的")]
    result = clean_wave(build_wave("group", "need", ignore_columns=("20、别的",)), {"text": table}, CONTEXT)
    assert result.notices.select("column_name", "reason_code").rows() == [
        ("20、别的", "unknown_column"),
        ("标签", "unknown_column"),
        ("联系电话", "personal_dropped"),
    ]


def test_the_same_sheet_twice_is_a_duplicate_and_another_under_its_number_is_rejected():
    rows = [(1, "骑手", "手机充电"), ("1.0", "骑手", "手机充电"), (1, "快递员", "手机充电"), ("", "骑手", "")]
    result = clean_wave(build_wave("group", "need"), {"text": text_table(*rows)}, CONTEXT)
    assert result.fates.select("source_row", "fate", "reason_code", "kept_row").rows() == [
        (3, "duplicate", "duplicate_row", "文本.xlsx:Sheet1:2"),
        (4, "rejected", "conflicting_key", "文本.xlsx:Sheet1:2"),
        (5, "rejected", "missing_value", None),
    ]
    assert result.ledger.select("n_read", "n_clean", "n_duplicate", "n_rejected").row(0) == (4, 1, 1, 2)
    assert result.answers.group_by("question_code", "option_code").len()["len"].max() == 1


def test_hidden_sheets_and_rows_set_aside_by_the_reader_are_accounted_for():
    aside = pl.DataFrame({"source_row": [9], "reason_code": ["total_row"]})
    tables = [
        text_table((1, "骑手", ""), set_aside=aside),
        text_table((5, "骑手", ""), sheet="旧", visibility="hidden"),
    ]
    result = clean_wave(build_wave("group", "need"), {"text": tables}, CONTEXT)
    assert result.ledger.select("source_sheet", "n_read", "n_clean", "n_set_aside").rows() == [
        ("Sheet1", 2, 1, 1),
        ("旧", 1, 0, 1),
    ]
    assert set(result.fates["reason_code"]) == {"total_row", "hidden_sheet"}


def test_nothing_personal_leaves_the_function():
    headings = [*META, "1、您的职业", "8、您的建议", "12、手机号后四位和生日", "昵称", "微信号"]
    rows = [
        [*meta_cells(1), "其他〖我叫赵铁柱〗", "请打19000000002找我", "１９00 0000-003", "小王", "wx_secret99"],
        [*meta_cells(2, minute=40), "骑手", "好", "19000000003", "小李", ""],
        [*meta_cells(3, minute=50), "骑手", "好", "(跳过)", "", ""],
    ]
    wave = build_wave("group", "remark", "panel")
    result = clean_wave(wave, {"text": build_table(headings, rows)}, CONTEXT)
    everything = "".join(
        frame.write_csv()
        for frame in (
            result.respondents,
            result.answers,
            result.fates,
            result.ledger,
            result.notices,
            result.pair_report,
        )
    )
    for secret in (
        "小王",
        "203.0.113.7",
        "赵铁柱",
        "19000000002",
        "19000000003",
        "0000-003",
        "secret99",
        "小李",
        "北京-北京",
    ):
        assert secret not in everything
    keys = result.respondents["panel_key"].to_list()
    assert keys[0] == keys[1] and len(keys[0]) == 16 and keys[2] is None
    assert result.respondents["is_duplicate"].to_list() == [False, True, False]
    assert [state for state, _, _ in answers_of(result, "q12")] == ["answered", "answered", "not_shown"]


def test_panel_keys_link_waves_only_where_the_study_permits():
    table = build_table([*META, "12、手机号后四位和生日"], [[*meta_cells(1), "0001-0102"]])
    first, second = build_wave("panel"), replace(build_wave("panel"), code="w2")

    def key(wave, *, linked):
        context = SurveyContext("QC", b"secret", panel_links_waves=linked)
        return clean_wave(wave, {"text": table}, context).respondents["panel_key"][0]

    assert key(first, linked=True) == key(second, linked=True)
    assert key(first, linked=False) != key(second, linked=False)


def test_standard_variables_fill_the_respondent():
    headings = [*META, "1、您的职业", "6、满意度", "7、每天工作几小时", "14、常去的驿站"]
    rows = [[*meta_cells(1), "快递员", "4", "１０小时", "东门驿站"], [*meta_cells(2), "骑手", "(跳过)", "30", "哪儿"]]

    context = SurveyContext("QC", b"secret", {Path("a.xlsx"): "f1"}, {"东门驿站": "QC-S1"}.get)
    result = clean_wave(
        build_wave("group", "scale", "hours", "station"), {"text": build_table(headings, rows)}, context
    )
    columns = (
        "user_group_code",
        "satisfaction",
        "hours_per_day",
        "station_id",
        "mode_code",
        "duration_seconds",
        "source_file_id",
    )
    assert result.respondents.select(columns).rows() == [
        ("courier", 4.0, 10.0, "QC-S1", "qr", 137, "f1"), ("rider", None, None, None, "qr", 137, "f1"),
    ]  # fmt: skip
    assert answers_of(result, "q7") == [("answered", "１０小时", 10.0), ("answered", "30", None)]
    assert sorted(result.notices.select("column_name", "reason_code", "n").rows()) == [
        ("q14", "unknown_station", 1), ("q7", "out_of_range", 1),
    ]  # fmt: skip


def test_a_tencent_export_with_one_column_per_option_and_one_with_joined_options_read_equal():
    meta = [
        "编号",
        "开始答题时间",
        "结束答题时间",
        "答题时长",
        "地理位置省",
        "地理位置市",
        "用户标识",
        "昵称",
        "自定义字段",
    ]
    cells = ["2023-05-08 12:00:00", "2023-05-08 12:02:17", "2分17秒", "北京", "北京", "u1", "小王", ""]
    wide = build_table(
        [*meta, *(f"2.您需要哪些服务（可多选）:{option.text}" for option in QUESTIONS["need"].options)],
        [
            ["1", *cells, "手机充电", "", "其他【请注明】〖剪发〗"], ["2", *cells, "", "", ""],
            ["3", *cells, "1", "0", "剪发"], ["4", *cells, "0", "饮水（热水、冷水）", "0"],
        ],
    )  # fmt: skip
    joined = build_table(
        [*meta, "2.您需要哪些服务（可多选）"],
        [
            ["1", *cells, "手机充电\n其他【请注明】：剪发"], ["2", *cells, ""],
            ["3", *cells, "手机充电;其他【请注明】〖剪发〗"], ["4", *cells, "饮水（热水、冷水）"],
        ],
    )  # fmt: skip
    wave = build_wave("need", family="tencent_survey")
    first, second = (clean_wave(wave, {"text": table}, CONTEXT) for table in (wide, joined))
    assert first.answers.equals(second.answers)
    assert answers_of(first, "q2", "other") == [
        ("answered", "剪发", 1.0),
        ("blank", None, None),
        ("answered", "剪发", 1.0),
        ("answered", None, 0.0),
    ]
    assert first.respondents["duration_seconds"].to_list() == [137] * 4
    assert "小王" not in first.respondents.write_csv()


def test_every_column_is_one_of_the_warehouse():
    schema = (Path(__file__).parents[3] / "pipeline/warehouse/tables.sql").read_text(encoding="utf-8")
    result = clean_wave(build_wave("group", "need"), {"text": text_table((1, "骑手", ""))}, CONTEXT)
    for table, frame in (("respondents", result.respondents), ("answers", result.answers)):
        body = schema.split(f"create table clean.{table} (", 1)[1].split("\n);", 1)[0]
        named = [
            line.strip().split(" ")[0]
            for line in body.splitlines()[1:]
            if not line.strip().startswith(("primary", "check", "source_"))
        ]
        assert frame.columns == [*named, "source_file_id", "source_sheet", "source_row"]
