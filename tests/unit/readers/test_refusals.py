"""Files that cannot be read: a reason, what to do, exit 10 — and never a cell's value."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from pipeline.errors import PipelineError
from pipeline.readers import read_file
from tests.unit.readers.made_files import ledger_sheet, workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def archive(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name.replace("__", "/"), content)
    return out.getvalue()


BROKEN = {
    "file_empty": [("a.csv", b""), ("a.xlsx", b""), ("a.csv", b"\xef\xbb\xbf\r\n"), ("a.bin", bytes(900))],
    "not_a_table": [("a.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(99)), ("a.xlsx", b"%PDF-1.7\nx"), ("a.csv", b"a,b\n\x01\x02,\n"),
                    ("a.xlsx", archive(word__document="x"))],
    "zip_not_workbook": [("a.xlsx", archive(readme="x"))],
    "zip_broken": [("a.xlsx", b"PK\x03\x04 and then nothing")],
    "workbook_encrypted": [("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"))],
    "workbook_broken": [("a.xls", OLE), ("a.xls", OLE + "Workbook".encode("utf-16-le"))],
    "html_as_workbook": [("a.xls", b"<html><body><p>x</p></body></html>"), ("a.xls", b"<?xml version='1.0'?><Workbook/>")],
    "file_placeholder": [("a.csv", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n")],
    "not_what_name_says": [("a.xlsx", b"this is not a workbook\nbut prose\n"), ("a.parquet", "甲\n乙".encode())],
    "no_table": [("a.csv", "驿站台账\n".encode()), ("a.txt", b"hello"), ("a.csv", b"3,german\n"),
                 ("a.xls", "<table><tr><td>某</td></tr></table>".encode())],
    "json_broken": [("a.json", b'{"a": [1,'), ("a.json", b"[{]")],
    "json_no_records": [("a.json", b"[1, 2]"), ("a.jsonl", b"{nothing\n")],
    "parquet_broken": [("a.parquet", b"PAR1 and then nothing")],
    "spss_broken": [("a.sav", b"$FL2@(#) SPSS"), ("a.zsav", b"$FL3" + bytes(900))],
    "spss_not_read": [("a.por", b"\xc1" * 200 + b"ASCII SPSS PORT FILE" + bytes(99))],
}  # fmt: skip


@pytest.mark.parametrize(("code", "name", "data"), [(c, n, d) for c, files in BROKEN.items() for n, d in files])
def test_a_file_that_holds_no_table_is_refused_with_its_reason(tmp_path, code, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(PipelineError) as caught:
        read_file(path)
    (problem,) = caught.value.problems
    assert (caught.value.exit_code, problem.code) == (10, code)
    assert name in problem.where and problem.do_zh and problem.do_en


def test_a_missing_file_and_a_folder_are_said_to_be_so(tmp_path):
    for path, code in ((tmp_path / "没有.csv", "file_missing"), (tmp_path, "file_is_folder")):
        with pytest.raises(PipelineError) as caught:
            read_file(path)
        assert caught.value.problems[0].code == code


def test_a_workbook_of_a_title_a_row_of_values_or_empty_sheets_is_refused(tmp_path):
    for rows in ([["驿站台账"]], [[2023, 2024]], []):
        with pytest.raises(PipelineError, match="no table"):
            read_file(workbook(tmp_path / "a.xlsx", {"rows": rows}))


def test_bytes_that_fit_no_encoding_name_their_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("编号,名称\n1,驿站甲乙丙丁\n".encode("gb18030") + b"2,\xff\xff\n")
    with pytest.raises(PipelineError) as caught:
        read_file(path)
    assert caught.value.problems[0].code == "text_undecodable" and "3" in caught.value.problems[0].got


def test_an_archive_that_unpacks_to_something_huge_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(archive(xl__workbook_xml="x", xl__big=b"\0" * 150_000_000))
    with pytest.raises(PipelineError) as caught:
        read_file(path)
    assert caught.value.problems[0].code == "zip_too_large"


def test_a_sheet_with_a_stray_cell_at_the_far_corner_is_refused_before_it_fills_the_memory(tmp_path):
    rows = [["编号", "名称"], ["1", "甲"]]
    path = workbook(tmp_path / "a.xlsx", {"rows": rows, "far": (1_048_575, 16_383, "x")})
    with pytest.raises(PipelineError) as caught:
        read_file(path)
    assert caught.value.problems[0].code == "sheet_too_large"


def test_an_xlsx_named_xls_or_csv_is_read(tmp_path):
    data = workbook(tmp_path / "a.xlsx", ledger_sheet()).read_bytes()
    for name in ("b.xls", "b.csv", "b.et"):
        (tmp_path / name).write_bytes(data)
        assert read_file(tmp_path / name)[0].frame.height == 4


def test_a_damaged_workbook_is_refused_or_read_but_never_crashes(tmp_path):
    data = workbook(tmp_path / "a.xlsx", ledger_sheet()).read_bytes()
    rng, path = random.Random(7), tmp_path / "b.xlsx"
    for i in range(60):
        cut = bytearray(data[: len(data) - i * 97]) if i % 2 else bytearray(data)
        for _ in range(i):
            cut[rng.randrange(4, len(cut))] = rng.randrange(256)
        path.write_bytes(bytes(cut))
        try:
            read_file(path)
        except PipelineError as error:
            assert error.exit_code == 10


def test_no_refusal_repeats_what_stands_in_the_file(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes("张三 13812345678\n李四 13912345678\n".encode())
    with pytest.raises(PipelineError) as caught:
        read_file(path)
    assert "张三" not in str(caught.value) and "138" not in str(caught.value)
