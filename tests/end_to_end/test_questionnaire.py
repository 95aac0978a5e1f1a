"""The questionnaire of `templates` filled in on Wenjuanxing: its exports by text and by number, read with the wave file that
was written beside it, land in the standard variables without a problem."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from pipeline.clean.surveys import SurveyContext, clean_wave
from pipeline.contracts import Question, Wave, load_codebooks, load_wave
from pipeline.export.questionnaire import questionnaire_files
from pipeline.readers import read_file

META = ("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP")
PLACES = {"station": ["东门驿站", "西门驿站"], "grid": ["一网格", "二网格"]}
VISITOR = {
    "mode": "qr", "user_group": "rider", "need": (["water", "charging", "other"], "换电池"), "met": (["water"], None),
    "visits_per_week": "3", "aware": "yes", "found": "yes", "station": "东门驿站", "open": "yes", "entered": "yes",
    "served": "no", "returned": "yes", "felt_welcome": "4", "satisfaction": "5", "experience": ["5", "1", "4", "2", "4", "5"],
    "attention": "4", "platform": "platform_a", "employment_type": "full_time", "shift": "evening", "hours_per_day": "10小时",
    "grid": "二网格", "age_band": "26_35", "gender": "male", "suggestion": "晚上也开门", "panel": "123405",
}  # fmt: skip
NEVER = {
    "mode": "intercept", "user_group": "courier", "need": (["none"], None), "visits_per_week": "0", "aware": "no",
    "attention": "2", "platform": "other", "platform_text": "同城丁", "employment_type": "part_time", "shift": "day", "hours_per_day": "8",
    "grid": "一网格", "age_band": "46_plus", "gender": "female",
}  # fmt: skip


def shown(question: Question, answers: dict[str, Any]) -> bool:
    """Whether the platform's skip logic shows a question to somebody who answered so."""
    for other, codes in question.shown_if.items():
        given = answers.get(other)
        if not set(given[0] if isinstance(given, tuple) else [given]) & set(codes):
            return False
    return True


def heads(question: Question, form: str, twice: str = "") -> list[str]:
    stem = f"{question.number}、{twice}{question.text_zh}"
    if question.items:
        return [f"{stem}—{question.items[0].text}", *(item.text for item in question.items[1:])]
    if question.type == "multiple" and form == "number":
        first, *rest = (option.text for option in question.options)
        return [f"{stem}({first})", *(f"{question.number}、({text})" for text in rest)]
    return [stem]


def cells(question: Question, answers: dict[str, Any], form: str) -> list[Any]:
    width = len(heads(question, form))
    value = answers.get(question.variable)
    if not shown(question, answers):
        return ["(跳过)" if form == "text" else -3] * width
    if value is None:
        return ["(空)" if form == "text" else -2] * width
    options = {option.code: option for option in question.options}

    def said(code: str, filled: str | None = None) -> Any:
        text = options[code].text + (f"〖{filled}〗" if filled and options[code].fill_in else "")
        return text if form == "text" else options[code].number

    if question.items:
        return [said(code) for code in value]
    if question.type == "multiple" and form == "number":
        return [int(code in value[0]) for code in options]
    if question.type == "multiple":
        return ["┋".join(said(code, value[1]) for code in value[0])]
    return [said(value, answers.get(f"{question.variable}_text")) if options else value]


def export(path: Path, wave: Wave, people: list[dict[str, Any]], form: str, numbered_twice: bool = False) -> Path:
    """An export as the platform writes it: one sheet, one row of headings."""
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("Sheet1")
    named = [head for q in wave.questions for head in heads(q, form, f"{q.number}、" if numbered_twice else "")]
    page.write_row(0, 0, [*META, *named])
    for row, answers in enumerate(people, start=1):
        meta = [row, f"2026/5/{row % 27 + 1} 12:03:22", f"{200 + row}秒", "微信", "N/A", "203.0.113.7(北京-北京)"]
        page.write_row(row, 0, [*meta, *(cell for q in wave.questions for cell in cells(q, answers, form))])
    book.close()
    return path


def made(folder: Path, places: dict[str, list[str]]) -> Wave:
    """The wave file of the templates, its lines to fill in left as they are."""
    path = folder / "wave.toml"
    path.write_bytes(questionnaire_files(load_codebooks(), places)["问卷/波次文件_问卷星.toml"])
    return load_wave(path)


def cleaned(folder: Path, wave: Wave, people: list[dict[str, Any]], *forms: str, **given: bool):
    tables = {
        form: read_file(export(folder / f"1_按{name}_小哥服务需求调查_{len(people)}_{len(people)}.xlsx", wave, people, form, **given))
        for form, name in (("text", "文本"), ("number", "序号")) if form in forms
    }  # fmt: skip
    wave = replace(wave, opened_on=date(2026, 5, 1), closed_on=date(2026, 5, 31))  # the lines marked 待填
    found = {"东门驿站": "AA-S1", "西门驿站": "AA-S2", "一网格": "AA-G1", "二网格": "AA-G2"}
    return clean_wave(wave, tables, SurveyContext("AA", b"k", resolve_station=found.get, resolve_grid=found.get))


