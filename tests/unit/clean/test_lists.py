"""Lists in one cell name codes, with numbers; what they do not name is not denied."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean.places.known_places import Places
from pipeline.clean.sheets.contradictions import contradictions
from pipeline.clean.sheets.tables import build_tables
from pipeline.clean.sheets.typing import Setting, type_column
from pipeline.clean.values.lists import read_list
from pipeline.contracts import Codebook, Column, Source, Table, load_codebooks
from pipeline.contracts.codebook import Code
from pipeline.contracts.source_files import _read as read_contract
from pipeline.errors import PipelineError

BOOKS = load_codebooks()
SERVICES, FACILITIES = BOOKS["services"], BOOKS["facilities"]


def named(text: str, book: Codebook = SERVICES) -> list[str]:
    """The codes a cell names."""
    return [item.code for item in read_list(text, book).items]


@pytest.mark.parametrize(
    "text",
    ["饮水、手机充电、热饭", "饮水，充电，热饭", "饮水,充电;热饭", "饮水；充电 热饭", "饮水/充电／热饭", "饮水|充电｜热饭", "饮水 充电　热饭", "饮水\n充电\r\n热饭",
     "饮水和充电、热饭", "1.饮水 2.充电 3.热饭", "1、饮水；2、充电；3、热饭", "（1）饮水 （2）充电 （3）热饭",
     "①饮水②充电③热饭", "提供：饮水、充电、热饭。", "饮 水、充 电、热饭", "饮水、饮水、充电、、热饭"],
)  # fmt: skip
def test_a_list_is_cut_where_people_cut_it(text):
    found = read_list(text, SERVICES)
    assert [item.code for item in found.items] == ["water", "charging", "meal_heating"]
    assert (found.unknown, found.is_open) == ((), False)


def test_the_longest_spelling_is_the_one_meant():
    assert named("理财和资金安全咨询和饮水") == ["financial_advice", "water"]  # a spelling with 和 inside
    assert named("饮 水 充电") == ["water", "charging"]
    assert named("Drinking water, Phone charging") == ["water", "charging"]


def test_a_spelling_that_holds_a_separator_stays_whole():
    book = Codebook("b", "", "", (Code("swap", "换电/充电", "Swapping"), Code("charge", "充电", "Charging")))
    assert sorted(named("充电、换电/充电", book)) == ["charge", "swap"]


@pytest.mark.parametrize("text", ["飞行", "饮水充电", "免费饮水", "饮水（维修中）"])
def test_what_is_no_spelling_is_unknown_and_never_guessed(text):
    found = read_list(text, SERVICES)
    assert (found.items, found.unknown) == ((), (text,))


@pytest.mark.parametrize(
    ("text", "is_open"),
    [("饮水、充电等", True), ("饮水、充电等服务", True), ("饮水、充电……", True), ("饮水、充电等8项服务", True), ("饮水、充电等多种服务", True),
     ("饮水、充电等2项服务", False), ("饮水、充电等两项", False), ("饮水、充电", False)],
)  # fmt: skip
def test_and_others_says_that_the_list_is_not_whole_unless_it_counts_what_stands_there(text, is_open):
    found = read_list(text, SERVICES)
    assert (named(text), found.is_open, found.unknown) == (["water", "charging"], is_open, ())


@pytest.mark.parametrize("text", ["无", "暂无", " 没有 "])
def test_a_list_of_nothing_is_empty(text):
    assert read_list(text, SERVICES).items == () and read_list(text, SERVICES).unknown == ()


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("微波炉2台、饮水机1台", [2, 1]),
        ("2台微波炉；1台饮水机", [2, 1]),
        ("微波炉×2，饮水机x1", [2, 1]),
        ("微波炉（2台）、饮水机（1台）", [2, 1]),
        ("微波炉 2 台 饮水机 1 台", [2, 1]),
        ("微波炉：2台；饮水机：一台", [2, 1]),
        ("微波炉 2、饮水机 1", [2, 1]),
        ("微波炉两台、饮水机", [2, None]),  # no number said is not one
    ],
)
def test_numbers_in_a_list_belong_to_their_entry(text, counts):
    found = read_list(text, FACILITIES)
    assert [(item.code, item.n) for item in found.items] == list(
        zip(["microwave", "water_dispenser"], counts, strict=True)
    )


def test_an_entry_twice_is_once_unless_its_numbers_differ():
    assert [item.n for item in read_list("微波炉、微波炉2台、微波炉2台", FACILITIES).items] == [2]
    assert read_list("微波炉2台、微波炉1台", FACILITIES).repeats
    assert [(i.n, i.qualifier) for i in read_list("椅子10余把", FACILITIES).items] == [(10, "gt")]
    assert read_list("微波炉2-3台、冰箱", FACILITIES).unknown == ("微波炉2-3台",)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from([code.label_zh for code in SERVICES.codes]), min_size=1, max_size=8, unique=True),
    st.sampled_from(["、", "，", "；", "/", " ", "\n", " 、 ", ";"]),
)
def test_labels_joined_by_any_separator_come_back(labels, separator):
    codes = [SERVICES.lookup(label) for label in labels]
    assert named(separator.join(labels)) == codes
    assert named(separator.join(labels) + "等") == codes


# ------------------------------------------------------------------------------------------------ columns and tables
LIST = Column("services_text", ("服务内容",), "codes", "services")
SETTING = Setting(BOOKS, Places(), "QC")


def typed(*cells: str | None, **more):
    """A column of lists, typed: its codes, the reasons, what was noted."""
    column = Column(**{**vars(LIST), **more})
    done = type_column(column, pl.Series(cells, dtype=pl.String), SETTING)
    codes = [None if cell is None else [item["code"] for item in cell] for cell in done.values.to_list()]
    return codes, done.reason.to_list(), done.noted


def test_an_unknown_entry_refuses_its_row():
    assert typed("饮水、飞行", "饮水等", None, "/") == (
        [None, ["water"], None, None], ["unknown_code", None, None, None], {"list_incomplete": 1},
    )  # fmt: skip


def test_or_is_left_out_and_counted_where_the_contract_says_so():
    codes, reasons, noted = typed("饮水、飞行、游泳", "充电", on_unknown="null")
    assert (codes, reasons, noted) == ([["water"], ["charging"]], [None, None], {"unknown_code": 2})


def test_two_numbers_for_one_entry_refuse_the_row():
    cells = ("微波炉2台、微波炉1台", "椅子10余把")
    codes, reasons, noted = typed(*cells, codebook="facilities", on_unknown="null")
    assert (codes, reasons, noted) == ([None, ["chair"]], ["repeated_item", None], {"qualifier_dropped": 1})


BOTH = Source(
    code="s", label_zh="", label_en="", files=(), kind="ledger", columns=(Column("local_code", ("编号",)), LIST),
    key=("local_code",), tables=(
        Table("clean.station_services", {"station_id": "local_code"}, {}, validity=True,
              unpivot={"heading_group": "服务项目", "into": "service_code", "codebook": "services", "value": "is_offered"},
              explode={"column": "services_text", "into": "service_code", "value": "is_offered", "set": True}),
    ),
)  # fmt: skip
WANTED = {"clean.station_services": ["station_id", "service_code", "is_offered", "valid_from", "source_row"]}


def rows(*lists: str | None, **ticks: list[bool | None]) -> pl.DataFrame:
    """Typed rows of a ledger: one list each, and ticks per service."""
    n = len(lists)
    return pl.DataFrame({
        "area_code": ["QC"] * n, "local_code": [f"S{i}" for i in range(n)], "as_of": [date(2023, 3, 31)] * n,
        "source_file_id": ["f"] * n, "source_sheet": [""] * n, "source_row": list(range(2, 2 + n)),
        "services_text": type_column(LIST, pl.Series(lists, dtype=pl.String), SETTING).values,
        **{f"服务项目/{code}": pl.Series(values, dtype=pl.Boolean) for code, values in ticks.items()},
    })  # fmt: skip


def services(frame: pl.DataFrame) -> list[tuple]:
    built = build_tables(BOTH, frame, WANTED)["clean.station_services"]
    return built.select("station_id", "service_code", "is_offered").sort("station_id", "service_code").rows()


def test_a_list_makes_a_row_for_each_code_it_names_and_none_for_the_rest():
    assert services(rows("饮水、充电", None, "无")) == [("QC-S0", "charging", True), ("QC-S0", "water", True)]


def test_a_list_says_what_a_blank_tick_does_not_and_denies_nothing():
    frame = rows("充电、热饭", "饮水", water=[True, None], charging=[None, None])
    assert services(frame) == [
        ("QC-S0", "charging", True), ("QC-S0", "meal_heating", True), ("QC-S0", "water", True),
        ("QC-S1", "charging", None), ("QC-S1", "water", True),
    ]  # fmt: skip
    assert contradictions(BOTH, frame, {"services_text": "服务内容"}).is_empty()


def test_a_list_that_names_what_a_tick_denies_refuses_the_row():
    frame = rows("饮水、充电", "充电", None, water=[False, False, False])
    assert contradictions(BOTH, frame, {"services_text": "服务内容"}).rows() == [
        (2, "服务内容", "contradicting_columns")
    ]


CONTRACT = """
code = "s"
label_zh = "台账"
label_en = "Ledger"
files = ["*.xlsx"]

[[column]]
name = "local_code"
headings = ["编号"]

[[column]]
name = "area"
headings = ["面积"]
type = "number"
unit = "ping"
total_of = ["nowhere"]

[[table]]
name = "clean.facilities"
explode = { column = "local_code", into = "facility_code", colour = "red" }
"""


def test_mistakes_in_a_contract_s_lists_units_and_totals_are_all_named(tmp_path: Path):
    path = tmp_path / "s.toml"
    path.write_text(CONTRACT, encoding="utf-8")
    with pytest.raises(PipelineError) as caught:
        read_contract(path)
    assert sorted((problem.got, problem.zh) for problem in caught.value.problems) == [
        ("", "不认识的键 colour"), ("local_code", 'explode 的列不是 type = "codes"'), ("nowhere", "total_of 里的列没有定义"),
        ("ping", "单位不认识"),
    ]  # fmt: skip
