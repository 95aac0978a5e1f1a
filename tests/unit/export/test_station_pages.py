"""stations.html: everything said in words, nothing hidden shown, no script, no request, text of files cannot become markup."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pipeline import findings
from pipeline.export import profiles
from pipeline.findings.profiles import gather, services
from tests.unit.findings.test_profiles import judged
from tests.unit.findings.test_station_map import town

BUILD = {"code_version": "abc", "inputs_sha256": "def"}


@pytest.fixture(autouse=True)
def verdicts(monkeypatch):
    monkeypatch.setattr(services, "station_verdicts", judged)


@pytest.fixture(scope="module")
def con():
    return town()


def page(con, **more):
    context = replace(findings.context_for(con, is_simulated=True), **more)
    return profiles.render(gather(con, context), context, BUILD)


def section(html, station):
    return re.search(rf'<section class="station" id="{station}">.*?</section>', html, flags=re.S)[0]


def test_every_station_has_a_page_and_the_index_leads_to_it(con):
    html = page(con)
    assert re.findall(r'<section class="station" id="(.*?)">', html) == [f"QC-S{n}" for n in range(1, 5)]
    assert all(f'<a href="#QC-S{n}">第{n}驿站</a>' in html for n in range(1, 5))


def test_it_holds_no_script_and_asks_for_nothing(con):
    html = page(con)
    assert "<script" not in html and "http" not in html.replace("http-equiv", "") and "url(" not in html
    assert "default-src 'none'" in html


@pytest.mark.parametrize(("lang", "words"), [("zh", ("模拟数据", "WGS-84", "直线距离的1.3倍", "[不公开]", "问卷样本不足", "本期不可评价")),
                                             ("en", ("Simulated data", "WGS-84", "1.3 times", "[not shown]", "too few answers"))])  # fmt: skip
def test_stamp_datum_assumption_and_words_for_what_is_not_shown(con, lang, words):
    html = page(con, lang=lang)
    assert all(word in html for word in words)


def test_a_station_reads_as_its_tables(con):
    one = section(page(con), "QC-S1")
    for text in (
        "固定阵地",
        "本期记录35人次",
        "60名受访者",
        "步行300米内楼宇1栋",
        "设施0/2可用",
        "已满足（把握90%）",
        "台账没有写明",
    ):
        assert text in one, text
    assert "登记而不可用（把握90%）" in section(page(con), "QC-S2")


def test_no_word_is_missing_in_english(con):
    one = section(page(con, lang="en"), "QC-S1")
    assert not re.search(r"[一-鿿]", re.sub(r"第1驿站|某单位|第1网格", "", one))


def test_the_public_edition_has_fewer_pages_and_says_so(con):
    html = page(con, audience="public")
    assert html.count('<section class="station"') == 2 and "公开版只列固定与整合式阵地" in html
    assert "第3驿站" not in html and "某单位" not in html


def test_text_of_a_file_stays_text(con):
    other = town()
    other.execute("update clean.stations set name = '<b onclick=x>\"' where station_id = 'QC-S1'")
    html = page(other)
    assert "<b onclick" not in html and "&lt;b onclick=x&gt;" in html


def test_without_stations_the_page_says_so():
    con = town()
    con.execute("delete from mart.station_profiles")
    assert "本期没有可列的驿站" in page(con)


def test_of_too_many_stations_those_with_most_to_fix_are_shown(con, monkeypatch):
    monkeypatch.setattr(profiles, "MOST", 1)
    html = page(con)
    assert re.findall(r'<section class="station" id="(.*?)">', html) == ["QC-S2"] and "驿站太多" in html
