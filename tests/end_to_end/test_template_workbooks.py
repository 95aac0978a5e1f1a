"""What the blank workbooks hold: the contracts' own headings, drop-downs, limits, a guide; nothing a machine would run."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import polars as pl
import pytest
from fill_forms import GUIDE, LISTS, MAIN, names, sheets_of

from pipeline import disclose
from pipeline.__main__ import main
from pipeline.clean.hours import parse_hours
from pipeline.clean.values import datetimes, months
from pipeline.contracts import load_codebooks, load_sources, load_wave
from pipeline.contracts.deliveries import matches
from pipeline.contracts.forms import form_facts, forms
from pipeline.contracts.source import COLUMN_TYPES
from pipeline.errors import FILE, PipelineError
from pipeline.export.templates import write
from pipeline.export.templates.layout import Setting, columns_of
from pipeline.paths import study
from pipeline.readers import read_file

SOURCES, BOOKS = load_sources(), load_codebooks()
FORMS = forms(SOURCES)
SHEETS = [(form, code) for form in FORMS for code in form.sources]
LEDGER = "台账/驿站台账_模板.xlsx"
PLACE = {
    "study.toml": 'name_zh = "两镇"\nname_en = "Towns"\n[[areas]]\ncode = "AA"\nlabel_zh = "东里"\nlabel_en = "East"\nfolder = "东里"\n'
    '[[areas]]\ncode = "BB"\nlabel_zh = "西里"\nlabel_en = "West"\nfolder = "西里"\n',
    "outlines.toml": '[[grid]]\narea_code = "AA"\nlocal_code = "G1"\nlabel_zh = "一网格"\noutline_wkt = "POLYGON((0 0, 1 0, 1 1, 0 0))"\n',
    "sources/toilets.toml": 'code = "toilets"\nlabel_zh = "公厕"\nlabel_en = "Toilets"\nfiles = ["公厕/*公厕名录*.xlsx"]\n'
    'as_of = "filename"\n[[column]]\nname = "local_code"\nheadings = ["公厕编号"]\nrequired = true\n'
    '[[column]]\nname = "name"\nheadings = ["公厕名称"]\nrequired = true\n'
    '[[column]]\nname = "what"\nheadings = ["便民设施"]\ntype = "codes"\ncodebook = "facilities"\n[[table]]\nname = "clean.buildings"\n',
}  # fmt: skip


@pytest.fixture(scope="module")
def blank(tmp_path_factory) -> Path:
    """The blank workbooks without a study."""
    folder = tmp_path_factory.mktemp("templates") / "空白表"
    write(folder)
    return folder


@pytest.fixture
def towns(tmp_path):
    """A study of two areas, nothing received, with a contract of its own."""
    for name, text in PLACE.items():
        path = tmp_path / "study" / "place" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return study(tmp_path / "study")


def parts(path: Path) -> dict[str, str]:
    """The XML of a workbook by part."""
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name).decode() for name in book.namelist()}


def texts(path: Path) -> str:
    """Every text in the cells of a workbook."""
    return "\n".join(
        part.text or "" for part in ElementTree.fromstring(parts(path)["xl/sharedStrings.xml"]).iter(f"{MAIN}t")
    )


def test_every_contract_has_a_workbook_or_a_reason_to_have_none():
    made = [code for form in FORMS for code in form.sources]
    assert sorted([*made, *form_facts().no_form]) == sorted(SOURCES)


@pytest.mark.parametrize(("form", "code"), SHEETS, ids=[code for _, code in SHEETS])
def test_the_file_lies_where_its_contract_looks_for_it(form, code):
    assert any(matches(form.file, pattern) for pattern in SOURCES[code].files)


@pytest.mark.parametrize(("form", "code"), SHEETS, ids=[code for _, code in SHEETS])
def test_headings_are_the_contracts_own(blank, form, code):
    sheet = sheets_of(blank / form.file)[form.sources.index(code)]
    source = SOURCES[code]
    wide = [spec.unpivot for spec in source.tables if spec.unpivot]
    grouped = {f"{w['heading_group']}/{c.label_zh}" for w in wide for c in BOOKS[w["codebook"]].codes}
    # The blank ledger has ticks, and a sheet of its own for facilities: it asks for no lists.
    left_out = {"services_text", "facilities_text"} if code == "station_ledger" else set()
    asked = [column.headings[0] for column in source.columns if column.name not in left_out]
    assert set(sheet.headings) == set(asked) | grouped
    assert len(sheet.headings) == len(asked) + len(grouped)


@pytest.mark.parametrize(("form", "code"), SHEETS, ids=[code for _, code in SHEETS])
def test_codes_are_offered_by_their_labels_and_every_choice_is_read(blank, form, code):
    sheet = sheets_of(blank / form.file)[form.sources.index(code)]
    offered = {
        h: sheet.rules[place].choices for h, place in sheet.headings.items() if sheet.rules[place].kind == "list"
    }
    coded = [column for column in SOURCES[code].columns if column.codebook and column.type != "codes"]
    plain = {column.headings[0]: column.codebook for column in coded}
    for heading, book in plain.items():
        assert [BOOKS[book].lookup(text) for text in offered[heading]] == [c.code for c in BOOKS[book].codes]
    for spec in (table.unpivot for table in SOURCES[code].tables if table.unpivot):
        book = BOOKS["ticks" if spec["type"] == "tick" else spec.get("value_codebook", "services")]
        group = [choices for heading, choices in offered.items() if heading.startswith(spec["heading_group"] + "/")]
        wanted = 0 if spec["type"] == "number" else len(BOOKS[spec["codebook"]].codes)
        assert len(group) == wanted
        assert {book.lookup(text) for choices in group for text in choices} <= {c.code for c in book.codes}


def test_dates_and_numbers_have_limits_and_free_text_has_none(blank):
    ledger, facilities, _ = sheets_of(blank / LEDGER)
    rule = ledger.rules[ledger.headings["座位数"]]
    assert (rule.kind, rule.least, rule.most) == ("whole", 0, 500)  # as in the contract
    longitude = ledger.rules[ledger.headings["经度"]]
    assert (longitude.kind, longitude.least, longitude.most) == ("decimal", -180, 180)
    assert ledger.rules[ledger.headings["启用日期"]].kind == "date"
    assert ledger.rules[ledger.headings["地址"]].kind == "any"
    assert facilities.rules[facilities.headings["检查日期"]].kind == "date"
    workers = sheets_of(blank / "楼宇/楼宇名录_模板.xlsx")[0]
    assert workers.rules[workers.headings["办公人数"]].kind == "any"  # 约2000 may stand there


def test_codes_and_phones_are_kept_as_text_and_dates_as_dates(blank):
    ledger = sheets_of(blank / LEDGER)[0]
    styles = ElementTree.fromstring(parts(blank / LEDGER)["xl/styles.xml"])
    formats = {fmt.get("numFmtId"): fmt.get("formatCode") for fmt in styles.iter(f"{MAIN}numFmt")}
    looks = [xf.get("numFmtId") for xf in styles.find(f"{MAIN}cellXfs")]
    kept = {h: looks[int(ledger.styles[place])] for h, place in ledger.headings.items()}
    text = {h for h, number in kept.items() if number == "49"}  # Excel's own number of the format @
    assert {"驿站编号", "驿站名称", "联系电话", "开放时间", "服务项目/饮水"} <= text
    assert formats[kept["启用日期"]] == "yyyy-mm-dd"
    assert not {"座位数", "经度", "面积（㎡）"} & text


def test_what_must_be_filled_in_is_told_by_colour_and_comment_not_by_the_heading(blank):
    found = parts(blank / LEDGER)
    comments = ElementTree.fromstring(found["xl/comments1.xml"])
    said = {c.get("ref"): "".join(t.text for t in c.iter(f"{MAIN}t")) for c in comments.iter(f"{MAIN}comment")}
    assert {cell: text.split("；")[0] for cell, text in said.items() if "必填" in text} == {
        "B4": "必填",
        "C4": "必填",
        "D4": "必填",
    }
    assert "读入时立即删除" in said["AK4"]  # 备注
    assert list(sheets_of(blank / LEDGER)[0].headings)[:4] == ["序号", "驿站编号", "驿站名称", "驿站类别"]


def test_frozen_panes_and_print_setup(blank):
    xml = parts(blank / LEDGER)["xl/worksheets/sheet2.xml"]
    assert '<pane xSplit="3" ySplit="5" topLeftCell="D6"' in xml
    assert 'orientation="landscape"' in xml and 'fitToHeight="0"' in xml and "<oddFooter>" in xml


@pytest.mark.parametrize("name", [form.file for form in FORMS])
def test_nothing_in_a_workbook_is_a_formula_or_a_link(blank, name):
    found = parts(blank / name)
    assert [part for part, xml in found.items() if re.search(r"<f[ >]", xml) or "<hyperlink" in xml] == []
    assert [part for part, xml in found.items() if part.endswith(".rels") and 'TargetMode="External"' in xml] == []


@pytest.mark.parametrize("name", [form.file for form in FORMS])
def test_names_and_lists_are_within_what_excel_takes(blank, name):
    found = parts(blank / name)
    sheets = [sheet.get("name") for sheet in ElementTree.fromstring(found["xl/workbook.xml"]).iter(f"{MAIN}sheet")]
    assert all(len(sheet) <= 31 and not set(sheet) & set("[]:*?/\\") for sheet in sheets)
    sources = re.findall(r'type="list".*?<formula1>(.*?)</formula1>', "".join(found.values()), flags=re.S)
    assert all(source.startswith(f"'{LISTS}'!$") for source in sources)
    assert sheets[0] == GUIDE and (not sources or sheets[-1] == LISTS)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_guide_speaks_of_every_column(tmp_path, lang):
    write(tmp_path, lang=lang)
    for form in FORMS:
        guide = next(table for table in read_file(tmp_path / form.file) if table.sheet == GUIDE)
        said = {tuple(row[:2]): row for row in guide.frame.drop("source_row").iter_rows()}
        for code in form.sources:
            for column in columns_of(SOURCES[code], Setting(BOOKS, {}, lang=lang)):
                row = next(
                    row for (sheet, heading), row in said.items()
                    if sheet in (SOURCES[code].sheet, SOURCES[code].label_zh)
                    and heading.split("（")[0] in ((column.group,) if column.group else (column.heading, column.heading.split("（")[0]))
                )  # fmt: skip
                assert row[2] and row[3], (code, column.heading)
                assert column.meaning, f"metadata/templates.toml says nothing of {code}.{column.heading}"


def test_kinds_examples_and_words_hold_what_they_promise():
    facts = form_facts()
    assert set(COLUMN_TYPES) <= set(facts.kinds)
    assert [text for text in facts.kinds["hours"]["examples"] if parse_hours(text) is None] == []
    tick = facts.kinds["tick"]["choices"]
    assert [BOOKS["ticks"].lookup(text) for text in tick] == ["yes", "no"]
    told = pl.Series([re.search(r"如 (.*)$", facts.kinds[kind]["zh"])[1] for kind in ("date", "datetime", "month")])
    assert datetimes(told[:2]).null_count() == 0 and months(told[2:]).item() == date(2023, 3, 1)
    assert {name[:-3] for name in facts.words if name.endswith("_zh")} == {
        name[:-3] for name in facts.words if name.endswith("_en")
    }
    known = {column.name for source in SOURCES.values() for column in source.columns}
    assert set(facts.columns) <= known and set(facts.special) <= set(SOURCES)


def test_twice_the_same_bytes_and_a_second_run_changes_nothing(blank, tmp_path, capsys):
    assert main(["templates", str(tmp_path)]) == 0
    printed = capsys.readouterr().out.splitlines()
    made = [Path(line).relative_to(tmp_path).as_posix() for line in printed]
    assert [name for name in made if not name.startswith("问卷/")] == [form.file for form in FORMS]
    assert {n: (tmp_path / n).read_bytes() for n in names(tmp_path)} == {
        n: (blank / n).read_bytes() for n in names(blank)
    }
    assert main(["templates", str(tmp_path)]) == 0


def test_a_workbook_that_was_filled_in_is_not_written_over(tmp_path):
    write(tmp_path)
    (tmp_path / LEDGER).write_bytes(b"filled in")
    (tmp_path / "天气/逐日天气_模板.xlsx").unlink()
    with pytest.raises(PipelineError) as stopped:
        write(tmp_path)
    assert (stopped.value.exit_code, [p.code for p in stopped.value.problems]) == (FILE, ["template_taken"])
    assert (tmp_path / LEDGER).read_bytes() == b"filled in"
    assert not (tmp_path / "天气/逐日天气_模板.xlsx").exists()


def test_a_folder_that_cannot_be_is_a_mistake_told_plainly(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PipelineError) as stopped:
        write(tmp_path / "file" / "below")
    assert [p.code for p in stopped.value.problems] == ["templates_unwritable"]


def test_each_area_of_a_study_has_its_own_set_with_its_own_places(towns, tmp_path):
    write(tmp_path / "out", towns)
    assert {name.split("/")[0] for name in names(tmp_path / "out")} == {"东里", "西里"}
    east, west = (sheets_of(tmp_path / "out" / area / LEDGER)[0] for area in ("东里", "西里"))
    assert east.rules[east.headings["所属网格"]].choices == ("一网格",)
    assert west.rules[west.headings["所属网格"]].kind == "any"
    assert "东里暖心驿站台账" in texts(tmp_path / "out" / "东里" / LEDGER)
    assert "raw/东里/台账" in texts(tmp_path / "out" / "东里" / LEDGER)
    waves = [load_wave(tmp_path / "out" / area / "问卷" / "波次文件_问卷星.toml") for area in ("东里", "西里")]
    assert [wave.area_code for wave in waves] == ["AA", "BB"]
    grids = [wave.question_of("grid") for wave in waves]
    assert [(question.type, [o.text for o in question.options]) for question in grids] == [
        ("single", ["一网格"]),
        ("text", []),
    ]


def test_a_contract_of_the_place_has_a_workbook_too(towns, tmp_path):
    write(tmp_path / "out", towns)
    path = tmp_path / "out" / "东里" / "公厕" / "公厕名录_模板.xlsx"
    sheet = sheets_of(path)[0]
    assert (sheet.name, list(sheet.headings)) == ("公厕", ["公厕编号", "公厕名称", "便民设施"])
    assert sheet.rules[2].kind == "any" and "、".join(code.label_zh for code in BOOKS["facilities"].codes) in texts(
        path
    )


def test_stations_of_a_warehouse_are_offered_and_simulated_ones_say_so(towns, tmp_path):
    """Two stations of one name are offered by their codes. Nothing simulated is claimed of a study that received files."""
    towns.out.mkdir()
    with duckdb.connect(str(towns.warehouse)) as con:
        con.execute("create schema audit; create schema clean; create table audit.event_files (path varchar)")
        con.execute("create table audit.source_files as select false as is_simulated")
        for kind in ("station", "building", "depot"):
            con.execute(f"create table clean.{kind}s ({kind}_id varchar, area_code varchar, name varchar)")
        con.execute(
            "insert into clean.stations values ('AA-S1','AA','东门驿站'), ('AA-S2','AA','南门'), ('AA-S3','AA','南 门')"
        )
    write(tmp_path / "real", towns)
    closures = sheets_of(tmp_path / "real" / "东里/运行/临时关闭登记_模板.xlsx")[0]
    assert closures.rules[closures.headings["驿站名称"]].choices == ("东门驿站", "S2", "S3")
    stamp = disclose.rules()["simulated"]["zh"]
    assert stamp not in texts(tmp_path / "real" / "东里" / LEDGER)
    with duckdb.connect(str(towns.warehouse)) as con:
        con.execute("update audit.source_files set is_simulated = true")
    write(tmp_path / "simulated", towns)
    assert stamp in texts(tmp_path / "simulated" / "西里" / LEDGER)
    real, simulated = (sheets_of(tmp_path / name / "东里" / LEDGER) for name in ("real", "simulated"))
    assert [list(sheet.headings) for sheet in real] == [list(sheet.headings) for sheet in simulated]


def test_without_a_study_nothing_is_simulated(blank):
    assert [name for name in names(blank) if disclose.rules()["simulated"]["zh"] in texts(blank / name)] == []


def test_an_unknown_language_and_a_study_that_is_not_there(tmp_path, capsys):
    assert main(["templates", str(tmp_path / "out"), "--lang", "fr"]) == 2
    assert main(["templates", str(tmp_path / "out"), "--data", str(tmp_path / "nowhere")]) == 10
    assert not (tmp_path / "out").exists()
    assert "study" in capsys.readouterr().err
