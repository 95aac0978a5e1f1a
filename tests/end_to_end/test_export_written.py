"""What is written: a page, a workbook, tables, charts, points and a manifest; twice the same, and nothing that must not leave."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import zipfile
from dataclasses import replace

import polars as pl
import pytest

from pipeline import disclose, export, findings
from pipeline.errors import DISCLOSURE, FILE, PipelineError
from pipeline.export import leak_check, package, pictures, return_list, workbook, write
from pipeline.paths import study as study_at
from tests.unit.findings.small_district import district


@pytest.fixture(scope="module")
def con():
    return district()


@pytest.fixture(scope="module")
def context(con):
    return findings.context_for(con, is_simulated=True)


@pytest.fixture(scope="module")
def results(con, context):
    return findings.evaluate(con, context=context)


@pytest.fixture(scope="module")
def folder(con, context, results, tmp_path_factory):
    """What is written, over what an earlier run left behind."""
    study = study_at(tmp_path_factory.mktemp("研究 一"))
    stale = study.findings("2023Q2") / "data" / "gone.csv"
    stale.parent.mkdir(parents=True)
    stale.write_text("x", encoding="utf-8")
    export.write_all(results, study, context, con)
    return study.findings("2023Q2")


def digests(folder):
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file()
    }


def test_everything_of_the_contract_is_there(folder, results):
    assert {p.name for p in folder.iterdir()} == {
        "findings.html",
        "findings.xlsx",
        "data",
        "charts",
        "stations.geojson",
        "stations.html",
        "manifest.json",
    }
    assert {p.stem for p in (folder / "data").glob("*.csv")} == {r.finding.id for r in results}
    assert {p.suffix for p in (folder / "charts").iterdir()} == {".svg", ".png"}


def test_the_same_inputs_give_the_same_bytes(con, context, folder, tmp_path):
    study = study_at(tmp_path)
    export.write_all(findings.evaluate(con, context=context), study, context, con)
    assert digests(study.findings("2023Q2")) == digests(folder)


@pytest.fixture(scope="module")
def both(con, folder, tmp_path_factory):
    """The Chinese results with the English ones written beside them."""
    study = study_at(tmp_path_factory.mktemp("both"))
    shutil.copytree(folder, study.findings("2023Q2"))
    english = findings.context_for(con, is_simulated=True, lang="en")
    export.write_all(findings.evaluate(con, context=english), study, english, con)
    return study.findings("2023Q2")


def test_english_stands_beside_chinese_and_shares_the_tables(folder, both):
    before, after = digests(folder), digests(both)
    assert {"findings.html", "findings.en.html", "findings.en.xlsx"} <= set(after)
    assert {k: v for k, v in after.items() if k in before and k != "manifest.json"} == {
        k: v for k, v in before.items() if k != "manifest.json"
    }


def test_the_manifest_names_every_file_with_its_hash(folder):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    there = digests(folder)
    there.pop("manifest.json")
    assert {f["path"]: f["sha256"] for f in manifest["files"]} == there
    assert manifest["is_simulated"] is True and manifest["period"] == "2023Q2"


def test_the_page_asks_for_nothing_and_runs_nothing(folder):
    page = (folder / "findings.html").read_text(encoding="utf-8")
    assert not re.search(r"https?://|<script|<link|<img|@import|url\((?!#)", page)
    assert "default-src 'none'" in page


def test_the_page_says_that_it_is_simulated_and_until_when(folder):
    page = (folder / "findings.html").read_text(encoding="utf-8")
    assert page.count("模拟数据，仅供演示，不得作为决策依据") == 3  # head, foot, and every printed sheet
    assert "截至2023年5月20日" in page and "[不公开]" in page and "本期不可评价" in page and "问卷样本不足" in page


def test_every_chart_file_bears_the_stamp_in_its_language_and_the_page_does_not_repeat_it(
    context, folder, both, results
):
    zh, en = (disclose.rules()["simulated"][lang] for lang in ("zh", "en"))
    drawings = sorted((folder / "charts").glob("*.svg"))
    assert drawings and all(path.read_text(encoding="utf-8").count(zh) == 1 for path in drawings)
    english = sorted((both / "charts").glob("*.en.svg"))
    assert len(english) == len(drawings) and all(en in path.read_text(encoding="utf-8") for path in english)
    received = pictures.files(pictures.draw(results), "", replace(context, is_simulated=False))
    assert not any(zh in text for name, text in received.items() if name.endswith(".svg"))
    assert all(received[path.with_suffix(".png").name] != path.with_suffix(".png").read_bytes() for path in drawings)


def test_ids_on_the_page_are_unique(folder):
    ids = re.findall(r'\bid="([^"]+)"', (folder / "findings.html").read_text(encoding="utf-8"))
    assert len(ids) == len(set(ids))


def test_a_hidden_cell_of_a_csv_is_empty_beside_its_flag(folder):
    rows = list(csv.DictReader(io.StringIO((folder / "data" / "service_use.csv").read_text(encoding="utf-8"))))
    water = next(r for r in rows if r["service_code"] == "water")
    assert (water["n_visits"], water["n_keys"], water["suppressed"]) == ("", "", "true")


def test_the_data_package_describes_every_column_of_every_table(folder):
    described = json.loads((folder / "data" / "datapackage.json").read_text(encoding="utf-8"))
    for resource in described["resources"]:
        head = (folder / "data" / resource["path"]).read_text(encoding="utf-8").splitlines()[0].split(",")
        assert [field["name"] for field in resource["schema"]["fields"]] == head
        assert set(resource["schema"]["primaryKey"]) <= set(head)
        assert resource["schema"]["missingValues"] == [""]
        assert all(field["title"] and field["title_en"] for field in resource["schema"]["fields"])


def test_primary_keys_are_unique(results):
    for result in results:
        keys = list(result.finding.disclosure.keys)
        assert not result.table.select(keys).is_duplicated().any(), result.finding.id


def test_a_hidden_cell_of_the_workbook_is_a_word_and_every_sheet_bears_the_stamp(folder, results):
    with zipfile.ZipFile(folder / "findings.xlsx") as book:
        strings = book.read("xl/sharedStrings.xml").decode("utf-8")
        sheets = [book.read(n).decode("utf-8") for n in book.namelist() if n.startswith("xl/worksheets/sheet")]
    assert "[不公开]" in strings and "本期不可评价" in strings
    index = next(
        i
        for i, text in enumerate(re.findall(r"<si><t[^>]*>(.*?)</t></si>", strings, flags=re.S))
        if text.startswith("模拟数据")
    )
    assert len(sheets) == len(results) + 1
    assert all(f"<v>{index}</v>" in sheet and "模拟数据" in sheet for sheet in sheets)
    assert not any("<f>" in sheet for sheet in sheets)
    assert all('fitToHeight="0"' in sheet for sheet in sheets)


def test_the_workbook_opens_on_the_explanations(folder):
    with zipfile.ZipFile(folder / "findings.xlsx") as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode("utf-8"))
    assert names[0] == "说明" and len(set(names)) == len(names)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠x", "\t=1"])
def test_no_text_of_a_csv_can_become_a_formula(text):
    assert package.csv(pl.DataFrame({"name": [text]})).splitlines()[1].lstrip('"').startswith("'")


def test_sheet_names_are_legal(context, results):
    names = [workbook.sheet_name(i, r, context) for i, r in enumerate(results, 1)]
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)


def test_the_points_are_wgs84_and_hold_no_office_column(folder):
    text = (folder / "stations.geojson").read_text(encoding="utf-8")
    points = json.loads(text)
    assert points["坐标系"] == "WGS-84" and len(points["features"]) == 4
    assert points["features"][0]["geometry"] == {"type": "Point", "coordinates": [116.401, 39.9]}
    assert "某单位" not in text and "host_unit" not in text


def test_no_export_holds_a_pseudonym(con, folder):
    forbidden = leak_check.canaries(con)
    assert "person000" in forbidden
    leak_check.check({p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}, forbidden)


@pytest.mark.parametrize("name", ["a.html", "a.csv", "a.json"])
def test_a_pseudonym_in_a_file_stops_the_export(tmp_path, name):
    with pytest.raises(PipelineError) as caught:
        leak_check.check({tmp_path / name: "x 0123456789abcdef y"}, ["0123456789abcdef"])
    assert caught.value.exit_code == DISCLOSURE
    assert "0123456789abcdef" not in str(caught.value)


def test_a_pseudonym_written_as_the_number_it_is_stored_as_stops_the_export(tmp_path):
    with pytest.raises(PipelineError) as caught:
        leak_check.check({tmp_path / "a.csv": f"x,{0x0123456789ABCDE},y"}, ["00123456789abcde"])
    assert caught.value.exit_code == DISCLOSURE
    leak_check.check({tmp_path / "a.csv": f"x,{0x0123456789ABCDF},y"}, ["00123456789abcde"])


def test_a_pseudonym_inside_a_workbook_stops_the_export(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", "<t>respondent-77</t>")
    with pytest.raises(PipelineError):
        leak_check.check({tmp_path / "a.xlsx": buffer.getvalue()}, ["respondent-77"])


def test_a_table_that_skipped_the_gate_writes_nothing(con, context, results, tmp_path):
    first = results[1]
    raw = first.finding.table(con, context).with_columns(pl.lit(False).alias("suppressed"), n=pl.lit(3))
    with pytest.raises(PipelineError) as caught:
        export.write_all([replace(first, table=raw)], study_at(tmp_path), context, con)
    assert caught.value.exit_code == DISCLOSURE and not list(tmp_path.rglob("*.html"))


def test_a_file_held_open_is_kept_beside_and_said_plainly(tmp_path, monkeypatch):
    target = tmp_path / "findings.html"
    target.write_text("old", encoding="utf-8")
    real = os.replace

    def held(source, destination):
        if str(destination) == str(target):
            raise PermissionError
        real(source, destination)

    monkeypatch.setattr(write.os, "replace", held)
    with pytest.raises(PipelineError) as caught:
        write.put_all({target: "new", tmp_path / "other.txt": "there"})
    assert caught.value.problems[0].code == "file_held_open"  # the one code for it, wherever a file is put in place
    assert caught.value.exit_code == FILE and "请先关闭" in caught.value.problems[0].text("zh")
    assert target.read_text(encoding="utf-8") == "old"
    assert (tmp_path / "findings.新.html").read_text(encoding="utf-8") == "new"
    assert (tmp_path / "other.txt").exists()


def test_what_an_earlier_run_left_behind_goes(folder):
    assert (folder / "data").is_dir() and not (folder / "data" / "gone.csv").exists()


def rejected(**changes):
    row = {
        "path": "门禁/a.xlsx",
        "source_code": "log_smart_lock",
        "source_sheet": "表1",
        "source_row": 12,
        "column_name": "人数",
        "reason_code": "bad_number",
        "label_zh": "不是数字",
        "label_en": "not a number",
    }
    return pl.DataFrame([{**row, **changes}])


def test_rows_of_logs_to_repair_are_listed_by_file_sheet_and_row(tmp_path):
    files = return_list.files(rejected(), tmp_path, is_simulated=True)
    assert [path.name for path in files] == ["log_smart_lock.xlsx"]
    with zipfile.ZipFile(io.BytesIO(next(iter(files.values())))) as book:
        strings = book.read("xl/sharedStrings.xml").decode("utf-8")
    for word in ("门禁/a.xlsx", "表1", "人数", "不是数字", "模拟数据"):
        assert word in strings
