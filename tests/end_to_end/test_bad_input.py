"""Bad input: a short message (what, where, got / expected, what to do), its exit code, no traceback, and the last good
warehouse stays as it was."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import zlib

import pytest
from filelock import FileLock
from make_town import GRIDS, canaries, grid, write_xlsx

from pipeline.__main__ import main

pytestmark = [pytest.mark.xdist_group("town"), pytest.mark.slow]
LEDGER = "东里/台账/驿站台账_2023-03-31.xlsx"


@pytest.fixture
def study(town, tmp_path):
    """A copy of the town with its good warehouse."""
    root = tmp_path / "小 镇"
    shutil.copytree(town[0], root)
    return root


@pytest.fixture
def refused(study, capsys):
    """Runs the line on the spoiled study: it must end with `code`, say each of `said`, and change nothing that was built."""

    def run(code, *said, arguments=()):
        before = built(study)
        found = main(["run", "--data", str(study), *arguments])
        seen = capsys.readouterr()
        assert found == code, seen.err
        assert "Traceback" not in seen.err
        assert "怎么办" in seen.err
        for words in said:
            assert words in seen.err
        assert not [value for value in canaries() if value in seen.err + seen.out]
        assert built(study) == before
        return seen.err

    return run


def built(study):
    """Hashes of the warehouse and all findings."""
    files = [study / "processed" / "warehouse.duckdb", *sorted((study / "processed" / "findings").rglob("*"))]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path.is_file()}


def png():
    """A picture of one pixel."""
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))  # noqa: E731
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def without(path, *headings):
    """A ledger's grids with some headings written differently, so that they are missing."""
    sheets = {}
    for name, text in GRIDS[path].items():
        for heading in headings:
            text = text.replace(f"| {heading} |", f"| 某{heading[0]}列 |", 1)
        sheets[name] = grid(text)
    return sheets


def test_a_missing_study(tmp_path, capsys):
    assert main(["run", "--data", str(tmp_path / "没有")]) == 10
    seen = capsys.readouterr().err
    assert "没有" in seen and "怎么办" in seen and "Traceback" not in seen
    assert not (tmp_path / "没有").exists()


def test_a_missing_raw_folder(study, refused):
    shutil.rmtree(study / "raw")
    refused(10, "没有 raw 文件夹")


def test_an_empty_raw_folder(study, refused):
    shutil.rmtree(study / "raw")
    (study / "raw").mkdir()
    refused(10, "没有文件")


def test_a_missing_study_file(study, refused):
    (study / "place" / "study.toml").unlink()
    refused(10, "place/study.toml")


def test_an_empty_file(study, refused):
    (study / "raw" / LEDGER).write_bytes(b"")
    refused(10, "驿站台账_2023-03-31.xlsx")


def test_a_picture_named_xlsx(study, refused):
    (study / "raw" / LEDGER).write_bytes(png())
    refused(10, "驿站台账_2023-03-31.xlsx", "实际", "应为")


def test_a_workbook_cut_short(study, refused):
    path = study / "raw" / LEDGER
    path.write_bytes(path.read_bytes()[:-600])
    refused(10, "驿站台账_2023-03-31.xlsx")


def test_a_log_that_is_binary(study, refused):
    (study / "raw/东里/门禁/门禁开门记录_2023-05.csv").write_bytes(png() * 3)
    refused(10, "门禁开门记录_2023-05.csv")


def test_missing_required_columns_are_all_listed_at_once(study, refused):
    write_xlsx(study / "raw" / LEDGER, without(LEDGER, "驿站编号", "驿站类别"))
    said = refused(11, "驿站编号", "驿站类别", "驿站台账_2023-03-31.xlsx")
    assert said.count("缺少必需的列") == 2


def test_missing_columns_of_two_files_are_all_listed_at_once(study, refused):
    other = "东里/运行/需求排序_2023Q2.xlsx"
    write_xlsx(study / "raw" / LEDGER, without(LEDGER, "驿站编号"))
    write_xlsx(study / "raw" / other, without(other, "名次"))
    refused(11, "驿站台账_2023-03-31.xlsx", "需求排序_2023Q2.xlsx")


def test_a_missing_column_of_a_log(study, refused):
    path = study / "raw/东里/门禁/门禁开门记录_2023-05.csv"
    path.write_bytes(path.read_bytes().replace("开门时间".encode("gb18030"), "某一列".encode("gb18030")))
    refused(11, "开门时间", "门禁开门记录_2023-05.csv")


def test_a_closed_option_that_the_wave_does_not_know(study, refused):
    path = study / "place/waves/aa_2023q2.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('text = "外卖骑手"', 'text = "骑手们"'), encoding="utf-8")
    refused(11, "外卖骑手")


