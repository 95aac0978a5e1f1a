"""Zip archives of files: every table is read, named by its file; what cannot be read is named."""

from __future__ import annotations

import io
import zipfile

import pytest

from pipeline.errors import PipelineError
from pipeline.readers import read_file
from pipeline.readers.describe import describe
from tests.unit.readers.made_files import ledger_sheet, workbook

CSV = "编号,名称\n1,甲\n2,乙\n".encode()


class RawName(zipfile.ZipInfo):
    """A member whose name is written in GBK without saying so, as Windows tools do."""

    def _encodeFilenameFlags(self):
        return self.filename.encode("gbk"), self.flag_bits


def zipped(path, members, kind=zipfile.ZipInfo):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(kind(name), data)
    return path


def refused(path):
    with pytest.raises(PipelineError) as caught:
        read_file(path)
    assert caught.value.exit_code == 10
    return caught.value.problems


def test_every_table_of_every_file_is_read_and_named(tmp_path):
    book = workbook(tmp_path / "x.xlsx", ledger_sheet("一月"), ledger_sheet("二月", "hidden")).read_bytes()
    path = zipped(tmp_path / "汇总.zip", {"台账/内部.xlsx": book, "a.csv": CSV, "b.json": b'[{"a": 1}]', "台账/": b""})
    tables = read_file(path)
    assert [(table.sheet, table.frame.height, table.is_hidden) for table in tables] == [
        ("台账/内部.xlsx › 一月", 4, False), ("台账/内部.xlsx › 二月", 4, True), ("a.csv", 2, False), ("b.json", 1, False),
    ]  # fmt: skip
    assert {table.path for table in tables} == {path}
    assert [table.encoding for table in tables] == ["", "", "utf-8", "utf-8"]
    assert [table.sheet for table in read_file(path, sheet="一月")] == ["台账/内部.xlsx › 一月"]


def test_an_archive_within_the_archive_is_read_and_no_deeper(tmp_path):
    inner = zipped(tmp_path / "i.zip", {"a.csv": CSV}).read_bytes()
    path = zipped(tmp_path / "o.zip", {"i.zip": inner})
    assert [table.sheet for table in read_file(path)] == ["i.zip › a.csv"]
    deepest = zipped(tmp_path / "d.zip", {"o.zip": path.read_bytes()})
    (problem,) = refused(deepest)
    assert problem.code == "zip_too_deep" and "i.zip" in problem.where


def test_names_are_read_whether_gbk_or_utf_8_and_paths_are_only_labels(tmp_path):
    folder = tmp_path / "x" / "y"
    folder.mkdir(parents=True)
    names = {"驿站.csv": CSV, "../../etc/名单.csv": CSV, "..\\x\\y.csv": CSV}
    for kind in (RawName, zipfile.ZipInfo):
        tables = read_file(zipped(folder / "a.zip", names, kind))
        assert [table.sheet for table in tables] == ["驿站.csv", "../../etc/名单.csv", "../x/y.csv"]
    assert {path.name for path in tmp_path.rglob("*.csv")} == set()


def test_pictures_and_notes_beside_the_tables_are_named_and_system_files_are_not(tmp_path):
    others = {
        "照片.png": b"\x89PNG\r\n\x1a\n" + bytes(9),
        "说明.txt": "请每月填报。\n谢谢".encode(),
        "__MACOSX/._a.csv": b"\0\5x",
    }
    path = zipped(tmp_path / "a.zip", {"a.csv": CSV, **others})
    (table,) = read_file(path)
    assert table.notes == {"压缩包内未读的文件": "照片.png、说明.txt"}
    assert "压缩包内未读的文件 照片.png、说明.txt" in describe(path)


def test_files_that_cannot_be_read_refuse_the_archive_and_are_all_named(tmp_path):
    path = zipped(tmp_path / "汇总.zip", {"a.csv": CSV, "空.csv": b"", "坏.xlsx": b"PK\x03\x04 and nothing"})
    problems = refused(path)
    assert [problem.code for problem in problems] == ["file_empty", "zip_broken"]
    assert "空.csv" in problems[0].where and "坏.xlsx" in problems[1].where


def test_an_archive_without_tables_is_refused(tmp_path):
    for members in ({"a.png": b"\x89PNG\r\n\x1a\n"}, {"a.npy": b"\x93NUMPY\x01\0"}, {}):
        (problem,) = refused(zipped(tmp_path / "a.zip", members))
        assert problem.code == "zip_not_workbook"


def test_an_archive_of_too_many_files_or_with_a_password_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.readers.archive._MOST_FILES", 5)
    path = zipped(tmp_path / "a.zip", {f"{i}.csv": b"a,b\n1,2\n" for i in range(6)})
    assert refused(path)[0].code == "zip_too_many"
    data = bytearray(zipped(tmp_path / "b.zip", {"a.csv": CSV}).read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    assert refused(path)[0].code == "zip_encrypted"


def test_a_bomb_inside_an_archive_is_refused_before_it_is_unpacked(tmp_path):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.csv", b"0" * 120_000_000)
    assert refused(zipped(tmp_path / "a.zip", {"b.zip": bomb.getvalue()}))[0].code == "zip_too_large"


def test_a_letter_is_no_archive_of_tables(tmp_path):
    types = {"[Content_Types].xml": b"<a/>"}
    letters = [
        types | {"word/document.xml": b"x"},
        {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"x"},
    ]
    for members in letters:
        assert refused(zipped(tmp_path / "a.zip", members))[0].code == "not_a_table"
