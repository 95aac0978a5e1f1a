"""Personal values are dropped, coarsened or replaced by a keyed pseudonym; the key stays in the study."""

from __future__ import annotations

import stat
import sys

import polars as pl
import pytest

from pipeline.errors import PipelineError
from pipeline.paths import Study
from pipeline.privacy import (
    KEY_VARIABLE,
    coarsen_place,
    holds_contacts,
    is_personal_heading,
    key_fingerprint,
    mask_contacts,
    pseudonym,
    screen_text,
    study_key,
)

MASK = "〔已隐去〕"


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A study folder; no key in the environment."""
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    return Study(root=tmp_path, out=tmp_path / "processed")


def test_the_key_is_made_once_and_stays(study):
    first = study_key(study)
    assert len(first) >= 32 and study_key(study) == first
    if sys.platform != "win32":
        assert stat.S_IMODE(study.key.stat().st_mode) == 0o600


def test_two_studies_have_different_keys(study, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    assert study_key(study) != study_key(Study(root=other, out=other / "processed"))


def test_a_key_in_the_environment_goes_first_and_is_not_written(study, monkeypatch):
    monkeypatch.setenv(KEY_VARIABLE, "secret")
    assert study_key(study) == b"secret" and not study.key.exists()


def test_a_key_that_cannot_be_read_is_exit_10(study):
    study.key.mkdir()
    with pytest.raises(PipelineError) as caught:
        study_key(study)
    assert caught.value.exit_code == 10


def test_the_fingerprint_tells_keys_apart_and_is_not_the_key():
    assert key_fingerprint(b"a") != key_fingerprint(b"b")
    assert b"a" * 32 not in key_fingerprint(b"a" * 32).encode()


def test_a_pseudonym_is_the_same_person_under_one_salt_only():
    people = pl.Series(["19900000001", "19900000002", "19900000001", None])
    may, june = pseudonym(people, b"k", "2023-05"), pseudonym(people, b"k", "2023-06")
    assert may[0] == may[2] != may[1] and may[3] is None
    assert set(may.drop_nulls()).isdisjoint(june.drop_nulls())
    assert all(len(value) == 16 for value in may.drop_nulls())


def test_another_key_gives_other_pseudonyms():
    people = pl.Series(["19900000001"])
    assert pseudonym(people, b"k", "s").item() != pseudonym(people, b"l", "s").item()


def test_salt_and_value_cannot_be_shifted_into_each_other():
    assert pseudonym(pl.Series(["bc"]), b"k", "a").item() != pseudonym(pl.Series(["c"]), b"k", "ab").item()


def test_nothing_to_hide_is_no_error():
    assert pseudonym(pl.Series([], dtype=pl.String), b"k", "s").to_list() == []
    assert pseudonym(pl.Series([None], dtype=pl.String), b"k", "s").to_list() == [None]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("203.0.113.7(北京-北京)", "北京-北京"),
        ("203.0.113.7（上海-上海）", "上海-上海"),
        ("203.0.113.7", None),
        (None, None),
    ],
)
def test_an_address_on_the_net_keeps_its_province_only(text, place):
    assert coarsen_place(pl.Series([text], dtype=pl.String)).item() == place


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("请打19900000001找我", f"请打{MASK}找我"),
        ("199-0000-0001", MASK),
        ("１９９００００００００１", MASK),
        ("110101199001011234", MASK),
        ("11010119900101123X", MASK),
        ("写信到 a.b@example.com", f"写信到 {MASK}"),
        ("微信号：town_0001", MASK),
        ("从203.0.113.7来", f"从{MASK}来"),
        ("我叫吴东生", MASK),
        ("找王师傅", MASK),
        ("多放几把椅子，8:00开门", "多放几把椅子，8:00开门"),
        ("每天去3次", "每天去3次"),
    ],
)
def test_free_text_loses_what_names_a_person(text, kept):
    assert screen_text(pl.Series([text])).item() == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("停电，找19900000001", f"停电，找{MASK}"),
        ("联系 199 0000 0001", f"联系 {MASK}"),
        ("+86-19900000001", MASK),
        ("a@example.com", MASK),
        ("19900000001.0", MASK),
        ("1.99E+10", MASK),
        ("１９９００００００００１", "１９９００００００００１"),  # twelve digits: no telephone
        ("１９９００００００１１", MASK),
        ("199—0000—0001", MASK),
        ("008619900000001", MASK),
        ("19900000001/19900000002", f"{MASK}/{MASK}"),
        ("19900000001；19900000002；19900000003", f"{MASK}；{MASK}；{MASK}"),
        ("找19900000001或010-65000001", f"找{MASK}或{MASK}"),
        ("(010)65000001", MASK),
        ("（0755）8500 0001转801", MASK),
        ("01065000001", MASK),
        ("2023-05-14 理发", "2023-05-14 理发"),
        ("20230514", "20230514"),
        ("2023.5.14、2023.5.15", "2023.5.14、2023.5.15"),
        ("东门路 8 号 3-201", "东门路 8 号 3-201"),
        ("110105001", "110105001"),
        ("0105013001", "0105013001"),
        ("20199000000011", "20199000000011"),
        ("116.13800138001 39.9138001380015", "116.13800138001 39.9138001380015"),
        ("400-810-0001", "400-810-0001"),
    ],
)
def test_names_and_reasons_lose_numbers_and_addresses_and_nothing_else(text, kept):
    assert mask_contacts(pl.Series([text])).item() == kept


@pytest.mark.parametrize(
    ("cells", "is_personal"),
    [
        (["19900000001", "１９９００００００１１", "19900000001.0", None, "无"], True),
        (["010-65000001", "19900000001/19900000002"], True),
        (["a@example.com"], True),
        (["19900000001", "停电"], False),  # half is not most
        (["2023-05-14", "20230514", "110105001"], False),
        (["", "  ", None], False),
        ([], False),
    ],
)
def test_a_column_that_mostly_holds_telephones_is_personal_whatever_its_heading(cells, is_personal):
    assert holds_contacts(pl.Series(cells, dtype=pl.String)) is is_personal


@pytest.mark.parametrize(
    "heading",
    [
        "姓名",
        "联系电话",
        "手机号码",
        "站长手机",
        "身份证号",
        "微信昵称",
        "来自IP",
        "openid",
        "Email",
        "负责人",
        "座机",
        "联络人",
    ],
)
def test_headings_announce_personal_data(heading):
    assert is_personal_heading(heading)


@pytest.mark.parametrize("heading", ["驿站名称", "人数", "日期", "服务项目/饮水", "服务项目/手机充电", "recipient"])
def test_other_headings_do_not(heading):
    assert not is_personal_heading(heading)