@pytest.mark.parametrize("forms", [("text", "number"), ("text",), ("number",)], ids="+".join)
@pytest.mark.parametrize("places", [PLACES, {}], ids=["places listed", "places written in"])
def test_answers_land_in_the_standard_variables(tmp_path, forms, places):
    done = cleaned(tmp_path, made(tmp_path, places), [VISITOR, NEVER], *forms)
    assert done.fates.is_empty() and done.notices.is_empty()
    visitor, never = done.respondents.sort("source_row").to_dicts()
    wanted = {
        "mode_code": "qr", "user_group_code": "rider", "platform_code": "platform_a", "employment_type_code": "full_time",
        "shift_code": "evening", "hours_per_day": 10.0, "gender_code": "male", "age_band_code": "26_35", "station_id": "AA-S1",
        "grid_id": "AA-G2", "visits_per_week": 3.5, "satisfaction": 5.0, "is_attention_failed": False, "is_straightliner": False,
    }  # fmt: skip
    assert {name: visitor[name] for name in wanted} == wanted
    assert len(visitor["panel_key"]) == 16
    wanted = {
        "mode_code": "intercept", "visits_per_week": 0.0, "station_id": None, "satisfaction": None, "panel_key": None,
        "platform_code": "other", "is_attention_failed": True, "is_valid": False,
    }  # fmt: skip
    assert {name: never[name] for name in wanted} == wanted
    if len(forms) == 2:
        assert done.pair_report["n_disagree"].sum() == 0


def test_skipped_questions_are_not_shown_and_those_left_out_are_blank(tmp_path):
    wave = made(tmp_path, PLACES)
    answers = cleaned(tmp_path, wave, [NEVER], "text").answers
    state = dict(answers.select("question_code", "state").iter_rows())
    assert {name for name, said in state.items() if said == "not_shown"} == {
        "met", "found", "station", "open", "entered", "served", "returned", "felt_welcome", "satisfaction", "experience",
    }  # fmt: skip
    assert {name for name, said in state.items() if said == "blank"} == {"suggestion", "panel"}


def test_the_panel_key_is_nowhere_as_it_was_written(tmp_path):
    done = cleaned(tmp_path, made(tmp_path, PLACES), [VISITOR], "text", "number")
    for frame in (done.respondents, done.answers, done.notices, done.fates):
        assert "123405" not in str(frame.rows())


def test_numbers_that_stand_twice_in_a_heading_do_no_harm(tmp_path):
    """The platform numbers questions; where the pasted text kept its own numbers, the heading has both."""
    done = cleaned(tmp_path, made(tmp_path, PLACES), [VISITOR, NEVER], "text", "number", numbered_twice=True)
    assert done.fates.is_empty() and done.respondents["satisfaction"].to_list() == [5.0, None]


def test_any_answers_are_read_back_as_they_were_given(tmp_path):
    wave, pick = made(tmp_path, PLACES), random.Random(4)
    people = [anybody(wave, pick) for _ in range(60)]
    done = cleaned(tmp_path, wave, people, "text", "number")
    assert done.pair_report["n_disagree"].sum() == 0
    rows = done.answers.join(done.respondents.select("respondent_id", row="source_row"), on="respondent_id")
    for asked in wave.questions:
        if not asked.options or asked.type == "multiple" or asked.items:
            continue
        main = rows.filter((pl.col("question_code") == asked.code) & (pl.col("option_code") == ""))
        given = [person.get(asked.code) if shown(asked, person) else None for person in people]
        assert main.sort("row")["value_text"].to_list() == given, asked.code
    ticked = rows.filter((pl.col("question_code") == "need") & (pl.col("value_number") == 1))
    found = {row: set(codes) for row, codes in ticked.group_by("row").agg("option_code").iter_rows()}
    assert [found[row] for row in sorted(found)] == [set(person["need"][0]) for person in people]


def anybody(wave: Wave, pick: random.Random) -> dict[str, Any]:
    """Somebody who ticks at random."""
    answers: dict[str, Any] = {}
    for asked in wave.questions:
        codes = [option.code for option in asked.options]
        if asked.items:
            answers[asked.code] = [pick.choice(codes) for _ in asked.items]
        elif asked.type == "multiple":
            answers[asked.code] = (pick.sample(codes[:-1], pick.randint(1, 5)), None)
        elif codes:
            answers[asked.code] = pick.choice(codes)
    return answers
