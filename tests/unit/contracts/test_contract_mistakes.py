"""A mistake in a source, wave, codebook or study file is said in words, all of a file at once, with exit 11."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.contracts import (
    check_tables,
    load_codebooks,
    load_reasons,
    load_sources,
    load_study_file,
    load_waves,
)
from pipeline.contracts.bundle import load_contracts
from pipeline.errors import PipelineError

SOURCE = """\
code = "extra"
label_zh = "补充"
label_en = "Extra"
files = ["补充/*.xlsx"]
[[column]]
name = "local_code"
headings = ["编号"]
[[table]]
name = "clean.depots"
"""
PAIR = 'type = "coordinate_pair"\norder = "lon_lat"'
WAVE = """\
code = "w1"
label_zh = "一波"
label_en = "Wave 1"
platform_family = "wenjuanxing"
population_code = "attached"
mode_code = "qr"
opened_on = 2023-05-01
closed_on = 2023-05-31
consent_version = "v1"
purpose = "test"
legal_basis = "test"
retain_until = 2030-12-31
files = { text = "调查/*.xlsx" }
[[question]]
code = "q1"
number = 1
type = "single"
text_zh = "性别"
options = [ { code = "1", text = "男" }, { code = "2", text = "女" } ]
"""
BOOK = """\
name = "colours"
label_zh = "颜色"
label_en = "Colours"
[[code]]
code = "red"
label_zh = "红"
label_en = "Red"
"""


def problems(load, *arguments):
    """Texts of what a loader refuses, after checking that it is exit 11."""
    with pytest.raises(PipelineError) as caught:
        load(*arguments)
    assert caught.value.exit_code == 11
    return [problem.text("zh") for problem in caught.value.problems]


def test_what_ships_is_right():
    assert {"services", "platforms", "ticks"} <= set(load_codebooks())
    assert "station_ledger" in load_sources()
    assert all(zh and en for zh, en in load_reasons().values())


def test_a_source_of_the_place_is_added_and_replaces_its_namesake(study, put):
    put("place/sources/extra.toml", SOURCE)
    put("place/sources/weather.toml", SOURCE.replace('"extra"', '"weather"'))
    sources = load_sources(study)
    assert sources["extra"].label_zh == "补充"
    assert sources["weather"].files == ("补充/*.xlsx",)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "extra"\n', "", "缺少 code"),
        ('files = ["补充/*.xlsx"]', 'files = "补充/*.xlsx"', "files 的类型不对"),
        ('headings = ["编号"]', 'headings = ["编号"]\ntype = "txt"', "type 取值不认识"),
        ('headings = ["编号"]', 'headings = ["编号"]\ntype = "code"', "需要写 codebook"),
        ('headings = ["编号"]', 'heading = ["编号"]', "不认识的键 heading"),
        ('files = ["补充/*.xlsx"]', 'files = ["补充/*.xlsx"]\nkey = ["code"]', "键列没有定义"),
        ('files = ["补充/*.xlsx"]', 'files = ["补充/*.xlsx"]\nkind = "log"', "日志来源要写粒度"),
        ('name = "local_code"', 'name = "lon"\nheadings = ["经度"]\n[[column]]\nname = "lat"', "没有写坐标系"),
        ('name = "local_code"', 'name = "lat"', "没有写坐标系"),
        ('files = ["补充/*.xlsx"]', 'files = ["补充/*.xlsx"]\nheader_rows = [4, "5"]', "表头行要写正整数"),
        ('files = ["补充/*.xlsx"]', 'files = ["补充/*.xlsx"]\nheader_rows = 0', "表头行要写正整数"),
        ('files = ["补充/*.xlsx"]', 'files = ["补充/*.xlsx"]\ndatum = "wgs-84"', "datum 取值不认识"),
        ('headings = ["编号"]', f"headings = ['坐标']\n{PAIR}", "没有写坐标系"),
        ('headings = ["编号"]', 'headings = ["坐标"]\ntype = "coordinate_pair"', "先后次序"),
        ('headings = ["编号"]', 'headings = ["坐标"]\norder = "lon_lat"', "先后次序"),
        ('headings = ["编号"]', f"headings = ['坐标']\n{PAIR}\nmax = 180", "不能写 min、max"),
        (
            'headings = ["编号"]',
            f"headings = ['坐标']\n{PAIR}\n[[column]]\nname = 'lon'\nheadings = ['X']",
            "或一个坐标对",
        ),
        ('name = "local_code"', 'name = "lon"', "或一个坐标对"),
        ('name = "local_code"', 'name = "lon"', "坐标列的类型不对"),
        ('name = "local_code"', 'name = "local_code"\nheadings = ["号"]\n[[column]]\nname = "local_code"', "列名重复"),
    ],
)
def test_a_mistake_in_a_source_is_named(study, put, old, new, said):
    put("place/sources/extra.toml", SOURCE.replace(old, new, 1))
    assert any(said in text and "extra.toml" in text for text in problems(load_sources, study))


@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000", "gcj02", "bd09"])
def test_a_source_says_which_datum_its_coordinates_are_in(study, put, datum):
    columns = "".join(
        f'[[column]]\nname = "{name}"\nheadings = ["{name}"]\ntype = "coordinate"\n' for name in ("lon", "lat")
    )
    put("place/sources/extra.toml", SOURCE.replace("[[column]]", f'datum = "{datum}"\n{columns}[[column]]', 1))
    assert load_sources(study)["extra"].datum == datum


def test_two_contracts_for_one_source_are_refused(study, put):
    put("place/sources/a.toml", SOURCE)
    put("place/sources/b.toml", SOURCE)
    assert "extra" in problems(load_sources, study)[0]


def test_a_right_wave_is_read(study, put):
    put("place/waves/w1.toml", WAVE)
    assert load_waves(study)["w1"].questions[0].options[1].text == "女"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"wenjuanxing"', '"wenjuan"', "platform_family 取值不认识"),
        ('"attached"', '"all"', "population_code 取值不认识"),
        ("2023-05-31", '"2023-05-31"', "closed_on 的类型不对"),
        ('type = "single"', 'type = "choice"', "type 取值不认识"),
        ('text = "女"', 'label = "女"', "选项或行缺少 code / text"),
        ('code = "2"', 'code = "1"', "代码重复"),
        ('purpose = "test"', 'purpose = "test"\ndrop_flags = ["lazy"]', "质量标记不认识"),
        ('purpose = "test"', 'purpose = "test"\nframetotal = 100', "不认识的键 frametotal"),
        ("number = 1\n", "", "缺少 number"),
    ],
)
def test_a_mistake_in_a_wave_is_named(study, put, old, new, said):
    put("place/waves/w1.toml", WAVE.replace(old, new, 1))
    assert any(said in text for text in problems(load_waves, study))


def test_all_mistakes_of_a_wave_come_at_once(study, put):
    put(
        "place/waves/w1.toml",
        WAVE.replace('"wenjuanxing"', '"wenjuan"').replace('"qr"', '"poster"').replace("number = 1\n", ""),
    )
    assert len(problems(load_waves, study)) == 3


def test_a_codebook_of_the_place_adds_codes_to_the_common_one(study, put):
    put("place/codebooks/platforms.toml", BOOK.replace('"colours"', '"platforms"'))
    book = load_codebooks(study)["platforms"]
    assert book.lookup("红") == "red" and book.lookup("外卖平台甲") == "platform_a"


def test_one_spelling_for_two_codes_is_refused(study, put):
    put("place/codebooks/colours.toml", BOOK + '[[code]]\ncode = "crimson"\nlabel_zh = "红"\nlabel_en = "Crimson"\n')
    assert "同一写法属于两个代码" in problems(load_codebooks, study)[0]


def test_a_codebook_knows_spellings_width_and_case_but_guesses_nothing():
    book = load_codebooks()["services"]
    assert [book.lookup(text) for text in ("手机充电", "充电宝", "ＣＨＡＲＧＩＮＧ", "充 电", "充电桩")] == [
        "charging"
    ] * 4 + [None]
    assert book.is_missing("/") and book.is_missing(" ") and not book.is_missing("充电")
    assert (book.label("charging"), book.label("charging", "en"), book.label("zzz")) == (
        "手机充电",
        "Phone charging",
        "zzz",
    )


def test_a_source_that_names_no_codebook_of_ours_is_refused(study, put):
    put("place/sources/extra.toml", SOURCE.replace("[[table]]", 'type = "code"\ncodebook = "colors"\n[[table]]'))
    assert "colors" in problems(load_contracts, study)[0]


def test_a_wave_of_an_unknown_area_is_refused(study, put):
    put("place/waves/w1.toml", WAVE.replace('purpose = "test"', 'purpose = "test"\narea_code = "ZZ"'))
    assert "ZZ" in problems(load_contracts, study)[0]


def test_a_study_without_a_study_file_is_exit_10(study):
    (study.place / "study.toml").unlink()
    with pytest.raises(PipelineError) as caught:
        load_study_file(study)
    assert caught.value.exit_code == 10


def test_several_areas_each_need_a_folder(study, put):
    more = '[[areas]]\ncode = "BB"\nlabel_zh = "西里"\nlabel_en = "Xili"\nfolder = "西里"\n'
    put("place/study.toml", (study.place / "study.toml").read_text(encoding="utf-8") + more)
    assert "folder" in problems(load_study_file, study)[0]


def test_records_are_linked_over_months_only_with_purpose_basis_and_retention(study, put):
    base = (study.place / "study.toml").read_text(encoding="utf-8")
    full = '[linkage.panel]\npurpose = "追踪"\nlegal_basis = "同意"\nretain_until = 2024-12-31\n'
    put("place/study.toml", base + full)
    place = load_study_file(study)
    assert place.may_link("panel") and not place.may_link("log")
    assert place.may_link("panel", date(2024, 12, 31)) and not place.may_link("panel", date(2025, 1, 1))
    put("place/study.toml", base + full.replace('legal_basis = "同意"\n', ""))
    assert not load_study_file(study).may_link("panel")


def test_a_ledger_that_feeds_no_table_is_refused(study, put):
    put("place/sources/extra.toml", SOURCE.split("[[table]]")[0])
    assert "至少要写一张表" in "".join(problems(load_sources, study))


def test_a_log_without_station_and_time_is_refused_with_both(study, put):
    log = SOURCE.split("[[table]]")[0].replace("[[column]]", 'kind = "log"\ngrain = "use"\n[[column]]')
    put("place/sources/extra.toml", log)
    said = "".join(problems(load_sources, study))
    assert "station / station_name" in said and "used_at / used_on" in said


def test_a_table_or_column_the_warehouse_does_not_have_is_refused(study, put):
    put("place/sources/one.toml", SOURCE.replace("clean.depots", "clean.thing"))
    put("place/sources/two.toml", SOURCE.replace('"extra"', '"two"') + 'set = { colour = "red" }\n')
    columns_of = {"clean.depots": ["depot_id", "name"]}
    ours = {code: source for code, source in load_sources(study).items() if code in ("extra", "two")}
    said = "".join(problems(check_tables, ours, columns_of))
    assert "clean.thing" in said and "colour" in said and "depot_id name" in said