def test_half_a_pair(study, refused):
    next((study / "raw/东里/调查").glob("*按序号*")).unlink()
    refused(11, "按序号")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda text: b"\xef\xbb\xbf" + text.encode(), "BOM"),
        (lambda text: text.encode("gbk"), "GBK"),
        (lambda text: text.replace("=", "＝", 1).encode(), "＝"),
        (lambda text: text.replace('"手算小镇"', "“手算小镇”").encode(), "“"),
        (lambda text: text.replace("name_zh = ", "name_zh ", 1).encode(), "study.toml"),
        (lambda text: text.replace("name_zh", "nam_zh", 1).encode(), "nam_zh"),
    ],
    ids=["BOM", "GBK", "full-width equals", "curly quotes", "broken", "misspelt key"],
)
def test_a_toml_file_saved_the_wrong_way(study, refused, spoil, said):
    path = study / "place" / "study.toml"
    path.write_bytes(spoil(path.read_text(encoding="utf-8")))
    refused(11, said, "study.toml")


def test_a_correction_that_no_longer_fits(study, refused):
    block = {"source": "station_ledger", "file": LEDGER, "row": 6, "column": "开放时间", "expect": "9:00-20:00",
             "value": "8:00-20:00", "reason": "电话核对", "reviewer": "审核员甲"}  # fmt: skip
    lines = [f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}" for name, value in block.items()]
    folder = study / "place" / "corrections"
    folder.mkdir()
    text = "\n".join(["[[correction]]", *lines, "reviewed_on = 2023-06-01"])
    (folder / "a.toml").write_text(text, encoding="utf-8")
    refused(11, "更正不再适用", "第6行", "8:00-20:00", "9:00-20:00")


def test_simulated_and_received_files_together(study, refused):
    (study / "raw" / "MANIFEST.csv").write_text(
        f"path,sha256,bytes,is_simulated\n{LEDGER},x,1,true\n", encoding="utf-8"
    )
    refused(11, "模拟数据与收到的文件混在一起")


def test_another_run_holds_the_lock(study, refused):
    (study / "raw" / "东里" / "新.txt").write_text("x", encoding="utf-8")
    with FileLock(study / "processed" / ".lock"):
        refused(14, "另一次运行正在进行")


@pytest.mark.parametrize(
    "arguments", [["--period", "2023Q9"], ["--period", "五月"], ["--lang", "fr"], ["--audience", "press"], ["--colour"]]
)
def test_a_wrong_option_is_a_usage_error(study, capsys, arguments):
    assert main(["run", "--data", str(study), *arguments]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_result_held_open_is_kept_beside(study, monkeypatch, capsys):
    """Windows refuses to replace a file that Excel or a browser holds."""
    replace = os.replace

    def held(source, target, **options):
        if str(target).endswith("findings.xlsx"):
            raise PermissionError(13, "held", str(target))
        return replace(source, target, **options)

    monkeypatch.setattr(os, "replace", held)
    old = (study / "processed/findings/2023Q2/findings.xlsx").read_bytes()
    assert main(["run", "--data", str(study), "--period", "2023Q2"]) == 10
    seen = capsys.readouterr().err
    assert "请先关闭" in seen and "findings.xlsx" in seen and "Traceback" not in seen
    folder = study / "processed/findings/2023Q2"
    assert (folder / "findings.xlsx").read_bytes() == old
    assert [path for path in folder.glob("findings*.xlsx") if path.name != "findings.xlsx"]


def test_a_warehouse_held_open_keeps_the_new_one_beside(study, monkeypatch, capsys):
    replace = os.replace

    def held(source, target, **options):
        if str(target).endswith("warehouse.duckdb"):
            raise PermissionError(13, "held", str(target))
        return replace(source, target, **options)

    monkeypatch.setattr(os, "replace", held)
    (study / "processed" / "state.json").unlink()
    assert main(["run", "--data", str(study)]) == 10
    assert "请先关闭" in capsys.readouterr().err
    assert (study / "processed" / "warehouse.duckdb").exists()


def test_an_output_folder_that_cannot_be_made(study, capsys, tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert main(["run", "--data", str(study), "--out", str(tmp_path / "file")]) == 10
    seen = capsys.readouterr().err
    assert "怎么办" in seen and "Traceback" not in seen


def test_english_words_on_demand(study, capsys):
    (study / "raw" / LEDGER).write_bytes(b"")
    assert main(["run", "--data", str(study), "--lang", "en"]) == 10
    assert "what to do" in capsys.readouterr().err
