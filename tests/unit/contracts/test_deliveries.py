"""Files below raw/ are found, placed in their area, dated by their name, and matched with contracts."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.contracts import load_study_file
from pipeline.contracts.deliveries import claimed, date_in_name, raw_files
from pipeline.errors import PipelineError

TWO = """\
name_zh = "两地"
name_en = "Two"
is_simulated = false
[[areas]]
code = "AA"
label_zh = "东里"
label_en = "Dongli"
folder = "东里"
[[areas]]
code = "BB"
label_zh = "西里"
label_en = "Xili"
folder = "西里"
"""


def found(study):
    """The raw files of a study."""
    return raw_files(study, load_study_file(study))


def refusal(study):
    """Exit code and code of the first problem."""
    with pytest.raises(PipelineError) as caught:
        found(study)
    return caught.value.exit_code, caught.value.problems[0].code


def test_a_missing_and_an_empty_raw_folder_are_exit_10(study, put):
    assert refusal(study) == (10, "raw_empty")
    put("raw/README.md", "note")
    put("raw/~$台账.xlsx", "lock")
    assert refusal(study) == (10, "raw_empty")
    for path in study.raw.iterdir():
        path.unlink()
    study.raw.rmdir()
    assert refusal(study) == (10, "raw_missing")


def test_a_file_id_depends_on_path_and_content(study, put):
    put("raw/a.csv", "1")
    put("raw/b.csv", "1")
    first = {file.shown: file.file_id for file in found(study)}
    put("raw/a.csv", "2")
    second = {file.shown: file.file_id for file in found(study)}
    assert first["a.csv"] != first["b.csv"] and first["a.csv"] != second["a.csv"] and first["b.csv"] == second["b.csv"]


def test_simulated_and_received_files_never_mix(study, put):
    put("raw/a.csv", "1")
    put("raw/b.csv", "1")
    put("raw/MANIFEST.csv", "path,sha256,bytes,is_simulated\na.csv,x,1,true\n")
    assert refusal(study) == (11, "mixed_study")
    put("raw/MANIFEST.csv", "path,sha256,bytes,is_simulated\na.csv,x,1,true\nb.csv,x,1,true\n")
    assert [file.is_simulated for file in found(study)] == [True, True]
    put("raw/MANIFEST.csv", "path,sha256,bytes,is_simulated\na.csv,x,1,false\n")
    assert [file.is_simulated for file in found(study)] == [False, False]


def test_a_broken_manifest_is_exit_11(study, put):
    put("raw/a.csv", "1")
    put("raw/MANIFEST.csv", "文件,模拟\na.csv,是\n".encode("gbk"))
    assert refusal(study) == (11, "manifest_broken")


def test_each_area_reads_its_own_folder_and_a_file_outside_is_nobodys(study, put):
    put("place/study.toml", TWO)
    for path in ("东里/台账/a.xlsx", "西里/台账/a.xlsx", "台账/a.xlsx"):
        put(f"raw/{path}", "x")
    files = found(study)
    assert {file.shown: file.area_code for file in files} == {
        "东里/台账/a.xlsx": "AA",
        "西里/台账/a.xlsx": "BB",
        "台账/a.xlsx": "",
    }
    assert [file.shown for file in claimed(files, ["台账/*.xlsx"])] == ["东里/台账/a.xlsx", "西里/台账/a.xlsx"]


def test_a_star_stays_within_one_folder_and_two_stars_span_any(study, put):
    for path in ("a.csv", "一/a.csv", "一/二/a.csv"):
        put(f"raw/{path}", "x")
    files = found(study)
    assert [file.shown for file in claimed(files, ["*/a.csv"])] == ["一/a.csv"]
    assert len(claimed(files, ["**/a.csv"])) == 3


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("驿站台账_2023-03-31.xlsx", date(2023, 3, 31)),
        ("驿站台账20230331.xlsx", date(2023, 3, 31)),
        ("台账2023年3月31日.xlsx", date(2023, 3, 31)),
        ("台账2023年4月5日.xlsx", date(2023, 4, 5)),
        ("台账2023.4.5版.xlsx", date(2023, 4, 5)),
        ("台账2023年一季度.xlsx", date(2023, 3, 31)),
        ("台账2023年第2季度.xlsx", date(2023, 6, 30)),
        ("ledger_2022Q4.csv", date(2022, 12, 31)),
        ("台账.xlsx", None),
        ("台账2023.xlsx", None),
        ("台账20231331.xlsx", None),
        ("台账2023-02-30.xlsx", None),
    ],
)
def test_a_file_name_speaks_of_a_date(name, expected):
    assert date_in_name(name) == expected
