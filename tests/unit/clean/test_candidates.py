"""An unknown name is compared with the places of its kind and area; the best few are told, with why, and never taken."""

from __future__ import annotations

import tomllib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean.places.candidates import CANDIDATES, candidates, known_texts, other_kinds
from pipeline.clean.places.similar_places import similar_places
from pipeline.contracts.matching import matching
from pipeline.contracts.study_file import aliases
from pipeline.paths import REPOSITORY, study
from pipeline.readers import read_file
from pipeline.simulate.mess import UNRESOLVABLE

EAST, WEST, EAST_BB = ("AA", "S1", "东门暖心驿站"), ("AA", "S2", "西门国际暖心驿站"), ("BB", "S1", "东门暖心驿站")


def stations(*rows, **columns):
    """A register of stations: (area, local code, name) each; further columns by name."""
    frame = pl.DataFrame(rows, schema=["area_code", "local_code", "name"], orient="row")
    made = frame.with_columns(pl.concat_str("area_code", "local_code", separator="-").alias("station_id"))
    return made.with_columns(pl.Series(name, values) for name, values in columns.items())


def asked(*texts, kind="station", area="AA", at=(None, None), known=None):
    """Unknown texts as the cleaners hand them over."""
    frame = pl.DataFrame({"value_text": texts}).with_columns(
        pl.lit(area).alias("area_code"), pl.lit(kind).alias("list_code"),
        pl.lit(at[0], pl.Float64).alias("lon"), pl.lit(at[1], pl.Float64).alias("lat"),
    )  # fmt: skip
    return frame.with_columns(
        other_kinds(frame, known) if known is not None else pl.lit(None, pl.String).alias("other_kind")
    )


def found(tables, *texts, aliases=(), apart=(), **how):
    """(text, rank, code, score, why) of every candidate."""
    known = known_texts(tables, aliases)
    rows = candidates(asked(*texts, known=known, **how), known, set(apart))
    assert rows.schema == CANDIDATES
    return rows.select("value_text", "rank", "local_code", "score", "why_code").rows()


REGISTER = {"clean.stations": stations(EAST, WEST, EAST_BB)}


def test_the_name_without_its_common_words_counts_most():
    # core: 东门 = 东门, 100; as they stand 2 · 2 / (2 + 6) = 50; 0.75 · 100 + 0.25 · 50 = 87.5. 西门国际 shares one sign only.
    assert found(REGISTER, "东门") == [("东门", 1, "S1", 88, "name")]


def test_common_words_alone_make_nothing_alike():
    assert found(REGISTER, "南桥暖心驿站", "暖心驿站") == []


def test_candidates_are_of_the_same_area_and_kind():
    assert found(REGISTER, "东门", area="BB") == [("东门", 1, "S1", 88, "name")]
    assert found(REGISTER, "东门", area="CC") == [] == found(REGISTER, "东门", kind="building")


def test_a_code_but_for_leading_zeros_is_a_candidate_by_code():
    tables = {"clean.stations": stations(("AA", "S012", "东门暖心驿站"), ("AA", "S120", "西门暖心驿站"))}
    assert found(tables, "s 12", "AA-S0012", "S13") == [
        ("AA-S0012", 1, "S012", 95, "code"),
        ("s 12", 1, "S012", 95, "code"),
    ]


def test_a_reviewed_alias_is_a_name_of_its_place():
    alias = {"kind": "station", "area_code": "AA", "local_code": "S2", "alias": "老槐树下的小屋"}
    assert found(REGISTER, "槐树下的小屋", aliases=[alias]) == [("槐树下的小屋", 1, "S2", 92, "alias")]


def test_at_most_three_are_told_the_best_first_and_equals_by_their_id():
    names = [("AA", f"S{n}", f"东门{sign}店") for n, sign in enumerate("甲乙丙丁", start=1)]
    told = found({"clean.stations": stations(*reversed(names))}, "东门戊店")
    assert [(rank, code) for _, rank, code, _, _ in told] == [(1, "S1"), (2, "S2"), (3, "S3")]


def test_of_equals_the_nearer_comes_first_and_metres_are_told_where_both_are_on_the_map():
    tables = {"clean.stations": stations(
        ("AA", "S1", "东门甲店"), ("AA", "S2", "东门乙店"), ("AA", "S3", "东门丙店"),
        lon=[116.47, 116.461, None], lat=[39.91, 39.91, None],
    )}  # fmt: skip
    known = known_texts(tables, [])
    rows = candidates(asked("东门丁店", at=(116.46, 39.91)), known, set())
    # a hundredth of a degree to the east is 855 m at this latitude, a thousandth 86 m
    assert rows.select("local_code", "distance_m").rows() == [("S2", 86.0), ("S1", 855.0), ("S3", None)]


def test_what_was_found_to_be_another_place_is_not_proposed_again():
    assert found(REGISTER, "东 门", apart=[("station", "AA", "东门", "S1")]) == []
    assert found(REGISTER, "东 门", area="BB", apart=[("station", "AA", "东门", "S1")]) != []


DEPOTS = pl.DataFrame({"depot_id": ["AA-D1"], "area_code": ["AA"], "name": ["东门站快递网点"]})
BUILDINGS = pl.DataFrame(
    {"building_id": ["AA-B1"], "area_code": ["AA"], "name": ["东门大厦"], "lon": [116.4], "lat": [39.9]}
)


