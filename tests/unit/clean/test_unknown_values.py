"""What a ledger says and nobody knows is collected text by text, and nothing personal with it; corrections that are all but
certain are proposed. Neither changes what is clean."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean.fates import together
from pipeline.clean.places.heard import HEARD, heard
from pipeline.clean.places.known_places import Places
from pipeline.clean.places.open_questions import Decided, open_questions
from pipeline.clean.places.proposals import PROPOSALS
from pipeline.clean.places.unknown_values import UNKNOWN, positions
from pipeline.clean.sheets.typing import Setting, Typed, type_column
from pipeline.contracts import Column, load_codebooks
from tests.unit.clean.test_ledgers import AS_OF, EAST, FILE, LEDGER_HEADINGS, cleaned, fates, replaced, text_table

CHECKS = ("驿站名称", "检查日期", "服务检查/饮水", "服务检查/给手机回血")
FILES = pl.DataFrame({"source_file_id": [FILE.file_id], "path": [FILE.shown]})


def unknown(result):
    """(sheet, first row, rows, column, list, text, reason) of what nobody knows."""
    rows = together(result.unknown, UNKNOWN).drop("source_file_id", "area_code", "lon", "lat")
    return rows.sort("source_sheet", "source_row", "list_code").select(
        "source_sheet", "source_row", "n_rows", "column_name", "list_code", "value_text", "reason_code"
    ).rows()  # fmt: skip


def ledger(*rows):
    return text_table("驿站台账", LEDGER_HEADINGS, list(rows), notes=AS_OF)


def checks(*rows, headings=CHECKS):
    return text_table("检查记录", headings, [row[: len(headings)] for row in rows], notes=AS_OF)


def test_unknown_spellings_and_names_are_told_once_per_text_with_their_rows():
    said = [
        ("东门译站", "2023-3-1", "达标", None),
        ("东门 译站", "2023-3-2", "尚可", None),
        ("东门译站", "2023-3-3", "达标", None),
    ]
    result = cleaned(
        ledger(EAST, replaced(EAST, 编号="S002", 驿站类别="流动", 进入方式="翻墙", 饮水="也许")), checks(*said)
    )
    assert unknown(result) == [
        ("检查记录", 1, 1, "服务检查/给手机回血", "services", "给手机回血", "unknown_column"),
        ("检查记录", 4, 2, "驿站名称", "station", "东门译站", "unknown_station"),
        ("检查记录", 5, 1, "服务检查/饮水", "check_statuses", "尚可", "unknown_code"),
        ("检查记录", 5, 1, "驿站名称", "station", "东门 译站", "unknown_station"),
        ("驿站台账", 5, 1, "进入方式", "access_modes", "翻墙", "unknown_code"),  # emptied, not rejected: on_unknown = "null"
        ("驿站台账", 5, 1, "驿站类别", "station_classes", "流动", "unknown_code"),
        ("驿站台账", 5, 1, "服务项目/饮水", "ticks", "也许", "bad_tick"),
    ]  # fmt: skip


def test_a_list_tells_the_entry_that_nobody_knows_not_the_list():
    headings = (*LEDGER_HEADINGS[:9], "服务内容")
    result = cleaned(text_table("驿站台账", headings, [(*EAST[:9], "饮水、飞行")], notes=AS_OF))
    assert [row[3:6] for row in unknown(result)] == [("服务内容", "services", "飞行")]


def test_what_looks_personal_is_masked_and_a_personal_column_is_left_out():
    result = cleaned(ledger(replaced(EAST, 驿站类别="问 19000000001")))
    assert [row[5] for row in unknown(result)] == ["问 〔已隐去〕"]
    typed = Typed(pl.Series([None], dtype=pl.String), pl.Series(["unknown_code"]))
    for column, heading in ((Column("x", ("x",), "code", "services", personal="pseudonym"), "x"),
                            (Column("x", ("联系人",), "code", "services"), "联系人")):  # fmt: skip
        assert heard(pl.Series([1]), column, heading, typed, pl.Series(["甲"])).is_empty()


def test_the_name_of_a_depot_in_a_station_column_is_told_as_such():
    places = Places()
    places.add("station", [("QC", "S1", "QC-S1", "东门驿站")])
    places.add("depot", [("QC", "D1", "QC-D1", "顺达网点"), ("QC", "D2", "QC-D2", "东门驿站")])
    typed = type_column(
        Column("station_id", ("驿站",), "station"),
        pl.Series(["顺达 网点", "东门驿站", "D1", "西门"]),
        Setting({}, places, "QC"),
    )
    assert typed.values.to_list() == [None, "QC-S1", None, None]
    assert typed.reason.to_list() == ["other_kind_of_station", None, "unknown_station", "unknown_station"]


def test_a_row_lies_where_its_coordinates_say_else_where_its_building_stands():
    rows = pl.DataFrame({"source_row": [4, 5, 6], "building_id": ["AA-B1", "AA-B1", None], "lon_raw": [116.4, None, None],
                         "lon": [116.4, None, None], "lat": [39.9, None, None]})  # fmt: skip
    buildings = pl.DataFrame({"building_id": ["AA-B1"], "lon": [116.5], "lat": [39.8]})
    assert positions(rows, buildings).rows() == [(4, 116.4, 39.9), (5, 116.5, 39.8), (6, None, None)]
    assert positions(rows, None).rows() == [(4, 116.4, 39.9), (5, None, None), (6, None, None)]
    assert positions(rows.select("source_row", "building_id"), None).rows() == [
        (4, None, None),
        (5, None, None),
        (6, None, None),
    ]


def test_where_the_row_of_an_unknown_text_lies_is_known_in_wgs84():
    headings = (*LEDGER_HEADINGS, "所在楼宇")
    result = cleaned(text_table("驿站台账", headings, [(*EAST, "东门太厦")], notes=AS_OF))
    (row,) = together(result.unknown, UNKNOWN).rows(named=True)
    assert (row["list_code"], row["value_text"]) == ("building", "东门太厦")
    assert abs(row["lon"] - 116.4600) < 2e-4 and abs(row["lat"] - 39.9100) < 2e-3  # less the shift of GCJ-02


def proposed(*rows):
    """(row, column, old, new, reason) of what is proposed for a ledger."""
    result = cleaned(ledger(*rows))
    frame = together(result.proposals, PROPOSALS)
    return frame.select("source_row", "column_name", "old_text", "new_text", "reason_code").rows()


def test_swapped_and_packed_coordinates_are_proposed_cell_by_cell():
    assert proposed(
        EAST,
        replaced(EAST, 编号="S002", 经度="39.9114", 纬度="116.4662"),
        replaced(EAST, 编号="S003", 经度="116.4662，39.9114", 纬度=None),
        replaced(EAST, 编号="S004", 经度="116.4662,39.9114", 纬度="116.4662,39.9114"),
    ) == [
        (5, "经度", "39.9114", "116.4662", "coordinates_swapped"),
        (5, "纬度", "116.4662", "39.9114", "coordinates_swapped"),
        (6, "经度", "116.4662，39.9114", "116.4662", "coordinates_packed"),
        (6, "纬度", "", "39.9114", "coordinates_packed"),
        (7, "经度", "116.4662,39.9114", "116.4662", "coordinates_packed"),
        (7, "纬度", "116.4662,39.9114", "39.9114", "coordinates_packed"),
    ]  # fmt: skip


def test_what_is_not_certain_is_not_proposed():
    assert proposed(
        replaced(EAST, 经度="116.4662,39.9114", 纬度="39.9115"),  # two latitudes
        replaced(EAST, 编号="S002", 经度="0", 纬度="0"),
        replaced(EAST, 编号="S003", 经度="116.4662,116.4663", 纬度=None),
    ) == []  # fmt: skip


def test_a_proposal_accepted_makes_the_row_clean_and_one_declined_is_not_made_again():
    result = cleaned(ledger(replaced(EAST, 经度="39.9114", 纬度="116.4662")))
    (first, second) = together(result.proposals, PROPOSALS).rows(named=True)
    assert fates(cleaned(ledger(replaced(EAST, **{r["column_name"]: r["new_text"] for r in (first, second)})))) == []
    no = {"file": FILE.shown, "sheet": "驿站台账", "row": 4, "column": "经度", "expect": "39.9114", "value": "116.4662"}
    asked = open_questions(questions_of(result), [], result.proposals, Decided({}, declined=[no]))
    assert asked["audit.proposed_corrections"]["column_name"].to_list() == ["纬度"]


def questions_of(result):
    """The tables that open questions are asked of."""
    return result.tables | {"audit.source_files": FILES}


def asked(result, **decided):
    """text → (other kind, is open) of a study's unknown values."""
    made = open_questions(questions_of(result), result.unknown, [], Decided(load_codebooks(), **decided))
    return {text: (other, is_open) for text, other, is_open in
            made["audit.unknown_values"].select("value_text", "other_kind", "is_open").iter_rows()}  # fmt: skip


