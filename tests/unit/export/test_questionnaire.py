"""The questionnaire that templates write: what it asks and of whom, its time, its import text, its wave file, its documents."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
import pytest

from pipeline import disclose
from pipeline.clean.surveys.respondents import CODED, MEASURED
from pipeline.contracts import load_codebooks, load_wave
from pipeline.contracts.questionnaire import PATH, question_bank
from pipeline.errors import CONTRACT, PipelineError
from pipeline.export.questionnaire import build_form, questionnaire_files
from pipeline.export.questionnaire.import_text import KINDS
from pipeline.export.questionnaire.skips import skip_of

BOOKS = load_codebooks()
FORM = build_form(BOOKS, {})
MANY = {"station": [f"东门第{n}号驿站" for n in range(1, 61)], "grid": [f"晴川第{n:02d}网格" for n in range(1, 13)]}
FILES = questionnaire_files(BOOKS, {})
PAPER, IMPORT = "问卷/小哥服务需求调查问卷.docx", "问卷/问卷星导入文本.txt"
WAVE, FIELDWORK, README = "问卷/波次文件_问卷星.toml", "问卷/现场说明.docx", "问卷/说明.txt"
DOCUMENTS = (PAPER, FIELDWORK)


def question(variable, form=FORM):
    return form.questions[form.number(variable) - 1]


def words(data: bytes) -> str:
    """Every text of a Word document: paragraphs, cells, headers."""
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    heads = [paragraph.text for section in document.sections for paragraph in section.header.paragraphs]
    return "\n".join([*heads, *(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_standard_variables_are_asked():
    asked = {question.variable for question in FORM.questions}
    funnel = {"aware", "found", "open", "entered", "served", "returned", "felt_welcome"}
    assert (set(CODED) - {"stratum", "psu"}) | set(MEASURED) <= asked
    assert funnel | {"need", "met", "station", "grid", "attention", "experience", "suggestion", "panel"} <= asked


def test_services_stand_in_the_order_of_the_codebook_and_none_comes_last():
    codes = [code.code for code in BOOKS["services"].codes]
    for variable, none in (("need", "以上都不需要"), ("met", "都得不到")):
        options = question(variable).options
        assert [option.code for option in options] == [*codes, "other", "none"]
        assert (options[-1].text, question(variable).missing_none) == (none, "none")


@pytest.mark.parametrize("form", [FORM, build_form(BOOKS, MANY)], ids=["without places", "with sixty stations"])
def test_it_takes_about_five_minutes(form):
    assert 3 < form.minutes <= form.bank.timing.most_minutes == 5.5
    assert f"大约{-(-form.minutes // 1):.0f}分钟" in form.consent[0]


def test_who_never_visits_is_asked_how_often_and_spared_what_only_visitors_know():
    assert question("visits_per_week").shown_if == question("aware").shown_if == question("need").shown_if == {}
    assert question("open").shown_if == {"visits_per_week": ("1", "2", "3", "4", "5")}
    assert question("satisfaction").shown_if == {"entered": ("yes",)}


def test_every_skip_is_said_in_words_on_paper_and_in_the_readme():
    told = [(q.number, skip_of(q, FORM.questions)) for q in FORM.questions if q.shown_if]
    assert (9, "第5题选“从没去过，或没听说过”的不用答") in told and len(told) == 12
    readme, paper = FILES[README].decode(), words(FILES[PAPER])
    assert [said for number, said in told if f"第{number}题：{said}" not in readme or said not in paper] == []


def test_the_import_text_holds_every_question_and_nothing_the_platform_would_split_or_swallow():
    note, *blocks = FILES[IMPORT].decode().strip().split("\n\n")
    assert note.splitlines()[0].endswith("[段落说明]") and not note[0].isdigit()
    assert len(blocks) == len(FORM.questions)
    for asked, block in zip(FORM.questions, blocks, strict=True):
        stem, *lines = block.splitlines()
        assert stem == f"{asked.number}、{asked.text_zh}{KINDS[asked.type]}"
        if asked.items:
            assert lines[0].split(" ") == [option.text for option in asked.options]
            assert lines[1:] == [item.text for item in asked.items]
        else:
            assert [line.removesuffix("____") for line in lines] == [option.text for option in asked.options]
            assert [line.endswith("____") for line in lines] == [option.fill_in for option in asked.options]
    texts = [option.text for asked in FORM.questions for option in asked.options]
    assert [text for text in texts if re.search(r"[\sA-Za-z_□○]|请注明|请说明|\d[.、]", text)] == []
    assert "___" not in "".join(q.text_zh for q in FORM.questions) and "（可多选）" not in note


def test_the_wave_file_loads_as_it_is_and_is_the_questionnaire(tmp_path):
    path = tmp_path / "w.toml"
    for form in (FORM, build_form(BOOKS, MANY, area_label="东里", area_code="AA")):
        files = questionnaire_files(BOOKS, MANY if form.area_code else {}, area_label="东里" if form.area_code else "",
                                    area_code=form.area_code)  # fmt: skip
        path.write_bytes(files[WAVE])
        wave = load_wave(path)
        assert wave.questions == form.questions
        assert (wave.area_code, wave.platform_family, set(wave.files)) == (
            form.area_code, "wenjuanxing", {"text", "number"}
        )  # fmt: skip
        assert form.title in wave.files["text"]


def test_what_is_still_to_be_filled_in_says_so():
    marked = {line.split(" = ")[0] for line in FILES[WAVE].decode().splitlines() if "# 待填" in line}
    assert {"code", "opened_on", "closed_on", "retain_until", "files"} <= marked
    assert {"〔待填：单位名称〕", "〔待填：日期〕", "〔待填：联系方式〕"} <= set(
        re.findall(r"〔待填.*?〕", words(FILES[PAPER]))
    )


def test_items_of_the_grid_are_worded_both_ways_and_the_check_asks_for_an_option_there_is():
    assert {item.reversed for item in question("experience").items} == {True, False}
    check = question("attention")
    asked = next(option.text for option in check.options if option.code == check.expected)
    assert f"“{asked}”" in check.text_zh


def test_the_panel_key_is_personal_optional_and_explained():
    asked = question("panel")
    assert (asked.personal, asked.type) == (True, "text")
    assert "选填" in words(FILES[PAPER]) and "不保存原文" in words(FILES[PAPER])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_are_the_projects_own_in_chinese_fonts_on_a4(name):
    document = docx.Document(io.BytesIO(FILES[name]))
    core = document.core_properties
    assert core.author == core.last_modified_by == "暖心驿站项目 Warm Stations"
    assert core.created == core.modified and core.created.year == 2023
    assert (round(document.sections[0].page_width.cm, 1), round(document.sections[0].page_height.cm, 1)) == (21.0, 29.7)
    assert "范本" in words(FILES[name]).splitlines()[0]
    with zipfile.ZipFile(io.BytesIO(FILES[name])) as archive:
        body = archive.read("word/document.xml").decode()
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any(re.search(rb"/(?:home|tmp|Users)/", archive.read(part)) for part in archive.namelist())
    fonts = set(re.findall(r'w:eastAsia="(.*?)"', body))
    assert fonts == {"宋体", "黑体"}
    assert body.count("<w:rFonts") == len(re.findall(r"<w:rFonts[^>]*w:eastAsia=", body)) > 20


def test_the_paper_holds_every_stem_and_option():
    said = words(FILES[PAPER])
    wanted = [
        text for q in FORM.questions for text in (q.text_zh, *(o.text for o in q.options), *(i.text for i in q.items))
    ]
    assert [text for text in wanted if text not in said] == []


def test_the_fieldwork_note_says_how_many_why_and_that_the_figures_are_simulated():
    said = words(FILES[FIELDWORK])
    figures = (
        "40 人",
        "少 13 个百分点",
        "少 4 个百分点",
        "少 0.1 个百分点",
        "是模拟，不是实测",
        "raw/调查/",
        "按选项文本",
        "按选项序号",
    )
    assert [text for text in figures if text not in said] == []
    assert f"第{FORM.number('visits_per_week')}题" in said and f"看第{FORM.number('mode')}题" in said


def test_simulated_places_are_said_to_be_simulated_and_others_are_not():
    stamp = disclose.rules()["simulated"]["zh"]
    simulated = questionnaire_files(BOOKS, MANY, is_simulated=True)
    assert [name for name in DOCUMENTS if stamp not in words(simulated[name]) or stamp in words(FILES[name])] == []
    assert stamp in simulated[WAVE].decode() and stamp not in FILES[WAVE].decode() + FILES[README].decode()


def test_twice_the_same_bytes():
    assert questionnaire_files(BOOKS, {}) == FILES


def test_mistakes_of_the_bank_are_told_at_once(tmp_path):
    text = Path(PATH).read_text(encoding="utf-8")
    broken = text.replace('asked_if = { aware = ["yes"] }', 'asked_if = { panel = ["yes"] }').replace(
        'variable = "gender"\nsection = "person"', 'variable = "shift"\nsection = "nowhere"\ncolour = "red"'
    )
    (tmp_path / "bank.toml").write_text(broken, encoding="utf-8")
    with pytest.raises(PipelineError) as stopped:
        question_bank(tmp_path / "bank.toml")
    assert stopped.value.exit_code == CONTRACT
    assert {problem.got for problem in stopped.value.problems} >= {"panel", "shift", "nowhere"}
    assert any("colour" in problem.zh for problem in stopped.value.problems)
