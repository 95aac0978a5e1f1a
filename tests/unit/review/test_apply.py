"""Decisions of a review workbook become TOML of the place: appended to what stands there, never written twice."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from pipeline.contracts import load_codebooks
from pipeline.contracts.bundle import load_contracts
from pipeline.contracts.corrections import load_corrections
from pipeline.contracts.study_file import aliases, declined, not_aliases
from tests.unit.review.review_room import ALIASES, LEDGER, PAIR, SWAPPED, cell, contents, place, spelling


def test_a_spelling_is_written_with_reviewer_and_date_and_is_known_from_then_on(study, decide):
    done = decide(
        spelling("给手机回血"), spelling("待补充"), spelling("呵呵"), spelling("再说"),
        decisions={("写法", "给手机回血"): "手机充电", ("写法", "待补充"): "视为未填", ("写法", "呵呵"): "视为无效值", ("写法", "再说"): "暂不处理"},
    )  # fmt: skip
    assert (done.written["spelling"], done.files) == (3, [study.place / "spellings.toml"])
    blocks = tomllib.loads((study.place / "spellings.toml").read_text(encoding="utf-8"))["spelling"]
    assert blocks[0] == {
        "list_code": "services",
        "text": "给手机回血",
        "code": "charging",
        "reviewer": "审核员甲",
        "reviewed_on": date(2023, 6, 1),
    }
    assert [block.get("meaning") for block in blocks] == [None, "missing", "junk"]
    book = load_codebooks(study)["services"]
    assert (book.lookup("给手机 回血"), book.is_missing("待补充"), book.is_junk("呵呵")) == ("charging", True, True)


def test_a_candidate_becomes_an_alias_below_those_that_stand_there_comments_and_all(study, decide):
    done = decide(place("东门译站", "S1 东门驿站", "S2 东门外驿站"), decisions={("地点", "东门译站"): "S2 东门外驿站"})
    text = (study.place / "aliases.toml").read_text(encoding="utf-8")
    assert done.written["alias"] == 1 and text.startswith(ALIASES)
    assert [(block["alias"], block["local_code"]) for block in aliases(study)] == [("东大门", "S1"), ("东门译站", "S2")]


def test_none_of_the_candidates_is_remembered_and_so_is_a_pair_that_is_two_places(study, decide):
    decide(place("海边", "S1 东门驿站"), place("待定"), PAIR,
           decisions={("地点", "海边"): "不是同一处", ("地点", "待定"): "不是同一处", ("疑似重复", "S1 东门驿站"): "不是同一处"})  # fmt: skip
    assert [(block["alias"], block["local_codes"]) for block in not_aliases(study)] == [
        ("海边", ["S1"]),
        ("待定", []),
        ("S2", ["S1"]),
    ]


def test_a_code_or_name_of_the_register_may_be_typed_in(study, decide, with_register):
    decide(place("东门译站"), place("老地方", "S1 东门驿站"), place("近旁"),
           decisions={("地点", "东门译站"): "S1", ("地点", "老地方"): "AA-S3", ("地点", "近旁"): "东门 驿站"})  # fmt: skip
    assert [block["local_code"] for block in aliases(study)][1:] == ["S1", "S3", "S1"]


def test_an_accepted_correction_is_written_as_the_loader_reads_it_and_a_declined_one_is_remembered(study, decide):
    other = cell("经度", "1", "116.4", row=13)
    done = decide(*SWAPPED, other, decisions={("更正", "39.91"): "接受", ("更正", "1"): "不接受"})
    assert (done.written["correction"], done.written["declined"]) == (2, 1)
    (first, second) = load_corrections(study)
    assert (first.source, first.file, first.sheet, first.row, first.column) == (
        "station_ledger",
        LEDGER,
        "驿站台账",
        12,
        "经度",
    )
    assert (first.expect, first.value, first.reviewer, second.value) == ("39.91", "116.46", "审核员甲", "39.91")
    assert [(block["row"], block["expect"], block["value"]) for block in declined(study)] == [(13, "1", "116.4")]


def test_a_correction_of_a_file_that_is_gone_is_left_out_and_said(study, decide):
    done = decide(
        cell("经度", "1", "116.4", file="台账/旧.xlsx"),
        spelling("甲"),
        decisions={("更正", "经度"): "接受", ("写法", "甲"): "饮水"},
    )
    assert (done.n_gone, done.written["correction"], done.written["spelling"]) == (1, 0, 1)
    assert not (study.place / "corrections").exists()
    assert any("文件已不在 raw 中" in line for line in done.lines(study, lambda zh, en: zh))


def test_applying_twice_writes_nothing_twice_and_all_of_it_loads(study, decide):
    asked = (
        spelling("甲"),
        place("乙", "S1 东门驿站"),
        place("丙", "S1 东门驿站"),
        PAIR,
        *SWAPPED,
        cell("面积", "1", "2", row=14),
    )
    decisions = {("写法", "甲"): "饮水", ("地点", "乙"): "S1 东门驿站", ("地点", "丙"): "不是同一处", ("疑似重复", "S1 东门驿站"): "不是同一处",
                 ("更正", "39.91"): "接受", ("更正", "面积"): "不接受"}  # fmt: skip
    first = decide(*asked, decisions=decisions)
    once = contents(study)
    second = decide(*asked, decisions=decisions)
    assert sum(first.written.values()) == 7 == second.n_known
    assert (sum(second.written.values()), second.files, contents(study)) == (0, [], once)
    contracts = load_contracts(study)
    assert (
        len(contracts.aliases),
        len(contracts.not_aliases),
        len(contracts.corrections),
        len(contracts.declined),
    ) == (2, 2, 2, 1)


@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_a_file_keeps_its_line_ends_and_one_without_a_last_one_gets_it(study, decide, line):
    path = study.place / "aliases.toml"
    path.write_bytes(ALIASES.rstrip("\n").replace("\n", line).encode())
    decide(place("乙", "S1 东门驿站"), decisions={("地点", "乙"): "S1 东门驿站"})
    text = path.read_bytes().decode()
    assert text.startswith(ALIASES.replace("\n", line) + line + "[[alias]]" + line)
    assert text.count("\n") == text.count(line) and len(aliases(study)) == 2


def test_a_workbook_needs_no_signature_while_nothing_is_decided(decide):
    done = decide(spelling("甲"), decisions={}, reviewer=None, on=None)
    assert (sum(done.written.values()), done.n_known) == (0, 0)
    assert done.lines(None, lambda zh, en: en) == ["No row holds a decision."]


def test_a_date_may_be_written_as_text(study, decide):
    decide(spelling("甲"), decisions={("写法", "甲"): "饮水"}, on="2023.6.2")
    assert "reviewed_on = 2023-06-02" in (study.place / "spellings.toml").read_text(encoding="utf-8")


def test_summary_tells_the_files_and_what_to_do_next(study, decide):
    done = decide(
        spelling("甲"), place("乙", "S1 东门驿站"), decisions={("写法", "甲"): "饮水", ("地点", "乙"): "S1 东门驿站"}
    )
    said = "\n".join(done.lines(study, lambda zh, en: zh))
    assert "写法 1，别名 1" in said and str(study.place / "spellings.toml") in said
    assert f"python -m pipeline run --data {study.root}" in said