def test_what_is_decided_masked_or_no_spelling_is_not_asked():
    result = cleaned(ledger(EAST), checks(
        ("东门译站", "2023-3-1", "呵呵", None), ("西门", "2023-3-2", "问 19000000001", None), ("长" * 61, "2023-3-3", "尚可", None),
        ("东门工会服务站", "2023-3-4", None, None), headings=CHECKS[:3],
    ))  # fmt: skip
    assert asked(result) == {
        "东门译站": (None, True), "西门": (None, True), "长" * 61: (None, False), "呵呵": (None, True), "尚可": (None, True),
        "问 〔已隐去〕": (None, False), "东门工会服务站": ("union_station", True),
    }  # fmt: skip
    no = [{"kind": "station", "area_code": "QC", "alias": text, "local_codes": codes}
          for text, codes in (("东门 译站", ["S001"]), ("西门", []))]  # fmt: skip
    books = load_codebooks()
    books["check_statuses"] = replace(books["check_statuses"], junk=("呵呵",))
    made = open_questions(questions_of(result), result.unknown, [], Decided(books, not_aliases=no))
    is_open = dict(made["audit.unknown_values"].select("value_text", "is_open").iter_rows())
    assert [is_open[text] for text in ("东门译站", "西门", "呵呵", "尚可")] == [False, False, False, True]


