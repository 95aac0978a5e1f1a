"""A text names a place by code, by name or by reviewed alias; two areas never meet, and nothing is guessed."""

from __future__ import annotations

import polars as pl

from pipeline.clean.places.known_places import Places, register


def known():
    """Two areas with the same local codes."""
    places = Places()
    places.add(
        "station",
        [("AA", "S1", "AA-S1", "东门驿站"), ("AA", "S2", "AA-S2", "南门驿站"), ("BB", "S1", "BB-S1", "西门驿站")],
    )
    return places


def found(places, area, *texts):
    """The ids of some texts in one area."""
    return places.resolve("station", area, pl.Series(texts, dtype=pl.String)).to_list()


def test_code_id_and_name_all_find_the_station():
    assert found(known(), "AA", "S1", "AA-S1", "东门驿站") == ["AA-S1"] * 3


def test_spaces_width_case_and_brackets_do_not_matter():
    assert found(known(), "AA", "ｓ１", " 东门 驿站 ", "（东门）驿站", "“东门驿站”") == ["AA-S1"] * 4


def test_the_same_code_in_two_areas_is_two_stations():
    assert found(known(), "AA", "S1") + found(known(), "BB", "S1") == ["AA-S1", "BB-S1"]


def test_a_name_or_id_of_another_area_is_unknown():
    assert found(known(), "BB", "东门驿站", "AA-S1", "S2") == [None, None, None]


def test_unknown_and_missing_texts_have_no_id():
    assert found(known(), "AA", "东门", None, "") == [None, None, None]


def test_two_stations_of_one_name_are_ambiguous_and_keep_their_codes():
    places = known()
    places.add("station", [("AA", "S3", "AA-S3", "东门驿站")])
    assert found(places, "AA", "东门驿站", "S1", "S3") == [None, "AA-S1", "AA-S3"]


def test_a_third_namesake_does_not_make_the_name_clear_again():
    places = known()
    places.add("station", [("AA", "S3", "AA-S3", "东门驿站"), ("AA", "S4", "AA-S4", "东门驿站")])
    assert found(places, "AA", "东门驿站") == [None]


def test_codes_that_differ_in_punctuation_only_are_found_exactly():
    places = Places()
    places.add("station", [("AA", "S1-1", "AA-S1-1", "甲"), ("AA", "S11", "AA-S11", "乙")])
    assert found(places, "AA", "S1-1", "S11", "S1_1") == ["AA-S1-1", "AA-S11", None]


def test_a_reviewed_alias_finds_its_station_in_its_area_only():
    places = known()
    places.add_aliases([{"kind": "station", "area_code": "AA", "alias": "东门口", "local_code": "S1"}])
    assert found(places, "AA", "东门口") + found(places, "BB", "东门口") == ["AA-S1", None]


def test_an_alias_never_overrules_a_name():
    places = known()
    places.add_aliases([{"kind": "station", "area_code": "AA", "alias": "南门驿站", "local_code": "S1"}])
    assert found(places, "AA", "南门驿站") == ["AA-S2"]


def test_an_alias_settles_which_of_two_namesakes_is_meant():
    places = known()
    places.add("station", [("AA", "S3", "AA-S3", "东门驿站")])
    places.add_aliases([{"kind": "station", "area_code": "AA", "alias": "东门驿站", "local_code": "S3"}])
    assert found(places, "AA", "东门驿站", "S1") == ["AA-S3", "AA-S1"]


def test_a_text_is_a_name_of_another_kind_only_as_a_name_not_as_a_code():
    places = known()
    places.add("depot", [("AA", "12", "AA-12", "顺达网点"), ("AA", "13", "AA-13", "顺达网点")])
    texts = pl.Series(["顺达 网点", "12", "东门驿站", None])
    assert places.is_named("depot", "AA", texts).to_list() == [True, False, False, False]
    assert places.is_named("depot", "BB", texts).to_list() == [False] * 4


def test_an_alias_of_an_unknown_station_or_kind_changes_nothing():
    places = known()
    places.add_aliases([
        {"kind": "station", "area_code": "AA", "alias": "东门口", "local_code": "S9"},
        {"kind": "planet", "area_code": "AA", "alias": "东门口", "local_code": "S1"},
    ])  # fmt: skip
    assert found(places, "AA", "东门口") == [None]


def test_a_clean_register_is_registered_with_code_and_name():
    places = Places()
    register(places, "clean.grids", pl.DataFrame({"area_code": ["AA"], "grid_id": ["AA-G1"], "label_zh": ["一网格"]}))
    assert places.resolve("grid", "AA", pl.Series(["G1", "一网格", "AA-G1"])).to_list() == ["AA-G1"] * 3


def test_other_tables_register_nothing():
    places = Places()
    register(places, "clean.closures", pl.DataFrame({"area_code": ["AA"]}))
    assert not any(places.known.values())
