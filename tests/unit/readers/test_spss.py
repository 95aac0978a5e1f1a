"""SPSS files: values as exact text, labels as a form, Chinese in whatever encoding it was saved."""

from __future__ import annotations

import zipfile
from pathlib import Path

import polars as pl
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import read_file
from pipeline.readers.spss.read_spss import spss_form
from pipeline.readers.spss.values import as_texts
from pipeline.readers.surveys.outline import ToldOption

REAL = Path(__file__).parents[3].parent / "shared/real/sav-pyreadstat"


def saved(path: Path, frame: pl.DataFrame, **said: object) -> Path:
    pyreadstat.write_sav(frame, path, **said)
    return path


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    frame = pl.DataFrame(
        {
            "Q1": [1.0, 2.0, -3.0, None],
            "Q2": [0.0, 7.0, 10.0, 99.0],
            "小时": [8.5, 10.0, 2500.0, -8.0],
            "Q4": ["充电", "", "Z", "饮水 "],
        }
    )
    return saved(
        tmp_path / "a.sav",
        frame,
        column_labels={"Q1": "性别", "Q2": "满意度", "小时": "每天工作几小时"},
        variable_value_labels={"Q1": {1: "男", 2: "女", -3: "(跳过)"}, "Q2": {0: "很不满意", 10: "很满意", 99: "拒答"}},
        missing_ranges={"Q2": [99], "小时": [{"lo": 2000, "hi": 3000}, -8], "Q4": ["Z"]},
        variable_measure={"Q1": "nominal", "Q2": "ordinal", "小时": "scale", "Q4": "nominal"},
    )


def test_values_are_exact_text_and_user_missing_codes_stay(survey):
    (table,) = read_file(survey)
    assert table.family == "spss" and table.columns == ("Q1", "Q2", "小时", "Q4")
    assert table.header_cells == (("Q1", "Q2", "小时", "Q4"), ("性别", "满意度", "每天工作几小时", ""))
    assert table.frame.drop("source_row").rows() == [
        ("1", "0", "8.5", "充电"),
        ("2", "7", "10", None),
        ("-3", "10", "2500", "Z"),
        (None, "99", "-8", "饮水"),
    ]
    assert table.frame["source_row"].to_list() == [1, 2, 3, 4]


def test_labels_become_the_form_and_missing_codes_no_options(survey):
    form = spss_form(read_file(survey)[0])
    assert form == spss_form(survey)
    assert form["Q1"].options == (ToldOption("1", "男", 1), ToldOption("2", "女", 2))
    assert (form["Q1"].type, form["Q1"].missing) == ("single", {"-3": "not_shown"})
    assert (form["Q2"].type, form["Q2"].missing, len(form["Q2"].options)) == ("scale", {"99": "blank"}, 11)
    assert (form["小时"].type, form["小时"].missing) == ("number", {"-8": "blank", "2500": "blank"})
    assert (form["Q4"].type, form["Q4"].missing) == ("text", {"Z": "blank"})


@pytest.mark.parametrize(
    ("label", "state"),
    [("不适用", "not_shown"), ("Not asked", "not_shown"), ("拒答", "blank"), ("Refused", "blank"), ("不知道", "blank")],
)
def test_a_missing_code_was_not_shown_where_its_label_says_so(tmp_path, label, state):
    path = saved(
        tmp_path / "a.sav",
        pl.DataFrame({"q": [1.0, 9.0]}),
        variable_value_labels={"q": {1: "有", 9: label}},
        missing_ranges={"q": [9]},
    )
    assert spss_form(path)["q"].missing == {"9": state}


def test_a_code_that_occurs_without_a_label_is_an_option_all_the_same(tmp_path):
    path = saved(tmp_path / "a.sav", pl.DataFrame({"q": [1.0, 4.0]}), variable_value_labels={"q": {1: "有", 2: "无"}})
    assert [option.code for option in spss_form(path)["q"].options] == ["1", "2", "4"]


def in_gbk(path: Path, declared: bytes) -> bytes:
    """A file as an old Chinese SPSS saves it: GBK bytes, whatever the file declares."""
    saved(path, pl.DataFrame({"q": ["éé", "a"]}), column_labels={"q": "éèéè"})
    data = path.read_bytes()
    for placeholder, text in (("éèéè", "快递员工"), ("éé", "骑手")):
        assert placeholder.encode() in data
        data = data.replace(placeholder.encode(), text.encode("gbk"))
    return data.replace(b"UTF-8", declared)