def test_a_name_of_another_kind_has_no_candidates_and_says_which():
    tables = REGISTER | {"clean.depots": DEPOTS, "clean.buildings": BUILDINGS}
    known = known_texts(tables, [])
    texts = asked("东门站 快递网点", "东门大厦", "东门", known=known)
    assert texts["other_kind"].to_list() == ["depot", "building", None]
    assert candidates(texts, known, set())["value_text"].unique().to_list() == ["东门"]


def test_a_union_service_station_is_only_proposed_where_the_station_says_so_itself():
    known = known_texts(REGISTER, [])
    assert asked("东门工会服务站", known=known)["other_kind"].to_list() == ["union_station"]
    assert found(REGISTER, "东门工会服务站") == []
    own = {
        "clean.stations": stations(("AA", "S1", "东门工会户外劳动者服务站暖心驿站"), (*EAST[:1], "S2", "东门暖心驿站"))
    }
    assert [code for _, _, code, _, _ in found(own, "东门工会服务站")] == ["S1"]


def test_grids_are_compared_by_their_label():
    grids = pl.DataFrame({"grid_id": ["AA-G1"], "area_code": ["AA"], "label_zh": ["东里第一网格"]})
    assert found({"clean.grids": grids}, "东里第1网格", kind="grid") == [("东里第1网格", 1, "G1", 83, "name")]


NAMES = st.text("东西南北门桥路甲乙店驿站暖心（） 12", min_size=1, max_size=12)


@settings(max_examples=25)
@given(st.lists(NAMES, min_size=1, max_size=12), st.lists(NAMES, min_size=1, max_size=6, unique=True), st.randoms())
def test_the_order_of_the_input_changes_nothing_and_every_rank_is_in_its_place(names, texts, random):
    rows = [("AA", f"S{n}", name) for n, name in enumerate(names)]
    once = found({"clean.stations": stations(*rows)}, *texts)
    random.shuffle(rows)
    random.shuffle(texts)
    assert found({"clean.stations": stations(*rows)}, *texts) == once
    for text in texts:
        mine = [(rank, score) for said, rank, _, score, _ in once if said == text]
        assert [rank for rank, _ in mine] == list(range(1, len(mine) + 1)) and len(mine) <= matching().most_candidates
        assert [score for _, score in mine] == sorted((score for _, score in mine), reverse=True)
        assert all(score >= matching().least_score for _, score in mine)


@pytest.fixture(scope="module")
def sample():
    """The stations of the sample's ledgers, and its reviewed aliases: misspellings with the station they mean."""
    names = {}
    for path in sorted((REPOSITORY / "data" / "raw" / "台账").glob("*驿站台账*.xlsx")):
        (ledger,) = (table for table in read_file(path) if table.sheet == "驿站台账")
        at = [f"c{ledger.columns.index(heading)}" for heading in ("驿站编号", "驿站名称")]
        names |= dict(ledger.frame.select(at).drop_nulls().iter_rows())
    register = {"clean.stations": stations(*(("QC", code, name) for code, name in names.items()))}
    return register, {block["alias"]: block["local_code"] for block in aliases(study("data"))}


def test_the_right_station_is_the_first_candidate_for_the_samples_misspellings(sample):
    register, meant = sample
    first = {text: code for text, rank, code, _, _ in found(register, *meant, area="QC") if rank == 1}
    assert len(meant) > 50
    assert {text: first.get(text) for text in meant if first.get(text) != meant[text]} == {}


def test_what_means_no_station_finds_none_in_the_sample(sample):
    told = found(sample[0], *UNRESOLVABLE, area="QC")
    assert [(text, score) for text, _, code, score, _ in told if code != "S901"] == []  # 拟建流动暖心驿站 does say 流动


def test_places_of_one_register_that_look_alike_are_paired_once():
    tables = {"clean.stations": stations(
        ("AA", "S1", "东门暖心驿站"), ("AA", "S2", "东门 驿站"), ("AA", "S3", "北桥邮局"), ("AA", "S4", "南巷药店"), ("BB", "S1", "东门暖心驿站"),
        lon=[116.46, 116.48, 116.47, 116.47, 116.46], lat=[39.91, 39.91, 39.90, 39.90, 39.91],
    )}  # fmt: skip
    known = known_texts(tables, [])
    pairs = similar_places(known, set()).select("place_id", "other_id", "score", "distance_m").rows()
    # 东门 = 东门: 0.75 · 100 + 0.25 · 2 · 4 / (6 + 4) · 100 = 95; the other two stand at one point
    assert pairs == [("AA-S1", "AA-S2", 95, 1710.0), ("AA-S3", "AA-S4", 0, 0.0)]
    assert similar_places(known, {("station", "AA", "s2", "S1")}).height == 1


def test_the_manner_of_comparing_is_data_and_its_words_are_normal():
    text = tomllib.loads((Path(REPOSITORY) / "pipeline" / "metadata" / "matching.toml").read_text(encoding="utf-8"))
    assert set(text["uninformative"]) == set(matching().uninformative)  # written as they are compared
    assert list(matching().uninformative) == sorted(matching().uninformative, key=len, reverse=True)
