"""The review workbook: one row per question, drop-downs that offer what may be answered, and nothing that acts by itself."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import polars as pl
import pytest
from fill_review import fill, table

from pipeline.contracts import Area, StudyFile, load_codebooks
from pipeline.contracts.review import CORRECTIONS, PLACES, SIMILAR, SPELLINGS, Question, mark, read_review
from pipeline.export import review_workbook
from pipeline.export.review_questions import questions
from pipeline.export.review_workbook import render
from pipeline.paths import Study
from pipeline.warehouse.load import load
from tests.unit.warehouse.empty import empty_warehouse

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
BOOKS = load_codebooks()
STUDY = StudyFile("试点", "Pilot", (Area("AA", "东里", "Dongli"),))
ASKED = [
    Question(SPELLINGS, {"代码表": "服务", "写法": "=1+1", "出处": "a.xlsx", "行数": 3}, {"list": "services"}, "services"),
    Question(SPELLINGS, {"代码表": "是否", "写法": "也许", "出处": "a.xlsx", "行数": 1}, {"list": "ticks"}, "ticks"),
    Question(
        PLACES,
        {"种类": "驿站", "地区": "东里", "写法": "东门译站", "出处": "b.xlsx", "行数": 2, "不是同一处": "不是同一处", "暂不处理": "暂不处理",
         "候选1": "S1 东门驿站", "候选2": "S2 东门外驿站"},
        {"kind": "station", "area": "AA", "codes": ["S1", "S2"]},
    ),
    Question(SIMILAR, {"种类": "驿站", "一处": "S1 东门驿站", "另一处": "S2 东门外驿站"}, {"kind": "station", "area": "AA", "codes": ["S1", "S2"]}),
    Question(
        CORRECTIONS,
        {"文件": "c.xlsx", "工作表": "台账", "行": 12, "列": "经度", "现值": "39.91", "建议值": "116.41", "理由": "写反了"},
        {"source": "station_ledger"},
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def book() -> bytes:
    return render(ASKED, BOOKS, STUDY, is_simulated=False)


def part(book: bytes, sheet: int) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{sheet}.xml"))


def rules(book: bytes, sheet: int) -> dict[str, tuple[str, str, str]]:
    """cells → (kind, choices, what a value outside them does)."""
    return {
        rule.get("sqref"): (rule.get("type"), rule.find(f"{MAIN}formula1").text, rule.get("errorStyle", "stop"))
        for rule in part(book, sheet).iter(f"{MAIN}dataValidation") if rule.find(f"{MAIN}formula1") is not None
    }  # fmt: skip


def test_a_row_asks_one_question_and_says_what_it_is_about(book):
    assert [(row["代码表"], row["写法"], row["行数"], row["决定"], row["标识（请勿改动）"]) for row in table(book, "写法")] == [
        ("服务", "=1+1", "3.0", "", '{"list": "services"}'), ("是否", "也许", "1.0", "", '{"list": "ticks"}'),
    ]  # fmt: skip
    (place,) = table(book, "地点")
    assert (place["候选1"], place["候选2"], place["候选3"]) == ("S1 东门驿站", "S2 东门外驿站", "")
    (cell,) = table(book, "更正")
    assert (cell["行"], cell["列"], cell["现值"], cell["建议值"]) == ("12.0", "经度", "39.91", "116.41")


def test_a_spelling_offers_the_labels_of_its_own_list(book):
    offered = rules(book, 2)
    assert len(list(part(book, 6).iter(f"{MAIN}row"))) > len(BOOKS["services"].codes)
    assert {cells: choices.split("$")[1] for cells, (_, choices, _) in offered.items()} == {"E4": "A", "E5": "B"}
    assert {(kind, refusal) for kind, _, refusal in offered.values()} == {("list", "warning")}


def test_a_place_offers_the_candidates_of_its_own_row_wherever_the_row_is_sorted_to(book):
    (rule,) = rules(book, 3).items()
    assert rule == ("M4", ("list", "$G4:$K4", "warning"))  # G, H hold the two fixed answers and are hidden
    columns = [column for column in part(book, 3).iter(f"{MAIN}col") if column.get("hidden") == "1"]
    assert [(column.get("min"), column.get("max")) for column in columns] == [("7", "8")]


def test_the_other_sheets_offer_their_few_answers(book):
    for sheet, words in ((4, ["不是同一处", "暂不处理"]), (5, ["接受", "不接受", "暂不处理"])):
        ((_, (kind, choices, _)),) = rules(book, sheet).items()
        assert kind == "list" and int(choices.rsplit("$", 1)[1]) - 2 == len(words)


def test_nothing_received_becomes_a_formula_or_a_link(book):
    for sheet in range(1, 7):
        assert list(part(book, sheet).iter(f"{MAIN}f")) == [] == list(part(book, sheet).iter(f"{MAIN}hyperlink"))


def test_the_same_questions_give_the_same_bytes_and_simulated_ones_say_so(book):
    assert render(ASKED, BOOKS, STUDY, is_simulated=False) == book
    simulated = render(ASKED, BOOKS, STUDY, is_simulated=True)
    for sheet in ("写法", "地点", "疑似重复", "更正"):
        assert len(table(simulated, sheet)) == len(table(book, sheet))
    with zipfile.ZipFile(io.BytesIO(simulated)) as archive:
        assert "模拟数据，仅供演示" in archive.read("xl/sharedStrings.xml").decode()


def test_decisions_not_applied_yet_are_taken_over_with_their_reviewer(book, tmp_path):
    old = tmp_path / "old.xlsx"
    changes = {("更正", "经度", "建议值"): "116.4162"}
    old.write_bytes(
        fill(book, {("写法", "也许"): "是", ("地点", "东门译站"): "S9", ("更正", "经度"): "接受"}, cells=changes)
    )
    fewer = [replace(ASKED[2], cells={**ASKED[2].cells, "写法": "东门 译站"}), *ASKED[3:]]
    new = render([ASKED[0], *fewer], BOOKS, STUDY, before=read_review(old), is_simulated=False)
    assert [row["决定"] for row in table(new, "写法")] == [""]
    assert [row["决定"] for row in table(new, "地点")] == ["S9"]
    assert [(row["决定"], row["建议值"]) for row in table(new, "更正")] == [("接受", "116.4162")]
    path = tmp_path / "new.xlsx"
    path.write_bytes(new)
    assert (read_review(path).reviewer, read_review(path).reviewed_on) == ("审核员甲", date(2023, 6, 1))
    again = render([ASKED[0]], BOOKS, STUDY, before=read_review(old), is_simulated=False)
    path.write_bytes(again)
    assert (read_review(path).reviewer, read_review(path).reviewed_on) == ("", "")


def test_what_stands_in_the_cells_is_read_as_it_was_written(book, tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(book)
    review = read_review(path)
    assert (review.is_review, review.study, review.areas, review.lacks) == (True, "试点", "AA", {})
    assert [(row.part, row.number) for row in review.rows] == [
        ("写法", 4),
        ("写法", 5),
        ("地点", 4),
        ("疑似重复", 4),
        ("更正", 4),
    ]
    assert review.rows[4].cells["行"] == "12" and review.rows[4].mark == {"source": "station_ledger"}
    assert [row.decision for row in review.rows] == [""] * 5


FILES = pl.DataFrame({
    "source_file_id": ["f1", "f2"], "path": ["台账/a.xlsx", "日志/b.csv"], "sha256": ["", ""], "bytes": [1, 1],
    "family": ["ledger", "table"], "is_simulated": [False, False],
})  # fmt: skip


def unknown(*rows: tuple) -> pl.DataFrame:
    """(file, sheet, row, n, column, list, text, other kind, open)"""
    names = [
        "source_file_id",
        "source_sheet",
        "source_row",
        "n_rows",
        "column_name",
        "list_code",
        "value_text",
        "other_kind",
        "is_open",
    ]
    frame = pl.DataFrame(rows, schema=names, orient="row").cast({"other_kind": pl.String})
    return frame.with_columns(pl.lit("AA").alias("area_code"), pl.lit("unknown_code").alias("reason_code"))


@pytest.fixture
def warehouse():
    """A warehouse that knows an area, two files and a reason."""
    con = empty_warehouse()
    load(con, {
        "ref.areas": pl.DataFrame({"area_code": ["AA"], "label_zh": ["东里"], "label_en": ["D"], "tz": ["Asia/Shanghai"]}),
        "audit.source_files": FILES,
        "audit.reasons": pl.DataFrame({"reason_code": ["coordinates_swapped"], "label_zh": ["写反了"], "label_en": ["swapped"]}),
    })  # fmt: skip
    return con


def test_spellings_that_are_one_are_one_question_under_the_text_of_the_most_rows(warehouse):
    load(warehouse, {"audit.unknown_values": unknown(
        ("f1", "台账", 5, 1, "服务", "services", "打 水", None, True), ("f2", "", 9, 4, "项目", "services", "打水", None, True),
        ("f1", "台账", 6, 1, "服务", "services", "飞行", None, True), ("f1", "台账", 7, 1, "服务", "services", "呵呵", None, False),
    )})  # fmt: skip
    assert [(q.cells["写法"], q.cells["行数"], q.cells["出处"]) for q in questions(warehouse, BOOKS)] == [
        ("打水", 5, "日志/b.csv 第9行「项目」；另有 1 处"), ("飞行", 1, "台账/a.xlsx [台账] 第6行「服务」"),
    ]  # fmt: skip


def test_a_place_shows_its_candidates_with_score_and_metres_or_why_there_are_none(warehouse):
    load(warehouse, {
        "audit.unknown_values": unknown(
            ("f1", "台账", 5, 3, "驿站", "station", "东门译站", None, True), ("f1", "台账", 6, 2, "驿站", "station", "顺达网点", "depot", True),
            ("f1", "台账", 7, 1, "驿站", "station", "海边", None, True),
        ),
        "audit.candidates": pl.DataFrame({
            "area_code": ["AA"] * 2, "list_code": ["station"] * 2, "value_text": ["东门译站"] * 2, "rank": [2, 1],
            "place_id": ["AA-S2", "AA-S1"], "local_code": ["S2", "S1"], "name": ["东门外驿站", "东门驿站"], "score": [60, 69],
            "why_code": ["alias", "name"], "distance_m": [None, 35.2],
        }),
    })  # fmt: skip
    first, second, third = questions(warehouse, BOOKS)
    assert (first.cells["候选1"], first.cells["候选2"]) == ("S1 东门驿站", "S2 东门外驿站")
    assert first.cells["相似度与距离"] == "1）相似度 69，相距 35 米，按名称\n2）相似度 60，按别名"
    assert first.mark == {"kind": "station", "area": "AA", "codes": ["S1", "S2"]}
    assert (second.cells["提示"], third.cells["提示"]) == ("写的是网点", "没有相近的名称：可以填编号")
    assert mark(**third.mark) == '{"kind": "station", "area": "AA", "codes": []}'


def test_pairs_that_look_alike_and_corrections_are_asked_too(warehouse):
    load(warehouse, {
        "audit.similar_places": pl.DataFrame({
            "area_code": ["AA"], "list_code": ["station"], "place_id": ["AA-S1"], "name": ["东门"], "other_id": ["AA-S2"],
            "other_name": ["东 门"], "score": [100], "distance_m": [4.0],
        }),
        "audit.proposed_corrections": pl.DataFrame({
            "source_code": ["station_ledger"] * 2, "source_file_id": ["f1"] * 2, "source_sheet": ["台账"] * 2, "source_row": [7, 7],
            "column_name": ["经度", "纬度"], "old_text": ["39.9", "116.4"], "new_text": ["116.4", "39.9"],
            "reason_code": ["coordinates_swapped"] * 2,
        }),
    })  # fmt: skip
    pair, *cells = questions(warehouse, BOOKS)
    assert (pair.cells["一处"], pair.cells["另一处"], pair.cells["相似度与距离"]) == (
        "S1 东门",
        "S2 东 门",
        "相似度 100，相距 4 米",
    )
    assert [(q.cells["列"], q.cells["现值"], q.cells["建议值"], q.cells["理由"]) for q in cells] == [
        ("经度", "39.9", "116.4", "写反了"), ("纬度", "116.4", "39.9", "写反了"),
    ]  # fmt: skip


def test_the_workbook_goes_when_nothing_is_left_to_decide(warehouse, tmp_path):
    root = tmp_path / "研究"
    (root / "place").mkdir(parents=True)
    (root / "place" / "study.toml").write_text(
        'name_zh = "试点"\nname_en = "P"\n[[areas]]\ncode = "AA"\nlabel_zh = "东里"\nlabel_en = "D"\n', encoding="utf-8"
    )
    study = Study(root, root / "processed")
    assert review_workbook.write(warehouse, study, is_simulated=False) == []
    load(warehouse, {"audit.unknown_values": unknown(("f1", "台账", 5, 1, "服务", "services", "飞行", None, True))})
    assert review_workbook.write(warehouse, study, is_simulated=False) == [study.review]
    warehouse.execute("delete from audit.unknown_values")
    assert review_workbook.write(warehouse, study, is_simulated=False) == []
    assert not study.review.exists()