@pytest.mark.parametrize("declared", [b"UTF-8", b"CP819", b"CP936"])
def test_chinese_in_gbk_is_read_whatever_the_file_declares(tmp_path, declared):
    path = tmp_path / "a.sav"
    path.write_bytes(in_gbk(path, declared))
    (table,) = read_file(path)
    assert table.frame["c0"].to_list() == ["骑手", "a"] and table.header_cells[1] == ("快递员工",)
    assert table.encoding in ("gb18030", "cp936") and table.encoding_evidence


def test_western_letters_stay_what_they_are(tmp_path):
    path = tmp_path / "a.sav"
    saved(path, pl.DataFrame({"q": ["\u00e9t\u00e9 \u00e0 No\u00ebl"]}))
    assert read_file(path)[0].frame["c0"].to_list() == ["été à Noël"]


def test_dates_times_and_quarters_are_iso(tmp_path):
    frame = pl.DataFrame(
        {"d": ["2023-05-14"], "t": ["2023-05-14 09:08:07"]}, schema={"d": pl.String, "t": pl.String}
    ).with_columns(pl.col("d").str.to_date(), pl.col("t").str.to_datetime())
    (table,) = read_file(saved(tmp_path / "a.sav", frame))
    assert table.frame.select("c0", "c1").row(0) == ("2023-05-14", "2023-05-14T09:08:07")
    assert {told.type for told in table.form.values()} == {"date"}


def test_a_file_inside_an_archive_is_read_and_named(tmp_path, survey):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(survey, "问卷.sav")
    (table,) = read_file(path)
    assert (table.sheet, table.family, table.frame.height) == ("问卷.sav", "spss", 4)
    assert table.form["Q1"].type == "single"


def test_a_file_of_variables_without_cases_is_a_blank_form(tmp_path):
    (table,) = read_file(saved(tmp_path / "a.sav", pl.DataFrame({"q": []}, schema={"q": pl.Float64})))
    assert table.is_blank_form and table.columns == ("q",)


def test_a_compressed_file_reads_like_a_plain_one(tmp_path):
    frame = pl.DataFrame({"q": [1.0, None], "w": ["甲", "乙"]})
    plain, small = (saved(tmp_path / name, frame, compress=name.endswith("z")) for name in ("a.sav", "b.zsavz"))
    assert small.read_bytes()[:4] == b"$FL3"
    assert read_file(small)[0].frame.equals(read_file(plain)[0].frame)


@given(st.lists(st.floats(allow_infinity=False) | st.integers(-(10**14), 10**14).map(float), max_size=20))
def test_a_number_reads_back_from_its_text(values):
    texts = as_texts(pl.DataFrame({"x": values}, schema={"x": pl.Float64}))["c0"]
    for value, text in zip(values, texts, strict=True):
        assert text is None if value != value else float(text) == value
        assert text is None or not text.endswith(".0") or abs(value) >= 1e15


@pytest.mark.skipif(not REAL.is_dir(), reason="real files are not here")
def test_every_real_file_opens():
    paths = sorted([*REAL.rglob("*.sav"), *REAL.rglob("*.zsav")])
    tables = {path.name: read_file(path)[0] for path in paths}
    assert len(tables) == 11 and all(table.frame.height and table.family == "spss" for table in tables.values())
    assert tables["sample.sav"].frame.equals(tables["sample.zsav"].frame)
    assert tables["hebrews.sav"].columns == ("ותק_ב",)


@pytest.mark.skipif(not REAL.is_dir(), reason="real files are not here")
def test_real_multiple_response_sets_are_told():
    form = spss_form(REAL / "multiple_response/simple_alltypes.sav")
    assert [option.code for option in form["mymrset"].options] == ["bool1", "bool2", "bool3"]
    assert form["mymrset"].type == "multiple" and form["mymrset"].text == "My multiple response set"
    categories = form["categorical_array"]
    assert [item.code for item in categories.items] == ["ca_subvar_1", "ca_subvar_2", "ca_subvar_3"]
    assert [option.code for option in categories.options] == ["a", "b", "c", "d"]
    assert form["z"].missing == {"999": "not_shown", "-9": "blank"}
    assert form["x"].missing == {"7": "blank", "8": "blank", "99": "blank"}