def test_a_new_place_that_looks_like_a_text_is_asked_even_after_the_others_were_found_wrong():
    result = cleaned(
        ledger(EAST, replaced(EAST, 编号="S002", 驿站名称="东门外驿站")), checks(("东门译站", "2023-3-1", "达标", None))
    )
    no = [{"kind": "station", "area_code": "QC", "alias": "东门译站", "local_codes": ["S001"]}]
    assert asked(result, not_aliases=no)["东门译站"] == (None, True)


TEXT = st.text("东西门译驿站S01", min_size=1, max_size=6)


@settings(max_examples=10, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=4))
def test_candidates_never_make_a_row_clean_or_change_a_table(texts):
    """However alike a text is, only a code, a name or a reviewed alias resolves; asking leaves every table as it is."""
    result = cleaned(ledger(EAST), checks(*((text, f"2023-3-{i}", "达标", None) for i, text in enumerate(texts, 1))))
    before = {name: frame.clone() for name, frame in questions_of(result).items()}
    made = open_questions(before, result.unknown, result.proposals, Decided(load_codebooks()))
    assert set(made) & set(before) == set()
    for name, frame in questions_of(result).items():
        assert before[name].equals(frame)
    unresolved = {row for row, _, column, _ in fates(result) if column == "驿站名称"}
    known = {"S001", "东门驿站"}
    assert {4 + i for i, text in enumerate(texts) if text not in known} == unresolved


def test_the_frames_have_their_columns_when_there_is_nothing_to_say():
    result = cleaned(ledger(EAST))
    assert together(result.unknown, UNKNOWN).is_empty() and together(result.proposals, PROPOSALS).is_empty()
    assert list(heard(pl.Series([1]), Column("n", ("n",), "int"), "n", Typed(pl.Series([1]), pl.Series([None])), pl.Series(["1"]))
                .columns) == list(HEARD)  # fmt: skip
